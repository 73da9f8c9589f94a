"""Who wants no more of a list, and the signed token that says so in one click.

RFC 8058 §3.1 (the link works without signing in and is hard to forge). The address is stored as a hash, which a new
secret does not change: nobody is subscribed again by it.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass

from ..store import Unit
from ..store.kinds import Reads

_TOKEN = re.compile(r"([a-z0-9-]{1,63})\.([0-9a-f]{64})\.([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a token stands for."""

    list_id: str
    address_hash: str


def hash_address(address: str) -> str:
    """What is stored of an address."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def token_for(secret: bytes, address: str, list_id: str) -> str:
    """The token with which that address leaves that list."""
    hashed = hash_address(address)
    return f"{list_id}.{hashed}.{_sign(secret, list_id, hashed)}"


def read_token(secret: bytes, token: str) -> Leaving | None:
    """What the token stands for, or None when it is not one of ours."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    list_id, hashed, signed = match.groups()
    if not hmac.compare_digest(signed, _sign(secret, list_id, hashed)):
        return None
    return Leaving(list_id, hashed)


def _sign(secret: bytes, list_id: str, hashed: str) -> str:
    text = f"unsubscribe\n{list_id}\n{hashed}".encode()
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:32]


async def unsubscribe(unit: Unit, leaving: Leaving) -> None:
    """Nothing of that list is sent to that address any more; doing it again changes nothing."""
    await unit.execute(
        "INSERT INTO unsubscribed (id, address_hash, list_id, unsubscribed_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (address_hash, list_id) DO NOTHING",
        unit.new_id(),
        leaving.address_hash,
        leaving.list_id,
        unit.now,
    )


async def is_unsubscribed(reads: Reads, address: str, list_id: str) -> bool:
    """Whether that address wants no more of that list."""
    row = await reads.row(
        "SELECT 1 AS yes FROM unsubscribed WHERE address_hash = ? AND list_id = ?",
        hash_address(address),
        list_id,
    )
    return row is not None

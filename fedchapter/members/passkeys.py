"""Passkeys: what a browser hands us when one is made or used, checked.

WebAuthn Level 3 §7.1, §7.2 without attestation: the browser gives the public key as SPKI (§5.2.1 getPublicKey), so no
CBOR is read and no maker of keys is trusted. A passkey is a second step here: the member has signed in by another way
when it is asked for, so the key is looked up among their own, and presence is enough.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ..errors import Refusal
from ..settings import Settings
from ..store import Unit
from .second_factor import PASSKEY, Authenticator, add_authenticator, count_up, find_authenticators
from .tickets import use_ticket

NEW, USE = "passkey-new", "passkey-use"
# COSE numbers: ES256, EdDSA, RS256.
ALGORITHMS = (-7, -8, -257)
TIMEOUT_MS = 120_000
PART_CHARS_MAX = 8192
PRESENT, HAS_CREDENTIAL = 0x01, 0x40
_RSA_BITS_MIN = 2048


class NotThisKey(Refusal):
    """What the browser handed over does not hold; the person is told no more than that."""

    def __init__(self) -> None:
        super().__init__("passkey", "This passkey was not accepted. Try again, or use another second step.")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the browser sent, decoded; `counter` is 0 for keys that do not count."""

    client_json: bytes
    authenticator: bytes
    flags: int
    counter: int


def creation_options(
    settings: Settings, *, challenge: str, account_id: str, name: str, has: list[Authenticator], chapter: str
) -> dict[str, Any]:
    """What the browser is asked to make a passkey with; bytes are in base64url."""
    return {
        "rp": {"id": _rp_id(settings), "name": chapter},
        "user": {"id": _user_handle(account_id), "name": name, "displayName": name},
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": one} for one in ALGORITHMS],
        "excludeCredentials": _credentials(has),
        "authenticatorSelection": {"residentKey": "discouraged", "userVerification": "preferred"},
        "attestation": "none",
        "timeout": TIMEOUT_MS,
    }


def request_options(settings: Settings, *, challenge: str, has: list[Authenticator]) -> dict[str, Any]:
    """What the browser is asked to sign with one of the member's passkeys."""
    return {
        "rpId": _rp_id(settings),
        "challenge": challenge,
        "allowCredentials": _credentials(has),
        "userVerification": "preferred",
        "timeout": TIMEOUT_MS,
    }


def _credentials(has: list[Authenticator]) -> list[dict[str, str]]:
    return [{"type": "public-key", "id": one.credential} for one in has if one.kind == PASSKEY]


def _rp_id(settings: Settings) -> str:
    return settings.domain.partition(":")[0]


def _user_handle(account_id: str) -> str:
    """An id for the authenticator's own list that says nothing to anybody else."""
    return _encode(hashlib.sha256(f"passkey {account_id}".encode()).digest())


async def add_passkey(unit: Unit, account_id: str, *, label: str, sent: dict[str, str]) -> None:
    """The passkey is the account's; raises NotThisKey. `sent` has client, authenticator, key and challenge."""
    ticket = await use_ticket(unit, NEW, sent.get("challenge", ""))
    if ticket is None or ticket.account_id != account_id:
        raise NotThisKey
    parts = read_parts(unit.settings, sent, "webauthn.create")
    if not parts.flags & HAS_CREDENTIAL:
        raise NotThisKey
    length = int.from_bytes(parts.authenticator[53:55])
    credential = parts.authenticator[55 : 55 + length]
    key = decode(sent.get("key", ""))
    if not 0 < length <= 1023 or len(credential) != length:
        raise NotThisKey
    _load(key)
    await add_authenticator(
        unit,
        account_id,
        kind=PASSKEY,
        label=label,
        credential=_encode(credential),
        public_key=_encode(key),
        counter=parts.counter,
    )


async def check_passkey(unit: Unit, account_id: str, sent: dict[str, str]) -> None:
    """One of the account's passkeys signed our challenge just now; raises NotThisKey."""
    ticket = await use_ticket(unit, USE, sent.get("challenge", ""))
    if ticket is None or ticket.account_id != account_id:
        raise NotThisKey
    parts = read_parts(unit.settings, sent, "webauthn.get")
    credential = sent.get("credential", "").rstrip("=")
    has = await find_authenticators(unit, account_id)
    found = [one for one in has if one.kind == PASSKEY and one.credential == credential]
    if not found:
        raise NotThisKey
    signed = parts.authenticator + hashlib.sha256(parts.client_json).digest()
    _verify(decode(found[0].public_key), decode(sent.get("signature", "")), signed)
    if parts.counter == 0 and found[0].counter == 0:
        await unit.execute("UPDATE authenticator SET last_used_at = ? WHERE id = ?", unit.now, found[0].id)
    elif not await count_up(unit, found[0], parts.counter):
        # A count that does not grow is a copied key (WebAuthn §6.1.1).
        raise NotThisKey


def read_parts(settings: Settings, sent: dict[str, str], kind: str) -> Parts:
    """The browser's parts, made for this ceremony on this site with this challenge; raises NotThisKey."""
    client_json, data = decode(sent.get("client", "")), decode(sent.get("authenticator", ""))
    try:
        client = msgspec.json.decode(client_json, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        raise NotThisKey from error
    fits = (
        client.get("type") == kind
        and client.get("origin") == settings.origin
        and client.get("crossOrigin") in (None, False)
        and isinstance(client.get("challenge"), str)
        and hmac.compare_digest(client["challenge"].encode(), sent.get("challenge", "").encode())
    )
    if not fits or len(data) < 37:
        raise NotThisKey
    if data[:32] != hashlib.sha256(_rp_id(settings).encode()).digest() or not data[32] & PRESENT:
        raise NotThisKey
    return Parts(client_json, data, data[32], int.from_bytes(data[33:37]))


def _load(key: bytes) -> EllipticCurvePublicKey | Ed25519PublicKey | RSAPublicKey:
    try:
        loaded = load_der_public_key(key)
    except (ValueError, TypeError) as error:
        raise NotThisKey from error
    if isinstance(loaded, EllipticCurvePublicKey) and isinstance(loaded.curve, SECP256R1):
        return loaded
    if isinstance(loaded, RSAPublicKey) and loaded.key_size >= _RSA_BITS_MIN:
        return loaded
    if isinstance(loaded, Ed25519PublicKey):
        return loaded
    raise NotThisKey


def _verify(key: bytes, signature: bytes, signed: bytes) -> None:
    loaded = _load(key)
    try:
        if isinstance(loaded, EllipticCurvePublicKey):
            loaded.verify(signature, signed, ECDSA(SHA256()))
        elif isinstance(loaded, RSAPublicKey):
            loaded.verify(signature, signed, PKCS1v15(), SHA256())
        else:
            loaded.verify(signature, signed)
    except InvalidSignature as error:
        raise NotThisKey from error


def decode(text: str) -> bytes:
    """Bytes from base64url without padding; raises NotThisKey."""
    if len(text) > PART_CHARS_MAX:
        raise NotThisKey
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotThisKey from error


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")

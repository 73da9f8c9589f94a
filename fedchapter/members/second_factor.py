"""The second step of signing in: codes of an app, recovery codes on paper, and what a member has of them.

RFC 6238 (TOTP: SHA-1, six digits, thirty seconds, which is what every app reads); operations.md §3 row D6. A code is
good once: its step is remembered, so whoever looked over a shoulder comes too late. Secrets are sealed, codes hashed.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from ..errors import NotFound, Refusal
from ..store import Row, Unit
from ..store.kinds import Reads
from ..store.sealed import seal, unseal
from .changed import SecurityChanged, Way
from .sessions import hashed

TOTP, PASSKEY = "totp", "passkey"
STEP_S = 30
# One step to either side, for clocks that go wrong by half a minute.
DRIFT = 1
DIGITS = 6
KEY_BYTES = 20
RECOVERY_CODES = 10
LABEL_MAX = 60
AUTHENTICATORS_MAX = 10


@dataclass(frozen=True, slots=True)
class Authenticator:
    """One second step of an account; `kind` is totp or passkey."""

    id: str
    account_id: str
    kind: str
    label: str
    secret: str
    credential: str
    public_key: str
    counter: int
    created_at: datetime
    last_used_at: datetime | None


_SELECT = f"SELECT {', '.join(Authenticator.__slots__)} FROM authenticator"


def from_row(row: Row) -> Authenticator:
    """A row as an Authenticator."""
    return Authenticator(**row)


def new_totp_key() -> str:
    """A fresh key in the letters that apps take: base32."""
    return base64.b32encode(secrets.token_bytes(KEY_BYTES)).decode()


def totp_uri(key: str, *, name: str, issuer: str) -> str:
    """What the QR code says (the Key Uri Format that apps share)."""
    issuer, name = issuer.replace(":", " "), name.replace(":", " ")
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?secret={key}&issuer={quote(issuer)}"


def code_at(key: str, at: datetime) -> str:
    """The code that an app shows at that moment."""
    return _code(key, step_of(at))


def step_of(at: datetime) -> int:
    """Which half minute since 1970 that is."""
    return int(at.timestamp()) // STEP_S


def _code(key: str, step: int) -> str:
    hotp = HOTP(base64.b32decode(key), DIGITS, SHA1(), enforce_key_length=False)  # noqa: S303
    return hotp.generate(step).decode()


def matching_step(key: str, code: str, now: datetime) -> int | None:
    """The step whose code that is, at most one away from now; None for a wrong code."""
    typed = "".join(code.split())
    found = None
    for step in range(step_of(now) - DRIFT, step_of(now) + DRIFT + 1):
        if hmac.compare_digest(_code(key, step).encode(), typed.encode()):
            found = step
    return found


async def find_authenticators(reads: Reads, account_id: str) -> list[Authenticator]:
    """What the member has, oldest first."""
    rows = await reads.rows(f"{_SELECT} WHERE account_id = ? ORDER BY created_at, id", account_id)
    return [from_row(row) for row in rows]


async def add_totp(unit: Unit, secret: bytes, account_id: str, *, label: str, key: str, step: int) -> None:
    """The app's codes are asked for from now on; `step` is the one of the code that proved it."""
    await add_authenticator(
        unit, account_id, kind=TOTP, label=label, secret=seal(secret, TOTP, key), counter=step
    )


async def add_authenticator(
    unit: Unit,
    account_id: str,
    *,
    kind: str,
    label: str,
    secret: str = "",
    credential: str = "",
    public_key: str = "",
    counter: int = 0,
) -> None:
    """The account has one second step more, and its owner hears of it; raises Refusal for the eleventh."""
    if len(await find_authenticators(unit, account_id)) >= AUTHENTICATORS_MAX:
        raise Refusal(
            "too-many-authenticators",
            "You have %(most)s of these. Remove one first.",
            most=AUTHENTICATORS_MAX,
        )
    label = " ".join(label.split())[:LABEL_MAX]
    await unit.execute(
        "INSERT INTO authenticator (id, account_id, kind, label, secret, credential, public_key, counter, "
        "created_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        unit.new_id(),
        account_id,
        kind,
        label,
        secret,
        credential,
        public_key,
        counter,
        unit.now,
    )
    unit.record(SecurityChanged(account_id, Way.SECOND_ADDED, label))


async def remove_authenticator(unit: Unit, account_id: str, authenticator_id: str) -> None:
    """It is asked for no more; with the last one the recovery codes go too. Raises NotFound."""
    found = [one for one in await find_authenticators(unit, account_id) if one.id == authenticator_id]
    if not found:
        raise NotFound("no-authenticator", "This was removed already.")
    await unit.execute("DELETE FROM authenticator WHERE id = ?", authenticator_id)
    if not await find_authenticators(unit, account_id):
        await unit.execute("DELETE FROM recovery_code WHERE account_id = ?", account_id)
    unit.record(SecurityChanged(account_id, Way.SECOND_REMOVED, found[0].label))


async def remove_all(unit: Unit, account_id: str) -> int:
    """Somebody who lost every second step is asked for none; their sessions have ended. Returns how many there were."""
    found = await find_authenticators(unit, account_id)
    for one in found:
        await remove_authenticator(unit, account_id, one.id)
    await unit.execute("DELETE FROM session WHERE account_id = ?", account_id)
    return len(found)


async def check_code(unit: Unit, secret: bytes, account_id: str, code: str) -> bool:
    """Whether one of the member's apps shows that code now; the same code is wrong the second time."""
    for one in await find_authenticators(unit, account_id):
        key = unseal(secret, TOTP, one.secret) if one.kind == TOTP else None
        step = matching_step(key, code, unit.now) if key else None
        if step is not None and await count_up(unit, one, step):
            return True
    return False


async def count_up(unit: Unit, one: Authenticator, counter: int) -> bool:
    """It was used now, at that count; False when this or a later count was used before, perhaps a moment ago."""
    changed = await unit.execute(
        "UPDATE authenticator SET counter = ?, last_used_at = ? WHERE id = ? AND counter < ?",
        counter,
        unit.now,
        one.id,
        counter,
    )
    return changed > 0


async def make_recovery_codes(unit: Unit, account_id: str) -> list[str]:
    """Ten fresh codes, shown once; earlier ones open nothing any more."""
    await unit.execute("DELETE FROM recovery_code WHERE account_id = ?", account_id)
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    await unit.execute_many(
        "INSERT INTO recovery_code (id, account_id, code, created_at) VALUES (?, ?, ?, ?)",
        [(unit.new_id(), account_id, hashed(_plain(code)), unit.now) for code in codes],
    )
    return codes


def _new_code() -> str:
    """Eighty bits in four groups that are easy to copy from paper."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _plain(code: str) -> str:
    return "".join(sign for sign in code.lower() if sign.isalnum())


async def count_recovery_codes(reads: Reads, account_id: str) -> int:
    """How many are left."""
    row = await reads.row("SELECT count(*) AS total FROM recovery_code WHERE account_id = ?", account_id)
    return int(row["total"]) if row else 0


async def use_recovery_code(unit: Unit, account_id: str, code: str) -> bool:
    """Whether that was one of the codes; it is used up, and the owner hears of it."""
    used = await unit.execute(
        "DELETE FROM recovery_code WHERE account_id = ? AND code = ?", account_id, hashed(_plain(code))
    )
    if used:
        unit.record(SecurityChanged(account_id, Way.RECOVERY_USED))
    return used > 0

"""Asking ourselves through the public address what arrives: a door that only the doctor's signed token opens, once.

The command runs in another process than the server; both know secret.key.
"""

import hmac
import secrets
from datetime import datetime

import msgspec

PATH = "doctor"
LASTS_S = 60
_LABEL = b"doctor:"


class Echo(msgspec.Struct, frozen=True):
    """What the server saw. `forwarded`: addresses in X-Forwarded-For; `client`: whom it takes the asker for."""

    host: str
    client: str
    forwarded: int
    proto: str


def new_token(secret: bytes, now: datetime) -> str:
    """A token that opens the door once, within a minute."""
    stem = f"{int(now.timestamp())}.{secrets.token_hex(8)}"
    return f"{stem}.{_sign(secret, stem)}"


def _sign(secret: bytes, stem: str) -> str:
    return hmac.digest(secret, _LABEL + stem.encode(), "sha256").hex()[:32]


class Tokens:
    """Which tokens this process has seen."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def use(self, secret: bytes, token: str, now: datetime) -> bool:
        """Whether the token is one of ours, of the last minute, and new."""
        stem, _, signature = token.rpartition(".")
        made, now_s = stem.partition(".")[0], int(now.timestamp())
        if not hmac.compare_digest(signature.encode(), _sign(secret, stem).encode()):
            return False
        if not made.isdecimal() or abs(now_s - int(made)) > LASTS_S or token in self._seen:
            return False
        self._seen = {old: at for old, at in self._seen.items() if now_s - at <= 2 * LASTS_S}
        self._seen[token] = now_s
        return True

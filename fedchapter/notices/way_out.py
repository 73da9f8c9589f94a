"""The link in each letter to one member's settings of mail: it needs no signing in, and opens nothing else.

RFC 8058 §3.1 (hard to forge; names nobody). It says which account, not who: the page behind it shows no name.
"""

import hashlib
import hmac
import re

_TOKEN = re.compile(r"([0-9a-z]{26})\.([0-9a-f]{32})")


def token_for(secret: bytes, account_id: str) -> str:
    """The token with which that member's settings of mail are opened."""
    return f"{account_id}.{_sign(secret, account_id)}"


def read_token(secret: bytes, token: str) -> str | None:
    """Whose settings it opens, or None when it is not one of ours."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    account_id, signed = match.groups()
    return account_id if hmac.compare_digest(signed, _sign(secret, account_id)) else None


def _sign(secret: bytes, account_id: str) -> str:
    return hmac.new(secret, f"mail-settings\n{account_id}".encode(), hashlib.sha256).hexdigest()[:32]

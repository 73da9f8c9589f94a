"""Cookies: the session's, one that carries a message to the next page, and one for the language.

operations.md §3 row D4: __Host- and Secure under https. Cookies ignore ports, so on localhost the name carries it.
"""

import base64
import binascii
import re
from datetime import timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..house import house_of
from ..members.sessions import LASTS

FLASH_CHARS_MAX = 1000
_UNDO = re.compile(r"/admin/decisions/(batch/)?[0-9a-z]{26}/undo")


def _name(request: Request, what: str) -> str:
    settings = house_of(request).settings
    if settings.local_trial:
        return f"fedchapter-{what}-{settings.domain.partition(':')[2]}"
    return f"__Host-fedchapter-{what}"


def _set(request: Request, response: Response, what: str, value: str, seconds: int) -> None:
    secure = not house_of(request).settings.local_trial
    response.set_cookie(
        _name(request, what), value, max_age=seconds, path="/", httponly=True, secure=secure, samesite="lax"
    )


def read_plain(request: Request, what: str) -> str:
    """A cookie of ours that is no secret; what it says is the browser's, never trusted."""
    return request.cookies.get(_name(request, what), "")


def set_plain(request: Request, response: Response, what: str, value: str, seconds: int) -> None:
    """The browser keeps it for that long."""
    _set(request, response, what, value, seconds)


def session_token(request: Request) -> str:
    """The secret of the session cookie, or an empty string."""
    token = request.cookies.get(_name(request, "session"), "")
    return token if len(token) < 128 else ""


def set_session(request: Request, response: Response, token: str) -> None:
    """The browser is signed in from this response on."""
    request.state.signed_in_now = True
    _set(request, response, "session", token, int(LASTS.total_seconds()))


def clear_session(request: Request, response: Response) -> None:
    """The browser forgets its session."""
    _set(request, response, "session", "", 0)


def token_in(request: Request, what: str) -> str:
    """The secret that the browser keeps under that name (oauth, proved, second), or an empty string."""
    token = request.cookies.get(_name(request, what), "")
    return token if len(token) < 128 else ""


def set_token(request: Request, response: Response, what: str, token: str, lasts: timedelta) -> None:
    """The browser keeps that secret for so long."""
    _set(request, response, what, token, int(lasts.total_seconds()))


def clear_token(request: Request, response: Response, what: str) -> None:
    """The browser forgets that secret."""
    if token_in(request, what):
        _set(request, response, what, "", 0)


def set_flash(request: Request, response: Response, kind: str, text: str, undo: str = "") -> None:
    """The next page shows the message, with a button that undoes it by a path of the audit log."""
    raw = msgspec.json.encode([kind, text[:FLASH_CHARS_MAX], undo])
    _set(request, response, "flash", base64.urlsafe_b64encode(raw).decode(), 60)


def read_flash(request: Request) -> list[dict[str, str]]:
    """The messages for this page. The text is the browser's: shown escaped, never trusted."""
    raw = request.cookies.get(_name(request, "flash"), "")
    if not raw:
        return []
    try:
        kind, text, undo = msgspec.json.decode(base64.urlsafe_b64decode(raw), type=tuple[str, str, str])
    except (msgspec.MsgspecError, binascii.Error, ValueError):
        return []
    kind = kind if kind in ("ok", "info", "warn", "error") else "info"
    return [{"kind": kind, "text": text, "undo": undo if _UNDO.fullmatch(undo) else ""}]


def clear_flash(request: Request, response: Response) -> None:
    """The message was shown."""
    _set(request, response, "flash", "", 0)

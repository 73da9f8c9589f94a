"""Questions to a server about signing in: forms and tokens out, small JSON in.

RFC 6749 §4.1.3, §5.2 (errors); RFC 6750 §2.1 (bearer); operations.md §3 rows B2, B4. Nothing that a server answers is
repeated in messages or logs: it may hold what it was sent, and that is secret.
"""

from typing import Any
from urllib.parse import urlencode

from ..errors import PeerFailed, PeerRefused
from ..house import House
from ..net import Answer, Sign
from ..vocab.normalise import parse_json
from .places import BYTES_MAX, DEADLINE_S

FORM = "application/x-www-form-urlencoded"
TEXT_MAX = 2048
KNOWN_ERRORS = frozenset({"invalid_client", "invalid_grant", "invalid_scope", "unauthorized_client"})


async def post_form(house: House, url: str, fields: dict[str, str]) -> dict[str, Any]:
    """What the server answers to the form; raises PeerRefused (`invalid_client` …) or PeerFailed."""
    body = urlencode(fields).encode()
    answer = await house.net.post(url, body, content_type=FORM, deadline_s=DEADLINE_S)
    return _read(answer)


async def get_as(house: House, url: str, token: str) -> dict[str, Any]:
    """What the server says to whoever holds the token; never follows a redirect, which could carry it elsewhere."""
    answer = await house.net.get(
        url,
        accept="application/json",
        sign=_bearer(token),
        max_bytes=BYTES_MAX,
        deadline_s=DEADLINE_S,
        max_redirects=0,
    )
    return _read(answer)


def _bearer(token: str) -> Sign:
    return lambda method, url, body: [("Authorization", f"Bearer {token}")]


def _read(answer: Answer) -> dict[str, Any]:
    if answer.status == 429 or answer.status >= 500:
        raise PeerFailed("status", f"the server answered {answer.status}")
    if answer.status in (200, 201):
        return parse_json(answer.body)
    if answer.status in (404, 405, 410):
        raise PeerRefused("no-oauth", f"the server answered {answer.status}")
    raise PeerRefused(_error_of(answer), f"the server answered {answer.status}")


def _error_of(answer: Answer) -> str:
    """The error's code if it is one of the standard's; `status` for anything else."""
    try:
        error = parse_json(answer.body).get("error")
    except PeerRefused:
        return "status"
    return error if isinstance(error, str) and error in KNOWN_ERRORS else "status"


def text_in(document: dict[str, Any], name: str) -> str:
    """A text of the answer, of a length that makes sense; empty when there is none."""
    value = document.get(name)
    return value if isinstance(value, str) and len(value) <= TEXT_MAX and value.isprintable() else ""

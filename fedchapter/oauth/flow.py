"""The way there and back: where a person is sent, and who they are when they return.

wire.md §6.5–§6.8; RFC 7636 (PKCE S256); RFC 9207 (iss); RFC 9700 §4.4 (mix-up), §4.7 (forged callbacks). The state is
a ticket: stored hashed, used once, good for ten minutes, and bound to the browser that began and to the host.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import structlog

from ..errors import Forbidden, PeerError, PeerFailed, PeerRefused, Refusal
from ..house import House
from ..members.identities import Proved
from ..members.sessions import hashed
from ..members.tickets import Ticket, issue, use_ticket
from ..policy import check_host
from ..vocab.uris import same_origin
from .apps import App, find_app, forget_app, get_app, key_of
from .identify import identify
from .places import Place, find_place, origin_of_host
from .talk import TEXT_MAX, post_form, text_in
from .words import to_refusal

log = structlog.get_logger()
PURPOSE = "oauth"
LASTS = timedelta(minutes=10)
# A person waits for the answer, whatever a server does.
PATIENCE_S = 25.0
SHOWN_MAX = 100


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where the person goes on: the host to name, the handle they typed (if any) and the address for the browser."""

    host: str
    handle: str
    url: str


@dataclass(frozen=True, slots=True)
class Callback:
    """What the browser brought back. `key` is from the path, the rest from the query."""

    key: str
    state: str
    code: str = ""
    iss: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """Who it was, and what they had begun: `account_id` is set when a member wanted to link the account."""

    proved: Proved
    account_id: str
    wanted: str


async def begin(
    house: House, text: str, *, browser: str, wanted: str = "/", account_id: str = "", language: str = ""
) -> Beginning:
    """A way to sign in at the server behind a handle or host; raises Refusal in words for the person."""
    try:
        place, app = await _prepare(house, text)
    except PeerError as error:
        log.info("oauth-begin-failed", code=error.code)
        raise to_refusal(error, _host_in(text)) from error
    verifier = secrets.token_urlsafe(48)
    data = {"host": place.host, "verifier": verifier, "browser": hashed(browser), "wanted": wanted}
    async with house.database.unit() as unit:
        state = await issue(unit, PURPOSE, data, lasts=LASTS, account_id=account_id)
    fields = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_url,
        "scope": place.scope,
        "state": state,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    if language:
        fields["lang"] = language
    joint = "&" if "?" in place.authorize else "?"
    return Beginning(place.host, place.handle, f"{place.authorize}{joint}{urlencode(fields)}")


async def _prepare(house: House, text: str) -> tuple[Place, App]:
    async with _patience():
        place = await find_place(house, text)
        if not house.limits.admit("oauth-host", place.host):
            raise PeerFailed("busy", f"too many people sign in from {place.host} at once")
        return place, await get_app(house, place)


def _host_in(text: str) -> str:
    """What of the typed text names the server, to be said in a sentence."""
    plain = text.strip().removeprefix("https://").removeprefix("http://")
    return (plain.rpartition("@")[2] or plain).partition("/")[0][:SHOWN_MAX] or plain[:SHOWN_MAX]


def challenge_of(verifier: str) -> str:
    """RFC 7636 §4.2, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


async def finish(house: House, callback: Callback, *, browser: str) -> Finished:
    """Who came back; raises Refusal in words for the person."""
    async with house.database.unit() as unit:
        ticket = await use_ticket(unit, PURPOSE, callback.state)
    if ticket is None:
        raise Refusal(
            "oauth-over", "This way of signing in took too long, or was used already. Please start again."
        )
    try:
        app = await _check(house, ticket, callback, browser)
        proved = await _prove(house, app, callback.code, ticket.data["verifier"])
    except PeerError as error:
        log.info("oauth-failed", host=ticket.data["host"], code=error.code)
        raise to_refusal(error, ticket.data["host"]) from error
    return Finished(proved, ticket.account_id, ticket.data["wanted"])


async def _prove(house: House, app: App, code: str, verifier: str) -> Proved:
    token = await _exchange(house, app, code, verifier)
    try:
        async with _patience():
            return await identify(house, app.place, token)
    finally:
        await _revoke(house, app, token)


async def _check(house: House, ticket: Ticket, callback: Callback, browser: str) -> App:
    """Our application at the host that the person was sent to, and came back from."""
    host = str(ticket.data["host"])
    if not hmac.compare_digest(hashed(browser), ticket.data["browser"]):
        raise Forbidden(
            "oauth-browser", "This way of signing in was begun in another browser. Please start again here."
        )
    check_host(house.marks, host)
    app = await find_app(house, host)
    if app is None:
        raise PeerFailed("invalid_client", f"our application at {host} is gone")
    if callback.key != key_of(host):
        raise PeerRefused("mix-up", f"another server than {host} sent the person back")
    if callback.iss and not same_origin(callback.iss, origin_of_host(host)):
        raise PeerRefused("mix-up", f"{host} was to answer, and another server did")
    if not callback.iss and app.place.promises_iss:
        raise PeerRefused("mix-up", f"{host} does not sign its answer with its name, as it says it would")
    if callback.error == "access_denied":
        raise Refusal("oauth-denied", "You said no on %(host)s, so nothing happened here.", host=host)
    if callback.error or not 0 < len(callback.code) <= TEXT_MAX:
        raise PeerRefused("no-code", f"{host} sent the person back without a code")
    return app


async def _exchange(house: House, app: App, code: str, verifier: str) -> str:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": app.redirect_url,
        "client_id": app.client_id,
        "client_secret": app.secret,
        "code_verifier": verifier,
    }
    try:
        answer = await post_form(house, app.place.token, fields)
    except PeerRefused as error:
        if error.code in ("invalid_client", "unauthorized_client"):
            await forget_app(house, app.place.host)
        raise
    token = text_in(answer, "access_token")
    if not token:
        raise PeerRefused("no-token", f"{app.place.host} gave no token")
    return token


async def _revoke(house: House, app: App, token: str) -> None:
    """The token opens nothing any more, as far as the server knows how; a failure only costs a line in the log."""
    fields = {"token": token, "client_id": app.client_id, "client_secret": app.secret}
    try:
        await post_form(house, app.place.revoke, fields)
    except PeerError as error:
        log.warning("oauth-revoke-failed", host=app.place.host, code=error.code)


@asynccontextmanager
async def _patience() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield
    except TimeoutError as error:
        raise PeerFailed("timeout", "the server did not answer in time") from error

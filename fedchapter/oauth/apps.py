"""Our application at each host: registered once, kept, made anew when the server has forgotten it.

wire.md §6.3 (throttled to five in ten minutes; servers before 4.3 clear away what has no token), §6.4 (scopes);
RFC 9700 §4.4.2 (an address of our own for each server, against mix-up).
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from ..errors import PeerError, PeerFailed, PeerRefused
from ..house import House
from ..store.sealed import seal, unseal
from .places import Place
from .talk import post_form, text_in

PURPOSE = "oauth-app"
CLIENT_NAME_MAX = 60
# A server that says nothing of itself may be old, and may have cleared our application away without a word.
LASTS_UNDESCRIBED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class App:
    """Our application at a host, with the host's addresses as they were when somebody was sent there."""

    place: Place
    client_id: str
    secret: str
    redirect_url: str


def key_of(host: str) -> str:
    """The host's name in the address that it sends people back to."""
    return hashlib.sha256(host.encode()).hexdigest()[:20]


def redirect_url(house: House, host: str) -> str:
    """Where that host, and no other, sends people back to."""
    return house.settings.uri("sign-in", "fediverse", key_of(host))


async def get_app(house: House, place: Place) -> App:
    """Our application there, registered now if need be; raises PeerRefused or PeerFailed."""
    kept = await find_app(house, place.host)
    if (
        kept is None
        or kept.place.scope != place.scope
        or kept.redirect_url != redirect_url(house, place.host)
    ):
        return await _register(house, place)
    if kept.place != place:
        async with house.database.unit() as unit:
            await unit.execute("UPDATE oauth_app SET server = ? WHERE host = ?", _to_json(place), place.host)
    return App(place, kept.client_id, kept.secret, kept.redirect_url)


async def find_app(house: House, host: str) -> App | None:
    """The application as it was kept; None when there is none, or none that is still good."""
    row = await house.database.row(
        "SELECT client_id, secret, redirect_url, server, made_at FROM oauth_app WHERE host = ?", host
    )
    if row is None:
        return None
    place = msgspec.json.decode(row["server"], type=Place)
    secret = unseal(house.secret, PURPOSE, row["secret"])
    over = not place.described and house.clock.now() - row["made_at"] > LASTS_UNDESCRIBED
    if secret is None or over:
        return None
    return App(place, row["client_id"], secret, row["redirect_url"])


async def forget_app(house: House, host: str) -> None:
    """The next person from there makes us register anew."""
    async with house.database.unit() as unit:
        await unit.execute("DELETE FROM oauth_app WHERE host = ?", host)


async def _register(house: House, place: Place) -> App:
    if not house.limits.admit("oauth-register", place.host):
        raise PeerFailed("busy", f"{place.host} was asked for an application too often")
    back = redirect_url(house, place.host)
    answer = await post_form(
        house,
        place.register,
        {
            "client_name": (house.settings.name or house.settings.domain)[:CLIENT_NAME_MAX],
            "redirect_uris": back,
            "scopes": place.scope,
            "website": f"{house.settings.origin}/",
        },
    )
    app = App(place, text_in(answer, "client_id"), text_in(answer, "client_secret"), back)
    if not app.secret or not 0 < len(app.client_id) <= 500:
        raise PeerRefused("no-oauth", f"{place.host} gave no application")
    if not place.described:
        await _hold_on(house, app)
    await _keep(house, app)
    return app


async def _hold_on(house: House, app: App) -> None:
    """A server before 4.3 has seen the application used, so that it is not cleared away; others may not care."""
    fields = {"grant_type": "client_credentials", "client_id": app.client_id, "client_secret": app.secret}
    try:
        await post_form(house, app.place.token, fields | {"scope": app.place.scope})
    except PeerError:
        return


async def _keep(house: House, app: App) -> None:
    async with house.database.unit() as unit:
        await unit.execute(
            "INSERT INTO oauth_app (host, client_id, secret, scope, redirect_url, server, made_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (host) DO UPDATE SET client_id = excluded.client_id, "
            "secret = excluded.secret, scope = excluded.scope, redirect_url = excluded.redirect_url, "
            "server = excluded.server, made_at = excluded.made_at",
            app.place.host,
            app.client_id,
            seal(house.secret, PURPOSE, app.secret),
            app.place.scope,
            app.redirect_url,
            _to_json(app.place),
            unit.now,
        )


def _to_json(place: Place) -> str:
    return msgspec.json.encode(place).decode()

"""A chapter tried from inside, without a network: after an upgrade, and in a drill on a copy.

Nothing of it runs and nothing is sent: its loops are not started, and every connection it might want is refused.
"""

from dataclasses import dataclass

import httpx

from ..actors import find_actor
from ..clock import SystemClock
from ..continuity.upgrade import Progress, Upgrade
from ..errors import Refusal
from ..settings import Settings
from ..vocab.context import ACTIVITY_JSON
from .checks import check_founded
from .instance import Instance, create_instance
from .types import model_modules


@dataclass(frozen=True, slots=True)
class Door:
    """One address that must answer, how it is asked, and what must be in the answer."""

    path: str
    accept: str
    contains: str


class NoNetwork(httpx.AsyncBaseTransport):
    """Leads nowhere."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Always fails."""
        raise httpx.ConnectError("there is no network in a trial")


def upgrade_of(settings: Settings, progress: Progress) -> Upgrade:
    """The upgrade of a real chapter, which is tried before it counts."""

    async def check() -> None:
        await try_chapter(settings)

    return Upgrade(settings, model_modules(), SystemClock(), check, progress)


async def try_chapter(settings: Settings) -> list[str]:
    """The chapter opens, its doors answer and its keys fit; returns what was tried, in words. Raises Refusal."""
    instance = create_instance(settings, transport=NoNetwork(), limits_scale=1000)
    await instance.open()
    try:
        return await instance.house.database.run(_try(instance))
    finally:
        await instance.close()


async def _try(instance: Instance) -> list[str]:
    await check_founded(instance.house.database, instance.settings)
    tried = [f"keys of {uri}" for uri in await _check_keys(instance)]
    base = instance.settings.origin
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=instance), base_url=base) as client:
        for door in doors_of(instance.settings):
            answer = await client.get(door.path, headers={"Accept": door.accept})
            if answer.status_code != 200 or door.contains not in answer.text:
                raise Refusal(
                    "trial", "%(path)s answers %(status)s.", path=door.path, status=answer.status_code
                )
            tried.append(f"{door.path} answers")
    return tried


def doors_of(settings: Settings) -> list[Door]:
    """What must answer, whatever the chapter has in it."""
    handle = f"acct:{settings.username}@{settings.domain}"
    return [
        Door("/readyz", "*/*", "up"),
        Door("/", "text/html", "</html>"),
        Door("/about", "text/html", "</html>"),
        Door(f"/@{settings.username}", ACTIVITY_JSON, "publicKeyPem"),
        Door("/actor", ACTIVITY_JSON, "publicKeyPem"),
        Door(f"/.well-known/webfinger?resource={handle}", "application/jrd+json", settings.chapter_uri),
    ]


async def _check_keys(instance: Instance) -> list[str]:
    """The private keys of our own actors open, and belong to the public ones that others know; returns the actors."""
    house = instance.house
    uris = (house.settings.chapter_uri, house.settings.server_uri)
    for uri in uris:
        if await find_actor(house.database, uri) is None:
            raise Refusal("trial", "%(uri)s is not there.", uri=uri)
        keys = await house.keyring.get(uri)
        row = await house.database.row("SELECT public FROM actor_key WHERE uri = ?", keys.rsa_id)
        if row is None or row["public"].strip() != keys.rsa_pem.strip():
            raise Refusal("trial", "The keys of %(uri)s do not belong together.", uri=uri)
    return list(uris)

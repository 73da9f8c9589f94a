"""What every page says about the chapter: name, handle, colours; kept for a few seconds, since every page asks.

A change by this process shows at once (`forget`); one by another process within the few seconds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request

from ..actors import find_actor
from ..house import House, house_of
from ..members import count_admins
from ..store.choices import find_choices

KEPT_FOR = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Identity:
    """The chapter as its pages show it."""

    name: str
    handle: str
    url: str
    uri: str
    accent: str
    tagline: str
    summary: str
    icon: str
    zone: ZoneInfo
    choices: dict[str, str]
    admins: int


class IdentityCache:
    """The identity of one instance."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: tuple[datetime, Identity] | None = None

    def forget(self) -> None:
        """The next page reads anew."""
        self._kept = None

    async def get(self) -> Identity:
        """The identity, at most a few seconds old."""
        now = self._house.clock.now()
        if self._kept is None or now - self._kept[0] > KEPT_FOR:
            self._kept = (now, await self._read())
        return self._kept[1]

    async def _read(self) -> Identity:
        settings = self._house.settings
        actor = await find_actor(self._house.database, settings.chapter_uri)
        choices = await find_choices(self._house.database)
        return Identity(
            name=actor.display_name if actor else settings.name or settings.domain,
            handle=f"@{settings.username}@{settings.domain}",
            url="/",
            uri=settings.chapter_uri,
            accent=choices["accent"],
            tagline=choices["tagline"],
            summary=actor.summary if actor else "",
            icon=actor.icon if actor else "",
            zone=_to_zone(choices["timezone"]),
            choices=choices,
            admins=await count_admins(self._house.database, self._house.clock.now()),
        )


def _to_zone(name: str) -> ZoneInfo:
    """The zone of that name; UTC for one that this system's data does not know (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


async def identity_of(request: Request) -> Identity:
    """The chapter whose page this is."""
    house_of(request)
    cache = request.app.state.identity
    assert isinstance(cache, IdentityCache)
    return await cache.get()

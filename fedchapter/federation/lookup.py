"""Look-ups shared by a batch of activities: asked for together, once.

Known objects and actors are read for the whole batch with one IN query each; what a batch writes is never read through
this (process.waves puts what depends on it into a later wave).
"""

from ..actors import ActorRow, find_actor, find_actors
from ..house import House
from ..policy.facts import Standing, find_standings
from ..store import Known, find_known, marks
from ..store.kinds import find_where


class Lookup:
    """Known objects, actors and whether we follow somebody, remembered for one wave."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._known: dict[str, Known | None] = {}
        self._actors: dict[str, ActorRow | None] = {}
        self._followed: dict[str, bool] = {}
        self._standings: dict[str, Standing] = {}

    async def prefetch(self, uris: set[str], actors: set[str]) -> None:
        """What is known of all these is read, in a few queries."""
        wanted = sorted(uris)
        if wanted:
            found = await find_where(self._house.database, f"uri IN ({marks(len(wanted))})", *wanted)
            self._known = dict.fromkeys(wanted) | {known.uri: known for known in found}
        rows = await find_actors(self._house.database, sorted(actors))
        self._actors = {uri: rows.get(uri) for uri in actors}
        self._standings = await self._find_standings(list(rows.values()))

    async def known(self, uri: str) -> Known | None:
        """The known object, or None."""
        if uri and uri not in self._known:
            self._known[uri] = await find_known(self._house.database, uri)
        return self._known.get(uri)

    async def actor(self, uri: str) -> ActorRow | None:
        """The actor's row, or None."""
        if uri not in self._actors:
            self._actors[uri] = await find_actor(self._house.database, uri)
        return self._actors[uri]

    async def is_followed(self, uri: str) -> bool:
        """Whether an actor of ours follows that one (accepted)."""
        if uri not in self._followed:
            row = await self._house.database.row(
                "SELECT 1 AS yes FROM follow WHERE follower_uri IN (?, ?) AND followed_uri = ? AND state = 'accepted'",
                self._house.settings.chapter_uri,
                self._house.settings.server_uri,
                uri,
            )
            self._followed[uri] = row is not None
        return self._followed[uri]

    async def standing(self, actor: ActorRow) -> Standing:
        """How that actor stands with us."""
        if actor.uri not in self._standings:
            self._standings |= await self._find_standings([actor])
        return self._standings[actor.uri]

    async def _find_standings(self, actors: list[ActorRow]) -> dict[str, Standing]:
        house = self._house
        return await find_standings(
            house.database, house.settings, actors, circle=house.policy.circle, now=house.clock.now()
        )

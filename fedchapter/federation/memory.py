"""Posts and people of other servers: forgotten when nobody here has had anything to do with them for long.

DESIGN §1 (what need not be kept is erased). Decision: a thread is forgotten as a whole, once its newest part is old and
nobody of ours took part in it, reacted to it or answered it; what types know of that they say by `keeps`. Nothing bars
its way if it comes again. What moderators hid loses its words and stays hidden; what is held has its own end.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from ..store import Known, Unit, marks
from ..store.kinds import find_where
from ..store.retention import STEP_MAX, Erase, Kept, Memory, Step
from ..words import mark
from .threads import WITH_WORDS, erase_threads, find_quiet, find_threads

POSTS, ACTORS, DELETED = "posts", "actors", "deleted"
KINDS = ("announcement", "event", "proposal")
PLACES = [
    (kind, listed, state)
    for kind in KINDS
    for listed in (True, False)
    for state in ("shown", "hidden", "gone")
]
ROOTS, ACTORS_AT_ONCE = 100, 200
DAILY = timedelta(days=1)


class Place(msgspec.Struct, array_like=True, frozen=True):
    """Where a pass over old posts has come: in which of PLACES, and behind which post there."""

    number: int = 0
    sort_at: datetime | None = None
    uri: str = ""


def to_place(after: str) -> Place:
    """The place that a step was told."""
    return msgspec.json.decode(after, type=Place) if after else Place()


def posts_eraser(memory: Memory) -> Erase:
    """Erases posts of other servers that nobody here has a part in."""

    async def erase_posts(unit: Unit, before: datetime, after: str) -> Step:
        place = to_place(after)
        roots = await _find_roots(unit, place, before)
        quiet = await find_quiet(unit, roots, before)
        threads = await find_threads(unit, quiet)
        going = await erase_threads(unit, memory, threads)
        # A thread too large for one step is gone on with.
        unsettled = [thread.root for thread in going if not thread.whole] + quiet[len(threads) :]
        return Step(sum(len(thread.all) for thread in going), _next(place, roots, unsettled))

    return erase_posts


async def _find_roots(unit: Unit, place: Place, before: datetime) -> list[Known]:
    kind, listed, state = PLACES[place.number]
    behind, values = "", []
    if place.sort_at is not None:
        behind, values = (
            "AND sort_at >= ? AND (sort_at > ? OR uri > ?)",
            [place.sort_at, place.sort_at, place.uri],
        )
    return await find_where(
        unit,
        f"kind = ? AND listed = ? AND state = ? AND sort_at < ? AND local = false AND {WITH_WORDS} {behind} "
        "ORDER BY sort_at, uri LIMIT ?",
        kind,
        listed,
        state,
        before,
        *values,
        ROOTS,
    )


def _next(place: Place, roots: list[Known], unsettled: list[Known]) -> str | None:
    """Behind the last root that is settled; the next of PLACES when there are no more here, None behind the last."""
    settled = roots[: roots.index(unsettled[0])] if unsettled else roots
    if unsettled or len(roots) == ROOTS:
        here = Place(place.number, settled[-1].sort_at, settled[-1].uri) if settled else place
    elif place.number + 1 < len(PLACES):
        here = Place(place.number + 1)
    else:
        return None
    return msgspec.json.encode(here).decode()


def actors_eraser(memory: Memory) -> Erase:
    """Erases people of other servers whom nothing here names, with their keys."""

    async def erase_actors(unit: Unit, before: datetime, after: str) -> Step:
        rows = await unit.rows(
            "SELECT id, uri, fetched_at, state FROM actor WHERE id > ? AND local = false ORDER BY id LIMIT ?",
            after,
            ACTORS_AT_ONCE,
        )
        old = [row["uri"] for row in rows if row["fetched_at"] < before and row["state"] != "suspended"]
        named = await _find_named(unit, memory, old)
        unknown = [uri for uri in old if uri not in named]
        if unknown:
            await memory.forget_actors(unit, unknown)
            listed = marks(len(unknown))
            await unit.execute(f"DELETE FROM actor_key WHERE actor_uri IN ({listed})", *unknown)
            await unit.execute(f"DELETE FROM actor WHERE local = false AND uri IN ({listed})", *unknown)
        return Step(len(unknown), rows[-1]["id"] if len(rows) == ACTORS_AT_ONCE else None)

    return erase_actors


async def _find_named(unit: Unit, memory: Memory, uris: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for column in memory.names_actors if uris else ():
        table, _, name = column.partition(".")
        rows = await unit.rows(
            f"SELECT DISTINCT {name} AS uri FROM {table} WHERE {name} IN ({marks(len(uris))})", *uris
        )
        found |= {row["uri"] for row in rows}
    return found


async def erase_tombstones(unit: Unit, before: datetime, after: str) -> Step:
    """What others deleted before then is not remembered; that something of ours is gone is said for good."""
    rows = await unit.rows(
        "SELECT uri, deleted_at FROM tombstone WHERE uri > ? ORDER BY uri LIMIT ?", after, STEP_MAX
    )
    ours = f"{unit.settings.origin}/"
    old = [row["uri"] for row in rows if row["deleted_at"] < before and not row["uri"].startswith(ours)]
    if old:
        listed = marks(len(old))
        await unit.execute(f"DELETE FROM tombstone WHERE uri IN ({listed})", *old)
        # Roots of threads go with them.
        await unit.execute(
            f"DELETE FROM known_object WHERE uri IN ({listed}) AND state = 'gone' AND local = false "
            f"AND kind NOT IN ({marks(len(KINDS))})",
            *old,
            *KINDS,
        )
    return Step(len(old), rows[-1]["uri"] if len(rows) == STEP_MAX else None)


def kept_of_others(memory: Memory) -> tuple[Kept, ...]:
    """What is kept of other servers' posts and people; `memory` knows what the types say of them."""
    return (
        Kept(
            POSTS,
            mark("Posts, events, proposals and comments from elsewhere"),
            mark(
                "To read them here. They stay where one of ours answered, liked, shared or comes, where the author "
                "pinned them, and those of sister chapters."
            ),
            ("known_object",),
            posts_eraser(memory),
            "keep_posts",
            days_min=7,
            count="SELECT count(*) AS total FROM known_object WHERE local = false",
            every=DAILY,
        ),
        Kept(
            ACTORS,
            mark("People and groups elsewhere, with the keys they sign with"),
            mark("To show who wrote, and check that it was they. Only those whom nothing here names go."),
            ("actor", "actor_key"),
            actors_eraser(memory),
            "keep_actors",
            days_min=7,
            every=DAILY,
        ),
        Kept(
            DELETED,
            mark("That something was deleted"),
            mark("So that it does not come back late. What was ours is said to be gone for good."),
            ("tombstone",),
            erase_tombstones,
            "keep_deleted",
            # Longer than anybody tries to deliver.
            days_min=8,
            every=DAILY,
        ),
    )

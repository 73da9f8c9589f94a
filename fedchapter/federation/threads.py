"""Threads that are about a post of another server: whether one may be forgotten, and forgetting it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..store import Known, Unit, marks
from ..store.kinds import find_where
from ..store.retention import STEP_MAX, Memory

# What moderators hid stays as a row without words: then there is nothing more to erase of it.
WITH_WORDS = "NOT (state = 'hidden' AND html = '' AND title = '')"


@dataclass(frozen=True, slots=True)
class Thread:
    """A post of another server with what was said to it, STEP_MAX of that at most; `whole` if that is all."""

    root: Known
    parts: tuple[Known, ...]
    whole: bool

    @property
    def all(self) -> list[Known]:
        """The parts, and the root if nothing would be left hanging on it."""
        return [*self.parts, self.root] if self.whole else list(self.parts)


async def find_quiet(unit: Unit, roots: Sequence[Known], before: datetime) -> list[Known]:
    """Those on whose threads nothing is younger than that, held, or by one of ours, and that nobody pinned."""
    uris = [one.uri for one in roots if one.pinned_at is None]
    if not uris:
        return []
    rows = await unit.rows(
        f"SELECT DISTINCT root_uri FROM known_object WHERE root_uri IN ({marks(len(uris))}) "
        "AND (local = true OR state = 'held' OR sort_at >= ?)",
        *uris,
        before,
    )
    busy = {row["root_uri"] for row in rows}
    return [one for one in roots if one.pinned_at is None and one.uri not in busy]


async def find_threads(unit: Unit, roots: Sequence[Known]) -> list[Thread]:
    """The threads of the first of these roots, until they have STEP_MAX parts together."""
    found: list[Thread] = []
    room = STEP_MAX
    for root in roots:
        parts = await find_where(
            unit, f"root_uri = ? AND uri <> ? AND {WITH_WORDS} LIMIT ?", root.uri, root.uri, room
        )
        whole = len(parts) < room
        if found and not whole:
            break
        found.append(Thread(root, tuple(parts), whole))
        room -= len(parts)
        if not whole:
            break
    return found


async def erase_threads(unit: Unit, memory: Memory, threads: Sequence[Thread]) -> list[Thread]:
    """Those in which nobody here has a part are forgotten; returns them."""
    known = [one for thread in threads for one in (thread.root, *thread.parts)]
    staying = await memory.to_keep(unit, known) if known else set()
    going = [
        thread for thread in threads if not any(part.uri in staying for part in (thread.root, *thread.parts))
    ]
    erased = [one for thread in going for one in thread.all]
    for begin in range(0, len(erased), STEP_MAX):
        await _erase(unit, memory, erased[begin : begin + STEP_MAX])
    return going


async def _erase(unit: Unit, memory: Memory, known: Sequence[Known]) -> None:
    await memory.forget(unit, known)
    hidden = [one.uri for one in known if one.state == "hidden"]
    if hidden:
        # What a moderator hid does not come back as something new.
        await unit.execute(
            "UPDATE known_object SET title = '', note = '', html = '', pictures = '' "
            f"WHERE uri IN ({marks(len(hidden))})",
            *hidden,
        )
    gone = [one.uri for one in known if one.state != "hidden"]
    if gone:
        await unit.execute(
            f"DELETE FROM known_object WHERE local = false AND uri IN ({marks(len(gone))})", *gone
        )

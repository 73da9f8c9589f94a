"""The rules of sister chapters; the only writer of their rows.

DESIGN §5 (mutual follow plus an explicit yes on both sides); operations.md §3 row A9 (only the one asked can answer).
"""

from dataclasses import dataclass
from datetime import datetime

from ...actors import ActorRow
from ...actors.sisters import MUTUAL
from ...errors import NotFound, Refusal
from ...policy.state import note_change
from ...store import Known, Unit, know
from ...store.kinds import Reads
from .draft import OfferRef, SisterAnswered, SisterOffered, SisterWithdrawn

OFFERED, ASKED, SISTERS, ENDED = "offered", "asked", "sisters", "ended"
_COLUMNS = "actor_uri, state, our_offer_uri, their_offer_uri, changed_at"


@dataclass(frozen=True, slots=True)
class SisterRow:
    """A row of `sister`."""

    actor_uri: str
    state: str
    our_offer_uri: str
    their_offer_uri: str
    changed_at: datetime


async def find_sister(reads: Reads, actor_uri: str) -> SisterRow | None:
    """What is between us and that chapter, or None when nothing ever was."""
    row = await reads.row(f"SELECT {_COLUMNS} FROM sister WHERE actor_uri = ?", actor_uri)
    return SisterRow(**row) if row else None


async def find_all(reads: Reads) -> list[SisterRow]:
    """Everything that is open or stands, latest change first."""
    rows = await reads.rows(
        f"SELECT {_COLUMNS} FROM sister WHERE state <> 'ended' ORDER BY changed_at DESC, actor_uri LIMIT 500"
    )
    return [SisterRow(**row) for row in rows]


async def find_candidates(reads: Reads, chapter_uri: str) -> list[str]:
    """Groups that follow us and that we follow, with whom nothing is open."""
    rows = await reads.rows(
        f"SELECT actor.uri FROM actor {MUTUAL.format(uri='actor.uri')} WHERE actor.type = 'Group' "
        "AND actor.local = false AND actor.state = 'active' AND NOT EXISTS "
        "(SELECT 1 FROM sister WHERE sister.actor_uri = actor.uri AND sister.state <> 'ended') "
        "ORDER BY actor.uri LIMIT 100",
        chapter_uri,
        chapter_uri,
    )
    return [row["uri"] for row in rows]


async def is_mutual(unit: Unit, actor_uri: str) -> bool:
    """Whether our chapter and that actor follow each other, accepted on both sides."""
    chapter = unit.settings.chapter_uri
    row = await unit.row(
        f"SELECT 1 AS yes FROM actor {MUTUAL.format(uri='actor.uri')} WHERE actor.uri = ?",
        chapter,
        chapter,
        actor_uri,
    )
    return row is not None


async def offer(unit: Unit, other: ActorRow) -> str:
    """The other chapter is asked, or, if it asked us already, told yes; returns the state. Raises Refusal."""
    before = await find_sister(unit, other.uri)
    if before is not None and before.state == ASKED:
        return await answer(unit, other.uri, accepted=True)
    if before is not None and before.state in (OFFERED, SISTERS):
        raise Refusal("sister-open", "This chapter was asked already.")
    if other.local or other.type != "Group":
        raise Refusal("sister-kind", "Only another chapter can be a sister chapter.")
    await _check_mutual(unit, other.uri)
    ref = OfferRef(unit.settings.uri("activities", unit.new_id()), unit.settings.chapter_uri, other.uri)
    await _store(unit, other.uri, OFFERED, our_offer_uri=ref.uri)
    await _know(unit, ref)
    unit.record(SisterOffered(ref))
    return OFFERED


async def answer(unit: Unit, actor_uri: str, *, accepted: bool) -> str:
    """Our yes or no to the other chapter's offer; returns the state. Raises NotFound or Refusal."""
    row = await find_sister(unit, actor_uri)
    if row is None or row.state != ASKED:
        raise NotFound("no-offer", "There is no such offer; perhaps it was withdrawn.")
    if accepted:
        await _check_mutual(unit, actor_uri)
        await _store(unit, actor_uri, SISTERS, their_offer_uri=row.their_offer_uri)
    else:
        await _finish(unit, row)
    unit.record(SisterAnswered(_theirs(unit, row), accepted=accepted))
    return SISTERS if accepted else ENDED


async def end(unit: Unit, actor_uri: str) -> None:
    """The two are sisters no longer, or our offer is taken back; the other side is told. Raises NotFound."""
    row = await find_sister(unit, actor_uri)
    if row is None or row.state == ENDED:
        raise NotFound("no-sister", "There is nothing to end.")
    await _finish(unit, row)
    if row.our_offer_uri:
        unit.record(SisterWithdrawn(OfferRef(row.our_offer_uri, unit.settings.chapter_uri, actor_uri)))
    else:
        unit.record(SisterAnswered(_theirs(unit, row), accepted=False))


async def end_with_follow(unit: Unit, follower_uri: str, followed_uri: str) -> None:
    """A follow between our chapter and another is over, and whatever rested on it with it."""
    chapter = unit.settings.chapter_uri
    if chapter not in (follower_uri, followed_uri):
        return
    other = followed_uri if follower_uri == chapter else follower_uri
    row = await find_sister(unit, other)
    if row is not None and row.state != ENDED:
        await end(unit, other)


async def receive_offer(unit: Unit, actor_uri: str, uri: str) -> str | None:
    """Another chapter asks us: returns the state, or None when we do not follow each other.

    If we asked them at the same time, both have said yes.
    """
    if not await is_mutual(unit, actor_uri):
        return None
    ref = OfferRef(uri, actor_uri, unit.settings.chapter_uri)
    row = await find_sister(unit, actor_uri)
    await _know(unit, ref)
    if row is not None and row.state in (OFFERED, SISTERS):
        await _store(unit, actor_uri, SISTERS, our_offer_uri=row.our_offer_uri, their_offer_uri=uri)
        unit.record(SisterAnswered(ref, accepted=True))
        return SISTERS
    await _store(unit, actor_uri, ASKED, their_offer_uri=uri)
    return ASKED


async def receive_answer(unit: Unit, actor_uri: str, offer_uri: str, *, accepted: bool) -> str | None:
    """The other chapter answered our offer: returns the state, or None when we did not ask that of them."""
    row = await find_sister(unit, actor_uri)
    if row is None or not offer_uri or row.our_offer_uri != offer_uri:
        return None
    if not accepted:
        await _finish(unit, row)
        return ENDED
    if not await is_mutual(unit, actor_uri):
        await end(unit, actor_uri)
        return ENDED
    await _store(
        unit, actor_uri, SISTERS, our_offer_uri=row.our_offer_uri, their_offer_uri=row.their_offer_uri
    )
    return SISTERS


async def receive_withdrawal(unit: Unit, actor_uri: str, offer_uri: str) -> bool:
    """The other chapter took its offer back, or ended what came of it; False when there was none."""
    row = await find_sister(unit, actor_uri)
    if row is None or not offer_uri or row.their_offer_uri != offer_uri:
        return False
    await _finish(unit, row)
    return True


def _theirs(unit: Unit, row: SisterRow) -> OfferRef:
    return OfferRef(row.their_offer_uri, row.actor_uri, unit.settings.chapter_uri)


async def _check_mutual(unit: Unit, actor_uri: str) -> None:
    if not await is_mutual(unit, actor_uri):
        raise Refusal(
            "sister-follow",
            "Both chapters must follow each other first, and each must have accepted the other.",
        )


async def _store(
    unit: Unit, actor_uri: str, state: str, *, our_offer_uri: str = "", their_offer_uri: str = ""
) -> None:
    await unit.execute(
        "INSERT INTO sister (id, actor_uri, state, our_offer_uri, their_offer_uri, changed_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (actor_uri) DO UPDATE SET state = excluded.state, "
        "our_offer_uri = excluded.our_offer_uri, their_offer_uri = excluded.their_offer_uri, "
        "changed_at = CASE WHEN sister.state = excluded.state THEN sister.changed_at ELSE excluded.changed_at END",
        unit.new_id(),
        actor_uri,
        state,
        our_offer_uri,
        their_offer_uri,
        unit.now,
    )
    # Links to sister chapters make no wave: every process has their servers in memory.
    await note_change(unit)


async def _finish(unit: Unit, row: SisterRow) -> None:
    await _store(unit, row.actor_uri, ENDED)
    await unit.execute(
        "DELETE FROM known_object WHERE uri IN (?, ?) AND kind = 'sister'",
        row.our_offer_uri,
        row.their_offer_uri,
    )


async def _know(unit: Unit, ref: OfferRef) -> None:
    local = ref.from_uri == unit.settings.chapter_uri
    known = Known(ref.uri, "sister", unit.new_id(), ref.from_uri, unit.now, local=local, visibility="direct")
    await know(unit, known)

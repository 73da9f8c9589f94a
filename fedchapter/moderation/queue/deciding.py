"""Deciding on a whole group as it was seen: show or refuse, and what that means for its authors.

operations.md §1.4 (approval remembers the actor; decide by group), §1.6 (undo). One unit, so nothing is half done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ...actors import find_actors
from ...errors import Refusal
from ...house import House
from ...policy import find_mark
from ...policy.marks import APPROVED, HOLD, REFUSE
from ...store import Known, Row, Unit, marks
from ...store.kinds import find_where
from ...words import say
from ..actions import actors
from ..audit import VERBS, Judge
from ..deciding import APPROVE, REFUSE_POST, hide_held, portions, show_held
from ..desk import HELD as HELD_ITEM
from ..evidence import exact_hash
from ..grouping import ACTOR, members_of
from ..turning import HELD

AT_MOST = 5000
WAIT, SUSPEND = "wait", "suspend"


@dataclass(frozen=True, slots=True)
class Seen:
    """A group as a moderator saw it at that moment; with `item_id` only that item, with its text as `exact` says."""

    group_key: str
    at: datetime
    item_id: str = ""
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """How many posts were decided, by which batch, and how many still wait because they were edited since they came."""

    batch: str
    count: int
    edited: int = 0


async def approve(unit: Unit, house: House, seen: Seen, judge: Judge) -> Decided:
    """What was seen is shown, and its authors need no approval any more.

    Where an admin wants to see everything of an actor or host first, only these posts are shown.
    """
    decided, shown = await _show(unit, seen, judge, fine=False)
    judge = replace(judge, batch=decided.batch)
    approved = 0
    for uri in await _strangers(unit, shown):
        if await find_mark(unit, scope="actor", subject=uri) in (APPROVED, HOLD, REFUSE):
            continue
        if house.marks.decision(uri.split("/")[2]) != HOLD:
            await actors.decide(unit, uri, actors.ALLOW, judge, {})
            approved += 1
    if not seen.item_id or not approved or not seen.group_key.startswith(ACTOR):
        return decided
    # What else waits of somebody who needs no approval any more.
    others = replace(seen, item_id="", exact="")
    if not await _waits(unit, others):
        return decided
    more, _ = await _show(unit, others, judge, fine=False)
    return replace(decided, count=decided.count + more.count, edited=decided.edited + more.edited)


async def _waits(unit: Unit, seen: Seen) -> bool:
    statement = "SELECT 1 AS yes FROM desk_item WHERE state = 'open' AND sort = ? AND group_key = ? LIMIT 1"
    return await unit.row(statement, HELD_ITEM, seen.group_key) is not None


async def find_fine(unit: Unit, house: House, seen: Seen, judge: Judge) -> Decided:
    """What was seen is shown, its authors are as unknown as before, and nobody is asked again until it changes."""
    decided, _ = await _show(unit, seen, judge, fine=True)
    return decided


async def _show(unit: Unit, seen: Seen, judge: Judge, *, fine: bool) -> tuple[Decided, list[Known]]:
    rows = await take(unit, seen)
    known = await _find_locked(unit, [row["subject_uri"] for row in rows])
    edited = {row["id"] for row in rows if _is_edited(row, known.get(row["subject_uri"]), seen)}
    held = [known[row["subject_uri"]] for row in rows if row["id"] not in edited]
    held = [one for one in held if one.state == HELD] if known else []
    if edited and not held and not judge.batch:
        raise Refusal("edited", "It was edited since it came. Open it, and decide on what it says now.")
    judge = replace(judge, batch=judge.batch or unit.new_id())
    await show_held(unit, held, judge, fine=fine)
    await _close(unit, [row["id"] for row in rows if row["id"] not in edited], APPROVE)
    return Decided(judge.batch, len(held), len(edited)), held


def _is_edited(row: Row, known: Known | None, seen: Seen) -> bool:
    if known is None or known.state != HELD:
        return False
    # Items from before hashes were kept, and those of other rooms, have none.
    return exact_hash(known) not in (row["exact_hash"] or exact_hash(known), seen.exact)


async def refuse(unit: Unit, house: House, seen: Seen, judge: Judge, *, authors: str = "") -> Decided:
    """What was seen is hidden. `authors`: whatever they post from now on waits (WAIT), or none is taken (SUSPEND)."""
    rows = await take(unit, seen)
    known = await _find_locked(unit, [row["subject_uri"] for row in rows])
    held = [one for one in known.values() if one.state == HELD]
    judge = replace(judge, batch=unit.new_id())
    await hide_held(unit, held, judge)
    await _close(unit, [row["id"] for row in rows], REFUSE_POST)
    if authors:
        for uri in await _strangers(unit, held):
            await _turn_away(unit, house, uri, authors, judge)
    return Decided(judge.batch, len(held))


async def _turn_away(unit: Unit, house: House, uri: str, authors: str, judge: Judge) -> None:
    wanted = HOLD if authors == WAIT else REFUSE
    if await find_mark(unit, scope="actor", subject=uri) in (wanted, REFUSE):
        return
    if authors == WAIT:
        await actors.decide(unit, uri, actors.HOLD_ALWAYS, judge, {})
    else:
        await actors.suspend(unit, house, uri, judge, {})


async def take(unit: Unit, seen: Seen) -> list[Row]:
    """The held items of the group as it was seen, which nobody else can decide until this unit ends.

    Raises Refusal, with who it was, where somebody else has decided.
    """
    # PostgreSQL waits here for whoever decides just now, and then leaves out what they have closed.
    lock = "FOR UPDATE" if unit.postgres else ""
    one = "AND id = ?" if seen.item_id else ""
    condition, value = members_of(seen.group_key)
    rows = await unit.rows(
        "SELECT id, subject_uri, actor_uri, exact_hash FROM desk_item WHERE state = 'open' AND sort = ? "
        f"AND {condition} AND opened_at <= ? {one} ORDER BY id LIMIT ? {lock}",
        *(HELD_ITEM, value, seen.at, *([seen.item_id] if one else []), AT_MOST),
    )
    if not rows:
        raise await decided_already(unit, seen)
    return rows


async def decided_already(unit: Unit, seen: Seen) -> Refusal:
    """What somebody is told who comes second: who has decided, and what."""
    condition, value = members_of(seen.group_key)
    row = await unit.row(
        "SELECT decision.what, decision.rule, account.display_name AS name FROM desk_item "
        "JOIN decision ON decision.target_uri = desk_item.subject_uri AND decision.undo_of = '' "
        "LEFT JOIN account ON account.id = decision.made_by WHERE desk_item.state <> 'open' "
        f"AND desk_item.{'id = ?' if seen.item_id else condition} ORDER BY decision.id DESC LIMIT 1",
        seen.item_id or value,
    )
    found = VERBS.get(row["what"]) if row else None
    if row is None or found is None:
        return Refusal("decided", "Nothing of this waits any more, or it is part of another group now.")
    who = row["name"] or row["rule"] or say("somebody who left")
    return Refusal(
        "decided",
        "%(name)s has decided this a moment before you: %(what)s. Nothing was done twice.",
        name=who,
        what=say(found.words),
    )


async def _find_locked(unit: Unit, uris: Sequence[str]) -> dict[str, Known]:
    # So that an edit that comes in just now is seen, or waits.
    lock = "FOR UPDATE" if unit.postgres else ""
    found: dict[str, Known] = {}
    for some in portions(sorted(uris)):
        rows = await find_where(unit, f"uri IN ({marks(len(some))}) ORDER BY uri {lock}", *some)
        found |= {one.uri: one for one in rows}
    return found


async def _close(unit: Unit, ids: Sequence[str], outcome: str) -> None:
    for some in portions(ids):
        await unit.execute(
            f"UPDATE desk_item SET state = 'closed', outcome = ?, closed_at = ? WHERE id IN ({marks(len(some))})",
            outcome,
            unit.now,
            *some,
        )


async def _strangers(unit: Unit, posts: Iterable[Known]) -> list[str]:
    """Their authors that we know as actors elsewhere."""
    uris = sorted({one.owner_uri for one in posts})
    found: list[str] = []
    for some in portions(uris):
        found += [uri for uri, actor in (await find_actors(unit, list(some))).items() if not actor.local]
    return found

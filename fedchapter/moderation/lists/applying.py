"""Applying drafts: each becomes a decision like one made by hand, all of one go under one batch, undone in one click.

Issue "Lists". What takes two moderators is left for the page of that server; long lists are worked off by a job.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...errors import Refusal
from ...house import House
from ...jobs import outside_job, schedule
from ...policy import find_marking
from ...store import Unit, marks
from ..actions.hosts import lift_host, set_host
from ..audit import Judge
from ..seconds import NeedsSecond
from .drafts import LIFT, Draft, Review, find_review, merged
from .rows import HostSource, get_list
from .sisters import SISTERS, find_sister_review

JOB = "list-apply"
STEP = 200


@dataclass(frozen=True, slots=True)
class Applied:
    """How many hosts were decided about, and those left as they are, since two have to agree or it changed just now."""

    done: int = 0
    two: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


async def find_drafts(house: House, list_id: str) -> tuple[HostSource | None, Review]:
    """The list with that id and what it proposes; `sisters` is what all sister chapters decided, without a list."""
    uri = house.settings.chapter_uri
    if list_id == SISTERS:
        return None, await find_sister_review(house.database, house.marks, uri)
    found = await get_list(house.database, list_id)
    return found, await find_review(house.database, house.marks, found, uri)


async def apply_some(house: House, list_id: str, hosts: Collection[str], judge: Judge) -> Applied:
    """The drafts for those hosts are decisions now; what is no draft any more is passed over."""
    found, review = await find_drafts(house, list_id)
    drafts = [draft for draft in review.drafts if draft.host in hosts]
    name = found.name if found is not None else ""
    applied = await house.database.in_unit(lambda unit: _apply(unit, house, drafts, judge, name))
    await house.marks.load(house.database, house.clock.now())
    return applied


async def _apply(unit: Unit, house: House, drafts: Sequence[Draft], judge: Judge, name: str) -> Applied:
    done, two, left = 0, [], []
    for draft in drafts:
        reason = ": ".join(part for part in (name, draft.comment) if part)
        try:
            await _decide(unit, house, draft, replace(judge, reason=judge.reason or reason))
            done += 1
        except NeedsSecond:
            two.append(draft.host)
        except Refusal:
            left.append(draft.host)
    return Applied(done, tuple(two), tuple(left))


async def _decide(unit: Unit, house: House, draft: Draft, judge: Judge) -> None:
    exact = await find_marking(unit, scope="host", subject=draft.host)
    if draft.state == LIFT:
        if exact is None or draft.now is None or exact.source != draft.now.source:
            raise Refusal("decided", "That was decided otherwise meanwhile.")
        await lift_host(unit, draft.host, judge)
        return
    assert draft.marking is not None
    wanted = replace(draft.marking, reason=judge.reason, made_by=judge.account_id)
    await set_host(unit, house, draft.host, merged(wanted, exact), judge)


async def apply_harmless(unit: Unit, list_id: str, judge: Judge) -> None:
    """Everything on the list that cuts nothing will be decided, in steps."""
    payload = {"list_id": list_id, "by": judge.account_id, "batch": judge.batch, "tried": ""}
    await schedule(unit, JOB, payload, due_at=unit.now, key=f"{JOB}:{judge.batch}")


@outside_job(JOB)
async def go_on(house: House, payload: dict[str, Any]) -> None:
    """The next hosts in order, and another step as long as there are more."""
    try:
        _, review = await find_drafts(house, payload["list_id"])
    except Refusal:
        # The list was dropped meanwhile.
        return
    hosts = sorted(draft.host for draft in review.drafts if draft.is_ticked and draft.host > payload["tried"])
    if not hosts:
        return
    step = hosts[:STEP]
    await apply_some(house, payload["list_id"], step, Judge(payload["by"], batch=payload["batch"]))
    if len(hosts) <= STEP:
        return
    async with house.database.unit() as unit:
        key = f"{JOB}:{payload['batch']}:{step[-1]}"
        await schedule(unit, JOB, {**payload, "tried": step[-1]}, due_at=unit.now, key=key)


async def leave_out(unit: Unit, list_id: str, hosts: Sequence[str]) -> None:
    """Those are not proposed any more, until the list says something else of them."""
    if not hosts:
        return
    which = (
        "list_id IN (SELECT id FROM host_list WHERE sort = 'sister')" if list_id == SISTERS else "list_id = ?"
    )
    values = () if list_id == SISTERS else (list_id,)
    await unit.execute(
        f"UPDATE list_entry SET left_out_at = ? WHERE {which} AND host IN ({marks(len(hosts))})",
        unit.now,
        *values,
        *hosts,
    )


async def propose_again(unit: Unit, list_id: str) -> int:
    """What was left out is proposed again; returns how many."""
    which = (
        "list_id IN (SELECT id FROM host_list WHERE sort = 'sister')" if list_id == SISTERS else "list_id = ?"
    )
    values = () if list_id == SISTERS else (list_id,)
    return await unit.execute(
        f"UPDATE list_entry SET left_out_at = NULL WHERE {which} AND left_out_at IS NOT NULL", *values
    )


JOBS = (go_on,)

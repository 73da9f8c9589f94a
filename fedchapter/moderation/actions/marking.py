"""Putting marks on actors and hosts so that the log can take them back exactly.

Two who decide about the same at once: one waits, and reads that it is decided, where both meant the same.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ...errors import Refusal
from ...jobs import job, schedule
from ...policy import Marking, find_marking, lift_mark, put_mark
from ...policy.hosts import parents
from ...policy.marks import APPROVED, HOLD, LIMIT, REFUSE
from ...store import Unit
from ...store.choices import find_choice
from ...words import mark
from ..audit import Entry, Judge, Line, overtaken, verb, write
from ..ballots import find_ballots_of_actor, find_ballots_of_host
from ..pausing import follow_marks, whom
from ..seconds import check_ballots, check_sisters

JOB = "mark-ends"
DAYS_MAX = 3650
EXPIRED = "expired"
_HARD = (HOLD, LIMIT, REFUSE)
_KEPT = (
    "decision",
    "reason",
    "reject_media",
    "reject_reports",
    "sensitive",
    "public_reason",
    "obfuscate",
    "source",
)


def ends_at(options: Mapping[str, str], now: datetime) -> datetime | None:
    """When what is decided ends: after `days`, or never where nothing is given. Raises Refusal."""
    days = options.get("days", "").strip()
    if not days:
        return None
    if not days.isascii() or not days.isdigit() or not 1 <= int(days) <= DAYS_MAX:
        raise Refusal("days", "Give the days as a number between 1 and %(max)s, or nothing.", max=DAYS_MAX)
    return now + timedelta(days=int(days))


async def place(unit: Unit, *, scope: str, subject: str, marking: Marking, what: str, judge: Judge) -> str:
    """The mark stands, what it puts out of sight rests, and the log knows how to go back; returns the line's id.

    Raises Refusal where it stands so already, and NeedsSecond for one alone where it takes two.
    """
    before = await _find_locked(unit, scope, subject)
    if before is not None and _same(before, marking):
        raise Refusal("decided", "That is decided already; perhaps somebody else was a moment faster.")
    judge = await _check(unit, (scope, subject), before, marking, judge)
    await _put(unit, scope, subject, marking)
    details = {"scope": scope, "mark": to_details(before), "after": to_details(marking)}
    actor_uri = subject if scope == "actor" else ""
    return await write(unit, Entry(what, subject, actor_uri, before=details), judge)


async def take_off(unit: Unit, *, scope: str, subject: str, judge: Judge, what: str = "") -> str:
    """There is no mark any more, and what rested because of it comes back.

    Raises Refusal where there was none, and NeedsSecond for one alone where that cuts what takes two.
    """
    before = await _find_locked(unit, scope, subject)
    if before is None:
        raise Refusal("no-mark", "Nothing is decided about this; perhaps somebody else has lifted it.")
    judge = await _check(unit, (scope, subject), before, None, judge)
    await _put(unit, scope, subject, None)
    details = {"scope": scope, "mark": to_details(before), "after": None}
    actor_uri = subject if scope == "actor" else ""
    verb_name = what or (LIFT_ACTOR if scope == "actor" else LIFT_HOST)
    return await write(unit, Entry(verb_name, subject, actor_uri, before=details), judge)


async def _find_locked(unit: Unit, scope: str, subject: str) -> Marking | None:
    # A mark that is not there yet has no row to lock.
    if unit.postgres:
        await unit.row("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", f"mark:{scope}:{subject}")
    return await find_marking(unit, scope=scope, subject=subject)


def _same(one: Marking, other: Marking) -> bool:
    """Whether both mean the same, whatever their reasons."""
    return {**(to_details(one) or {}), "reason": ""} == {**(to_details(other) or {}), "reason": ""}


async def _check(
    unit: Unit, about: tuple[str, str], before: Marking | None, marking: Marking | None, judge: Judge
) -> Judge:
    """The judge as the log shall know it; raises NeedsSecond. What is no harder than before takes one."""
    scope, subject = about
    was, will = (one.decision if one is not None else "" for one in (before, marking))
    behind = await _comes_to(unit, about, before, marking)
    if (will == REFUSE and was != REFUSE) or behind == REFUSE:
        await check_sisters(unit, judge, scope, subject)
    harder = (will in _HARD and will != was) or behind in _HARD
    warned = marking is not None and marking.sensitive and not (before is not None and before.sensitive)
    if not harder and not warned:
        return judge
    find = find_ballots_of_actor if scope == "actor" else find_ballots_of_host
    return check_ballots(judge, await find(unit, subject, unit.now))


async def _comes_to(
    unit: Unit, about: tuple[str, str], before: Marking | None, marking: Marking | None
) -> str:
    """What a server comes under by losing what excepted it: its domain's mark, or a closed network; else empty.

    An allowance that ends by itself is counted as lost at once, or its end would be a way around the second.
    """
    scope, subject = about
    stays = marking is not None and marking.decision == APPROVED and marking.expires_at is None
    if scope != "host" or before is None or before.decision == REFUSE or stays:
        return ""
    if await find_choice(unit, "closed_network") == "yes":
        return REFUSE if before.decision == APPROVED else ""
    if marking is not None and marking.decision != APPROVED:
        return ""
    for parent in parents(subject)[1:]:
        found = await find_marking(unit, scope="host", subject=parent, now=unit.now)
        if found is not None:
            return found.decision if found.decision != before.decision else ""
    return ""


async def _put(unit: Unit, scope: str, subject: str, marking: Marking | None) -> None:
    if marking is None:
        await lift_mark(unit, scope=scope, subject=subject)
    else:
        await put_mark(unit, scope=scope, subject=subject, marking=marking)
    if marking is not None and marking.expires_at is not None:
        payload = {"scope": scope, "subject": subject}
        # One that has run keeps its key, and does not run again: the moment makes it new.
        key = f"{JOB}:{scope}:{subject}:{marking.expires_at.isoformat()}"
        await schedule(unit, JOB, payload, due_at=marking.expires_at, key=key)
    await follow_marks(unit, whom(scope, subject))


@job(JOB)
async def end(unit: Unit, payload: dict[str, str]) -> None:
    """A mark whose time is over is lifted by itself, and the log says so; one that was changed since stays."""
    found = await find_marking(unit, scope=payload["scope"], subject=payload["subject"])
    if found is None or found.expires_at is None or found.expires_at > unit.now:
        return
    await take_off(unit, scope=payload["scope"], subject=payload["subject"], judge=Judge("", rule=EXPIRED))


def to_details(marking: Marking | None) -> dict[str, Any] | None:
    """A mark as the log keeps it."""
    if marking is None:
        return None
    kept: dict[str, Any] = {name: getattr(marking, name) for name in _KEPT}
    kept["expires_at"] = marking.expires_at.isoformat() if marking.expires_at else None
    return kept


def from_details(details: Mapping[str, Any] | None, made_by: str) -> Marking | None:
    """What the log kept as a mark again."""
    if details is None:
        return None
    expires_at = details["expires_at"]
    kept = {name: details[name] for name in _KEPT}
    return Marking(
        **kept, made_by=made_by, expires_at=datetime.fromisoformat(expires_at) if expires_at else None
    )


async def unplace(unit: Unit, line: Line, judge: Judge) -> None:
    """The undoing of every mark: what stood before stands again, unless something else was decided since."""
    scope = str(line.before["scope"])
    now = await _find_locked(unit, scope, line.target_uri)
    if to_details(now) != line.before["after"]:
        raise overtaken()
    before = from_details(line.before["mark"], judge.account_id)
    await _check(unit, (scope, line.target_uri), now, before, judge)
    await _put(unit, scope, line.target_uri, before)


LIFT_ACTOR = verb(
    "lift-actor", mark("Lifted what was decided about somebody"), mark("Undone: lifted"), undo=unplace
)
LIFT_HOST = verb(
    "lift-host", mark("Lifted what was decided about a server"), mark("Undone: lifted"), undo=unplace
)
JOBS = (end,)

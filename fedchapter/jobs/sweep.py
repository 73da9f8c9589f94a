"""The hourly erasing of what was kept long enough, in small steps: each is a job, so none runs twice or is lost.

DESIGN §1. A step looks at a few hundred rows in a unit of its own and puts the next one off, so others get their turn
with the database in between; a process that dies leaves a step that another takes up. Steps of one sort follow one
another: while one waits, no second row of them begins.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from ..store import Database, Row, Unit
from ..store.choices import find_choices
from ..store.kinds import Reads
from ..store.retention import Kept, Memory, Step
from .schedule import Job, Payload, schedule

JOB, STEP_JOB, GIVE_BACK_JOB = "sweep", "sweep-step", "give-back"
EVERY, GIVE_BACK_AFTER = timedelta(hours=1), timedelta(minutes=10)


class HasDatabase(Protocol):
    """A House, of which only the database is needed."""

    database: Database


async def plan_sweep(unit: Unit) -> None:
    """The next hour's sweep is planned, once however often this is called."""
    due_at = unit.now.replace(minute=17, second=0, microsecond=0)
    while due_at <= unit.now:
        due_at += EVERY
    await schedule(unit, JOB, {}, due_at=due_at, key=f"{JOB}:{due_at:%Y-%m-%dT%H}")


async def begin(unit: Unit, one: Kept) -> bool:
    """The erasing of that sort begins now; False while it is under way, or when nothing of it is erased here."""
    waiting = await unit.row(
        "SELECT 1 AS yes FROM job WHERE state = 'due' AND name = ? AND key LIKE ? LIMIT 1",
        STEP_JOB,
        f"{STEP_JOB}:{one.name}:%",
    )
    if waiting is not None or one.erase is None:
        return False
    await unit.execute(
        "INSERT INTO sweep (name, began_at, ended_at, erased, erased_ever) VALUES (?, ?, NULL, 0, 0) "
        "ON CONFLICT (name) DO UPDATE SET began_at = excluded.began_at, ended_at = NULL, erased = 0",
        one.name,
        unit.now,
    )
    await _put_off(unit, one.name, "")
    return True


async def find_sweeps(reads: Reads) -> dict[str, Row]:
    """How the last erasing of each sort went (began_at, ended_at, erased, erased_ever), by name."""
    rows = await reads.rows("SELECT name, began_at, ended_at, erased, erased_ever FROM sweep")
    return {row["name"]: row for row in rows}


def before_of(one: Kept, choices: Mapping[str, str], now: datetime) -> datetime:
    """What is older than that goes."""
    return now - timedelta(days=one.days_from(choices))


async def _put_off(unit: Unit, name: str, after: str) -> None:
    key = f"{STEP_JOB}:{name}:{unit.new_id()}"
    await schedule(unit, STEP_JOB, {"name": name, "after": after}, due_at=unit.now, key=key)


async def _note(unit: Unit, name: str, step: Step) -> None:
    await unit.execute(
        "UPDATE sweep SET erased = erased + ?, erased_ever = erased_ever + ?, ended_at = ? WHERE name = ?",
        step.erased,
        step.erased,
        unit.now if step.after is None else None,
        name,
    )


def sweep_jobs(memory: Memory) -> tuple[Job, ...]:
    """The three jobs: each hour what is due begins, the steps, and giving room back to the disk."""

    async def sweep(unit: Unit, payload: Payload) -> None:
        await plan_sweep(unit)
        before = await find_sweeps(unit)
        for one in memory.kept:
            if _is_due(one, before.get(one.name), unit.now):
                await begin(unit, one)

    async def take_step(unit: Unit, payload: Payload) -> None:
        one = memory.find(payload["name"])
        if one is None or one.erase is None:
            return
        before = before_of(one, await find_choices(unit), unit.now)
        step = await one.erase(unit, before, payload["after"])
        await _note(unit, one.name, step)
        if step.after is not None:
            await _put_off(unit, one.name, step.after)
        elif step.erased or payload["after"]:
            await _give_back_later(unit)

    return (
        Job(JOB, sweep, outside=False),
        Job(STEP_JOB, take_step, outside=False),
        Job(GIVE_BACK_JOB, give_back, outside=True),
    )


async def _give_back_later(unit: Unit) -> None:
    due_at = unit.now + GIVE_BACK_AFTER
    await schedule(unit, GIVE_BACK_JOB, {}, due_at=due_at, key=f"{GIVE_BACK_JOB}:{due_at:%Y-%m-%dT%H}")


async def give_back(house: HasDatabase, payload: Payload) -> None:
    """What was erased takes no room on the disk any more, as far as the database can."""
    await house.database.give_back()


def _is_due(one: Kept, last: Row | None, now: datetime) -> bool:
    # A little less, or what ran at half past would run every other time only.
    return last is None or now - last["began_at"] >= one.every - EVERY / 4

"""Putting work off, and saying which function does it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from ..store import Unit

Payload = dict[str, Any]
Work = Callable[[Any, Payload], Awaitable[None]]
LOOP = "jobs"


@dataclass(frozen=True, slots=True)
class Job:
    """A name and the function that does it; `outside` means that it gets a House and no unit."""

    name: str
    work: Work
    outside: bool


def job(name: str) -> Callable[[Work], Job]:
    """A job that gets the Unit in which it is marked done: exactly once."""
    return lambda work: Job(name, work, outside=False)


def outside_job(name: str) -> Callable[[Work], Job]:
    """A job that gets the House and may do I/O: at least once."""
    return lambda work: Job(name, work, outside=True)


async def schedule(unit: Unit, name: str, payload: Payload, *, due_at: datetime, key: str) -> None:
    """The job will run once, at `due_at` or soon after; scheduling the same key again moves it, unless it has run."""
    await unit.execute(
        "INSERT INTO job (name, key, payload, state, attempts, error, created_at, due_at) "
        "VALUES (?, ?, ?, 'due', 0, '', ?, ?) ON CONFLICT (key) DO UPDATE SET "
        "payload = excluded.payload, due_at = excluded.due_at WHERE job.state = 'due'",
        name,
        key,
        msgspec.json.encode(payload).decode(),
        unit.now,
        due_at,
    )
    unit.wake(LOOP)


async def unschedule(unit: Unit, key: str) -> bool:
    """The job will not run; False when it was not waiting."""
    return await unit.execute("DELETE FROM job WHERE key = ? AND state = 'due'", key) > 0

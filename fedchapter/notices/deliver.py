"""Bringing a notice to all members: a portion for each job, so that no transaction holds up the others for long."""

from typing import Any

from ..jobs import job, schedule
from ..store import Unit
from . import carry, standing
from .errands import send_out
from .readers import PORTION, find_after
from .tell import FORGET_JOB, JOB, forget_notice


@job(JOB)
async def bring(unit: Unit, payload: dict[str, Any]) -> None:
    """The next portion of members has the notice, but for whom it came from."""
    notice = await unit.row("SELECT id, kind, made_by FROM notice WHERE id = ?", payload["notice_id"])
    if notice is None:
        return
    readers = await find_after(unit, notice["kind"], but=notice["made_by"], after=payload["after"])
    await send_out(unit, notice["id"], notice["kind"], readers, unless=payload["unless"])
    if len(readers) == PORTION:
        rest = payload | {"after": readers[-1].account_id}
        await schedule(unit, JOB, rest, due_at=unit.now, key=f"{JOB}:{notice['id']}:{rest['after']}")


@job(FORGET_JOB)
async def forget(unit: Unit, payload: dict[str, Any]) -> None:
    """The notice is old: it is gone."""
    await forget_notice(unit, payload["notice_id"])


JOBS = (bring, forget, *carry.JOBS, *standing.JOBS)

"""Bringing a notice to its readers: a row for each, in one statement."""

from typing import Any

from ..jobs import job
from ..store import Unit, marks
from .tell import JOB


@job(JOB)
async def bring(unit: Unit, payload: dict[str, Any]) -> None:
    """Every reader who is a member has the notice, but for whom it came from."""
    notice = await unit.row("SELECT id, made_by FROM notice WHERE id = ?", payload["notice_id"])
    if notice is None:
        return
    wanted, values = "", []
    if payload["to"] is not None:
        if not payload["to"]:
            return
        wanted, values = f" AND id IN ({marks(len(payload['to']))})", payload["to"]
    rows = await unit.rows(
        f"SELECT id FROM account WHERE state = 'active' AND id <> ?{wanted}", notice["made_by"], *values
    )
    await unit.execute_many(
        "INSERT INTO told (id, notice_id, account_id, created_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (account_id, notice_id) DO NOTHING",
        [(unit.new_id(), notice["id"], row["id"], unit.now) for row in rows],
    )


JOBS = (bring,)

"""How long reports are kept: until they are dealt with, and as long after that as the chapter chose."""

from collections.abc import Sequence
from datetime import datetime

from ...store import Known, Unit, marks
from ...store.retention import STEP_MAX, Kept, Step, keeps
from ...words import mark

NAMES_ACTORS = ("report.target_uri", "report.reporter_uri", "report_item.owner_uri")


async def erase_reports(unit: Unit, before: datetime, after: str) -> Step:
    """Reports closed (or sent, and not heard of) before then are gone with what they named and said."""
    rows = await unit.rows(
        "SELECT id, uri, way FROM report WHERE (state = 'closed' AND closed_at < ?) "
        "OR (state = 'sent' AND last_at < ?) LIMIT ?",
        before,
        before,
        STEP_MAX,
    )
    ids = [row["id"] for row in rows]
    if not ids:
        return Step(0)
    for table, column in (("report_item", "report_id"), ("report_event", "report_id"), ("report", "id")):
        await unit.execute(f"DELETE FROM {table} WHERE {column} IN ({marks(len(ids))})", *ids)
    ours = [row["uri"] for row in rows if row["way"] == "out"]
    if ours:
        await unit.execute(
            f"DELETE FROM known_object WHERE kind = 'report' AND uri IN ({marks(len(ours))})", *ours
        )
    return Step(len(ids), "more" if len(ids) == STEP_MAX else None)


@keeps
async def reported(unit: Unit, known: Sequence[Known]) -> set[str]:
    """What an open report names."""
    uris = [one.uri for one in known]
    rows = await unit.rows(
        "SELECT report_item.uri FROM report_item JOIN report ON report.id = report_item.report_id "
        f"WHERE report.state = 'open' AND report_item.uri IN ({marks(len(uris))})",
        *uris,
    )
    return {row["uri"] for row in rows}


KEPT = (
    Kept(
        "reports",
        mark("Reports, with what was said and the words as they were"),
        mark("So that a decision can be explained, and the same is not decided twice."),
        ("report", "report_item", "report_event"),
        erase_reports,
        "keep_reports",
        days_min=30,
    ),
)

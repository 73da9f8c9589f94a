"""How long decisions, evidence and what waits are kept, and what stays because it is being decided about."""

from collections.abc import Sequence
from datetime import datetime

from ..store import Known, Unit, marks
from ..store.retention import STEP_MAX, Kept, Step, erase_some, forgets, keeps
from ..words import mark
from .queue.claims import forget_old_claims

NAMES_ACTORS = ("desk_item.actor_uri", "pause.actor_uri")


async def erase_decided(unit: Unit, before: datetime, after: str) -> Step:
    """What waited at the desk and was closed before then is gone, with evidence and notes; the decision stays."""
    rows = await unit.rows(
        "SELECT id, state, opened_at, closed_at FROM desk_item WHERE id > ? ORDER BY id LIMIT ?",
        after,
        STEP_MAX,
    )
    ids = [
        row["id"]
        for row in rows
        if row["state"] != "open" and (row["closed_at"] or row["opened_at"]) < before
    ]
    if ids:
        await unit.execute(f"DELETE FROM desk_item WHERE id IN ({marks(len(ids))})", *ids)
    notes = await erase_some(unit, "desk_note", "made_at < ?", before)
    await forget_old_claims(unit)
    last = rows[-1]["id"] if rows else after
    return Step(len(ids) + notes.erased, last if len(rows) == STEP_MAX or notes.after else None)


async def erase_strikes(unit: Unit, before: datetime, after: str) -> Step:
    """Strikes made before then are gone with their appeals; so is what was asked of a second moderator."""
    old = "(SELECT id FROM strike WHERE made_at < ? AND (until_at IS NULL OR until_at < ?))"
    await unit.execute(f"DELETE FROM appeal WHERE strike_id IN {old} AND state <> 'open'", before, unit.now)
    erased = await unit.execute(
        f"DELETE FROM strike WHERE id IN {old} AND NOT EXISTS (SELECT 1 FROM appeal WHERE strike_id = strike.id)",
        before,
        unit.now,
    )
    erased += await unit.execute("DELETE FROM asked_action WHERE asked_at < ?", before)
    return Step(erased)


@keeps
async def waiting_or_paused(unit: Unit, known: Sequence[Known]) -> set[str]:
    """What moderators are asked about, and what a suspension put away that may be lifted."""
    uris = [one.uri for one in known]
    rows = await unit.rows(
        f"SELECT subject_uri AS uri FROM desk_item WHERE subject_uri IN ({marks(len(uris))}) AND state = 'open' "
        f"UNION SELECT subject AS uri FROM pause WHERE subject IN ({marks(len(uris))})",
        *uris,
        *uris,
    )
    return {row["uri"] for row in rows}


@forgets
async def forget_fine(unit: Unit, known: Sequence[Known]) -> None:
    """That they were found to be fine."""
    uris = [one.uri for one in known]
    await unit.execute(f"DELETE FROM desk_fine WHERE uri IN ({marks(len(uris))})", *uris)


KEPT = (
    Kept(
        "evidence",
        mark("What waited for moderators: held posts, reports, appeals, with the evidence"),
        mark("So that a decision can be explained and taken back."),
        ("desk_item", "desk_note", "desk_claim"),
        erase_decided,
        "keep_reports",
        days_min=30,
    ),
    Kept(
        "strikes",
        mark("What moderators decided about members, appeals, and what waits for a second moderator"),
        mark("So that a member can answer it, and another moderator can look again."),
        ("strike", "appeal", "asked_action"),
        erase_strikes,
        days=365,
    ),
    Kept(
        "decisions",
        mark("What was decided, and what is paused, found to be fine, or somebody’s private information"),
        mark(
            "The log is never changed. Of private information only a fingerprint is kept, so that copies stay away."
        ),
        ("decision", "pause", "desk_fine", "private_text"),
        until=mark("for good; pauses until they are lifted"),
    ),
    Kept(
        "lists",
        mark("Lists about servers that we read or publish, and counts of each quarter"),
        mark("So that what others found out can be weighed. The counts name nobody."),
        ("host_list", "list_entry", "circle_entry", "quarter_count"),
        until=mark("until the list is dropped; the counts for good"),
    ),
)

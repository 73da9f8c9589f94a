"""Ending an admin's office needs two officers, so that neither one admin nor one stolen session can take a chapter.

decisions.md §1; operations.md §3 row D6. Officers are admins and organizers. Whoever it is about counts as neither, and
nobody does who was made one in the last week (offices.find_settled).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..errors import Forbidden, NotFound, Refusal
from ..store import Row, Unit
from ..store.kinds import Reads
from .offices import check_settled, end_office, find_holders, find_settled
from .permissions import Role

OFFICERS = (Role.ADMIN, Role.ORGANIZER)
LASTS = timedelta(days=7)
REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class RemovalAsked:
    """An officer asked that this account's office ends; a second one must agree until `ends_at`."""

    removal_id: str
    account_id: str
    role: Role
    asked_by: str
    reason: str
    ends_at: datetime


async def ask_removal(unit: Unit, office_id: str, asked_by: str, reason: str) -> str:
    """A second officer can agree within a week; returns the removal's id.

    Raises Refusal `no-second-officer` when there is nobody who could, `too-new` for whoever is an officer since less
    than a week, `reason` without one, `asked-already`.
    """
    office = await unit.row(
        "SELECT account_id, role FROM office WHERE id = ? AND ended_at IS NULL", office_id
    )
    if office is None:
        raise NotFound
    officers = set(await find_holders(unit, OFFICERS, unit.now)) - {office["account_id"]}
    if asked_by not in officers:
        raise Forbidden("not-allowed", "Your role does not include this.")
    settled = await find_settled(unit, OFFICERS, unit.now) & officers
    check_settled(settled, asked_by)
    if len(settled) < 2:
        raise Refusal(
            "no-second-officer",
            "Nobody else could agree: this takes two officers. Ask the members for a recall vote.",
        )
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= REASON_MAX:
        raise Refusal(
            "reason",
            "Give a reason, at most %(max)s characters: the members will read it.",
            max=REASON_MAX,
        )
    waits = "SELECT 1 AS yes FROM removal WHERE office_id = ? AND state = 'waiting' AND asked_at > ?"
    if await unit.row(waits, office_id, unit.now - LASTS):
        raise Refusal("asked-already", "This was asked already, and waits for a second officer.")
    return await _write(unit, office_id, office, asked_by, reason)


async def _write(unit: Unit, office_id: str, office: Row, asked_by: str, reason: str) -> str:
    removal_id = unit.new_id()
    await unit.execute(
        "INSERT INTO removal (id, office_id, account_id, reason, asked_by, asked_at, state, decided_by) "
        "VALUES (?, ?, ?, ?, ?, ?, 'waiting', '')",
        removal_id,
        office_id,
        office["account_id"],
        reason,
        asked_by,
        unit.now,
    )
    asked = RemovalAsked(
        removal_id, office["account_id"], Role(office["role"]), asked_by, reason, unit.now + LASTS
    )
    unit.record(asked)
    return removal_id


async def confirm_removal(unit: Unit, removal_id: str, officer_id: str) -> None:
    """The office has ended.

    Raises Refusal for whoever asked it and `too-new`, Forbidden for whom it is about and for no officer.
    """
    removal = await _get_waiting(unit, removal_id)
    if officer_id == removal["asked_by"]:
        raise Refusal("same-officer", "You asked for this yourself: a second officer has to agree.")
    officers = set(await find_holders(unit, OFFICERS, unit.now)) - {removal["account_id"]}
    if officer_id not in officers or removal["asked_by"] not in officers:
        raise Forbidden("not-allowed", "Your role does not include this.")
    check_settled(await find_settled(unit, OFFICERS, unit.now), officer_id, removal["asked_by"])
    await _decide(unit, removal_id, "confirmed", officer_id)
    await end_office(unit, removal["office_id"], ended_by=officer_id, why="removed")


async def withdraw_removal(unit: Unit, removal_id: str, officer_id: str) -> None:
    """Nothing comes of it; only whoever asked may take it back."""
    removal = await _get_waiting(unit, removal_id)
    if officer_id != removal["asked_by"]:
        raise Forbidden("not-allowed", "Only who asked for it can take it back.")
    await _decide(unit, removal_id, "withdrawn", officer_id)


async def _decide(unit: Unit, removal_id: str, state: str, officer_id: str) -> None:
    changed = await unit.execute(
        "UPDATE removal SET state = ?, decided_by = ?, decided_at = ? WHERE id = ? AND state = 'waiting'",
        state,
        officer_id,
        unit.now,
        removal_id,
    )
    if not changed:
        raise NotFound("removal-over", "This was decided already, or is over.")


async def _get_waiting(unit: Unit, removal_id: str) -> Row:
    row = await unit.row(
        "SELECT id, office_id, account_id, asked_by FROM removal WHERE id = ? AND state = 'waiting' AND asked_at > ?",
        removal_id,
        unit.now - LASTS,
    )
    if row is None:
        raise NotFound("removal-over", "This was decided already, or is over.")
    return row


async def find_removals(reads: Reads, now: datetime) -> list[Row]:
    """What waits for a second officer: id, office_id, account_id, reason, asked_by, asked_at; oldest first."""
    return await reads.rows(
        "SELECT id, office_id, account_id, reason, asked_by, asked_at FROM removal "
        "WHERE state = 'waiting' AND asked_at > ? ORDER BY asked_at",
        now - LASTS,
    )

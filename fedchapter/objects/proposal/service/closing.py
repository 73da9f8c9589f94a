"""The end of a vote: counted, signed and announced exactly once.

Sources: DESIGN §4.3 and §4.5; decisions.md §4.2 (TallyResult).
"""

import msgspec

from .... import __version__
from ....actors import Keyring
from ....evidence import result, sign
from ....store import Known, Unit, know
from ....store.choices import find_choice
from ....store.kinds import change
from ....words import speaking
from ..draft import VoteClosed
from .rows import VOTING, ProposalRow, find_totals, get_locked, report_of, rules_of
from .voting import CLOSE_JOB
from .words import result_line, stage_line

__all__ = ["CLOSE_JOB", "close"]
_CLOSE = "UPDATE proposal SET stage = 'closed', outcome = ?, result = ?, changed_at = ? WHERE id = ?"


async def close(unit: Unit, proposal_id: str) -> bool:
    """The result stands, signed; False when it stood already.

    `closed` is the announced time even when the server was down then: no vote after it was taken.
    """
    row = await get_locked(unit, proposal_id)
    if row.stage != VOTING or row.closes_at is None:
        return False
    totals = await find_totals(unit, proposal_id)
    report = report_of(row, totals)
    statement = result(
        uri=row.result_uri,
        opening=row.opening_document,
        rules=rules_of(row.opening_document),
        counts=totals.members,
        public_opinion=totals.others,
        closed_at=row.closes_at,
        software=f"fedchapter/{__version__}",
    )
    keys = await Keyring(unit).get(unit.settings.chapter_uri)
    signed = msgspec.json.encode(sign(statement, keys.ed25519, keys.ed25519_id, unit.now)).decode()
    await unit.execute(_CLOSE, report.outcome, signed, unit.now, proposal_id)
    with speaking(unit.language):
        await _announce(unit, proposal_id, result_line(report))
    unit.record(VoteClosed(proposal_id))
    return True


async def _announce(unit: Unit, proposal_id: str, line: str) -> None:
    """The cards say how it ended; the decision itself is an item on the home page."""
    row = await get_locked(unit, proposal_id)
    zone = await find_choice(unit, "timezone")
    for uri in (row.uri, row.poll_uri):
        await change(unit, uri, note=stage_line(row, zone))
    await know(unit, _outcome(unit, row, line))


def _outcome(unit: Unit, row: ProposalRow, line: str) -> Known:
    return Known(
        row.outcome_uri,
        "outcome",
        row.id,
        unit.settings.chapter_uri,
        unit.now,
        local=True,
        listed=True,
        url=row.uri,
        title=row.title,
        note=line,
        root_uri=row.uri,
    )

"""Proposals of chapters that we follow: kept as their own server tells them, for reading; voted on there.

DESIGN §4.1 (`fc:` facts count only from the origin: the way in has checked that); operations.md §3 row E1 (what is
closed stays closed: an Update does not reopen it or change its outcome).
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from ....store import Known, Row, Unit, find_known, forget, know
from ....store.kinds import Reads, change, was_deleted
from .rows import CLOSED, WITHDRAWN

STORED, STALE, SETTLED, DELETED, UNKNOWN = "stored", "stale", "settled", "deleted", "unknown"
_UPSERT = """
INSERT INTO remote_proposal
    (id, uri, owner_uri, stage, outcome, poll_uri, result_uri, version_hash, deadline_at, changed_at, totals)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
ON CONFLICT (uri) DO UPDATE SET stage = excluded.stage, outcome = excluded.outcome, poll_uri = excluded.poll_uri,
    result_uri = excluded.result_uri, version_hash = excluded.version_hash, deadline_at = excluded.deadline_at,
    changed_at = excluded.changed_at
"""


@dataclass(frozen=True, slots=True)
class RemoteFacts:
    """What another chapter says of its proposal. `line` is its summary as one plain line."""

    uri: str
    stage: str
    outcome: str
    name: str
    html: str
    line: str
    url: str
    language: str
    poll_uri: str
    result_uri: str
    version_hash: str
    deadline_at: datetime | None
    published_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class RemoteTotals:
    """What another chapter says of its poll: votes by option, members and others apart; `final` once closed.

    `names` are the options as that chapter writes them.
    """

    uri: str
    proposal_uri: str
    members: dict[str, int]
    others: dict[str, int]
    names: dict[str, str]
    final: bool


async def receive_proposal(unit: Unit, owner_uri: str, facts: RemoteFacts, *, held: bool) -> str:
    """The proposal is known as told; returns stored, stale, settled (closed before) or deleted."""
    if await was_deleted(unit, facts.uri, owner_uri=owner_uri):
        return DELETED
    before = await find_remote(unit, facts.uri)
    changed_at = facts.updated_at or facts.published_at or unit.now
    if before is not None and changed_at < before["changed_at"]:
        return STALE
    if before is not None and before["stage"] in (CLOSED, WITHDRAWN):
        return SETTLED
    await unit.execute(
        _UPSERT,
        before["id"] if before else unit.new_id(),
        facts.uri,
        owner_uri,
        facts.stage,
        facts.outcome,
        facts.poll_uri,
        facts.result_uri,
        facts.version_hash,
        facts.deadline_at,
        min(changed_at, unit.now),
    )
    await _know(unit, owner_uri, facts, held=held)
    if before is not None and facts.stage in (CLOSED, WITHDRAWN):
        await _forget_answers(unit, before["id"])
    return STORED


async def _forget_answers(unit: Unit, proposal_id: str) -> None:
    """Who of ours answered its poll is not kept: there is nothing left to answer."""
    await unit.execute("DELETE FROM poll_voter WHERE proposal_id = ?", proposal_id)


async def _know(unit: Unit, owner_uri: str, facts: RemoteFacts, *, held: bool) -> None:
    row = await find_remote(unit, facts.uri)
    assert row is not None
    if await find_known(unit, facts.uri) is not None:
        texts = {"title": facts.name, "note": facts.line, "html": facts.html, "updated_at": facts.updated_at}
        await change(unit, facts.uri, **texts)
        return
    known = Known(
        facts.uri,
        "proposal",
        row["id"],
        owner_uri,
        min(facts.published_at or unit.now, unit.now),
        listed=True,
        state="held" if held else "shown",
        url=facts.url or facts.uri,
        title=facts.name,
        note=facts.line,
        html=facts.html,
        language=facts.language,
    )
    await know(unit, known)


async def receive_totals(unit: Unit, owner_uri: str, facts: RemoteTotals) -> str:
    """The figures of that chapter's poll are these; returns stored, unknown or settled."""
    row = await find_remote(unit, facts.proposal_uri)
    if row is None or row["owner_uri"] != owner_uri:
        return UNKNOWN
    if row["totals"] and msgspec.json.decode(row["totals"])["final"]:
        return SETTLED
    totals = {"members": facts.members, "others": facts.others, "names": facts.names, "final": facts.final}
    await unit.execute(
        "UPDATE remote_proposal SET totals = ?, poll_uri = ? WHERE id = ?",
        msgspec.json.encode(totals).decode(),
        facts.uri,
        row["id"],
    )
    poll = Known(
        facts.uri, "poll", row["id"], owner_uri, unit.now, url=facts.uri, root_uri=facts.proposal_uri
    )
    await know(unit, poll)
    return STORED


async def find_remote(reads: Reads, uri: str) -> Row | None:
    """The other chapter's proposal with that URI, or None."""
    return await reads.row("SELECT * FROM remote_proposal WHERE uri = ?", uri)


async def find_remote_by_id(reads: Reads, proposal_id: str) -> Row | None:
    """The other chapter's proposal with our id, or None."""
    return await reads.row("SELECT * FROM remote_proposal WHERE id = ?", proposal_id)


async def forget_remote(unit: Unit, uri: str, owner_uri: str) -> None:
    """It is gone, and a late Create of it will be ignored."""
    row = await find_remote(unit, uri)
    if row is not None:
        await _forget_answers(unit, row["id"])
    await unit.execute("DELETE FROM remote_proposal WHERE uri = ?", uri)
    await forget(unit, uri, owner_uri=owner_uri, former_type="Article")

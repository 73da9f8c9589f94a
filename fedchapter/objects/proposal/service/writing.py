"""Writing a proposal: a draft, published for discussion, edited in versions with a parent, withdrawn or deleted."""

from dataclasses import replace

import msgspec

from ....errors import Refusal
from ....evidence import version, version_hash
from ....store import Known, Unit, forget, know
from ....store.choices import find_choice
from ....store.kinds import change
from ....text import render_markdown
from ....words import speaking
from ..draft import ProposalChanged, ProposalDeleted, ProposalDraft, ProposalPublished
from .paragraphs import Paragraph, number, split
from .rows import DISCUSSION, DRAFT, WITHDRAWN, ProposalRow, find_versions, get_locked
from .words import stage_line

TITLE_MAX = 150


def check_draft(draft: ProposalDraft) -> ProposalDraft:
    """The draft with a one-line title; raises Refusal (code names the field)."""
    title = " ".join(draft.title.split())
    if not 0 < len(title) <= TITLE_MAX or not title.isprintable():
        raise Refusal("title", "A proposal has a title of 1 to %(max)s characters.", max=TITLE_MAX)
    if not split(draft.source):
        raise Refusal("text", "Write what is proposed. People elsewhere read it too.")
    return ProposalDraft(title, draft.source)


async def create(unit: Unit, draft: ProposalDraft, made_by: str) -> str:
    """A draft exists, seen by moderators only; returns its id. Raises Refusal."""
    draft = check_draft(draft)
    proposal_id = unit.new_id()
    await unit.execute(
        "INSERT INTO proposal (id, uri, stage, outcome, title, source, html, version, version_hash, made_by, "
        "created_at, changed_at, roll_count, opening, result) "
        "VALUES (?, ?, 'draft', '', ?, ?, ?, 0, '', ?, ?, ?, 0, '', '')",
        proposal_id,
        unit.settings.uri("proposals", proposal_id),
        draft.title,
        draft.source,
        render_markdown(draft.source),
        made_by,
        unit.now,
        unit.now,
    )
    return proposal_id


async def publish(unit: Unit, proposal_id: str) -> None:
    """The draft is up for discussion, as version 1; raises Refusal when it was published before."""
    row = await get_locked(unit, proposal_id)
    if row.stage != DRAFT:
        raise Refusal("published", "This proposal is published already.")
    await _add_version(unit, row, ProposalDraft(row.title, row.source))
    await unit.execute(
        "UPDATE proposal SET stage = 'discussion', published_at = ?, changed_at = ? WHERE id = ?",
        unit.now,
        unit.now,
        proposal_id,
    )
    with speaking(unit.language):
        line = stage_line(replace(row, stage=DISCUSSION), "UTC")
    known = Known(
        row.uri,
        "proposal",
        proposal_id,
        unit.settings.chapter_uri,
        unit.now,
        local=True,
        listed=True,
        url=row.uri,
        title=row.title,
        note=line,
        html=row.html,
    )
    await know(unit, known)
    unit.record(ProposalPublished(proposal_id))


async def edit(unit: Unit, proposal_id: str, draft: ProposalDraft) -> bool:
    """Title and text are these; a published proposal has a new version. False when nothing changed.

    Raises Refusal once the vote has opened: a vote names the exact text.
    """
    draft = check_draft(draft)
    row = await get_locked(unit, proposal_id)
    if row.stage not in (DRAFT, DISCUSSION):
        raise Refusal("not-editable", "The text is fixed once the vote has opened, and after a withdrawal.")
    if (row.title, row.source) == (draft.title, draft.source):
        return False
    html = render_markdown(draft.source)
    await unit.execute(
        "UPDATE proposal SET title = ?, source = ?, html = ?, changed_at = ? WHERE id = ?",
        draft.title,
        draft.source,
        html,
        unit.now,
        proposal_id,
    )
    if row.stage == DRAFT:
        return True
    await _add_version(unit, row, draft)
    await unit.execute("UPDATE proposal SET edited_at = ? WHERE id = ?", unit.now, proposal_id)
    await change(unit, row.uri, title=draft.title, html=html, updated_at=unit.now)
    unit.record(ProposalChanged(proposal_id))
    return True


async def withdraw(unit: Unit, proposal_id: str) -> None:
    """There will be no vote; the text stays readable. Raises Refusal once the vote has opened."""
    row = await get_locked(unit, proposal_id)
    if row.stage != DISCUSSION:
        raise Refusal("not-withdrawable", "Only a proposal under discussion can be withdrawn.")
    await set_stage(unit, row, WITHDRAWN)
    unit.record(ProposalChanged(proposal_id))


async def delete(unit: Unit, proposal_id: str) -> None:
    """It is gone, here and (for those who listen) elsewhere; raises Refusal once there was a vote on it."""
    row = await get_locked(unit, proposal_id)
    if row.opening:
        raise Refusal("voted", "There was a vote on this proposal, so it stays on record.")
    await unit.execute("DELETE FROM proposal_version WHERE proposal_id = ?", proposal_id)
    await unit.execute("DELETE FROM proposal WHERE id = ?", proposal_id)
    if row.stage == DRAFT:
        return
    await forget(unit, row.uri, owner_uri=unit.settings.chapter_uri, former_type="Article")
    unit.record(ProposalDeleted(row.uri))


async def set_stage(unit: Unit, row: ProposalRow, stage: str) -> None:
    """The proposal is at that stage, and its card says so."""
    await unit.execute("UPDATE proposal SET stage = ?, changed_at = ? WHERE id = ?", stage, unit.now, row.id)
    changed = await get_locked(unit, row.id)
    zone = await find_choice(unit, "timezone")
    with speaking(unit.language):
        await change(unit, row.uri, note=stage_line(changed, zone))


async def _add_version(unit: Unit, row: ProposalRow, draft: ProposalDraft) -> None:
    earlier = [msgspec.json.decode(one["document"]) for one in await find_versions(unit, row.id)]
    before = _paragraphs(earlier[0]) if earlier else []
    given = [int(key.removeprefix("p")) for document in earlier for key, _ in _paragraphs(document)]
    paragraphs = number(split(draft.source), before, max(given, default=0))
    document = version(
        proposal=row.uri, name=draft.title, paragraphs=paragraphs, parent=row.version_hash or None
    )
    found = version_hash(document)
    await unit.execute(
        "INSERT INTO proposal_version (id, proposal_id, number, hash, document, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        unit.new_id(),
        row.id,
        row.version + 1,
        found,
        msgspec.json.encode(document).decode(),
        unit.now,
    )
    await unit.execute(
        "UPDATE proposal SET version = ?, version_hash = ? WHERE id = ?", row.version + 1, found, row.id
    )


def _paragraphs(document: dict[str, object]) -> list[Paragraph]:
    stored = document["fc:paragraphs"]
    assert isinstance(stored, list)
    return [(one["fc:id"], one["content"]) for one in stored]

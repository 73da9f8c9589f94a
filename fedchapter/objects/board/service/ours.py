"""Our members' needs and offers: posted, changed, closed, over; the only writer of their rows.

DESIGN §1 (what need not be kept is erased).
"""

from datetime import timedelta

from ....actors.sisters import find_sisters
from ....errors import Refusal
from ....jobs import schedule, unschedule
from ....store import Known, Unit, forget, know
from ....text import render_markdown
from ..draft import CATEGORIES, SORTS, EntryDraft, EntryOver, EntryShared
from .answers import erase_answer, recall
from .rows import (
    ANSWERS,
    COLUMNS,
    ENTRY,
    Answer,
    Entry,
    find_answers,
    find_entry,
    get_entry,
    get_own,
    to_entry,
)

TITLE_MAX, TEXT_MAX = 120, 2_000
OPEN_MAX = 10
LASTS = timedelta(days=60)
OVER_JOB = "board-over"


def check(draft: EntryDraft) -> None:
    """Raises Refusal `sort`, `category`, `title` or `text`."""
    if draft.sort not in SORTS:
        raise Refusal("sort", "Choose whether you need or offer something.")
    if draft.category not in CATEGORIES:
        raise Refusal("category", "Choose what it is about.")
    if not 3 <= len(draft.title) <= TITLE_MAX or not draft.title.isprintable():
        raise Refusal("title", "Say it in a line of at most %(max)s characters.", max=TITLE_MAX)
    if len(draft.text) > TEXT_MAX:
        raise Refusal("text", "This is too long: %(max)s characters are the most.", max=TEXT_MAX)


async def post(unit: Unit, account_id: str, draft: EntryDraft) -> str:
    """It is on the board for 60 days; returns its id. Raises Refusal."""
    check(draft)
    row = await unit.row("SELECT count(*) AS total FROM board_entry WHERE account_id = ?", account_id)
    if row is not None and row["total"] >= OPEN_MAX:
        raise Refusal("many", "You have %(max)s on the board. Close one first.", max=OPEN_MAX)
    entry_id = unit.new_id()
    uri = _new_uri(unit)
    await unit.execute(
        f"INSERT INTO board_entry ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        entry_id,
        uri,
        unit.settings.chapter_uri,
        account_id,
        draft.sort,
        draft.title,
        draft.text,
        render_markdown(draft.text),
        draft.category,
        draft.named,
        draft.shared,
        unit.now,
        unit.now + LASTS,
    )
    await _plan_end(unit, entry_id)
    if draft.shared:
        await _share(unit, entry_id, uri, fresh=True)
    return entry_id


async def edit(unit: Unit, entry_id: str, account_id: str, draft: EntryDraft) -> None:
    """The member's own entry says this, and stays 60 days from now; raises NotFound, Forbidden or Refusal."""
    before = await get_own(unit, entry_id, account_id)
    check(draft)
    fresh = draft.shared and not before.shared
    # What was taken back once is a tombstone elsewhere, under its former address.
    uri = _new_uri(unit) if fresh else before.uri
    await unit.execute(
        "UPDATE board_entry SET uri = ?, sort = ?, title = ?, text = ?, html = ?, category = ?, named = ?, shared = ?, "
        "expires_at = ? WHERE id = ?",
        uri,
        draft.sort,
        draft.title,
        draft.text,
        render_markdown(draft.text),
        draft.category,
        draft.named,
        draft.shared,
        unit.now + LASTS,
        entry_id,
    )
    await _plan_end(unit, entry_id)
    if draft.shared:
        await _share(unit, entry_id, uri, fresh=fresh)
    elif before.shared:
        await recall(unit, before.uri, await find_sisters(unit, unit.settings.chapter_uri))


async def _share(unit: Unit, entry_id: str, uri: str, *, fresh: bool) -> None:
    chapter = unit.settings.chapter_uri
    await know(unit, Known(uri, ENTRY, entry_id, chapter, unit.now, local=True, visibility="direct"))
    unit.record(EntryShared(entry_id, fresh))


async def _plan_end(unit: Unit, entry_id: str) -> None:
    due_at, key = unit.now + LASTS, f"{OVER_JOB}:{entry_id}"
    await schedule(unit, OVER_JOB, {"entry": entry_id}, due_at=due_at, key=key)


async def close(unit: Unit, entry_id: str, *, account_id: str = "") -> Entry:
    """The entry and its answers are erased, at sister chapters too.

    With `account_id` only that member's own; without, whoever looks after people. Raises NotFound or Forbidden.
    """
    entry = await get_own(unit, entry_id, account_id) if account_id else await get_entry(unit, entry_id)
    await _erase(unit, entry)
    return entry


async def expire(unit: Unit, entry_id: str) -> None:
    """An entry whose time is over is erased, and its member told; one that was prolonged stays."""
    entry = await find_entry(unit, id_=entry_id)
    if entry is None or entry.expires_at > unit.now:
        return
    await _erase(unit, entry)
    if entry.ours:
        unit.record(EntryOver(entry.id, entry.account_id))


async def _erase(unit: Unit, entry: Entry) -> None:
    answers = await find_answers(unit, entry.id)
    for one in answers:
        await erase_answer(unit, one)
    await unit.execute("DELETE FROM board_entry WHERE id = ?", entry.id)
    await unschedule(unit, f"{OVER_JOB}:{entry.id}")
    if entry.ours and entry.shared:
        others = {one.owner_uri for one in answers} - {unit.settings.chapter_uri}
        await recall(unit, entry.uri, sorted({*others, *await find_sisters(unit, unit.settings.chapter_uri)}))
    elif not entry.ours:
        await forget(unit, entry.uri, owner_uri=entry.owner_uri, former_type="Article")


def _new_uri(unit: Unit) -> str:
    return unit.settings.uri("board", "entries", unit.new_id())


async def forget_member(unit: Unit, account_id: str) -> None:
    """Nothing of the member is on the board any more, what they posted and what they answered."""
    rows = await unit.rows(f"SELECT {COLUMNS} FROM board_entry WHERE account_id = ?", account_id)
    for row in rows:
        await _erase(unit, to_entry(row))
    rows = await unit.rows(f"SELECT {ANSWERS} FROM board_answer WHERE account_id = ?", account_id)
    for row in rows:
        await erase_answer(unit, Answer(**row))

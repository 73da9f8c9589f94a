"""What sister chapters share with us, answer to us, and take back.

operations.md §3 row A8 (only the owner changes what it sent); DESIGN §4.6 (no names leave).
"""

from datetime import datetime

from ....jobs import schedule, unschedule
from ....store import Known, Unit, forget, know
from ....store.kinds import was_deleted
from ....text import plain
from ..draft import Answered, RemoteEntry, Replied
from .answers import ANSWER_MAX, insert_answer, know_answer, recall, store_reply
from .ours import LASTS, OVER_JOB
from .rows import ANSWER, COLUMNS, ENTRY, find_answer, find_answers, find_entry

REMOTE_MAX = 300


async def receive(unit: Unit, owner_uri: str, remote: RemoteEntry) -> str:
    """A sister chapter shares an entry: returns new, changed, over, gone, full or foreign."""
    if await was_deleted(unit, remote.uri, owner_uri=owner_uri):
        return "gone"
    before = await find_entry(unit, uri=remote.uri)
    expires_at = min(remote.expires_at, unit.now + LASTS)
    if before is not None and before.owner_uri != owner_uri:
        return "foreign"
    if expires_at <= unit.now:
        return "over"
    if before is not None:
        await unit.execute(
            "UPDATE board_entry SET sort = ?, title = ?, html = ?, category = ?, expires_at = ? WHERE id = ?",
            remote.sort,
            remote.title,
            remote.html,
            remote.category,
            expires_at,
            before.id,
        )
        await _plan_remote_end(unit, before.id, expires_at)
        return "changed"
    row = await unit.row("SELECT count(*) AS total FROM board_entry WHERE owner_uri = ?", owner_uri)
    if row is not None and row["total"] >= REMOTE_MAX:
        return "full"
    await _insert_remote(unit, owner_uri, remote, expires_at)
    return "new"


async def _insert_remote(unit: Unit, owner_uri: str, remote: RemoteEntry, expires_at: datetime) -> None:
    entry_id = unit.new_id()
    await unit.execute(
        f"INSERT INTO board_entry ({COLUMNS}) VALUES (?, ?, ?, '', ?, ?, '', ?, ?, ?, ?, ?, ?)",
        entry_id,
        remote.uri,
        owner_uri,
        remote.sort,
        remote.title,
        remote.html,
        remote.category,
        False,
        False,
        unit.now,
        expires_at,
    )
    await know(unit, Known(remote.uri, ENTRY, entry_id, owner_uri, unit.now, visibility="direct"))
    await _plan_remote_end(unit, entry_id, expires_at)


async def _plan_remote_end(unit: Unit, entry_id: str, expires_at: datetime) -> None:
    await schedule(unit, OVER_JOB, {"entry": entry_id}, due_at=expires_at, key=f"{OVER_JOB}:{entry_id}")


async def receive_answer(unit: Unit, owner_uri: str, uri: str, parent: Known, html: str) -> bool:
    """A sister chapter answers an entry of ours, or writes back to an answer of ours; False when it means nothing."""
    text = plain(html).strip()[:ANSWER_MAX]
    if not text or await was_deleted(unit, uri, owner_uri=owner_uri):
        return False
    if parent.kind == ANSWER:
        return await _receive_reply(unit, owner_uri, parent.ref, text)
    entry = await find_entry(unit, id_=parent.ref)
    if entry is None or not entry.shared or not entry.ours:
        return False
    answer_id = unit.new_id()
    if not await know_answer(unit, uri, answer_id, local=False, owner_uri=owner_uri):
        return False
    await insert_answer(unit, (answer_id, uri, entry.id, ""), owner_uri, text)
    unit.record(Answered(answer_id))
    return True


async def _receive_reply(unit: Unit, owner_uri: str, answer_id: str, text: str) -> bool:
    found = await find_answer(unit, id_=answer_id)
    entry = await find_entry(unit, id_=found.entry_id) if found else None
    if found is None or entry is None or entry.owner_uri != owner_uri or found.replied_at is not None:
        return False
    await store_reply(unit, answer_id, text, "")
    unit.record(Replied(answer_id))
    return True


async def drop_remote(unit: Unit, uri: str, owner_uri: str) -> None:
    """What a sister chapter took back is gone, an entry with what was answered to it."""
    entry, found = await find_entry(unit, uri=uri), await find_answer(unit, uri=uri)
    if entry is not None and entry.owner_uri == owner_uri:
        for one in await find_answers(unit, entry.id):
            await recall(unit, one.uri, [])
        await unit.execute("DELETE FROM board_answer WHERE entry_id = ?", entry.id)
        await unit.execute("DELETE FROM board_entry WHERE id = ?", entry.id)
        await unschedule(unit, f"{OVER_JOB}:{entry.id}")
    if found is not None and found.owner_uri == owner_uri:
        await unit.execute("DELETE FROM board_answer WHERE id = ?", found.id)
    await forget(unit, uri, owner_uri=owner_uri, former_type="Article" if entry else "Note")

"""The rules of reactions; the only writer of their rows and of the counts of likes and boosts.

wire.md §3.2 (an Undo may come before what it takes back, within hours); operations.md §3 row A8 (only by whose it is).
"""

from datetime import timedelta

from ...store import Known, Row, Unit, know
from ...store.kinds import count, find_tombstone
from .draft import ReactionDraft

COUNTED = {"like": "likes", "boost": "boosts"}
UNDO_REMEMBERED_FOR = timedelta(hours=6)


async def react(unit: Unit, draft: ReactionDraft) -> bool:
    """The reaction is counted; False when this actor's was counted before, or was taken back before it came."""
    if draft.uri and await _was_undone(unit, draft):
        return False
    row_id = unit.new_id()
    added = await unit.execute(
        "INSERT INTO reaction (id, uri, actor_uri, object_uri, sort, sign, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (object_uri, actor_uri, sort) DO NOTHING",
        row_id,
        draft.uri,
        draft.actor_uri,
        draft.object_uri,
        draft.sort,
        draft.sign[:64],
        unit.now,
    )
    if not added:
        return False
    if draft.uri:
        # So that an Undo that names only the id of the activity is understood.
        await know(unit, Known(draft.uri, "reaction", row_id, draft.actor_uri, unit.now, visibility="direct"))
    if draft.sort in COUNTED:
        await count(unit, draft.object_uri, COUNTED[draft.sort], 1)
    return True


async def take_back(unit: Unit, *, actor_uri: str, uri: str, object_uri: str, sort: str) -> bool:
    """The reaction is gone, found by its id or by what it was on; False when there was none (that is remembered)."""
    row = await _find(unit, actor_uri, uri, object_uri, sort)
    if row is None:
        await _remember(unit, actor_uri, uri)
        return False
    await unit.execute("DELETE FROM reaction WHERE id = ?", row["id"])
    await unit.execute("DELETE FROM known_object WHERE uri = ? AND kind = 'reaction'", row["uri"])
    if row["sort"] in COUNTED:
        await count(unit, row["object_uri"], COUNTED[row["sort"]], -1)
    return True


async def _find(unit: Unit, actor_uri: str, uri: str, object_uri: str, sort: str) -> Row | None:
    columns = "SELECT id, uri, object_uri, sort FROM reaction"
    if uri:
        row = await unit.row(f"{columns} WHERE uri = ? AND actor_uri = ?", uri, actor_uri)
        if row is not None:
            return row
    return await unit.row(
        f"{columns} WHERE object_uri = ? AND actor_uri = ? AND sort = ?", object_uri, actor_uri, sort
    )


async def _remember(unit: Unit, actor_uri: str, uri: str) -> None:
    if uri:
        await unit.execute(
            "INSERT INTO tombstone (uri, owner_uri, former_type, deleted_at) VALUES (?, ?, 'reaction', ?) "
            "ON CONFLICT (uri) DO NOTHING",
            uri,
            actor_uri,
            unit.now,
        )


async def _was_undone(unit: Unit, draft: ReactionDraft) -> bool:
    # Not for good: some servers give a later like of the same post the same id.
    tombstone = await find_tombstone(unit, draft.uri)
    if tombstone is None or tombstone["owner_uri"] != draft.actor_uri:
        return False
    return bool(unit.now - tombstone["deleted_at"] < UNDO_REMEMBERED_FOR)

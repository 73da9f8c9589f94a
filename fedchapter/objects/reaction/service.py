"""The rules of reactions; the only writer of their rows and of the counts of likes and boosts.

wire.md §3.2 (an Undo may come before what it takes back, within hours); operations.md §3 row A8 (only by whose it is).
"""

from datetime import timedelta

from ...errors import NotFound
from ...store import Known, Row, Unit, find_known, know
from ...store.kinds import count, find_tombstone
from .draft import Liked, LikeUndone, ReactionDraft

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
        local = draft.actor_uri.startswith(f"{unit.settings.origin}/")
        known = Known(
            draft.uri, "reaction", row_id, draft.actor_uri, unit.now, local=local, visibility="direct"
        )
        await know(unit, known)
    if draft.sort in COUNTED:
        await count(unit, draft.object_uri, COUNTED[draft.sort], 1)
    return True


async def like(unit: Unit, person_uri: str, object_uri: str) -> None:
    """The person of ours likes the object, and whoever published it elsewhere is told; twice changes nothing.

    Raises NotFound for what is not shown here.
    """
    known = await _get_shown(unit, object_uri)
    uri = unit.settings.uri("activities", unit.new_id())
    if await react(unit, ReactionDraft(uri, person_uri, object_uri, "like")) and not known.local:
        unit.record(Liked(uri, person_uri, object_uri, known.owner_uri))


async def unlike(unit: Unit, person_uri: str, object_uri: str) -> None:
    """The person of ours does not like the object any more. Raises NotFound as `like`."""
    known = await _get_shown(unit, object_uri)
    row = await _find(unit, person_uri, "", object_uri, "like")
    if row is None:
        return
    await take_back(unit, actor_uri=person_uri, uri=row["uri"], object_uri=object_uri, sort="like")
    if not known.local:
        unit.record(LikeUndone(Liked(row["uri"], person_uri, object_uri, known.owner_uri)))


async def _get_shown(unit: Unit, object_uri: str) -> Known:
    known = await find_known(unit, object_uri)
    if known is None or known.state != "shown" or known.visibility not in ("public", "unlisted"):
        raise NotFound("no-object", "What this is about is not here any more.")
    return known


async def take_back(unit: Unit, *, actor_uri: str, uri: str, object_uri: str, sort: str) -> bool:
    """The reaction is gone, found by its id or by what it was on; False when there was none (that is remembered)."""
    row = await _find(unit, actor_uri, uri, object_uri, sort)
    if row is None:
        await _remember(unit, actor_uri, uri)
        return False
    await unit.execute("DELETE FROM reaction WHERE id = ?", row["id"])
    known = await find_known(unit, row["uri"]) if row["uri"] else None
    await unit.execute("DELETE FROM known_object WHERE uri = ? AND kind = 'reaction'", row["uri"])
    # One that a suspension put out of sight is in no count already.
    if row["sort"] in COUNTED and not (known is not None and known.state == "hidden"):
        await count(unit, row["object_uri"], COUNTED[row["sort"]], -1)
    return True


async def recount(unit: Unit, reaction_id: str, by: int) -> None:
    """The reaction counts one more or less: a suspension put it out of sight, or was lifted."""
    row = await unit.row("SELECT object_uri, sort FROM reaction WHERE id = ?", reaction_id)
    if row is not None and row["sort"] in COUNTED:
        await count(unit, row["object_uri"], COUNTED[row["sort"]], by)


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

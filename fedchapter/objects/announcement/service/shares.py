"""Sharing (boosts): the chapter shares what others published, and what those we follow share is shown here.

ActivityPub §6.9; wire.md §2.6 (one boost of one post by one actor, however often it is announced).
"""

from ....errors import NotFound, Refusal
from ....store import Known, Row, Unit, know
from ....store.kinds import Reads, change, count, find_known
from ..draft import PostShared, PostUnshared


async def find_share(reads: Reads, *, actor_uri: str, object_uri: str) -> Row | None:
    """The share of that object by that actor (id, uri), or None."""
    return await reads.row(
        "SELECT id, uri FROM share WHERE actor_uri = ? AND object_uri = ?", actor_uri, object_uri
    )


async def share(unit: Unit, object_uri: str) -> None:
    """The chapter shares the post with its followers; raises Refusal for what is not public or our own."""
    known = await find_known(unit, object_uri)
    if known is None or known.state != "shown":
        raise NotFound("no-post", "This post is not here.")
    if known.local:
        raise Refusal("share-own", "This is our own. Pin it if more people should see it.")
    if known.visibility not in ("public", "unlisted"):
        raise Refusal("share-private", "This was not written for everybody, so it cannot be shared.")
    chapter_uri = unit.settings.chapter_uri
    uri = unit.settings.uri("activities", unit.new_id())
    if not await _keep(unit, uri, chapter_uri, object_uri):
        return
    await count(unit, object_uri, "boosts", 1)
    unit.record(PostShared(uri, object_uri, known.owner_uri))


async def pass_on(unit: Unit, object_uri: str, author_uri: str) -> None:
    """The chapter shares what one of its groups has just published."""
    uri = unit.settings.uri("activities", unit.new_id())
    if await _keep(unit, uri, unit.settings.chapter_uri, object_uri):
        unit.record(PostShared(uri, object_uri, author_uri))


async def unshare(unit: Unit, object_uri: str) -> None:
    """The chapter shares it no longer; nothing happens when it did not."""
    chapter_uri = unit.settings.chapter_uri
    row = await find_share(unit, actor_uri=chapter_uri, object_uri=object_uri)
    if row is None:
        return
    known = await find_known(unit, object_uri)
    await _drop(unit, row["id"], object_uri)
    unit.record(PostUnshared(PostShared(row["uri"], object_uri, known.owner_uri if known else "")))


async def receive_share(unit: Unit, uri: str, *, actor_uri: str, object_uri: str) -> bool:
    """Somebody we follow shares it; False when they did before."""
    fresh = await _keep(unit, uri, actor_uri, object_uri)
    if fresh:
        await count(unit, object_uri, "boosts", 1)
    return fresh


async def receive_unshare(unit: Unit, share_id: str) -> None:
    """The share is taken back. What came here by sharing only, and nobody shares now, is not listed any more."""
    row = await unit.row("SELECT actor_uri, object_uri FROM share WHERE id = ?", share_id)
    if row is None:
        return
    object_uri = row["object_uri"]
    await _drop(unit, share_id, object_uri)
    known = await find_known(unit, object_uri)
    if known is None or known.boosted_by_uri != row["actor_uri"]:
        return
    others = await unit.rows(
        "SELECT actor_uri FROM share WHERE object_uri = ? AND actor_uri <> ? ORDER BY id DESC LIMIT 1",
        object_uri,
        unit.settings.chapter_uri,
    )
    other = others[0]["actor_uri"] if others else ""
    await change(unit, object_uri, boosted_by_uri=other, listed=known.listed and bool(other))


async def _keep(unit: Unit, uri: str, actor_uri: str, object_uri: str) -> bool:
    id_ = unit.new_id()
    fresh = await unit.execute(
        "INSERT INTO share (id, uri, actor_uri, object_uri, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        id_,
        uri,
        actor_uri,
        object_uri,
        unit.now,
    )
    before = await find_share(unit, actor_uri=actor_uri, object_uri=object_uri)
    if before is not None:
        # NodeBB announces a post twice under two ids (peers.md); an Undo may name either.
        local = actor_uri == unit.settings.chapter_uri
        await know(unit, Known(uri, "boost", before["id"], actor_uri, unit.now, local=local))
    return fresh > 0


async def _drop(unit: Unit, share_id: str, object_uri: str) -> None:
    await unit.execute("DELETE FROM share WHERE id = ?", share_id)
    # One that a suspension put out of sight is in no count already.
    hidden = await unit.row(
        "SELECT 1 AS yes FROM known_object WHERE kind = 'boost' AND ref = ? AND state = 'hidden'", share_id
    )
    await unit.execute("DELETE FROM known_object WHERE kind = 'boost' AND ref = ?", share_id)
    if hidden is None:
        await count(unit, object_uri, "boosts", -1)


async def recount(unit: Unit, share_id: str, by: int) -> None:
    """The share counts one more or less: a suspension put it out of sight, or was lifted."""
    row = await unit.row("SELECT object_uri FROM share WHERE id = ?", share_id)
    if row is not None:
        await count(unit, row["object_uri"], "boosts", by)

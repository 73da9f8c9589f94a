"""How long announcements are kept, and what goes with one from elsewhere."""

from collections.abc import Sequence

from ...store import Known, Unit, marks
from ...store.retention import Kept, forgets, keeps
from ...words import mark

NAMES_ACTORS = ("share.actor_uri", "quote_stamp.quoter_uri")
KEPT = (
    Kept(
        "announcements",
        mark("Announcements of the chapter, with earlier versions, shares and quotes"),
        mark("What the chapter said in public stays its word."),
        ("announcement", "announcement_version", "announcement_tag", "share", "quote_stamp"),
        count="SELECT count(*) AS total FROM announcement WHERE local = true",
        until=mark("until it is deleted; others’ go with the posts from elsewhere"),
    ),
)


@keeps
async def shared_or_quoting(unit: Unit, known: Sequence[Known]) -> set[str]:
    """What one of our actors shares, and what was allowed to quote us."""
    uris = [one.uri for one in known]
    rows = await unit.rows(
        "SELECT share.object_uri AS uri FROM share JOIN actor ON actor.uri = share.actor_uri "
        f"WHERE share.object_uri IN ({marks(len(uris))}) AND actor.local = true "
        f"UNION SELECT quote_uri AS uri FROM quote_stamp WHERE quote_uri IN ({marks(len(uris))})",
        *uris,
        *uris,
    )
    return {row["uri"] for row in rows}


@forgets
async def forget_posts(unit: Unit, known: Sequence[Known]) -> None:
    """Their rows, versions, and who elsewhere shares them."""
    uris = [one.uri for one in known]
    shares = await unit.rows(f"SELECT id FROM share WHERE object_uri IN ({marks(len(uris))})", *uris)
    ids = [row["id"] for row in shares]
    if ids:
        await unit.execute(
            f"DELETE FROM known_object WHERE kind = 'boost' AND ref IN ({marks(len(ids))})", *ids
        )
        await unit.execute(f"DELETE FROM share WHERE id IN ({marks(len(ids))})", *ids)
    refs = [one.ref for one in known if one.kind == "announcement"]
    if refs:
        listed = marks(len(refs))
        await unit.execute(f"DELETE FROM announcement_version WHERE announcement_id IN ({listed})", *refs)
        await unit.execute(f"DELETE FROM announcement_tag WHERE announcement_id IN ({listed})", *refs)
        await unit.execute(f"DELETE FROM announcement WHERE local = false AND id IN ({listed})", *refs)

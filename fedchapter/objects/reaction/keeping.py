"""How long reactions are kept: as long as what they are about."""

from collections.abc import Sequence

from ...store import Known, Unit, marks
from ...store.retention import Kept, forgets, keeps
from ...words import mark

NAMES_ACTORS = ("reaction.actor_uri",)
KEPT = (
    Kept(
        "reactions",
        mark("Who liked or shared what: never shown, only counted"),
        mark("So that nobody counts twice, and each can take it back."),
        ("reaction",),
        until=mark("as long as what it is about"),
    ),
)


@keeps
async def liked(unit: Unit, known: Sequence[Known]) -> set[str]:
    """What somebody of ours reacted to."""
    uris = [one.uri for one in known]
    rows = await unit.rows(
        "SELECT reaction.object_uri AS uri FROM reaction JOIN actor ON actor.uri = reaction.actor_uri "
        f"WHERE reaction.object_uri IN ({marks(len(uris))}) AND actor.local = true",
        *uris,
    )
    return {row["uri"] for row in rows}


@forgets
async def forget_reactions(unit: Unit, known: Sequence[Known]) -> None:
    """Who elsewhere reacted to them."""
    uris = [one.uri for one in known]
    rows = await unit.rows(f"SELECT id, uri FROM reaction WHERE object_uri IN ({marks(len(uris))})", *uris)
    named = [row["uri"] for row in rows if row["uri"]]
    if named:
        await unit.execute(
            f"DELETE FROM known_object WHERE kind = 'reaction' AND uri IN ({marks(len(named))})", *named
        )
    if rows:
        ids = [row["id"] for row in rows]
        await unit.execute(f"DELETE FROM reaction WHERE id IN ({marks(len(ids))})", *ids)

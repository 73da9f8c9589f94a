"""How long events and answers to them are kept, and what goes with one from elsewhere."""

from collections.abc import Sequence

from ...store import Known, Unit, marks
from ...store.retention import Kept, forgets, keeps
from ...words import mark
from .service.answers import forget_all
from .service.rows import ASSUMED_LENGTH

NAMES_ACTORS = ("answer.actor_uri",)
KEPT = (
    Kept(
        "events",
        mark("Events of the chapter, and who answered them"),
        mark("The chapter’s calendar; answers are for those who organize it."),
        ("event", "answer"),
        count="SELECT count(*) AS total FROM event WHERE local = true",
        until=mark("until it is deleted; others’ go with the posts from elsewhere"),
    ),
)


@keeps
async def ahead_or_answered(unit: Unit, known: Sequence[Known]) -> set[str]:
    """Events that are not over, or that somebody of ours answered."""
    uris = [one.uri for one in known if one.kind == "event"]
    if not uris:
        return set()
    rows = await unit.rows(
        f"SELECT uri FROM event WHERE uri IN ({marks(len(uris))}) AND (COALESCE(end_at, start_at) > ? "
        "OR EXISTS (SELECT 1 FROM answer WHERE answer.event_id = event.id))",
        *uris,
        unit.now - ASSUMED_LENGTH,
    )
    return {row["uri"] for row in rows}


@forgets
async def forget_events(unit: Unit, known: Sequence[Known]) -> None:
    """Their rows."""
    refs = [one.ref for one in known if one.kind == "event"]
    for event_id in refs:
        await forget_all(unit, event_id)
    if refs:
        await unit.execute(f"DELETE FROM event WHERE local = false AND id IN ({marks(len(refs))})", *refs)

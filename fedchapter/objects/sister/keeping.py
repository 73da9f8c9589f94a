"""How long it is kept who our sister chapters are; what they publish stays too, as long as they are."""

from collections.abc import Sequence

from ...actors.sisters import find_sisters
from ...store import Known, Unit
from ...store.retention import Kept, keeps
from ...words import mark

NAMES_ACTORS = ("sister.actor_uri",)
KEPT = (
    Kept(
        "sisters",
        mark("Who is a sister chapter"),
        mark("Both said yes to it."),
        ("sister",),
        until=mark("for good"),
    ),
)


@keeps
async def by_sisters(unit: Unit, known: Sequence[Known]) -> set[str]:
    """What sister chapters publish: each keeps the others’ record, should one of them vanish."""
    sisters = set(await find_sisters(unit, unit.settings.chapter_uri))
    return {one.uri for one in known if one.owner_uri in sisters}

"""Which messages leave no text in the log once they are dealt with: what was private, what was deleted.

DESIGN §2 (bodies of votes, answers and direct messages are erased once processed). A handler says `erases=True` for
what it takes; here is what no handler took: refused before its kind was known, or too late to count.
"""

from collections.abc import Collection, Sequence

from ..store import Unit, marks
from ..vocab.normalise import Activity
from ..vocab.read import ids_of
from ..vocab.uris import is_public

WRITTEN = frozenset({"Create", "Update"})


def is_private(activity: Activity | None) -> bool:
    """Whether it carries words that were not for everybody; so does, for all we know, what cannot be read."""
    if activity is None:
        return True
    if activity.type not in WRITTEN or activity.embedded is None or activity.object_id == activity.actor:
        return False
    told = (
        *activity.to,
        *activity.cc,
        *ids_of(activity.embedded.get("to")),
        *ids_of(activity.embedded.get("cc")),
    )
    return not any(is_public(uri) for uri in told)


async def find_deleted(unit: Unit, uris: Sequence[str]) -> set[str]:
    """Those of the URIs that are gone for good."""
    if not uris:
        return set()
    rows = await unit.rows(f"SELECT uri FROM tombstone WHERE uri IN ({marks(len(uris))})", *uris)
    return {row["uri"] for row in rows}


async def erase_bodies(unit: Unit, ids: Collection[int]) -> None:
    """These lines of the log say no more what was in the message."""
    if ids:
        await unit.execute(
            f"UPDATE inbox_item SET body = '', has_body = false, body_bytes = 0 WHERE id IN ({marks(len(ids))})",
            *ids,
        )

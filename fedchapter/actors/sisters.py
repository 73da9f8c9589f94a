"""Which other chapters are sister chapters of ours right now (their rows are written by objects/sister alone).

DESIGN §5 (mutual follow plus an explicit yes on both sides). Read here, as
follows are, because more than one type asks.
"""

from ..store.kinds import Reads

MUTUAL = """
JOIN follow AS ours ON ours.followed_uri = {uri} AND ours.follower_uri = ? AND ours.state = 'accepted'
JOIN follow AS theirs ON theirs.follower_uri = {uri} AND theirs.followed_uri = ? AND theirs.state = 'accepted'
"""


async def find_sisters(reads: Reads, chapter_uri: str) -> list[str]:
    """The sister chapters, by actor URI, oldest first; those of whom all three conditions hold right now."""
    rows = await reads.rows(
        f"SELECT sister.actor_uri FROM sister {MUTUAL.format(uri='sister.actor_uri')} "
        "WHERE sister.state = 'sisters' ORDER BY sister.changed_at, sister.actor_uri",
        chapter_uri,
        chapter_uri,
    )
    return [row["actor_uri"] for row in rows]


async def is_sister(reads: Reads, chapter_uri: str, actor_uri: str) -> bool:
    """Whether that chapter is a sister of ours right now."""
    return actor_uri in await find_sisters(reads, chapter_uri)

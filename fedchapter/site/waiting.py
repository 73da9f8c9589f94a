"""What waits for one member: votes they have not cast, events they have not answered, and those they come to.

decisions.md §2 (whoever voted is not asked again). Plain queries over rows of the types, as on the front page.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..house import House
from ..store import Row, marks

SOON = timedelta(days=21)
# An event that began without saying when it ends stays on the list for that long.
STILL_ON = timedelta(hours=2)
SHOWN = 10
_VOTES = (
    "SELECT proposal.id, proposal.title, proposal.closes_at FROM ballot "
    "JOIN proposal ON proposal.id = ballot.proposal_id "
    "WHERE ballot.account_id = ? AND ballot.choice = '' AND proposal.stage = 'voting' AND proposal.closes_at > ? "
    f"ORDER BY proposal.closes_at LIMIT {SHOWN}"
)
_EVENTS = (
    "SELECT event.id, event.title, event.start_at, event.zone, event.place_name, event.town, "
    "COALESCE(answer.state, '') AS answer FROM event "
    "JOIN known_object ON known_object.uri = event.uri "
    "LEFT JOIN answer ON answer.event_id = event.id AND answer.account_id = ? "
    "WHERE event.local = true AND event.start_at >= ? AND event.start_at < ? AND event.status <> 'CANCELLED' "
    "AND event.join_mode <> 'external' AND known_object.state = 'shown' "
    f"AND known_object.listed = true ORDER BY event.start_at, event.id LIMIT {2 * SHOWN}"
)
_ASKING = (
    "SELECT chapter_group.slug, chapter_group.name, count(*) AS total FROM group_member "
    "JOIN chapter_group ON chapter_group.id = group_member.group_id "
    "JOIN account ON account.id = group_member.account_id AND account.state = 'active' "
    "WHERE group_member.state = 'asked' AND chapter_group.closed_at IS NULL AND chapter_group.id IN ({marks}) "
    "GROUP BY chapter_group.slug, chapter_group.name ORDER BY chapter_group.name"
)


@dataclass(frozen=True, slots=True)
class Date:
    """An event that is soon, and what they answered: empty, going, pending or maybe."""

    url: str
    title: str
    start_at: datetime
    place: str
    answer: str


async def open_votes(house: House, account_id: str) -> list[Row]:
    """Votes in which they have a ballot and have not cast it (id, title, closes_at), the first to close first."""
    return await house.database.rows(_VOTES, account_id, house.clock.now())


async def dates_of(house: House, account_id: str) -> tuple[list[Date], list[Date]]:
    """The next three weeks of our events: those they come to (or asked to), and those they have not answered."""
    now = house.clock.now()
    rows = await house.database.rows(_EVENTS, account_id, now - STILL_ON, now + SOON)
    dates = [
        Date(
            f"/events/{row['id']}",
            row["title"],
            row["start_at"],
            row["place_name"] or row["town"],
            row["answer"],
        )
        for row in rows
    ]
    mine = [one for one in dates if one.answer in ("going", "pending", "maybe")]
    unanswered = [one for one in dates if one.answer in ("", "left")]
    return mine[:SHOWN], unanswered[:SHOWN]


async def who_asks(house: House, group_ids: Collection[str]) -> list[Row]:
    """Of those groups the ones that somebody would like to join (slug, name, total): who leads them answers."""
    if not group_ids:
        return []
    return await house.database.rows(_ASKING.format(marks=marks(len(group_ids))), *sorted(group_ids))

"""Whether moderators have limited a member for a time: who is limited writes nothing here, and keeps every other right.

Issue of moderation. The rows (strike) are moderation's; they are read here because every door asks. Decision: a vote,
an answer to an event, one's data and leaving are no writing, so no sanction touches them.
"""

from datetime import datetime

from ..errors import Forbidden
from ..store.kinds import Reads


async def find_silent_until(reads: Reads, account_id: str, now: datetime) -> datetime | None:
    """Until when the member writes nothing, or None."""
    row = await reads.row(
        "SELECT until_at FROM strike WHERE account_id = ? AND undone_at IS NULL AND until_at > ? "
        "ORDER BY until_at DESC LIMIT 1",
        account_id,
        now,
    )
    return row["until_at"] if row else None


async def check_may_write(reads: Reads, account_id: str, now: datetime) -> None:
    """Raises Forbidden, with what the member can do, while moderators have limited them."""
    until_at = await find_silent_until(reads, account_id, now)
    if until_at is not None:
        raise Forbidden(
            "limited",
            "The moderators have limited your account until %(day)s (UTC): until then you cannot write here. You can "
            "read, vote and answer events as before. Why, and how to object: under “My account”, “Moderators”.",
            day=until_at.strftime("%Y-%m-%d %H:%M"),
        )

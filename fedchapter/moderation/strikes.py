"""What was decided about a member, as the member sees it: each with its reason, for ninety days, and a way to object.

Issue of moderation; operations.md §1.5. Decision: people are told by "the moderators", never by a name; the log knows
who it was. A strike lives and ends with its line in the log: undoing the line takes the strike back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ..notices import Notice, tell
from ..store import Row, Unit
from ..store.kinds import Reads
from ..words import mark
from .audit import Judge

PAGE = "/me/strikes"
COUNTS_FOR = timedelta(days=90)
WARNING, LIMIT, POST = "warning", "limit", "post"
TOLD = {
    WARNING: mark("The moderators have given you a warning: %(reason)s"),
    LIMIT: mark(
        "The moderators have limited your account until %(until)s. You can still read and vote. %(reason)s"
    ),
    POST: mark("The moderators have hidden something you wrote, or put it behind a warning: %(reason)s"),
}
TAKEN_BACK = mark("The moderators have taken back what they decided about you: %(reason)s")
_SELECT = (
    "SELECT strike.id, strike.account_id, strike.sort, strike.reason, strike.about_uri, strike.decision_id, "
    "strike.made_by, strike.made_at, strike.until_at, strike.expires_at, strike.undone_at FROM strike"
)


@dataclass(frozen=True, slots=True)
class Striking:
    """What a strike shall say: whom it is about, warning, limit or post, which post, and until when a limit lasts."""

    account_id: str
    sort: str
    about_uri: str = ""
    until_at: datetime | None = None


async def strike(unit: Unit, striking: Striking, decision_id: str, judge: Judge) -> None:
    """The strike stands, and the member is told, with the reason and without a name."""
    strike_id = unit.new_id()
    await unit.execute(
        "INSERT INTO strike (id, account_id, sort, reason, about_uri, decision_id, made_by, made_at, until_at, "
        "expires_at, undone_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
        strike_id,
        striking.account_id,
        striking.sort,
        judge.reason,
        striking.about_uri,
        decision_id,
        judge.account_id,
        unit.now,
        striking.until_at,
        unit.now + COUNTS_FOR,
    )
    values: dict[str, str | datetime] = {"reason": judge.reason}
    if striking.until_at is not None:
        values["until"] = striking.until_at
    await _tell(unit, f"strike:{strike_id}", TOLD[striking.sort], values, striking.account_id)


async def _tell(unit: Unit, key: str, text: str, values: dict[str, str | datetime], account_id: str) -> None:
    notice = Notice("account", key, text, PAGE, dict(values))
    await tell(unit, notice, to=[account_id])


async def take_back(unit: Unit, decision_id: str) -> Row | None:
    """The strike of that line counts no more, and the member is told; None where there is none (any more)."""
    rows = await unit.rows(
        "UPDATE strike SET undone_at = ? WHERE decision_id = ? AND undone_at IS NULL RETURNING id, account_id, reason",
        unit.now,
        decision_id,
    )
    if not rows:
        return None
    row = rows[0]
    await _tell(unit, f"strike-back:{row['id']}", TAKEN_BACK, {"reason": row["reason"]}, row["account_id"])
    return row


async def find_strikes(reads: Reads, account_id: str) -> list[Row]:
    """Every strike that is still kept, newest first, each with its appeal (`appeal_id`, `appeal_state`, `answer`)."""
    return await reads.rows(
        _SELECT.replace(
            " FROM strike",
            ", appeal.id AS appeal_id, appeal.state AS appeal_state, appeal.answer, appeal.text AS appeal_text "
            "FROM strike LEFT JOIN appeal ON appeal.strike_id = strike.id",
        )
        + " WHERE strike.account_id = ? ORDER BY strike.made_at DESC, strike.id DESC LIMIT 50",
        account_id,
    )


async def find_strike(reads: Reads, strike_id: str) -> Row | None:
    """That strike, or None."""
    return await reads.row(f"{_SELECT} WHERE strike.id = ?", strike_id)


def counts(row: Row, now: datetime) -> bool:
    """Whether the strike still counts."""
    return row["undone_at"] is None and bool(row["expires_at"] > now)

"""Somebody's private information, as a report says: set aside at once until a moderator looks, if whoever says so may.

Issue "Someone's private information". A report is a claim, and false ones are a weapon (mastodon#22935), so this hides
and erases nothing; what erases is the moderators' own action (moderation.private). A member's word sets aside a few
posts a day, a visitor's only what a stranger elsewhere wrote; what the chapter itself published stays, and moderators
hear of all of it at once. Every setting aside is a line of the log, undone with one press.
"""

from datetime import timedelta

from ...members import Permission
from ...members.handles import find_bearer
from ...notices import Notice, find_staff, tell
from ...policy import find_mark
from ...policy.marks import APPROVED
from ...store import Known, Unit, find_known
from ...store.kinds import find_where
from ...text import plain
from ...vocab.uris import registrable
from ...words import mark
from ..audit import Entry, Judge, Line, overtaken, verb, write
from ..ballots import find_ballots_about
from ..evidence import COPY_CHARS_MIN
from ..turning import HELD, HIDDEN, SHOWN, turn
from .draft import FLAG, MEMBER, Report
from .naming import Case

A_DAY = timedelta(days=1)
BY_A_MEMBER_A_DAY = 3
BY_VISITORS_A_DAY = 10
COPIES_MAX = 100
RULE = "reported-private"
REASON = mark("Reported as somebody’s private information")


async def set_aside(unit: Unit, report: Report, case: Case, report_id: str) -> bool:
    """What the report names is seen by nobody until a moderator has looked, where the reporter's word is enough."""
    done = False
    for known in case.known:
        if known.state not in (SHOWN, HELD) or not await _may(unit, report, known):
            continue
        batch = unit.new_id()
        for one in [known, *await _find_copies(unit, report, known)]:
            await _put_away(unit, one, report, report_id, batch)
        done = True
    return done


async def _put_away(unit: Unit, known: Known, report: Report, report_id: str, batch: str) -> None:
    before = {"state": known.state, "by": report.account_id or report.source}
    entry = Entry(
        SET_ASIDE, known.uri, known.owner_uri, before=before, evidence=f"/admin/reports/{report_id}"
    )
    await turn(unit, known, HIDDEN)
    await write(unit, entry, Judge("", REASON, rule=RULE, batch=batch))


async def _may(unit: Unit, report: Report, known: Known) -> bool:
    if not await _is_enough(unit, report, known):
        return False
    by, most = (
        (report.account_id, BY_A_MEMBER_A_DAY)
        if report.source == MEMBER
        else (report.source, BY_VISITORS_A_DAY)
    )
    return await _count(unit, by) < most


async def _is_enough(unit: Unit, report: Report, known: Known) -> bool:
    """Whether the reporter's word is enough for this post, were it the first of the day."""
    if report.source == FLAG:
        return False
    bearer = await find_bearer(unit, unit.settings, known.owner_uri) if known.local else ""
    if known.local and not bearer:
        # The chapter and its groups: one person must not silence them.
        return False
    if await find_ballots_about(unit, [known], unit.now):
        # What is said about an open vote is hidden by two moderators, never by one claim.
        return False
    if report.source == MEMBER:
        return True
    return not known.local and await _is_strange(unit, known.owner_uri)


async def _is_strange(unit: Unit, actor_uri: str) -> bool:
    followed = await unit.row(
        "SELECT 1 AS yes FROM follow JOIN actor ON actor.uri = follow.follower_uri "
        "WHERE follow.followed_uri = ? AND actor.local = true AND follow.state = 'accepted' LIMIT 1",
        actor_uri,
    )
    return followed is None and await find_mark(unit, scope="actor", subject=actor_uri) != APPROVED


async def _count(unit: Unit, by: str) -> int:
    """How many times that member (or visitors) set something aside within a day; copies count once."""
    row = await unit.row(
        "SELECT count(DISTINCT batch) AS total FROM decision WHERE what = ? AND made_at > ? AND undo_of = '' "
        "AND before LIKE ?",
        SET_ASIDE,
        unit.now - A_DAY,
        f'%"by":"{by}"%',
    )
    return int(row["total"]) if row else 0


async def _find_copies(unit: Unit, report: Report, known: Known) -> list[Known]:
    """Those that the reporter could have named as well: who copies a friend's words must not silence the friend."""
    if len(plain(known.html)) < COPY_CHARS_MIN:
        return []
    found = await find_where(
        unit,
        "state IN ('shown', 'held') AND uri <> ? AND html = ? AND local = false LIMIT ?",
        *(known.uri, known.html, COPIES_MAX),
    )
    return [one for one in found if await _is_enough(unit, report, one)]


async def _put_back(unit: Unit, line: Line, judge: Judge) -> None:
    known = await find_known(unit, line.target_uri)
    if known is None or known.state != HIDDEN:
        raise overtaken()
    await turn(unit, known, str(line.before["state"]))


async def alert(unit: Unit, report: Report, report_id: str, case: Case) -> None:
    """Every moderator hears of it at once, without a word of it; but for whoever it is about.

    Of what another server reports they hear once a day for each of its domains: the rest waits first in the queue.
    """
    from_elsewhere = f"{registrable(report.host.partition(':')[0])}:{unit.now:%Y%m%d}"
    notice = Notice(
        "moderation",
        f"report:{from_elsewhere if report.source == FLAG else report_id}"[:255],
        mark("Somebody’s private information is reported. Please look now."),
        f"/admin/reports/{report_id}",
    )
    reported = await find_bearer(unit, unit.settings, case.target_uri)
    staff = await find_staff(unit, Permission.REPORTS)
    await tell(unit, notice, to=[one for one in staff if one != reported])


SET_ASIDE = verb(
    "set-aside",
    mark("Set aside until a moderator looks"),
    mark("Undone: set aside"),
    undo=_put_back,
)

"""Who reported is told what became of it, in general words: a member here, a visitor by one discreet letter.

operations.md §1.1 (feedback to the reporter; mastodon#1685). The letter names nobody and quotes nothing.
"""

from ...house.letters import chapter_name, send_letter
from ...mail import Letter
from ...moderation.reports import ReportClosed, ReportReopened
from ...moderation.reports.rows import ReportRow, find_report
from ...moderation.reports.telling import words_for
from ...notices import Notice, tell, untell
from ...store import Unit, publishes
from ...words import say, speaking

PAGE = "/me/reports"


@publishes(ReportClosed)
async def closed(unit: Unit, happening: ReportClosed) -> None:
    """The reporter hears of it; a visitor's address is erased with that."""
    report = await find_report(unit, happening.report_id)
    if report is None:
        return
    if report.account_id and report.source == "member":
        notice = Notice("reply", _key(report), words_for(happening.outcome), PAGE)
        await tell(unit, notice, to=[report.account_id])
    if report.email:
        await _write(unit, report, happening.outcome)
        await unit.execute("UPDATE report SET email = '' WHERE id = ?", report.id)


@publishes(ReportReopened)
async def reopened(unit: Unit, happening: ReportReopened) -> None:
    """What the member was told holds no more."""
    report = await find_report(unit, happening.report_id)
    if report is not None and report.account_id:
        await untell(unit, _key(report))


def _key(report: ReportRow) -> str:
    return f"reported:{report.id}"


async def _write(unit: Unit, report: ReportRow, outcome: str) -> None:
    with speaking(report.language or unit.language):
        text = say(
            "Hello,\n\n%(said)s\n\nThis is the only letter about it, and your address is erased now.\n\n%(chapter)s",
            said=say(words_for(outcome)),
            chapter=await chapter_name(unit, unit.settings.chapter_uri),
        )
        await send_letter(unit, Letter(report.email, say("The answer to what you sent us"), text))

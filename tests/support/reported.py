"""Reports at a chapter, for whoever looks at its pages: one by a member, one by a visitor, one that was sent."""

from fedchapter.cli.demo.stage import Chapter
from fedchapter.members.tickets import issue
from fedchapter.moderation.audit import Judge
from fedchapter.moderation.reports.draft import MEMBER, RULE, VISITOR, Report, Sending
from fedchapter.moderation.reports.receive import receive_report
from fedchapter.moderation.reports.sending import send_report
from fedchapter.moderation.reports.telling import LASTS, PURPOSE
from fedchapter.store import Unit
from fedchapter.store.sealed import seal

WORDS = "This says that our member was paid for it.\n\nThat is not so, and she asked to have it taken away."


async def reported(chapter: Chapter, account_id: str, uri: str) -> list[str]:
    """The member reports what has that URI; the moderators' pages about it."""

    async def work(unit: Unit) -> list[str]:
        rule = "No claims about people without a source"
        report = Report(MEMBER, (uri,), WORDS, RULE, rule, account_id=account_id)
        received = await receive_report(unit, report)
        return [f"/admin/reports/{received.first_id}"]

    return await chapter.unit(work)


async def sent(chapter: Chapter, account_id: str, target_uri: str) -> list[str]:
    """A moderator reported somebody elsewhere to their server; the page about it, and the form for another."""

    async def work(unit: Unit) -> list[str]:
        report_id = await send_report(unit, Sending(target_uri, text=WORDS), Judge(account_id))
        return [f"/admin/reports/{report_id}"]

    return await chapter.unit(work)


async def visitor_links(chapter: Chapter, uri: str) -> list[str]:
    """What a visitor without an account may open after reporting what has that URI."""

    async def work(unit: Unit) -> list[str]:
        received = await receive_report(unit, Report(VISITOR, (uri,), WORDS))
        data: dict[str, object] = {"report_id": received.first_id, "email": "vera@mail.example"}
        ticket = await issue(unit, PURPOSE, data, lasts=LASTS)
        token = seal(chapter.house.secret, PURPOSE, received.first_id)
        return [f"/report/mine/{token}", f"/report/confirm/{ticket}"]

    return await chapter.unit(work)

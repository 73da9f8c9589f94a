"""How whoever reported learns what became of it: members on a page of theirs, visitors by a link, or by one letter.

operations.md §3 row D6 (to an address that nobody confirmed goes one letter, which says nothing of the report).
"""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...errors import NotFound
from ...house import Door, house_of
from ...house.letters import chapter_name, send_letter
from ...mail import Letter
from ...members import Permission
from ...members.accounts import normal_email
from ...members.tickets import Ticket, find_ticket, issue, use_ticket
from ...store import Unit
from ...store.sealed import unseal
from ...web import flash, member_of, redirect, render
from ...web.guard import check_same_origin
from ...words import mark, say
from .draft import ACTED, CATEGORIES, DUPLICATE, OPEN
from .rows import ReportRow, find_report, find_reports_of

PURPOSE = "report"
LASTS = timedelta(days=2)
WAITS = mark("The moderators have not decided yet.")
SAID = {
    ACTED: mark("The moderators looked at what you reported, and did something about it. Thank you."),
    DUPLICATE: mark("What you reported was known already, and is dealt with. Thank you."),
}
OTHERWISE = mark(
    "The moderators looked at what you reported, and found that nothing has to be done. Thank you."
)
OVER = mark("This link was used already, or is over.")


def words_for(outcome: str) -> str:
    """What a reporter reads of that outcome, for the catalogs."""
    return SAID.get(outcome, OTHERWISE)


def to_line(report: ReportRow) -> dict[str, Any]:
    """A report as its reporter sees it: what they chose and wrote, and what became of it."""
    return {
        "at": report.made_at,
        "category": CATEGORIES.get(report.category, ""),
        # Many visitors' words may be counted with one report: nobody reads another's.
        "text": report.text if report.account_id else "",
        "open": report.state == OPEN,
        "said": WAITS if report.state == OPEN else words_for(report.outcome),
    }


async def ask_to_confirm(unit: Unit, report_id: str, email: str) -> None:
    """A letter asks the address's owner whether they want to be told; until then it is stored nowhere else."""
    to = normal_email(email)
    token = await issue(unit, PURPOSE, {"report_id": report_id, "email": to}, lasts=LASTS)
    text = say(
        "Hello,\n\nsomebody, probably you, wrote to the moderators of %(chapter)s and wants to hear their answer "
        "at this address. If so, open this link and press the button there:\n\n%(link)s\n\n"
        "It works for two days. If it was not you, do nothing: you get no more mail, and the address is kept nowhere.",
        chapter=await chapter_name(unit, unit.settings.chapter_uri),
        link=unit.settings.uri("report", "confirm", token),
    )
    await send_letter(unit, Letter(to, say("Please confirm your address"), text))


async def open_link(request: Request) -> Response:
    """The button that confirms; nothing has happened yet."""
    house = house_of(request)
    ticket = _still(
        await find_ticket(house.database, PURPOSE, request.path_params["token"], house.clock.now())
    )
    return await render(
        request,
        "moderation/report_confirm.html",
        email=str(ticket.data["email"]),
        action=request.url.path,
        noindex=True,
    )


def _still(ticket: Ticket | None) -> Ticket:
    if ticket is None:
        raise NotFound("link-over", OVER)
    return ticket


async def confirm(request: Request) -> Response:
    """The outcome goes to that address; or it is told at once, where there is one already."""
    check_same_origin(request)

    async def work(unit: Unit) -> ReportRow | None:
        data = _still(await use_ticket(unit, PURPOSE, request.path_params["token"])).data
        report = await find_report(unit, str(data["report_id"]))
        if report is not None and report.state == OPEN:
            await unit.execute("UPDATE report SET email = ? WHERE id = ?", str(data["email"]), report.id)
        return report

    report = await house_of(request).database.in_unit(work)
    said = mark("Done: one letter tells you what became of it.")
    if report is None or report.state != OPEN:
        said = words_for(report.outcome if report else "")
    return flash(request, redirect("/"), said)


async def mine(request: Request) -> Response:
    """What became of the report in the link."""
    house = house_of(request)
    report_id = unseal(house.secret, PURPOSE, request.path_params["token"])
    report = await find_report(house.database, report_id) if report_id else None
    if report is None:
        raise NotFound("no-report", "This report is not here any more: what is dealt with is erased in time.")
    return await render(request, "moderation/report_mine.html", report=to_line(report), noindex=True)


async def own(request: Request) -> Response:
    """What a member reported, and what became of it."""
    reports = await find_reports_of(house_of(request).database, member_of(request).account.id)
    return await render(request, "moderation/reports_own.html", reports=[to_line(one) for one in reports])


def doors() -> list[Door]:
    """Both pages, and the link in the letter."""
    token = Permission.TOKEN
    return [
        Door("/me/reports", own, Permission.MEMBER),
        Door("/report/mine/{token}", mine, token),
        Door("/report/confirm/{token}", open_link, token),
        Door("/report/confirm/{token}", confirm, token, methods=("POST",)),
    ]

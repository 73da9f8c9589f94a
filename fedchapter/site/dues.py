"""Standing, for whoever keeps the dues: names and dates, one by one or from a table that is looked at first.

Issue of members (CSV import of dues, no payments here). Decision: between looking and applying, what was understood
waits sealed in a ticket, so that what is applied is what was shown.
"""

from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import Permission, get_account
from ..members.dues import Plan, apply_dues, plan_dues, to_day
from ..members.roll import PAGE, STANDINGS, Wanted, find_lines
from ..members.standing import needs_standing, set_standing
from ..members.tickets import issue, use_ticket
from ..notices import Notice, tell
from ..notices.draft import Named
from ..store.choices import choose
from ..web import admin_tabs, flash, member_of, read_form, redirect, render
from ..words import mark, say
from .roll import STANDING_WORDS, first_url, next_url, to_wanted
from .roll_tabs import roll_tabs

LIST = "/admin/dues"
PURPOSE = "dues"
APPLY_WITHIN = timedelta(hours=1)
SHOWN_MAX = 200
NEEDED = mark("From now on only members in good standing can vote: %(name)s decided so.")
NOT_NEEDED = mark("From now on members can vote whatever their standing is: %(name)s decided so.")


async def listing(request: Request) -> Response:
    """Names with the end of their standing, and the form for a table."""
    return await _page(request)


async def set_one(request: Request) -> Response:
    """One member's standing ends on another day, or not at all."""
    viewer, form, account_id = member_of(request), await read_form(request), request.path_params["id"]
    text = form.text("good_until")
    day = to_day(text)
    if text and day is None:
        raise Refusal("good-until", "Give a day such as 2027-03-31, or leave it empty.")
    async with house_of(request).database.unit() as unit:
        account = await get_account(unit, account_id)
        await set_standing(unit, account_id, day)
    back = f"/admin/members/{account_id}" if viewer.may(Permission.PEOPLE) else LIST
    said = mark("Saved: the standing of %(name)s.")
    return flash(request, redirect(back), said, name=account.display_name)


async def look(request: Request) -> Response:
    """What the table would change; nothing is changed yet."""
    viewer, form, house = member_of(request), await read_form(request), house_of(request)
    sent = form.files.get("table", ())
    try:
        if not sent:
            raise Refusal("no-table", "Choose a file first.")
        plan = await plan_dues(house.database, sent[0].data)
    except Refusal as error:
        return await _page(request, {"table": error.message}, status=error.status)
    token = await _keep(request, plan, viewer.account.id) if plan.changes else ""
    return await render(
        request,
        "site/dues_look.html",
        changes=plan.changes[:SHOWN_MAX],
        more=max(0, len(plan.changes) - SHOWN_MAX),
        total=len(plan.changes),
        same=plan.same,
        problems=[
            {"line": one.line, "text": one.text, "why": say(one.why)} for one in plan.problems[:SHOWN_MAX]
        ],
        problem_total=len(plan.problems),
        token=token,
        admin_tabs=await admin_tabs(request),
        roll_tabs=roll_tabs(request),
    )


async def _keep(request: Request, plan: Plan, account_id: str) -> str:
    dates = {change.account_id: change.after.isoformat() for change in plan.changes}
    async with house_of(request).database.unit() as unit:
        return await issue(unit, PURPOSE, {"dates": dates}, lasts=APPLY_WITHIN, account_id=account_id)


async def apply(request: Request) -> Response:
    """What was looked at is so now."""
    viewer, form = member_of(request), await read_form(request)
    async with house_of(request).database.unit() as unit:
        ticket = await use_ticket(unit, PURPOSE, form.text("token"))
        if ticket is None or ticket.account_id != viewer.account.id:
            raise Refusal(
                "dues-over", "This was applied already, or is too long ago. Send the table once more."
            )
        total = await apply_dues(unit, ticket.data["dates"])
    return flash(request, redirect(LIST), mark("Saved for so many members: %(total)s."), total=total)


async def set_needed(request: Request) -> Response:
    """Whether the right to vote depends on standing; every member hears of a change."""
    viewer, form = member_of(request), await read_form(request)
    async with house_of(request).database.unit() as unit:
        if await needs_standing(unit) is form.yes("needed"):
            return flash(request, redirect(LIST), mark("It stays as it was."))
        await choose(unit, "standing_needed", "yes" if form.yes("needed") else "no")
        text = NEEDED if form.yes("needed") else NOT_NEEDED
        values = {"name": Named(viewer.account.id)}
        await tell(unit, Notice("chapter", f"standing-needed:{unit.new_id()}", text, "/privacy", values))
    return flash(request, redirect(LIST), mark("Saved."))


async def _page(request: Request, errors: dict[str, str] | None = None, *, status: int = 200) -> Response:
    house, query = house_of(request), request.query_params
    now = house.clock.now()
    asked = await to_wanted(request)
    # No more than names and dates: not who is in which group, nor how anybody is reached.
    wanted = Wanted(asked.today, words=asked.words, names_only=True, standing=asked.standing)
    after = (query.get("after", "")[:250], query.get("id", "")[:26])
    lines = await find_lines(house.database, wanted, now, after=after, limit=PAGE + 1)
    shown = lines[:PAGE]
    values: dict[str, Any] = {"admin_tabs": await admin_tabs(request), "roll_tabs": roll_tabs(request)}
    return await render(
        request,
        "site/dues.html",
        status,
        lines=shown,
        today=wanted.today,
        next_url=next_url(request, shown[-1].sort_name, shown[-1].id) if len(lines) > PAGE else None,
        first_url=first_url(request) if any(after) else None,
        typed=query,
        standings=[("", say("any")), *((name, say(STANDING_WORDS[name])) for name in STANDINGS)],
        needed=await needs_standing(house.database),
        may_decide=member_of(request).may(Permission.ADMIN),
        errors=errors or {},
        year_end=date(wanted.today.year, 12, 31).isoformat(),
        **values,
    )


def doors() -> list[Door]:
    """For the treasurer; whether votes depend on standing is for admins."""
    return [
        Door(LIST, listing, Permission.DUES),
        Door(LIST, look, Permission.DUES, methods=("POST",)),
        Door(f"{LIST}/apply", apply, Permission.DUES, methods=("POST",)),
        Door(f"{LIST}/needed", set_needed, Permission.ADMIN, methods=("POST",)),
        Door(f"{LIST}/{{id}}", set_one, Permission.DUES, methods=("POST",)),
    ]

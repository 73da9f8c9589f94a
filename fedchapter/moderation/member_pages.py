"""Members' conduct: who is limited just now, and one member's strikes with what can be done.

DESIGN §1 (privacy). Decision: moderators find a member by what they wrote (a public handle, or the name that members
see), not in a list of all: the roll is for those who look after people.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Forbidden, NotFound, Refusal
from ..house import Door, house_of
from ..members import Permission, find_account
from ..store import Unit
from ..text import fold
from ..web import admin_tabs, flash, member_of, read_form, redirect, render
from .actions import ACTIONS, actions_on
from .audit import Judge
from .ballots import find_ballots_of_account
from .queue.about import line_words, who_decided
from .strike_pages import SORTS
from .strikes import counts, find_strikes

LIST = "/admin/conduct"


async def conduct(request: Request) -> Response:
    """Who is limited or was warned lately; `who` looks somebody up by handle or name."""
    house, who = house_of(request), request.query_params.get("who", "").strip()[:100]
    found = await _find(request, who) if who else ""
    if found:
        return redirect(f"{LIST}/{found}")
    rows = await house.database.rows(
        "SELECT account.id, account.display_name, strike.sort, strike.made_at, strike.until_at FROM strike "
        "JOIN account ON account.id = strike.account_id WHERE strike.undone_at IS NULL AND strike.expires_at > ? "
        "AND account.state = 'active' ORDER BY strike.made_at DESC LIMIT 50",
        house.clock.now(),
    )
    return await render(
        request,
        "moderation/conduct.html",
        404 if who else 200,
        strikes=rows,
        sorts=SORTS,
        who=who,
        now=house.clock.now(),
        admin_tabs=await admin_tabs(request),
    )


async def _find(request: Request, who: str) -> str:
    house = house_of(request)
    handle = who.lstrip("@").removesuffix(f"@{house.settings.domain}").lower()
    row = await house.database.row(
        "SELECT id FROM account WHERE state = 'active' AND (handle = ? OR sort_name = ?) "
        "ORDER BY CASE WHEN handle = ? THEN 0 ELSE 1 END LIMIT 1",
        handle,
        fold(who),
        handle,
    )
    return str(row["id"]) if row else ""


async def member(request: Request) -> Response:
    """One member: strikes, what was decided before, and the actions."""
    return await _member_page(request)


async def _member_page(request: Request, error: str = "", typed: dict[str, str] | None = None) -> Response:
    house, viewer = house_of(request), member_of(request)
    account = await find_account(house.database, request.path_params["id"])
    if account is None:
        raise NotFound("no-account", "Nobody of that name is here (any more).")
    now = house.clock.now()
    rows = await house.database.rows(
        "SELECT decision.what, decision.undo_of, decision.reason, decision.made_by, decision.rule, decision.made_at, "
        "account.display_name AS name FROM decision LEFT JOIN account ON account.id = decision.made_by "
        "WHERE decision.target_uri = ? ORDER BY decision.id DESC LIMIT 20",
        account.id,
    )
    return await render(
        request,
        "moderation/member.html",
        422 if error else 200,
        account=account,
        strikes=[
            {**row, "words": SORTS[row["sort"]], "counts": counts(row, now)}
            for row in await find_strikes(house.database, account.id)
        ],
        lines=[_line(row) for row in rows],
        actions=[action for action in actions_on("member") if viewer.may(action.permission)],
        ballots=await find_ballots_of_account(house.database, account.id, now),
        me=viewer.account.id,
        error=error,
        typed=typed or {},
        now=now,
        admin_tabs=await admin_tabs(request),
    )


def _line(row: Any) -> dict[str, Any]:
    words = line_words(row["what"], bool(row["undo_of"]))
    return {"words": words, "who": who_decided(row), "reason": row["reason"], "at": row["made_at"]}


async def act(request: Request) -> Response:
    """One of the actions on the member: fields action, reason, days."""
    form, viewer, house = await read_form(request), member_of(request), house_of(request)
    action = ACTIONS.get(form.text("action"))
    if action is None or action.scope != "member":
        raise Refusal("no-act", "Nothing was chosen. Go back and use one of the buttons.")
    if not viewer.may(action.permission):
        raise Forbidden("not-allowed", "Your role does not include this.")
    account_id, run = request.path_params["id"], action.run
    options = {name: form.text(name) for name in action.asks if form.text(name)}

    async def work(unit: Unit) -> tuple[str, str]:
        batch = unit.new_id()
        judge = Judge(viewer.account.id, form.text("reason"), batch=batch)
        return batch, await run(unit, house, account_id, judge, options)

    try:
        batch, said = await house.database.in_unit(work)
    except Refusal as error:
        if error.code not in ("reason", "days"):
            raise
        return await _member_page(request, error.message, dict(form.values))
    undo = f"/admin/decisions/batch/{batch}/undo"
    return flash(request, redirect(f"{LIST}/{account_id}"), said, undo=undo)


def doors() -> list[Door]:
    """The list, one member, and the actions."""
    staff = Permission.SANCTION
    return [
        Door(LIST, conduct, staff),
        Door(f"{LIST}/{{id}}", member, staff),
        Door(f"{LIST}/{{id}}", act, staff, methods=("POST",)),
    ]

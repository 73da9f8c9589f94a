"""Recalls: members ask for a vote on somebody's role, support it, vote, and see the count.

decisions.md §1 and §4.3 (what is promised about a hidden ballot: the server could read it).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import Permission, Role, find_accounts
from ..members.offices import count_admins, find_offices
from ..members.recalls import (
    RULES,
    ask_recall,
    count_voices,
    find_parts,
    get_recall,
    support_recall,
    vote_recall,
)
from ..notices.news import ROLES
from ..tally import Counts, explain, tally
from ..web import flash, member_of, read_form, redirect, render

PAGE = "/roles/recalls"
FIELDS = {"reason": "reason", "successor": "successor", "no-account": "successor", "asked-already": "office"}


async def form_page(request: Request) -> Response:
    """The form that asks for a recall."""
    return await _form(request)


async def ask(request: Request) -> Response:
    """The recall can be supported from now on."""
    viewer, form = member_of(request), await read_form(request)
    try:
        async with house_of(request).database.unit() as unit:
            recall_id = await ask_recall(
                unit, form.text("office"), viewer.account.id, form.text("reason"), form.text("successor")
            )
    except Refusal as error:
        field = FIELDS.get(error.code)
        if field is None:
            raise
        return await _form(request, {field: error.message}, dict(form.values), status=error.status)
    return flash(request, redirect(f"{PAGE}/{recall_id}"), "Asked. All members are told and can support it.")


async def show(request: Request) -> Response:
    """One recall, at whatever stage it is."""
    house, viewer = house_of(request), member_of(request)
    recall = await get_recall(house.database, request.path_params["id"])
    names = {account.id: account.display_name for account in await find_accounts(house.database)}
    state = recall["state"]
    report = None
    if recall["roll"] and state in ("passed", "failed"):
        report = tally(RULES, Counts(recall["yes"], recall["no"], recall["abstain"]), recall["roll"])
    return await render(
        request,
        "site/recall.html",
        recall=recall,
        name=names.get(recall["account_id"], ""),
        asked_by=names.get(recall["asked_by"], ""),
        successor=names.get(recall["successor_id"], ""),
        role=ROLES[Role(recall["role"])],
        supporters=await count_voices(house.database, recall["id"], "support"),
        voted=await count_voices(house.database, recall["id"], "voted"),
        parts=await find_parts(house.database, recall["id"], viewer.account.id),
        counted=explain(report)[:-1] if report else (),
        noindex=True,
    )


async def act(request: Request) -> Response:
    """The member supports the vote, or votes."""
    viewer, form, recall_id = member_of(request), await read_form(request), request.path_params["id"]
    async with house_of(request).database.unit() as unit:
        if form.text("choice"):
            await vote_recall(unit, recall_id, viewer.account.id, form.text("choice"))
        else:
            await support_recall(unit, recall_id, viewer.account.id)
    text = "Your vote is in." if form.text("choice") else "You support the vote."
    return flash(request, redirect(f"{PAGE}/{recall_id}"), text)


async def _form(
    request: Request,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    house = house_of(request)
    now = house.clock.now()
    accounts = await find_accounts(house.database)
    names = {account.id: account.display_name for account in accounts}
    offices = [row for row in await find_offices(house.database, now) if not row["group_id"]]
    options: list[tuple[str, dict[str, Any]]] = [
        (row["id"], {"name": names.get(row["account_id"], ""), "role": ROLES[Role(row["role"])]})
        for row in offices
    ]
    return await render(
        request,
        "site/recall_new.html",
        status,
        offices=options,
        only_admin=await count_admins(house.database, now) == 1,
        people=[(account.id, account.display_name) for account in accounts],
        errors=errors or {},
        typed={"office": request.query_params.get("office", "")} | (typed or {}),
        noindex=True,
    )


def doors() -> list[Door]:
    """For every member."""
    member = Permission.MEMBER
    return [
        Door(f"{PAGE}/new", form_page, member),
        Door(f"{PAGE}/new", ask, member, methods=("POST",)),
        Door(f"{PAGE}/{{id}}", show, member),
        Door(f"{PAGE}/{{id}}", act, member, methods=("POST",)),
    ]

"""Copies of the roll: asked for by one officer, agreed to by another, taken once, encrypted with a passphrase.

Issue of members. The file is in the format of the age tool (continuity.age): `fedchapter unlock FILE` opens it, and so
does `age -d`. Decision: the passphrase is typed where the file is taken and never stored.
"""

import asyncio
import io
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..continuity.age import Sealed
from ..errors import Refusal
from ..house import Door, house_of
from ..members import Permission, find_accounts
from ..members.exports import (
    AGREE_WITHIN,
    APPROVED,
    OFFICERS,
    REASON_MAX,
    TAKE_WITHIN,
    WAITING,
    Export,
    ask,
    check_takeable,
    decide,
    find_exports,
    take,
    write_csv,
)
from ..members.offices import find_holders
from ..web import admin_tabs, flash, member_of, read_form, redirect, render
from ..words import mark
from .roll_tabs import roll_tabs
from .security import AGAIN, is_fresh

LIST = "/admin/export"
PASSPHRASE_MIN = 12
PASSPHRASE_MAX = 200
STATES = {
    "waiting": mark("waits for a second officer"),
    "approved": mark("agreed, not taken yet"),
    "refused": mark("refused"),
    "taken": mark("taken"),
    "over": mark("over"),
}


async def listing(request: Request) -> Response:
    """What is asked for, and the form to ask."""
    return await _page(request)


async def ask_for_one(request: Request) -> Response:
    """Another officer can agree to a copy now."""
    viewer, form = member_of(request), await read_form(request)
    try:
        async with house_of(request).database.unit() as unit:
            await ask(unit, viewer.account.id, form.text("reason"))
    except Refusal as error:
        return await _page(request, {"reason": error.message}, form.text("reason"), status=error.status)
    return flash(
        request, redirect(LIST), mark("Asked. The other officers are told; one of them has to agree.")
    )


async def answer(request: Request) -> Response:
    """A second officer agreed, or somebody said no."""
    viewer, form = member_of(request), await read_form(request)
    agreed = form.text("act") == "agree"
    if agreed and not is_fresh(request):
        return flash(request, redirect(AGAIN), mark("Sign in once more to agree."), "info")
    async with house_of(request).database.unit() as unit:
        await decide(unit, request.path_params["id"], viewer.account.id, agreed=agreed)
    said = mark("Agreed. Every member is told.") if agreed else mark("Refused.")
    return flash(request, redirect(LIST), said)


async def download(request: Request) -> Response:
    """The file, this once."""
    viewer, form, house = member_of(request), await read_form(request), house_of(request)
    export_id, passphrase = request.path_params["id"], form.values.get("passphrase", "")
    if not PASSPHRASE_MIN <= len(passphrase) <= PASSPHRASE_MAX:
        wrong = Refusal(
            "passphrase",
            "Choose a passphrase of at least %(min)s characters. A few words are a good one.",
            min=PASSPHRASE_MIN,
        )
        return await _page(request, {"passphrase": wrong.message}, status=400)
    # Once before, since reading the roll and sealing it is work that nobody else may cause.
    await check_takeable(house.database, export_id, viewer.account.id, house.clock.now())
    plain = await write_csv(house.database, house.clock.now())
    sealed = await asyncio.to_thread(seal_file, plain, passphrase)
    async with house.database.unit() as unit:
        await take(unit, export_id, viewer.account.id)
    name = f"roll-{house.clock.now():%Y%m%d}.csv.age"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(sealed, 200, headers, media_type="application/octet-stream")


def seal_file(plain: bytes, passphrase: str) -> bytes:
    """The bytes as only the passphrase opens them; takes a good part of a second."""
    file = io.BytesIO()
    sealed = Sealed(file, passphrase)
    sealed.write(plain)
    sealed.close()
    return file.getvalue()


async def _page(
    request: Request, errors: dict[str, str] | None = None, reason: str = "", *, status: int = 200
) -> Response:
    house, me = house_of(request), member_of(request).account.id
    now = house.clock.now()
    names = {account.id: account.display_name for account in await find_accounts(house.database)}
    officers = await find_holders(house.database, OFFICERS, now)
    return await render(
        request,
        "site/exports.html",
        status,
        exports=[_line(one, names, me, now) for one in await find_exports(house.database)],
        alone=len(officers) < 2,
        errors=errors or {},
        reason=reason,
        reason_max=REASON_MAX,
        agree_days=AGREE_WITHIN.days,
        take_hours=int(TAKE_WITHIN.total_seconds() // 3600),
        passphrase_min=PASSPHRASE_MIN,
        admin_tabs=await admin_tabs(request),
        roll_tabs=roll_tabs(request),
    )


def _line(export: Export, names: dict[str, str], me: str, now: Any) -> dict[str, Any]:
    is_open = export.is_open(now)
    over = export.state in (WAITING, APPROVED) and not is_open
    return {
        "id": export.id,
        "reason": export.reason,
        "state": "over" if over else export.state,
        "words": STATES["over" if over else export.state],
        "asked_by": names.get(export.asked_by, ""),
        "asked_at": export.asked_at,
        "decided_by": names.get(export.decided_by, ""),
        "may_agree": is_open and export.state == WAITING and export.asked_by != me,
        "may_refuse": is_open and export.state == WAITING,
        "own": export.asked_by == me,
        "may_take": is_open and export.state == APPROVED and export.asked_by == me,
    }


def doors() -> list[Door]:
    """For organizers."""
    return [
        Door(LIST, listing, Permission.PEOPLE),
        Door(LIST, ask_for_one, Permission.PEOPLE, methods=("POST",)),
        Door(f"{LIST}/{{id}}", answer, Permission.PEOPLE, methods=("POST",)),
        Door(f"{LIST}/{{id}}/take", download, Permission.PEOPLE, methods=("POST",)),
    ]

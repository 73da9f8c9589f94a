"""What waits for a second moderator: who asks for what, why it takes two, and a yes or a no.

Issue of moderation (two-person rules).
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..errors import Forbidden, Refusal
from ..house import Door, House, house_of
from ..members import Permission
from ..store import Row, Unit, find_known
from ..text import plain
from ..vocab.uris import parse_url
from ..web import admin_tabs, flash, member_of, read_form, redirect, render
from ..web.cards import page_path
from ..web.people import people
from ..words import say
from .actions import ACTIONS, preview_host
from .actions.registry import ACTOR, HOST, MEMBER
from .asking import LASTS, PAGE, find_waiting, get_waiting, refuse, take
from .audit import Judge
from .seconds import WORDS

TEXT_CHARS = 300


async def seconds(request: Request) -> Response:
    """Everything that waits."""
    house, viewer = house_of(request), member_of(request)
    rows = [row for row in await find_waiting(house.database, house.clock.now()) if row["action"] in ACTIONS]
    return await render(
        request,
        "moderation/seconds.html",
        asked=[await _asked(house, row, viewer.account.id) for row in rows],
        hours=int(LASTS.total_seconds() // 3600),
        admin_tabs=await admin_tabs(request),
    )


async def _asked(house: House, row: Row, account_id: str) -> dict[str, Any]:
    action, reads = ACTIONS[row["action"]], house.database
    by = await reads.row("SELECT display_name FROM account WHERE id = ?", row["asked_by"])
    ballots = [await find_known(reads, uri) for uri in msgspec.json.decode(row["ballots"])]
    return {
        **row,
        "words": action.words,
        "by": by["display_name"] if by else "",
        "own": row["asked_by"] == account_id,
        "about_me": row["account_id"] == account_id,
        "rule": WORDS[row["why"]],
        "days": msgspec.json.decode(row["options"]).get("days", ""),
        "ends_at": row["asked_at"] + LASTS,
        "ballots": [
            {"title": one.title, "url": parse_url(one.uri, allow_http_localhost=True).path}
            for one in ballots
            if one is not None
        ],
        **await _target(house, action.scope, row["target"]),
    }


async def _target(house: House, scope: str, target: str) -> dict[str, Any]:
    """What it is about, in words, with where to look and what it would cut."""
    shown: dict[str, Any] = {"about": target, "url": "", "text": "", "cut": None}
    reads, settings = house.database, house.settings
    if scope == MEMBER:
        row = await reads.row("SELECT display_name FROM account WHERE id = ?", target)
        return shown | {"about": row["display_name"] if row else "", "url": f"/admin/conduct/{target}"}
    if scope == HOST:
        cut = await preview_host(
            reads, target, chapter_uri=settings.chapter_uri, server_uri=settings.server_uri
        )
        return shown | {"url": f"/admin/peers/{target}", "cut": cut}
    if scope == ACTOR:
        return shown | {"about": (await people(reads, [target]))[target]["handle"]}
    known = await find_known(reads, target)
    if known is None:
        return shown
    author = (await people(reads, [known.owner_uri]))[known.owner_uri]["handle"]
    url = page_path(known) if known.state == "shown" else ""
    return shown | {"about": author, "text": plain(known.html)[:TEXT_CHARS], "url": url}


async def decide(request: Request) -> Response:
    """The second moderator agrees or not, or the first takes it back: field act (agree, refuse)."""
    form, house, viewer = await read_form(request), house_of(request), member_of(request)
    asked_id = request.path_params["id"]
    if form.text("act") not in ("agree", "refuse"):
        raise Refusal("no-act", "Nothing was chosen. Go back and use one of the buttons.")

    async def agree(unit: Unit) -> tuple[str, str]:
        batch = unit.new_id()
        row = await get_waiting(unit, asked_id)
        action = ACTIONS[row["action"]]
        if not viewer.may(action.permission):
            raise Forbidden("not-allowed", "Your role does not include this.")
        judge = await take(unit, asked_id, Judge(viewer.account.id, batch=batch), action.permission)
        options = msgspec.json.decode(row["options"])
        return await action.run(unit, house, row["target"], judge, options), batch

    async def disagree(unit: Unit) -> tuple[str, str]:
        await refuse(unit, asked_id, Judge(viewer.account.id, form.text("reason")))
        return say("Nothing happens. The log says so."), ""

    said, batch = await house.database.in_unit(agree if form.text("act") == "agree" else disagree)
    await house.marks.load(house.database, house.clock.now())
    undo = f"/admin/decisions/batch/{batch}/undo" if batch else ""
    return flash(request, redirect(PAGE), said, undo=undo)


def doors() -> list[Door]:
    """The list, and deciding."""
    staff = Permission.MODERATE
    return [
        Door(PAGE, seconds, staff),
        Door(f"{PAGE}/{{id}}", decide, staff, methods=("POST",)),
    ]

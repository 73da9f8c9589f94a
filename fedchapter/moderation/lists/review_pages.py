"""The review of a list: what it proposes, row by row, each with what it would cut; nothing is decided before a tick and
a button. wire.md §3.3; operations.md §1.3.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ...house import Door, House, house_of
from ...members import Permission
from ...policy import Marking
from ...policy.marks import APPROVED, HOLD, LIMIT, REFUSE
from ...store import Unit, new_id
from ...web import admin_tabs, flash, member_of, read_form, redirect, render
from ...words import mark, say, say_many
from ..actions import preview_host
from ..audit import Judge
from .applying import Applied, apply_harmless, apply_some, find_drafts, leave_out, propose_again
from .drafts import LIFT, Draft, in_order
from .rows import HostSource
from .sisters import SISTERS, plan_round
from .tabs import LIST, SISTERS_PAGE, lists_tabs, undo_of

# A form has at most a hundred fields.
PER_PAGE = 50
DECISIONS = {
    "": mark("nothing"),
    APPROVED: mark("allowed"),
    HOLD: mark("held"),
    LIMIT: mark("limited"),
    REFUSE: mark("suspended"),
}
OTHERS = {
    "covered": mark("Decided here already, or a domain above them is: %(count)s."),
    "allowed": mark("Allowed here, which wins over every list: %(count)s."),
    "by-hand": mark("Decided otherwise here, by hand: %(count)s."),
    "nothing": mark("Rows that ask for nothing, or were taken back before anybody followed them: %(count)s."),
    "left-out": mark("Left out by us: %(count)s."),
    "unknown": mark("Masked names of servers that we have never met: %(count)s."),
}
WHY = {
    "own-host": mark("this server itself"),
    "severity": mark("an unknown severity"),
    "masked": mark("a masked name without its hash"),
    "host": mark("no name of a server"),
    "address": mark("an address in numbers"),
    "too-wide": mark("not the name of one server"),
}


async def review(request: Request) -> Response:
    """What that list proposes."""
    house, list_id = house_of(request), request.path_params["id"]
    found, proposed = await find_drafts(house, list_id)
    after = request.query_params.get("after", "")[:255]
    shown = in_order(proposed.drafts, after, PER_PAGE)
    behind = bool(shown) and shown[-1].host != proposed.drafts[-1].host
    page = _page_of(list_id)
    return await render(
        request,
        "moderation/list.html",
        list=_about(found),
        list_id=list_id,
        page=page,
        drafts=[await _line(house, draft) for draft in shown],
        total=len(proposed.drafts),
        harmless=proposed.harmless,
        others=[
            say(words, count=proposed.others[name])
            for name, words in OTHERS.items()
            if name in proposed.others
        ],
        left_out=proposed.others.get("left-out", 0),
        wrong=_wrong(found),
        newer_url=page if after else None,
        older_url=f"{page}?after={shown[-1].host}" if behind else None,
        list_tabs=lists_tabs(request),
        admin_tabs=await admin_tabs(request),
    )


def _page_of(list_id: str) -> str:
    return SISTERS_PAGE if list_id == SISTERS else f"{LIST}/{list_id}"


def _about(found: HostSource | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "name": found.name,
        "url": found.url,
        "ok_at": found.ok_at,
        "error": say(found.error) if found.error else "",
        "shrunk_to": found.shrunk_to,
        "wrong_count": found.wrong_count,
    }


def _wrong(found: HostSource | None) -> list[dict[str, Any]]:
    rows = msgspec.json.decode(found.wrong) if found is not None and found.wrong else []
    return [{"line": line, "text": text, "why": say(WHY.get(why, WHY["host"]))} for line, text, why in rows]


async def _line(house: House, draft: Draft) -> dict[str, Any]:
    cut = None
    if draft.cuts:
        settings = house.settings
        cut = await preview_host(
            house.database, draft.host, chapter_uri=settings.chapter_uri, server_uri=settings.server_uri
        )
    return {
        "host": draft.host,
        "is_lift": draft.state == LIFT,
        "wanted": _words(draft.marking),
        "now": _words(draft.now) if draft.now is not None else "",
        "now_about": draft.now.subject if draft.now is not None and draft.now.subject != draft.host else "",
        "comment": draft.comment,
        "ticked": draft.is_ticked,
        "also": draft.also,
        "said_by": draft.said_by,
        "cut": cut,
    }


def _words(marking: Marking | None) -> str:
    if marking is None:
        return say(DECISIONS[""])
    parts = [say(DECISIONS[marking.decision])] if marking.decision else []
    if marking.decision != REFUSE:
        parts += [say("no pictures")] if marking.reject_media else []
        parts += [say("no reports")] if marking.reject_reports else []
    return ", ".join(parts) or say(DECISIONS[""])


async def decide(request: Request) -> Response:
    """What was ticked is decided, or left out; or everything that cuts nothing begins to be decided."""
    form, house, list_id = await read_form(request), house_of(request), request.path_params["id"]
    page, hosts = _page_of(list_id), form.many.get("host", ())
    await find_drafts(house, list_id)
    judge = Judge(member_of(request).account.id, form.text("reason"), batch=new_id(house.clock.now()))
    if form.text("do") == "all":
        await house.database.in_unit(lambda unit: apply_harmless(unit, list_id, judge))
        return flash(
            request,
            redirect(page),
            "Begun: what cuts nothing is decided bit by bit. Reload to see how far it is.",
        )
    if form.text("do") == "again":
        await house.database.in_unit(lambda unit: propose_again(unit, list_id))
        return redirect(page)
    if not hosts:
        return flash(request, redirect(page), "Nothing was ticked, so nothing was done.", "error")
    if form.text("do") == "leave":
        await house.database.in_unit(lambda unit: leave_out(unit, list_id, hosts))
        return flash(request, redirect(page), "Left out, until the list says something else of them.")
    applied = await apply_some(house, list_id, hosts, judge)
    if not applied.done:
        return flash(request, redirect(page), said_of(applied), "error")
    return flash(request, redirect(page), said_of(applied), undo=undo_of(judge.batch))


def said_of(applied: Applied) -> str:
    """What applying did, as a sentence."""
    said = say_many(
        "Decided about one server. Under Decisions it can be undone.",
        "Decided about %(count)s servers. Under Decisions all can be undone in one go.",
        applied.done,
    )
    if applied.two:
        said = say(
            "%(said)s Sister chapters take two moderators; decide about them on their own page: %(hosts)s.",
            said=said,
            hosts=", ".join(applied.two[:10]),
        )
    if applied.left:
        said = say(
            "%(said)s Decided otherwise meanwhile, so left as it is: %(hosts)s.",
            said=said,
            hosts=", ".join(applied.left[:10]),
        )
    return said


async def sisters(request: Request) -> Response:
    """What sister chapters decided, as drafts."""
    request.scope["path_params"] = {"id": SISTERS}
    return await review(request)


async def decide_sisters(request: Request) -> Response:
    """The same for what sister chapters decided."""
    request.scope["path_params"] = {"id": SISTERS}
    return await decide(request)


async def ask_sisters(request: Request) -> Response:
    """The sister chapters are asked at once."""

    async def work(unit: Unit) -> None:
        await plan_round(unit, at_once=True)

    await house_of(request).database.in_unit(work)
    return flash(request, redirect(SISTERS_PAGE), "They are being asked. Reload in a moment.")


def doors() -> list[Door]:
    """For those who decide about servers."""
    hosts = Permission.HOSTS
    return [
        Door(SISTERS_PAGE, sisters, hosts),
        Door(SISTERS_PAGE, decide_sisters, hosts, methods=("POST",)),
        Door(f"{SISTERS_PAGE}/ask", ask_sisters, hosts, methods=("POST",)),
        Door(f"{LIST}/{{id}}", review, hosts),
        Door(f"{LIST}/{{id}}", decide, hosts, methods=("POST",)),
    ]

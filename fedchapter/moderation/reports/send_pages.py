"""The page by which a moderator reports something to its own server, with what the other side will read."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...errors import NotFound, Refusal
from ...house import Door, house_of
from ...members import Permission
from ...policy import is_refused_host
from ...store.ids import is_id
from ...text import excerpt
from ...web import admin_tabs, flash, member_of, read_form, redirect, render
from ...web.people import people
from ..audit import Judge
from .draft import OTHER, PRIVATE, TEXT_CHARS_MAX, Sending
from .pages import LIST
from .rows import ReportRow, find_items, find_report
from .sending import PRIVATE_WORDS, Offer, find_offer, send_report

PAGE = f"{LIST}/send"
EXCERPT_CHARS = 160


async def show(request: Request) -> Response:
    """What can be sent about the `uri` in the query; `for` is the report that is passed on."""
    uri, house = request.query_params.get("uri", ""), house_of(request)
    report = await _passed_on(request)
    offer = await find_offer(house.database, uri or (report.target_uri if report else ""))
    if offer is None:
        raise NotFound("no-target", "Only somebody on another server, whom we know, can be reported there.")
    named = [item.uri for item in await find_items(house.database, report.id)] if report else [uri]
    return await _page(request, offer, report, {"posts": named, "text": "", "forward": []})


async def _passed_on(request: Request, report_id: str = "") -> ReportRow | None:
    wanted = report_id or request.query_params.get("for", "")
    report = await find_report(house_of(request).database, wanted) if is_id(wanted) else None
    return report if report is not None and report.way == "in" else None


async def _page(
    request: Request, offer: Offer, report: ReportRow | None, values: dict[str, Any], error: str = ""
) -> Response:
    house = house_of(request)
    who = (await people(house.database, [offer.actor.uri]))[offer.actor.uri]
    return await render(
        request,
        "moderation/report_send.html",
        400 if error else 200,
        who=who,
        host=offer.actor.host,
        posts=[
            {
                "uri": one.uri,
                "at": one.published_at,
                "text": one.title or excerpt(one.html, EXCERPT_CHARS),
                "ticked": one.uri in values["posts"],
            }
            for one in offer.posts
        ],
        private=[{"uri": uri, "ticked": uri in values["posts"]} for uri in offer.private],
        others=[
            {"uri": one.uri, "host": one.host, "ticked": one.uri in values["forward"]} for one in offer.others
        ],
        text=values["text"],
        error=error,
        report=report,
        is_private=report is not None and report.category == PRIVATE,
        private_words=PRIVATE_WORDS,
        domain=house.settings.domain,
        refused=is_refused_host(house.marks, offer.actor.host),
        chars_max=TEXT_CHARS_MAX,
        admin_tabs=await admin_tabs(request),
    )


async def send(request: Request) -> Response:
    """The report leaves: fields target, posts, text, forward, for."""
    form, house = await read_form(request), house_of(request)
    target = form.text("target")
    report = await _passed_on(request, form.text("for"))
    offer = await find_offer(house.database, target)
    if offer is None:
        raise NotFound("no-target", "Only somebody on another server, whom we know, can be reported there.")
    if is_refused_host(house.marks, offer.actor.host):
        raise Refusal("host-refused", "We have suspended this server, so nothing is sent there.")
    values = {
        "posts": form.many.get("posts", ()),
        "text": form.text("text"),
        "forward": form.many.get("forward", ()),
    }
    if len(form.text("text")) > TEXT_CHARS_MAX:
        return await _page(request, offer, report, values, "text")
    sending = Sending(
        offer.actor.uri,
        tuple(values["posts"]),
        form.text("text"),
        tuple(values["forward"]),
        report.id if report else "",
        report.category if report else OTHER,
    )
    judge = Judge(member_of(request).account.id)
    report_id = await house.database.in_unit(lambda unit: send_report(unit, sending, judge))
    back = redirect(f"{LIST}/{report.id if report else report_id}")
    return flash(
        request, back, "Sent to %(host)s. Nobody there learns who asked for it.", host=offer.actor.host
    )


def doors() -> list[Door]:
    """Both; before the report's own door, which would take `send` for an id."""
    staff = Permission.REPORTS
    return [Door(PAGE, show, staff), Door(PAGE, send, staff, methods=("POST",))]

"""The page of lists: which there are and how they do, one more from a file or an address, and our own as files.

Issue "Lists"; operations.md §1.3. A new list is only looked at: review_pages.py shows what it proposes.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...errors import NotFound, Refusal
from ...house import Door, House, house_of
from ...members import Permission
from ...policy import Marking, find_marks
from ...policy.marks import APPROVED, LIMIT, REFUSE, has_ended
from ...store import Unit
from ...vocab.uris import host_of
from ...web import Form, admin_tabs, flash, member_of, read_form, redirect, render
from ...words import mark, say
from ..audit import Judge
from . import fetching
from .formats import NOOP, SILENCE, SUSPEND, Entry, Reading, write_allows, write_blocks
from .rows import (
    ALLOWS,
    BLOCKS,
    HostSource,
    add_list,
    drop_list,
    find_lists,
    get_list,
    keep_reading,
    plan_fetch,
)
from .tabs import LIST, lists_tabs

SORTS = (
    (BLOCKS, mark("Servers to limit or suspend"), mark("As Mastodon and others export them.")),
    (ALLOWS, mark("Servers to allow"), mark("By their exact names.")),
)
SHOWN_WHEN_TRIED = 8
FIELDS = {"url": "url", "unreachable": "url", "list": "url", "list-there": "url", "file": "file"}
_SEVERITIES = {REFUSE: SUSPEND, LIMIT: SILENCE}


async def lists(request: Request) -> Response:
    """All lists."""
    return await _page(request)


async def _page(
    request: Request,
    error: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
    tried: Reading | None = None,
) -> Response:
    house = house_of(request)
    found = await find_lists(house.database)
    counts = await _counts(house)
    return await render(
        request,
        "moderation/lists.html",
        400 if error else 200,
        lists=[_line(one, counts.get(one.id, (0, 0))) for one in found],
        sorts=[(value, say(words), say(hint)) for value, words, hint in SORTS],
        errors={FIELDS.get(error.code, "url"): error.message} if error else {},
        typed=typed or {},
        tried=_tried(tried) if tried is not None else None,
        list_tabs=lists_tabs(request),
        admin_tabs=await admin_tabs(request),
    )


def _line(found: HostSource, counts: tuple[int, int]) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "url": found.url,
        "sort": found.sort,
        "rows": counts[0],
        "retracted": counts[1],
        "ok_at": found.ok_at,
        "error": say(found.error) if found.error else "",
        "shrunk_to": found.shrunk_to,
        "state": "failed" if found.failures >= fetching.WARN_AFTER else "waiting" if found.error else "ok",
    }


async def _counts(house: House) -> dict[str, tuple[int, int]]:
    rows = await house.database.rows(
        "SELECT list_id, count(*) AS total, count(retracted_at) AS gone FROM list_entry GROUP BY list_id"
    )
    return {row["list_id"]: (int(row["total"]) - int(row["gone"]), int(row["gone"])) for row in rows}


def _tried(reading: Reading) -> dict[str, Any]:
    first = [entry.host or say("(name masked)") for entry in reading.entries[:SHOWN_WHEN_TRIED]]
    return {"rows": len(reading.entries), "wrong": len(reading.wrong), "first": first}


async def add(request: Request) -> Response:
    """The list is there and its review opens; or, when it was only tried, the form with what it would say."""
    form, house = await read_form(request), house_of(request)
    sort = ALLOWS if form.text("sort") == ALLOWS else BLOCKS
    judge = Judge(member_of(request).account.id)
    try:
        if form.text("do") == "test":
            url = fetching.check_address(form.text("url"))
            tried = await fetching.try_out(house, url, allows=sort == ALLOWS)
            return await _page(request, typed=form.values, tried=tried)
        if form.files.get("file"):
            list_id = await _add_file(house, form, sort, judge)
        else:
            list_id = await _add_address(house, form, sort, judge)
    except Refusal as error:
        return await _page(request, error, form.values)
    return redirect(f"{LIST}/{list_id}")


async def _add_file(house: House, form: Form, sort: str, judge: Judge) -> str:
    upload = form.files["file"][0]
    try:
        reading = fetching.read_body(upload.data, allows=sort == ALLOWS, own_host=house.settings.domain)
    except Refusal as error:
        raise Refusal("file", str(error)) from error
    name = form.text("name") or upload.filename or say("A file")

    async def work(unit: Unit) -> str:
        list_id = await add_list(unit, sort=sort, name=name, url="", judge=judge)
        await keep_reading(unit, await get_list(unit, list_id), reading)
        return list_id

    return await house.database.in_unit(work)


async def _add_address(house: House, form: Form, sort: str, judge: Judge) -> str:
    url = fetching.check_address(form.text("url"))
    # What cannot be read is not subscribed to: a wrong address shows at once.
    reading = await fetching.try_out(house, url, allows=sort == ALLOWS)

    async def work(unit: Unit) -> str:
        list_id = await add_list(
            unit, sort=sort, name=form.text("name") or host_of(url), url=url, judge=judge
        )
        await keep_reading(unit, await get_list(unit, list_id), reading)
        await plan_fetch(unit, list_id)
        return list_id

    return await house.database.in_unit(work)


async def fetch_now(request: Request) -> Response:
    """The list is asked for at once; what it says is what is proposed."""
    house, list_id = house_of(request), request.path_params["id"]
    found, form = await get_list(house.database, list_id), await read_form(request)
    if not found.url:
        raise NotFound
    try:
        diff = await fetching.fetch_list(house, list_id, force=form.yes("force"))
    except NotFound:
        raise
    except Refusal as error:
        return flash(request, redirect(f"{LIST}/{list_id}"), str(error), "error")
    if diff.shrunk is not None:
        return redirect(f"{LIST}/{list_id}")
    return flash(
        request,
        redirect(f"{LIST}/{list_id}"),
        "Asked: %(new)s new, %(changed)s changed, %(retracted)s taken back.",
        new=diff.new,
        changed=diff.changed,
        retracted=diff.retracted,
    )


async def drop(request: Request) -> Response:
    """The list is gone; what was decided because of it stays."""
    house, judge = house_of(request), Judge(member_of(request).account.id)
    found = await get_list(house.database, request.path_params["id"])
    await house.database.in_unit(lambda unit: drop_list(unit, found, judge))
    return flash(
        request, redirect(LIST), "The list is dropped. What was decided because of it stays decided."
    )


async def export(request: Request) -> Response:
    """What is decided here, as Mastodon's CSV: domain_blocks or domain_allows."""
    house, which = house_of(request), request.path_params["which"]
    now = house.clock.now()
    marks = [one for one in await find_marks(house.database, "host") if not has_ended(one, now)]
    marks.sort(key=lambda one: one.subject)
    if which == "domain_blocks":
        text = write_blocks(to_entry(one) for one in marks if is_block(one))
    elif which == "domain_allows":
        text = write_allows(one.subject for one in marks if one.decision == APPROVED)
    else:
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="{which}.csv"', "Cache-Control": "no-store"}
    return Response(text, 200, headers, media_type="text/csv")


def is_block(marking: Marking) -> bool:
    """Whether it stands in a list of blocks: limited, suspended, or without pictures or reports (wire.md §3.3)."""
    limits = marking.decision in _SEVERITIES or marking.reject_media or marking.reject_reports
    return limits and marking.decision != APPROVED


def to_entry(marking: Marking) -> Entry:
    """A mark as a row of a list."""
    return Entry(
        marking.subject,
        _SEVERITIES.get(marking.decision, NOOP),
        marking.reject_media,
        marking.reject_reports,
        marking.public_reason,
        marking.obfuscate,
    )


def count_failing(found: list[HostSource]) -> int:
    """How many lists cannot be read for a while, or are suddenly short."""
    return sum(one.failures >= fetching.WARN_AFTER or one.shrunk_to is not None for one in found)


def doors() -> list[Door]:
    """For those who decide about servers."""
    hosts = Permission.HOSTS
    return [
        Door(LIST, lists, hosts),
        Door(LIST, add, hosts, methods=("POST",)),
        Door(f"{LIST}/export/{{which}}.csv", export, hosts),
        Door(f"{LIST}/{{id}}/fetch", fetch_now, hosts, methods=("POST",)),
        Door(f"{LIST}/{{id}}/drop", drop, hosts, methods=("POST",)),
    ]

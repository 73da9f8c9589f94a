"""Other servers: how we get on with each, what waits for it, and what an admin decides about it.

operations.md §1.4 (hold or refuse a host, with a reason), §4.2 (per host: last ok, errors, retry); wire.md §1.6.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..actors.peers import UNAVAILABLE_DAYS, is_resting
from ..errors import NotFound, Refusal
from ..federation.finger import to_host
from ..federation.waiting import retry_now
from ..house import Door, House, house_of
from ..members import Permission, find_account
from ..policy import find_marks, lift_mark, set_mark
from ..policy.marks import HOLD, REFUSE
from ..store import Row, marks
from ..web import Form, admin_tabs, flash, member_of, read_form, redirect, render
from ..words import mark, say

LIST = "/admin/peers"
PAGE = 50
REASON_MAX = 500
LIFT = "lift"
ERRORS = {"reason": "reason", "decision": "decision"}
COLUMNS = (
    "host, software, scheme, failures, failing_days, resting_until_at, last_in_at, last_out_at, last_error, "
    "first_seen_at"
)
SHOWS = {
    "all": "1 = 1",
    "failing": "failures > 0",
    "marked": "EXISTS (SELECT 1 FROM mark WHERE mark.scope = 'host' AND mark.subject = peer.host)",
}
SHOW_WORDS = {"all": mark("All"), "failing": mark("Failing"), "marked": mark("Marked")}
DECISIONS = (
    (HOLD, mark("Hold"), mark("What comes from there waits for a moderator, each time.")),
    (REFUSE, mark("Refuse"), mark("Nothing from there is taken, and nothing is sent there.")),
)

DECIDED = {
    HOLD: mark("%(host)s is held from now on."),
    REFUSE: mark("%(host)s is refused from now on."),
    LIFT: mark("The decision about %(host)s is lifted."),
}


async def servers(request: Request) -> Response:
    """Every server we have spoken with, by name."""
    return await _list_page(request)


async def _list_page(
    request: Request, error: Refusal | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    house = house_of(request)
    show = request.query_params.get("show", "all")
    show = show if show in SHOWS else "all"
    after = request.query_params.get("after", "")[:255]
    rows = await house.database.rows(
        f"SELECT {COLUMNS} FROM peer WHERE {SHOWS[show]} AND host > ? ORDER BY host LIMIT {PAGE}", after
    )
    return await render(
        request,
        "site/servers.html",
        400 if error else 200,
        servers=await _lines(house, rows),
        marks=await find_marks(house.database, "host"),
        show=show,
        shows=[(name, say(SHOW_WORDS[name])) for name in SHOWS],
        decisions=[(value, say(words), say(hint)) for value, words, hint in DECISIONS],
        errors={ERRORS.get(error.code, "host"): error.message} if error else {},
        typed=typed or {},
        newer_url=f"{LIST}?show={show}" if after else None,
        older_url=f"{LIST}?show={show}&after={rows[-1]['host']}" if len(rows) == PAGE else None,
        admin_tabs=await admin_tabs(request),
    )


async def server(request: Request) -> Response:
    """One server in full."""
    house = house_of(request)
    host = _host(request)
    found = await house.database.rows(f"SELECT {COLUMNS} FROM peer WHERE host = ?", host)
    mark = next((row for row in await find_marks(house.database, "host") if row.subject == host), None)
    if not found and mark is None:
        raise NotFound("no-server", "We have never spoken with %(host)s.", host=host)
    by = await find_account(house.database, mark.made_by) if mark else None
    waiting = await house.database.rows(
        "SELECT delivery.id, outbox_item.verb, outbox_item.kind, delivery.attempts, delivery.status, delivery.reason, "
        "delivery.due_at FROM delivery JOIN outbox_item ON outbox_item.id = delivery.outbox_id "
        "WHERE delivery.host = ? AND delivery.state = 'due' ORDER BY delivery.due_at LIMIT 20",
        host,
    )
    return await render(
        request,
        "site/server.html",
        host=host,
        server=(await _lines(house, found))[0] if found else None,
        mark=mark,
        mark_by=by.display_name if by else "",
        wider=house.marks.decision(host) if mark is None else None,
        decisions=[(value, say(words), say(hint)) for value, words, hint in DECISIONS],
        waiting=[row | {"kind": kind_words(house, row["kind"])} for row in waiting],
        admin_tabs=await admin_tabs(request),
    )


async def decide(request: Request) -> Response:
    """The server is held, refused, or neither any more; or the form again, with what is missing."""
    form, house = await read_form(request), house_of(request)
    try:
        host, decision = check_decision(form, house)
    except Refusal as error:
        return await _list_page(request, error, form.values)
    reason, made_by = form.text("reason")[:REASON_MAX], member_of(request).account.id
    async with house.database.unit() as unit:
        if decision == LIFT:
            await lift_mark(unit, scope="host", subject=host)
        else:
            await set_mark(
                unit, scope="host", subject=host, decision=decision, reason=reason, made_by=made_by
            )
    await house.marks.load(house.database)
    return flash(request, redirect(LIST), DECIDED[decision], host=host)


def kind_words(house: House, kind: str) -> str:
    """What people call that kind of thing; nothing for what has no kind."""
    found = house.kinds.get(kind)
    return say(found.label) if found else ""


def check_decision(form: Form, house: House) -> tuple[str, str]:
    """Host and decision of the form; raises Refusal."""
    host, decision = to_host(form.text("host")), form.text("decision")
    if host == house.settings.domain:
        raise Refusal("own-host", "That is this server.")
    if decision not in (HOLD, REFUSE, LIFT):
        raise Refusal("decision", "Choose what to do.")
    if decision != LIFT and not form.text("reason"):
        raise Refusal("reason", "Say why, in a few words: the next admin will want to know.")
    return host, decision


async def retry(request: Request) -> Response:
    """What waits for the server is tried again at once."""
    host = _host(request)
    async with house_of(request).database.unit() as unit:
        await retry_now(unit, host, given_up=False)
    return flash(
        request, redirect(f"{LIST}/{host}"), "Trying again now. Reload in a moment to see how it went."
    )


def _host(request: Request) -> str:
    return to_host(request.path_params["host"])


async def _lines(house: House, rows: list[Row]) -> list[dict[str, Any]]:
    waiting = await _waiting(house, [row["host"] for row in rows])
    now = house.clock.now()
    return [
        row
        | {
            "state": state_of(row, house.marks.decision(row["host"]), now),
            "waiting": waiting.get(row["host"], 0),
        }
        for row in rows
    ]


async def _waiting(house: House, hosts: list[str]) -> dict[str, int]:
    if not hosts:
        return {}
    rows = await house.database.rows(
        f"SELECT host, count(*) AS total FROM delivery WHERE host IN ({marks(len(hosts))}) AND state = 'due' "
        "GROUP BY host",
        *hosts,
    )
    return {row["host"]: int(row["total"]) for row in rows}


def state_of(row: Row, decision: str | None, now: datetime) -> str:
    """One word for how we get on: refused, held, silent, resting, failing or ok."""
    if decision in (HOLD, REFUSE):
        return "held" if decision == HOLD else "refused"
    if row["failing_days"] >= UNAVAILABLE_DAYS:
        return "silent"
    if is_resting(row["resting_until_at"], now):
        return "resting"
    return "failing" if row["failures"] else "ok"


def doors() -> list[Door]:
    """For admins only."""
    admin = Permission.ADMIN
    return [
        Door(LIST, servers, admin),
        Door(LIST, decide, admin, methods=("POST",)),
        Door(f"{LIST}/{{host}}", server, admin),
        Door(f"{LIST}/{{host}}/retry", retry, admin, methods=("POST",)),
    ]

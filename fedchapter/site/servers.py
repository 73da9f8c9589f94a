"""Other servers: how we get on with each, what waits for it, what is decided about it and what that would cut.

operations.md §1.4 (hold or refuse a host, with a reason), §4.2 (per host: last ok, errors, retry); wire.md §1.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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
from ..moderation.actions import ACTIONS, Action, Cut, preview_host
from ..moderation.actions.hosts import NAMED_MAX
from ..moderation.audit import Judge
from ..policy import find_marking, find_marks
from ..policy.marks import APPROVED, HOLD, LIMIT, REFUSE
from ..store import Row, Unit, marks
from ..store.kinds import Reads
from ..web import Form, admin_tabs, flash, member_of, read_form, redirect, render
from ..words import mark, say

LIST = "/admin/peers"
PAGE = 50
REASON_MAX, PUBLIC_REASON_MAX = 500, 500
LIFT, FLAGS, NEVER = "lift", "none", "never"
ERRORS = {"reason": "reason", "decision": "decision", "days": "days"}
# What the form calls a decision, and the action that carries it out.
NAMES = {
    HOLD: "hold-host",
    LIMIT: "limit-host",
    REFUSE: "suspend-host",
    APPROVED: "allow-host",
    FLAGS: "flags-host",
    LIFT: "lift-host",
}
CUTTING = (LIMIT, REFUSE)
FIELDS = (
    "host",
    "decision",
    "reason",
    "public_reason",
    "days",
    "reject_media",
    "reject_reports",
    "obfuscate",
    "seen",
)
WORDS = {
    HOLD: mark("held"),
    LIMIT: mark("limited"),
    REFUSE: mark("suspended"),
    APPROVED: mark("allowed"),
    "": mark("noted"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a form asks for; `cuts`: something between them and us may end or rest by it."""

    host: str
    action: Action
    cuts: bool


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
        decisions=_choices(),
        words=WORDS,
        errors={ERRORS.get(error.code, "host"): error.message} if error else {},
        typed=typed or {},
        newer_url=f"{LIST}?show={show}" if after else None,
        older_url=f"{LIST}?show={show}&after={rows[-1]['host']}" if len(rows) == PAGE else None,
        admin_tabs=await admin_tabs(request),
    )


def _choices() -> list[tuple[str, str, str]]:
    actions = [(value, ACTIONS[name]) for value, name in NAMES.items() if value != LIFT]
    return [(value, say(action.words), say(action.hint)) for value, action in actions]


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
        seen=await _stamp(house.database, host),
        cut=await preview_host(
            house.database,
            host,
            chapter_uri=house.settings.chapter_uri,
            server_uri=house.settings.server_uri,
        ),
        named_max=NAMED_MAX,
        is_admin=member_of(request).may(Permission.ADMIN),
        mark_by=by.display_name if by else "",
        wider=house.marks.decision(host) if mark is None else None,
        decisions=_choices(),
        words=WORDS,
        waiting=[row | {"kind": kind_words(house, row["kind"])} for row in waiting],
        admin_tabs=await admin_tabs(request),
    )


async def decide(request: Request) -> Response:
    """What was chosen stands; before something is cut, the numbers and a question; or the form with what is missing."""
    form, house = await read_form(request), house_of(request)
    try:
        decision = await check_decision(form, house)
        if decision.cuts and form.text("confirmed") != "yes":
            settings = house.settings
            cut = await preview_host(
                house.database,
                decision.host,
                chapter_uri=settings.chapter_uri,
                server_uri=settings.server_uri,
            )
            if not cut.is_nothing:
                return await _ask(request, form, decision, cut)
        batch, said = await _carry_out(request, form, decision)
    except Refusal as error:
        return await _list_page(request, error, form.values)
    undo = f"/admin/decisions/batch/{batch}/undo"
    return flash(request, redirect(f"{LIST}/{decision.host}"), said, undo=undo)


async def _ask(request: Request, form: Form, decision: Decision, cut: Cut) -> Response:
    return await render(
        request,
        "site/server_confirm.html",
        host=decision.host,
        action=decision.action,
        cut=cut,
        named_max=NAMED_MAX,
        fields={name: form.text(name) for name in FIELDS},
        admin_tabs=await admin_tabs(request),
    )


async def _carry_out(request: Request, form: Form, decision: Decision) -> tuple[str, str]:
    house, account = house_of(request), member_of(request).account

    async def work(unit: Unit) -> tuple[str, str]:
        if form.text("seen") and form.text("seen") != await _stamp(unit, decision.host):
            raise Refusal(
                "overtaken", "Somebody else has decided about this server meanwhile. Look at it again."
            )
        batch = unit.new_id()
        judge = Judge(account.id, form.text("reason")[:REASON_MAX], batch=batch)
        options = {name: form.text(name) for name in decision.action.asks}
        return batch, await decision.action.run(unit, house, decision.host, judge, options)

    done = await house.database.in_unit(work)
    await house.marks.load(house.database, house.clock.now())
    return done


async def _stamp(reads: Reads, host: str) -> str:
    """Changes with every decision about the host."""
    found = await find_marking(reads, scope="host", subject=host)
    return found.created_at.isoformat() if found and found.created_at else NEVER


def kind_words(house: House, kind: str) -> str:
    """What people call that kind of thing; nothing for what has no kind."""
    found = house.kinds.get(kind)
    return say(found.label) if found else ""


async def check_decision(form: Form, house: House) -> Decision:
    """Host and action of the form; raises Refusal."""
    host, chosen = to_host(form.text("host")), form.text("decision")
    if host == house.settings.domain:
        raise Refusal("own-host", "That is this server.")
    if chosen not in NAMES:
        raise Refusal("decision", "Choose what to do.")
    if chosen != LIFT and not form.text("reason"):
        raise Refusal("reason", "Say why, in a few words: the next moderator will want to know.")
    return Decision(host, ACTIONS[NAMES[chosen]], cuts=chosen in CUTTING)


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
    """One word for how we get on: refused, held, limited, silent, resting, failing or ok."""
    if decision in (HOLD, LIMIT, REFUSE):
        return {HOLD: "held", LIMIT: "limited", REFUSE: "refused"}[decision]
    if row["failing_days"] >= UNAVAILABLE_DAYS:
        return "silent"
    if is_resting(row["resting_until_at"], now):
        return "resting"
    return "failing" if row["failures"] else "ok"


def doors() -> list[Door]:
    """Deciding about servers is for moderators; how the machine gets on with them for admins."""
    staff, admin = Permission.HOSTS, Permission.ADMIN
    return [
        Door(LIST, servers, staff),
        Door(LIST, decide, staff, methods=("POST",)),
        Door(f"{LIST}/{{host}}", server, staff),
        Door(f"{LIST}/{{host}}/retry", retry, admin, methods=("POST",)),
    ]

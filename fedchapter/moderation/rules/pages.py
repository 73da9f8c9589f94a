"""The page of rules: the list in order, one rule with its form, trying it out, and the storm's switch."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...errors import NotFound, Refusal
from ...house import Door, house_of
from ...members import Permission
from ...policy.book import find_rules
from ...policy.defaults import OTHERWISE
from ...policy.rules import Rule
from ...policy.state import STORM_HOURS, to_storm
from ...store import Unit, marks
from ...store.choices import find_choice
from ...store.ids import new_id
from ...store.kinds import Reads, find_where
from ...web import Form, admin_tabs, flash, member_of, read_form, redirect, render
from ...web.cards import page_path
from ...web.people import people
from ...words import mark, say, say_many
from ..audit import Judge
from . import changing, writing
from .telling import DECISIONS, SORTS, tell
from .trial import Trial, try_rules

LIST = "/admin/rules"
NEW = "new"
# Where a new rule is put unless somebody says otherwise: behind those about people whom we know.
USUAL_PLACE = "storm"
STATES = {
    "shown": mark("shown now"),
    "held": mark("waits"),
    "hidden": mark("hidden"),
    "gone": mark("deleted"),
}
Done = tuple[str, str]
"""What is said, and the line of the log (empty: nothing was changed)."""
Act = Callable[[Unit, str, Judge], Awaitable[Done]]


async def rules(request: Request) -> Response:
    """Every rule, in the order in which they are asked."""
    return await _list_page(request)


async def _list_page(request: Request, error: Refusal | None = None) -> Response:
    house = house_of(request)
    found = await find_rules(house.database)
    storm, now = house.policy.storm, house.clock.now()
    return await render(
        request,
        "moderation/rules.html",
        400 if error else 200,
        rules=[_line(rule, found) for rule in [*found, OTHERWISE]],
        storm_until=storm.until_at if storm and house.policy.is_storm(now) else None,
        storm_hours=[(str(hours), _length(hours)) for hours in STORM_HOURS],
        wave_actors=await find_choice(house.database, "wave_actors"),
        errors={error.code: error.message} if error else {},
        admin_tabs=await admin_tabs(request),
    )


def _length(hours: int) -> str:
    if hours < 48:
        return say_many("%(num)s hour", "%(num)s hours", hours, num=hours)
    return say_many("%(num)s day", "%(num)s days", hours // 24, num=hours // 24)


def _line(rule: Rule, rules_: list[Rule]) -> dict[str, Any]:
    free = [one.key for one in rules_ if not one.fixed]
    return {
        "key": rule.key,
        "name": say(rule.name),
        "why": say(rule.words) if rule.words else "",
        "decision": rule.decision,
        "decides": say(DECISIONS[rule.decision]),
        "conditions": [tell(one) for one in rule.conditions],
        "on": rule.on,
        "expiring": rule.expiring,
        "fixed": rule.fixed,
        "built_in": rule.built_in,
        "first": rule.fixed or rule.key == free[0],
        "last": rule.fixed or rule.key == free[-1],
    }


async def rule(request: Request) -> Response:
    """One rule, to change it; or a new one."""
    key = request.path_params["key"]
    if key == NEW:
        empty = Rule("", "", "", "hold")
        return await _form_page(request, key, writing.to_fields(empty))
    found = _find(await find_rules(house_of(request).database), key)
    return await _form_page(request, key, writing.to_fields(found))


def _find(found: list[Rule], key: str) -> Rule:
    one = next((rule for rule in found if rule.key == key and not rule.fixed), None)
    if one is None:
        raise NotFound("no-rule", "There is no such rule; perhaps somebody deleted it.")
    return one


async def _form_page(
    request: Request,
    key: str,
    fields: Mapping[str, Any],
    error: Refusal | None = None,
    tried: Mapping[str, Any] | None = None,
) -> Response:
    found = await find_rules(house_of(request).database)
    own = next((one for one in found if one.key == key), None)
    return await render(
        request,
        "moderation/rule.html",
        400 if error else 200,
        key=key,
        is_new=key == NEW,
        built_in=own is not None and own.built_in,
        fields=fields,
        controls=writing.controls(),
        decisions=[(value, say(words)) for value, words in DECISIONS.items()],
        places=[(one.key, say(one.name)) for one in found if not one.fixed] + [("", say("at the end"))],
        place=fields["texts"].get("place", USUAL_PLACE),
        errors={error.code: error.message} if error else {},
        tried=tried,
        admin_tabs=await admin_tabs(request),
    )


async def write(request: Request) -> Response:
    """The rule is kept as written, or tried without keeping it; or the form again, with what is missing."""
    key, form, house = request.path_params["key"], await read_form(request), house_of(request)
    found = await find_rules(house.database)
    try:
        written = _written(form, key, found, house.clock.now())
    except Refusal as error:
        return await _form_page(request, key, writing.from_form(form), error)
    if form.text("act") == "try":
        return await _try_page(request, key, form, written, found)
    judge = _judge(request)

    async def save(unit: Unit) -> Done:
        line = await changing.save_rule(unit, written, judge, is_new=key == NEW)
        return say("Saved. The rule holds from now on."), line

    return await _done(request, save)


def _written(form: Form, key: str, found: list[Rule], now: datetime) -> Rule:
    if key != NEW:
        before = _find(found, key)
        return writing.to_rule(form, key, before.position, before)
    place = changing.place_before(found, form.text("place"))
    return writing.to_rule(form, new_id(now), place)


async def _try_page(request: Request, key: str, form: Form, written: Rule, found: list[Rule]) -> Response:
    house = house_of(request)
    others = [one for one in found if one.key != written.key]
    changed = sorted([*others, replace(written, on=True)], key=lambda one: (one.position, one.key))
    trial = await try_rules(house.database, changed, house.clock.now(), key=written.key)
    return await _form_page(request, key, writing.from_form(form), tried=await _told(request, trial))


async def _told(request: Request, trial: Trial) -> dict[str, Any]:
    database = house_of(request).database
    authors = await people(database, [one.actor_uri for one in trial.listed])
    links = await _links(database, [one.uri for one in trial.listed])
    return {
        "looked_at": trial.looked_at,
        "held": trial.held,
        "refused": trial.refused,
        "approved": trial.approved,
        "newly": trial.newly,
        "freed": trial.freed,
        "complete": trial.complete,
        "listed": [
            {
                "handle": authors[one.actor_uri]["handle"],
                "what": say(SORTS[one.what]),
                "at": one.at,
                "was": say(DECISIONS[one.was]),
                "would": say(DECISIONS[one.would]),
                "now": say(STATES[one.state]) if one.state in STATES else "",
                "link": links.get(one.uri, ""),
            }
            for one in trial.listed
        ],
    }


async def _links(reads: Reads, uris: list[str]) -> dict[str, str]:
    """Where each can be looked at: in the queue while it waits, or else on its page."""
    if not uris:
        return {}
    found = await find_where(reads, f"uri IN ({marks(len(uris))}) AND state = 'shown'", *uris)
    links = {known.uri: page_path(known) or "" for known in found}
    waiting = await reads.rows(
        f"SELECT subject_uri, group_key FROM desk_item WHERE state = 'open' AND subject_uri IN ({marks(len(uris))})",
        *uris,
    )
    return links | {row["subject_uri"]: f"/admin/queue/{row['group_key']}" for row in waiting}


async def trial(request: Request) -> Response:
    """What the rules as they stand would have done within the last month; with `rule`, that one."""
    house, key = house_of(request), request.query_params.get("rule", "")
    found = await find_rules(house.database)
    tried = await try_rules(house.database, found, house.clock.now(), key=key)
    one = next((rule for rule in found if rule.key == key), None)
    return await render(
        request,
        "moderation/rules_tried.html",
        name=say(one.name) if one else "",
        tried=await _told(request, tried),
        admin_tabs=await admin_tabs(request),
    )


async def _switch_on(unit: Unit, key: str, judge: Judge) -> Done:
    return say("The rule is on."), await changing.switch_rule(unit, key, judge, on=True)


async def _switch_off(unit: Unit, key: str, judge: Judge) -> Done:
    line = await changing.switch_rule(unit, key, judge, on=False)
    return say("The rule is off: it is not asked any more."), line


async def _delete(unit: Unit, key: str, judge: Judge) -> Done:
    return say("The rule is deleted, or as it was at first."), await changing.delete_rule(unit, key, judge)


async def _up(unit: Unit, key: str, judge: Judge) -> Done:
    line = await changing.move_rule(unit, key, changing.UP, judge)
    return (
        say("It is asked earlier now.") if line else say("It is the first that can be moved already.")
    ), line


async def _down(unit: Unit, key: str, judge: Judge) -> Done:
    line = await changing.move_rule(unit, key, changing.DOWN, judge)
    return (say("It is asked later now.") if line else say("It is the last already.")), line


ACTS: dict[str, Act] = {"on": _switch_on, "off": _switch_off, "delete": _delete, "up": _up, "down": _down}


async def act(request: Request) -> Response:
    """One rule is switched, moved or deleted: fields `act` and `rule`; or how many actors make a wave is chosen."""
    form, judge = await read_form(request), _judge(request)
    if form.text("act") == "wave":
        return await _choose_wave(request, form.text("wave_actors"), judge)
    chosen = ACTS.get(form.text("act"))
    if chosen is None:
        raise Refusal("no-act", "Nothing was chosen. Go back and use one of the buttons.")
    return await _done(request, lambda unit: chosen(unit, form.text("rule"), judge))


async def _choose_wave(request: Request, actors: str, judge: Judge) -> Response:
    async def choose(unit: Unit) -> Done:
        return say("Saved."), await changing.choose_wave(unit, actors, judge)

    try:
        return await _done(request, choose)
    except Refusal as error:
        return await _list_page(request, error)


async def storm(request: Request) -> Response:
    """The storm begins for so many hours, or ends."""
    form, judge = await read_form(request), _judge(request)
    hours = form.text("hours")

    async def change(unit: Unit) -> Done:
        if form.text("act") == "end":
            line = await changing.end_storm(unit, judge)
            return say("The storm is over. What was held in it waits in the queue."), line
        begun = to_storm(int(hours) if hours.isdecimal() else 0, judge.account_id, unit.now)
        line = await changing.begin_storm(unit, begun, judge)
        return say("From now on everything from strangers waits. It ends by itself."), line

    return await _done(request, change)


async def _done(request: Request, work: Callable[[Unit], Awaitable[Done]]) -> Response:
    house = house_of(request)
    said, line = await house.database.in_unit(work)
    # Other processes follow within a second; whoever reads the page next reads it here.
    await house.policy.load(house.database, house.clock.now())
    return flash(request, redirect(LIST), said, undo=f"/admin/decisions/{line}/undo" if line else "")


def _judge(request: Request) -> Judge:
    return Judge(member_of(request).account.id)


def doors() -> list[Door]:
    """All of them."""
    staff = Permission.RULES
    return [
        Door(LIST, rules, staff),
        Door(LIST, act, staff, methods=("POST",)),
        Door(f"{LIST}/storm", storm, staff, methods=("POST",)),
        Door(f"{LIST}/tried", trial, staff),
        Door(f"{LIST}/{{key}}", rule, staff),
        Door(f"{LIST}/{{key}}", write, staff, methods=("POST",)),
    ]

"""The page about moderation for everybody, and the list of servers acted on in Mastodon's form.

Issue "Transparency page"; wire.md §3.3 (masked middle half with the SHA-256 of the name, GET
/api/v1/instance/domain_blocks: domain, digest, severity, comment).
"""

import hashlib
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ...errors import NotFound, Refusal
from ...house import Door, House, house_of
from ...members import Permission
from ...policy import Marking, find_marks
from ...policy.marks import LIMIT, REFUSE, has_ended
from ...store import Unit
from ...store.choices import choose, find_choice
from ...text import render_markdown
from ...web import flash, identity_of, member_of, read_form, redirect, render, viewer_of
from ...words import mark, say
from ..audit import Entry, Judge, Line, verb, write
from ..lists.formats import SILENCE, SUSPEND, mask
from .counts import Numbers, Quarter, about_members, find_quarters, shown_actions

PAGE = "/about/moderation"
CHOICE = "show_hosts"
NOBODY, MEMBERS, EVERYBODY = "nobody", "members", "everybody"
WHO_READS = (
    (NOBODY, mark("Nobody"), mark("Only how many there are.")),
    (MEMBERS, mark("Members"), mark("Signed in.")),
    (EVERYBODY, mark("Everybody"), mark("On this page, and for other servers that ask.")),
)
# Numbers about members below this are told as "fewer than".
ROUGH = 5
_SEVERITIES = {REFUSE: SUSPEND, LIMIT: SILENCE}
_WORDS = {REFUSE: mark("suspended"), LIMIT: mark("limited")}


async def moderation(request: Request) -> Response:
    """How this place is moderated."""
    house, identity, viewer = house_of(request), await identity_of(request), viewer_of(request)
    choice = identity.choices[CHOICE]
    acted = await _acted_on(house)
    sees = choice == EVERYBODY or (choice == MEMBERS and viewer is not None)
    quarters = await find_quarters(house.database, house.clock.now())
    return await render(
        request,
        "moderation/public.html",
        rules_html=render_markdown(identity.choices["rules"], breaks=False),
        hosts=[_line(one) for one in acted] if sees else None,
        host_count=len(acted),
        choice=choice,
        closed=house.marks.closed,
        quarters=[
            _quarter(quarter, numbers, running=n == 0) for n, (quarter, numbers) in enumerate(quarters)
        ],
        who_reads=[(value, say(words), say(hint)) for value, words, hint in WHO_READS],
        may_choose=viewer is not None and viewer.may(Permission.HOSTS),
    )


async def _acted_on(house: House) -> list[Marking]:
    now = house.clock.now()
    found = await find_marks(house.database, "host")
    acted = [one for one in found if one.decision in _SEVERITIES and not has_ended(one, now)]
    return sorted(acted, key=lambda one: one.subject)


def _line(marking: Marking) -> dict[str, Any]:
    name = mask(marking.subject) if marking.obfuscate else marking.subject
    return {"host": name, "words": say(_WORDS[marking.decision]), "reason": marking.public_reason}


def _quarter(quarter: Quarter, numbers: Numbers, *, running: bool) -> dict[str, Any]:
    members = about_members(numbers)
    return {
        "name": f"{quarter.year}/{quarter.number}",
        "from_at": quarter.from_at,
        "running": running,
        "numbers": numbers,
        "days": round(numbers.hours / 24) if numbers.hours is not None and numbers.hours >= 48 else None,
        "actions": [(say(words), total) for words, total in shown_actions(numbers)],
        "members": _roughly(members),
        "appeals": _roughly(numbers.appeals),
        "upheld": _roughly(numbers.upheld),
    }


def _roughly(number: int) -> str:
    """Small numbers about members are not told exactly: in a small chapter one could be recognized."""
    if not number:
        return say("none")
    return say("fewer than %(number)s", number=ROUGH) if number < ROUGH else str(number)


async def choose_readers(request: Request) -> Response:
    """Who reads which servers were acted on."""
    form, house = await read_form(request), house_of(request)
    value, judge = form.text("show_hosts"), Judge(member_of(request).account.id)
    if value not in {name for name, _, _ in WHO_READS}:
        raise Refusal("show-hosts", "Choose who may read it.")

    async def work(unit: Unit) -> None:
        before = await find_choice(unit, CHOICE)
        if before == value:
            return
        await choose(unit, CHOICE, value)
        await write(unit, Entry(SHOW_HOSTS, unit.settings.domain, before={"was": before}), judge)

    await house.database.in_unit(work)
    request.app.state.identity.forget()
    return flash(request, redirect(PAGE), "Saved.")


async def _undo_choice(unit: Unit, line: Line, judge: Judge) -> None:
    await choose(unit, CHOICE, line.before["was"])


async def domain_blocks(request: Request) -> Response:
    """The servers acted on, as Mastodon lists them; absent unless everybody may read them."""
    house = house_of(request)
    if await find_choice(house.database, CHOICE) != EVERYBODY:
        raise NotFound
    listed = [
        {
            "domain": mask(one.subject) if one.obfuscate else one.subject,
            "digest": hashlib.sha256(one.subject.encode()).hexdigest(),
            "severity": _SEVERITIES[one.decision],
            "comment": one.public_reason,
        }
        for one in await _acted_on(house)
    ]
    headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return Response(msgspec.json.encode(listed), 200, headers, media_type="application/json")


def doors() -> list[Door]:
    """The page is for everybody."""
    return [
        Door(PAGE, moderation, Permission.ANYONE),
        Door(PAGE, choose_readers, Permission.HOSTS, methods=("POST",)),
        Door("/api/v1/instance/domain_blocks", domain_blocks, Permission.ANYONE),
    ]


SHOW_HOSTS = verb(
    "show-hosts",
    mark("Changed who reads which servers were acted on"),
    mark("Undone: changed who reads"),
    undo=_undo_choice,
)

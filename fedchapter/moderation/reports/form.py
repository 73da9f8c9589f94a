"""The report form for anybody, with or without an account: what is reported, why, and whether one wants to be told.

Works without scripts and without a picture puzzle: limits by address and account, a field that only programs fill in,
and a sealed moment that a form is not older or younger than people are. operations.md §1.1, §1.6 (nothing pretends to
have been taken: whoever is turned away is told so).
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from ...actors import find_actor
from ...errors import NotFound, Refusal
from ...house import Door, House, house_of
from ...mail.letter import to_address
from ...members import Permission
from ...members.accounts import normal_email
from ...store import Unit, find_known
from ...store.sealed import seal, unseal
from ...text import excerpt, plain, render_markdown
from ...web import Form, flash, identity_of, read_form, redirect, render
from ...web.address import limit_key
from ...web.cards import page_path
from ...web.guard import viewer_of
from ...web.people import people
from ...words import mark, say, spoken
from .draft import CATEGORIES, FORM_CHARS_MAX, MEMBER, PRIVATE, RULE, VISITOR, Report
from .naming import SEEN
from .receive import Received, receive_report
from .telling import ask_to_confirm

PAGE, MINE, OWN, SEND = "/report", "/report/mine", "/me/reports", "/admin/reports/send"
FORM_PURPOSE, PURPOSE = "report-form", "report"
QUICKEST, OLDEST = timedelta(seconds=3), timedelta(hours=12)
RULES_MAX, RULE_CHARS_MAX = 40, 300
URI_CHARS_MAX = 1024
WAIT = mark("That were many reports at once. Please wait an hour, or write to the chapter.")


async def show(request: Request) -> Response:
    """The form, about the `uri` in the query; without one it asks for the address."""
    uri = request.query_params.get("uri", "").strip()[:URI_CHARS_MAX]
    subject = await _find_subject(request, uri) if uri else None
    if uri and subject is None:
        raise NotFound("no-object", "What this is about is not here any more.")
    return await _page(request, {"uri": uri}, subject)


async def take(request: Request) -> Response:
    """The report is stored; or the form again with what is wrong, and everything that was written."""
    form, house = await read_form(request), house_of(request)
    viewer = viewer_of(request)
    values = _values(form)
    subject = await _find_subject(request, values["uri"])
    errors = _check(values, subject)
    if viewer is None:
        errors |= _check_visitor(house, form, values)
    if errors or subject is None:
        return await _page(request, values, subject, errors, form.text("since"))
    _check_pace(house, request, viewer.account.id if viewer else "", values["email"])
    rule = values["rule"] if values["rule"] in await _rules(request) else ""
    report = Report(
        MEMBER if viewer else VISITOR,
        (values["uri"],),
        _readable(values["text"]),
        values["category"],
        rule if values["category"] == RULE else "",
        account_id=viewer.account.id if viewer else "",
        language=spoken(),
    )
    email = "" if viewer else values["email"]
    received = await house.database.in_unit(lambda unit: _receive(unit, report, email))
    if viewer is not None:
        return flash(request, redirect(OWN), _said(received))
    token = seal(house.secret, PURPOSE, received.first_id)
    return flash(request, redirect(f"{MINE}/{token}"), _said(received))


def _said(received: Received) -> str:
    if received.set_aside:
        return "Thank you. Nobody sees it now until a moderator has looked."
    if received.fine:
        return "Thank you. The moderators looked at this before, and it has not changed since."
    return "Thank you. The moderators will look at it. Whoever wrote it is not told who you are."


async def _receive(unit: Unit, report: Report, email: str) -> Received:
    received = await receive_report(unit, report)
    if email and received.new:
        await ask_to_confirm(unit, received.first_id, email)
    return received


def _values(form: Form) -> dict[str, str]:
    """What was written, within its limits."""
    return {
        "uri": form.text("uri")[:URI_CHARS_MAX],
        "category": form.text("category"),
        "rule": form.text("rule")[:RULE_CHARS_MAX],
        "text": form.text("text"),
        "email": form.text("email")[:320],
    }


def _check(values: dict[str, str], subject: dict[str, Any] | None) -> dict[str, str]:
    errors: dict[str, str] = {}
    if subject is None:
        errors["uri"] = say("We do not know this address. Open the page here, and press “Report” there.")
    if values["category"] not in CATEGORIES:
        errors["category"] = say("Please choose what is wrong with it.")
    if len(values["text"]) > FORM_CHARS_MAX:
        errors["text"] = say(
            "Please shorten this: %(count)s of at most %(max)s signs.",
            count=len(values["text"]),
            max=FORM_CHARS_MAX,
        )
    return errors


def _check_visitor(house: House, form: Form, values: dict[str, str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    if form.text("website"):
        errors["website"] = say("Please leave this field empty: only programs fill it in.")
    if not _is_human_pace(house, form.text("since")):
        errors["since"] = say("Please press the button once more.")
    if values["email"]:
        try:
            to_address(normal_email(values["email"]))
        except Refusal:
            errors["email"] = say("Please write an e-mail address like name@example.org.")
    return errors


def _is_human_pace(house: House, since: str) -> bool:
    """Whether the form was opened neither a moment ago nor yesterday."""
    opened = unseal(house.secret, FORM_PURPOSE, since)
    if opened is None:
        return False
    return QUICKEST <= house.clock.now() - datetime.fromisoformat(opened) <= OLDEST


def _moment(house: House, since: str) -> str:
    """When the form was opened, sealed: as it says itself, unless that was yesterday or is none of ours."""
    now = house.clock.now()
    opened = unseal(house.secret, FORM_PURPOSE, since)
    if opened is not None and now - datetime.fromisoformat(opened) <= OLDEST:
        return since
    return seal(house.secret, FORM_PURPOSE, now.isoformat())


def _check_pace(house: House, request: Request, account_id: str, email: str) -> None:
    house.limits.check("report", account_id or limit_key(request), WAIT)
    if email and not account_id:
        # Whoever it belongs to gets no more of our letters than by any other form.
        house.limits.check("ask-mail", normal_email(email), WAIT)


def _readable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign == "\n")


async def _find_subject(request: Request, uri: str) -> dict[str, Any] | None:
    """What is shown of it above the form; None when it is not here, or not shown to whoever asks."""
    reads = house_of(request).database
    known = await find_known(reads, uri)
    if known is not None:
        is_open = known.visibility in SEEN and (known.visibility != "followers" or viewer_of(request))
        if known.state != "shown" or not is_open:
            return None
        author = (await people(reads, [known.owner_uri]))[known.owner_uri]
        text = known.title or excerpt(known.html, 200)
        path = page_path(known)
        return {"author": author, "text": text, "path": path, "is_post": True, "away": not known.local}
    actor = await find_actor(reads, uri) if uri else None
    if actor is None or actor.state == "gone":
        return None
    return {
        "author": (await people(reads, [uri]))[uri],
        "text": "",
        "path": "",
        "is_post": False,
        "away": not actor.local,
    }


async def _rules(request: Request) -> list[str]:
    return rules_in((await identity_of(request)).choices["rules"])


def rules_in(source: str) -> list[str]:
    """The items of the lists in the chapter's rules, as plain text; none where they are told in sentences."""
    lines = [line.strip() for line in source.splitlines()]
    items = [line for line in lines if line[:2] in ("- ", "* ", "+ ") or _is_numbered(line)]
    texts = [plain(render_markdown(item.partition(" ")[2])) for item in items[:RULES_MAX]]
    return [" ".join(text.split())[:RULE_CHARS_MAX] for text in texts if text.strip()]


def _is_numbered(line: str) -> bool:
    number, dot, _ = line.partition(". ")
    return bool(dot) and number.isdigit() and len(number) <= 3


async def _page(
    request: Request,
    values: dict[str, str],
    subject: dict[str, Any] | None,
    errors: dict[str, str] | None = None,
    since: str = "",
) -> Response:
    house = house_of(request)
    viewer = viewer_of(request)
    may_send = viewer is not None and viewer.may(Permission.REPORTS)
    return await render(
        request,
        "moderation/report_form.html",
        400 if errors else 200,
        values=values,
        subject=subject,
        errors=errors or {},
        categories=[(name, say(words)) for name, words in CATEGORIES.items()],
        private=PRIVATE,
        rules=await _rules(request),
        chars_max=FORM_CHARS_MAX,
        since="" if viewer else _moment(house, since),
        send_url=f"{SEND}?uri={quote(values['uri'], safe='')}"
        if may_send and subject and subject["away"]
        else "",
        noindex=True,
    )


def doors() -> list[Door]:
    """Both."""
    anyone = Permission.ANYONE
    return [Door(PAGE, show, anyone), Door(PAGE, take, anyone, methods=("POST",))]

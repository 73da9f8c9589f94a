"""What a member is told, and how: one place for every kind and channel, signed in or by the link in each letter.

Issue of notifications; RFC 8058 §3 (a POST of a mail program stops one kind at once, without cookies or redirects; a
GET changes nothing, because mail scanners follow links). The link shows no name and no address: whoever has it can
change what mail comes, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal
from ..house import Door, house_of
from ..members import AccountRow, Permission, Viewer, find_account
from ..notices.channels import ALL_DIGESTS, ALWAYS_ON_PAGE, DIGEST, LOCKED, NONE, ONCE, Channels
from ..notices.draft import KINDS
from ..notices.manner import DAY, WEEK, Manner
from ..notices.way_out import read_token
from ..notices.wishes import Wishes, find_reach, find_wishes, save_wishes, stop_mail
from ..text.zones import zone_names
from ..web import Form, flash, member_of, read_form, redirect, render
from ..words import mark, say

PATH = "/me/notifications"
# Only whoever may do something about it is told.
FOR = {
    "desk": Permission.PUBLISH,
    "people": Permission.PEOPLE,
    "moderation": Permission.MODERATE,
}
MAILS = ((ONCE, mark("At once")), (DIGEST, mark("In the digest")), (NONE, mark("No e-mail")))
WEEKDAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
FIELDS = {"zone": "zone", "quiet": "quiet_from", "digest": "digest_hour", "pause": "paused_until"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Whose settings are shown, where the form goes, and whether only those of mail are."""

    account: AccountRow
    action: str
    kinds: tuple[str, ...]
    has_email: bool
    linked: bool
    mail_only: bool = False


def kinds_for(viewer: Viewer) -> tuple[str, ...]:
    """The kinds that they can be told."""
    return tuple(kind for kind in KINDS if kind not in FOR or viewer.may(FOR[kind]))


async def show(request: Request) -> Response:
    """The settings of whoever is signed in."""
    return await _page(request, await _own_sheet(request))


async def save(request: Request) -> Response:
    """They are told so from now on."""
    return await _save(request, await _own_sheet(request))


async def _own_sheet(request: Request) -> Sheet:
    viewer = member_of(request)
    reach = await find_reach(house_of(request).database, viewer.account.id)
    return Sheet(viewer.account, PATH, kinds_for(viewer), *reach)


async def show_mail(request: Request) -> Response:
    """The settings of mail that a link in a letter opens."""
    return await _page(request, await _sheet_of_link(request))


async def save_mail(request: Request) -> Response:
    """Mail comes so from now on."""
    return await _save(request, await _sheet_of_link(request))


async def _sheet_of_link(request: Request) -> Sheet:
    house = house_of(request)
    account_id = read_token(house.secret, request.path_params["token"])
    account = await find_account(house.database, account_id) if account_id else None
    if account is None:
        raise NotFound(
            "no-list", "This link is incomplete. Copy it whole from the mail, or answer to the mail."
        )
    # Which kinds there are would say what they may do here.
    kinds = tuple(kind for kind in KINDS if kind not in FOR and kind not in LOCKED)
    reach = await find_reach(house.database, account.id)
    return Sheet(account, f"/mail/{request.path_params['token']}", kinds, *reach, mail_only=True)


async def ask_to_stop(request: Request) -> Response:
    """The page with the button; nothing has changed."""
    return await _stop_page(request, await _sheet_of_link(request), stopped=False)


async def stop(request: Request) -> Response:
    """No more mail of that kind comes."""
    sheet, kind = await _sheet_of_link(request), _kind_of(request)
    async with house_of(request).database.unit() as unit:
        await stop_mail(unit, sheet.account, kind)
    return await _stop_page(request, sheet, stopped=True)


def _kind_of(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind != ALL_DIGESTS and (kind not in KINDS or kind in LOCKED):
        raise NotFound
    return kind


async def _stop_page(request: Request, sheet: Sheet, *, stopped: bool) -> Response:
    kind = _kind_of(request)
    return await render(
        request,
        "site/mail_stop.html",
        stopped=stopped,
        what=say("Everything that comes in the digest") if kind == ALL_DIGESTS else say(KINDS[kind]),
        action=request.url.path,
        all_url=sheet.action,
        noindex=True,
    )


async def _save(request: Request, sheet: Sheet) -> Response:
    form, house = await read_form(request), house_of(request)
    try:
        async with house.database.unit() as unit:
            before = await find_wishes(unit, sheet.account)
            wishes = Wishes(_channels(form, sheet, before.channels), _manner(form, before.manner))
            await save_wishes(unit, sheet.account, wishes)
    except Refusal as error:
        if error.code not in FIELDS:
            raise
        return await _page(request, sheet, form, {FIELDS[error.code]: error.message}, status=error.status)
    return flash(request, redirect(sheet.action), "Saved.")


def _channels(form: Form, sheet: Sheet, before: Mapping[str, Channels]) -> dict[str, Channels]:
    """What the form says; what it does not ask (messages to nobody, the page by a link) stays."""
    found = dict(before)
    for kind in sheet.kinds:
        page, message = before[kind].page, before[kind].message
        if not sheet.mail_only:
            page = form.yes(f"page_{kind}")
            message = form.yes(f"message_{kind}") if sheet.linked else message
        mail = NONE if form.yes("nothing") else form.text(f"mail_{kind}", before[kind].mail)
        found[kind] = Channels(page, mail, message)
    return found


def _manner(form: Form, before: Manner) -> Manner:
    hour, weekday = form.text("digest_hour"), form.text("digest_weekday")
    return Manner(
        zone=form.text("zone", before.zone),
        quiet_from=form.text("quiet_from"),
        quiet_to=form.text("quiet_to"),
        paused_until=_day(form.text("paused_until")),
        digest_every=form.text("digest_every", before.digest_every),
        digest_hour=int(hour) if hour.isascii() and hour.isdigit() else before.digest_hour,
        digest_weekday=int(weekday) if weekday.isascii() and weekday.isdigit() else before.digest_weekday,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("pause", "Give a day such as 2027-01-31, or leave it empty.") from error


async def _page(
    request: Request,
    sheet: Sheet,
    form: Form | None = None,
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    house = house_of(request)
    wishes = await find_wishes(house.database, sheet.account)
    channels = _channels(form, sheet, wishes.channels) if form else wishes.channels
    return await render(
        request,
        "site/mail_settings.html" if sheet.mail_only else "site/notifications.html",
        status,
        action=sheet.action,
        kinds=[_kind_row(kind, channels[kind]) for kind in sheet.kinds],
        mails=[(value, say(words)) for value, words in MAILS],
        typed=_typed(wishes.manner) | (dict(form.values) if form else {}),
        zones=[(name, name.replace("_", " ")) for name in zone_names()],
        everies=[(DAY, say("Every day")), (WEEK, say("Once a week"))],
        weekdays=[(str(number), say(day)) for number, day in enumerate(WEEKDAYS)],
        hours=[(str(hour), f"{hour:02}:00") for hour in range(24)],
        has_email=sheet.has_email,
        linked=sheet.linked,
        errors=errors or {},
        noindex=True,
    )


def _kind_row(kind: str, channels: Channels) -> dict[str, Any]:
    return {
        "kind": kind,
        "label": say(KINDS[kind]),
        "page": channels.page,
        "page_always": kind in ALWAYS_ON_PAGE,
        "mail": channels.mail,
        "message": channels.message,
        "locked": kind in LOCKED,
    }


def _typed(manner: Manner) -> dict[str, str]:
    return {
        "zone": manner.zone,
        "quiet_from": manner.quiet_from,
        "quiet_to": manner.quiet_to,
        "paused_until": manner.paused_until.isoformat() if manner.paused_until else "",
        "digest_every": manner.digest_every,
        "digest_hour": str(manner.digest_hour),
        "digest_weekday": str(manner.digest_weekday),
    }


def doors() -> list[Door]:
    """One's own, and those that a letter opens."""
    stop_path, mail_path = "/mail/{token}/stop/{kind}", "/mail/{token}"
    return [
        Door(PATH, show, Permission.MEMBER),
        Door(PATH, save, Permission.MEMBER, methods=("POST",)),
        Door(mail_path, show_mail, Permission.TOKEN),
        Door(mail_path, save_mail, Permission.TOKEN, methods=("POST",)),
        Door(stop_path, ask_to_stop, Permission.TOKEN),
        Door(stop_path, stop, Permission.TOKEN, methods=("POST",)),
    ]

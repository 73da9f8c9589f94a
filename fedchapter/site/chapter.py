"""The chapter's settings that an admin changes on a page; what decides identity and safety is in the settings file.

operations.md §1.4 (hold first replies), D2 (the picture is drawn anew); AGPL-3.0 §13 (where the source is).
"""

from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from ..actors import get_actor
from ..errors import Refusal
from ..house import Door, House, house_of
from ..media import reencode
from ..media.uploads import Stored, drop_uploads, find_used_by, keep_upload, use_upload
from ..members import Permission
from ..objects.profile.service import update_chapter
from ..store import Unit
from ..store.choices import ACCENTS, DEFAULTS, choose, find_choices
from ..text import plain, render_markdown
from ..text.zones import check_zone, zone_names
from ..vocab.uris import is_uri
from ..web import Form, admin_tabs, flash, member_of, read_form, redirect, render
from ..words import LANGUAGES, mark, say

PAGE = "/admin/settings"
ICON_SIDE = 512
COLOURS = {
    "red": mark("Red"),
    "green": mark("Green"),
    "blue": mark("Blue"),
    "ochre": mark("Ochre"),
    "plum": mark("Plum"),
    "teal": mark("Teal"),
}
QUOTES = (("public", mark("Everybody")), ("followers", mark("Followers")), ("nobody", mark("Nobody")))
LONGEST = {
    "tagline": 150,
    "contact": 200,
    "source_url": 1024,
    "summary": 5000,
    "about": 20_000,
    "rules": 20_000,
}
TICKS = ("approve_followers", "hold_first_replies", "staff_second_factor", "two_for_sisters")
PICTURES, PICTURES_MB_MAX = "remote_pictures_mb", 1_000_000
FIELDS = {"chapter-name": "name", "chapter-text": "summary", "text-too-long": "summary", "zone": "timezone"}


async def show(request: Request) -> Response:
    """The settings as they are."""
    return await _page(request, await find_values(house_of(request)))


async def find_values(house: House) -> dict[str, str]:
    """Every field of the form as it stands; the summary as the Markdown it was made from."""
    actor = await get_actor(house.database, house.settings.chapter_uri)
    values = await find_choices(house.database)
    values["language"] = await house.database.language()
    if not values["summary"]:
        values["summary"] = plain(actor.summary)
    return values | {"name": actor.name}


async def save(request: Request) -> Response:
    """Saved, and followers are told of a new name, text or picture; or the form again, with what is wrong."""
    form, house = await read_form(request), house_of(request)
    values = read_values(form)
    errors = check(values)
    if not errors:
        errors = await _save(request, house, form, values)
    if errors:
        return await _page(request, values, errors)
    request.app.state.identity.forget()
    house.database.forget_language()
    return flash(request, redirect(PAGE), "Saved.")


async def _save(request: Request, house: House, form: Form, values: dict[str, str]) -> dict[str, str]:
    try:
        stored = await store_icon(house, form)
    except Refusal as error:
        return {"icon": error.message}
    try:
        async with house.database.unit() as unit:
            icon, old = await _icon(unit, stored, member_of(request).account.id)
            await _write(unit, values, icon)
    except Refusal as error:
        return {FIELDS.get(error.code, "name"): error.message}
    for name in old:
        await house.shelf.delete(name)
    return {}


def read_values(form: Form) -> dict[str, str]:
    """What the form says, by the names of the settings."""
    names = ("name", "accent", "timezone", "language", "quotes", *LONGEST)
    ticks = {name: "yes" if form.yes(name) else "no" for name in TICKS}
    megabytes = form.text(PICTURES) or DEFAULTS[PICTURES]
    return {name: form.text(name) for name in names} | ticks | {PICTURES: megabytes}


def check(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by field."""
    errors = {
        name: say("At most %(max)s characters.", max=most)
        for name, most in LONGEST.items()
        if len(values[name]) > most
    }
    checks: dict[str, tuple[Callable[[str], bool], str]] = {
        "accent": (ACCENTS.__contains__, say("Choose one of the colours.")),
        "quotes": (dict(QUOTES).__contains__, say("Choose who may quote.")),
        "language": (lambda text: not text or text in LANGUAGES, say("Choose one of the languages.")),
        "timezone": (_is_zone, say("Choose a time zone from the list.")),
        "source_url": (lambda text: not text or is_uri(text), say("An address begins with https://.")),
        "tagline": (lambda text: "\n" not in text, say("This is one line.")),
        PICTURES: (_is_megabytes, say("Give a number of megabytes from 0 to %(max)s.", max=PICTURES_MB_MAX)),
    }
    return {name: words for name, (is_fine, words) in checks.items() if not is_fine(values[name])} | errors


def _is_megabytes(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= PICTURES_MB_MAX


def _is_zone(name: str) -> bool:
    try:
        check_zone(name)
    except Refusal:
        return False
    return True


async def store_icon(house: House, form: Form) -> Stored | None:
    """The uploaded picture, small and drawn anew, lies on the shelf; None if there was none."""
    files = form.files.get("icon", ())
    if not files:
        return None
    picture = await reencode(files[0].data, max_side=ICON_SIDE)
    file_name = await house.shelf.put(picture.data, picture.extension)
    thumbnail = await house.shelf.put(picture.thumbnail, "webp")
    return Stored(file_name, thumbnail, picture.media_type, picture.width, picture.height, picture.sha256)


async def _icon(unit: Unit, stored: Stored | None, account_id: str) -> tuple[str | None, list[str]]:
    """The address of the new picture (None: unchanged), and files that nothing names any more."""
    if stored is None:
        return None, []
    uri = unit.settings.chapter_uri
    old = await drop_uploads(unit, [row.id for row in await find_used_by(unit, uri)])
    row = await keep_upload(unit, stored, account_id=account_id)
    await use_upload(unit, row.id, uri=uri, alt="")
    return unit.settings.uri(row.path.removeprefix("/")), old


async def _write(unit: Unit, values: Mapping[str, str], icon: str | None) -> None:
    before = await get_actor(unit, unit.settings.chapter_uri)
    summary = render_markdown(values["summary"])
    approves = values["approve_followers"] == "yes"
    is_new = (before.name, before.summary, before.approves_followers) != (values["name"], summary, approves)
    if is_new or icon is not None:
        await update_chapter(
            unit, name=values["name"], summary=summary, icon=icon, approves_followers=approves
        )
    for name in ("accent", "timezone", "language", "quotes", PICTURES, *LONGEST, *TICKS):
        await choose(unit, name, values[name])


async def _page(
    request: Request, values: Mapping[str, str], errors: dict[str, str] | None = None
) -> Response:
    return await render(
        request,
        "site/settings.html",
        400 if errors else 200,
        values=values,
        errors=errors or {},
        accents=[(name, say(COLOURS[name])) for name in ACCENTS],
        zones=[(name, name.replace("_", " ")) for name in zone_names()],
        tongues=list(LANGUAGES.items()),
        quotes=[(value, say(words)) for value, words in QUOTES],
        longest=LONGEST,
        admin_tabs=await admin_tabs(request),
    )


def doors() -> list[Door]:
    """For admins."""
    return [
        Door(PAGE, show, Permission.ADMIN),
        Door(PAGE, save, Permission.ADMIN, methods=("POST",)),
    ]

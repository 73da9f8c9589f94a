"""Writing, editing, cancelling and deleting an event, for staff.

DESIGN §6.7: what is wrong stands beside its field, and nothing typed is lost.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ....errors import Refusal
from ....house import house_of
from ....media.uploads import Stored, store_upload
from ....store import Unit
from ....text import zones
from ....web import Form, flash, identity_of, member_of, read_form, redirect, render
from ....web.admin import admin_tabs
from ....web.voices import check_voice, find_voice, voices_of
from ....words import mark, say
from ..draft import CONFIRMED, FREE, Event, EventDraft
from ..service import ours, pictures, rows

LANGUAGES = (
    ("en", "English"), ("es", "Español"), ("de", "Deutsch"), ("fr", "Français"), ("it", "Italiano"),
    ("pt", "Português"), ("nl", "Nederlands"), ("pl", "Polski"), ("tr", "Türkçe"), ("ar", "العربية"),
)  # fmt: skip
CATEGORIES = (
    ("MOVEMENTS_POLITICS", mark("Movements and politics")),
    ("MEETING", mark("Meeting")),
    ("COMMUNITY", mark("Community")),
    ("CAUSES", mark("Causes")),
    ("LEARNING", mark("Learning")),
    ("PARTY", mark("Party")),
)
_EMPTY = {
    "title": "", "text": "", "start_date": "", "start_time": "19:00", "end_date": "", "end_time": "",
    "place_name": "", "street": "", "town": "", "online_url": "", "capacity": "", "join_url": "", "alt": "",
    "category": "MOVEMENTS_POLITICS", "status": CONFIRMED, "join_mode": FREE, "as": "", "shared": "",
}  # fmt: skip


async def new(request: Request) -> Response:
    """An empty form in the chapter's zone and language."""
    zone = str((await identity_of(request)).zone)
    values = _EMPTY | {"zone": zone, "language": house_of(request).settings.language}
    return await _form(request, values, event=None)


async def publish(request: Request) -> Response:
    """The event is published, or the form comes back with what is wrong."""
    form = await read_form(request)
    draft, problems = to_draft(form)
    if draft is None or problems:
        return await _form(request, _typed(form), event=None, problems=problems)
    house, voice = house_of(request), await find_voice(request, form.text("as"))
    draft = replace(draft, owner_uri=voice.uri, shared=form.yes("shared"))
    try:
        stored = await _stored(request, form)
        async with house.database.unit() as unit:
            event = await ours.publish_event(unit, await _with_picture(unit, request, form, draft, stored))
    except Refusal as error:
        return await _form(request, _typed(form), event=None, problems=[_picture_problem(error)])
    return flash(request, redirect(f"/events/{event.id}"), "The event is published.")


async def _stored(request: Request, form: Form) -> Stored | None:
    """The picture that was sent, drawn anew and on the shelf; raises Refusal."""
    sent = form.files.get("file", ())
    if not sent:
        return None
    if not form.text("alt"):
        raise Refusal("alt", "Describe the picture for people who cannot see it, and choose it once more.")
    return await store_upload(house_of(request).shelf, sent[0].data)


async def _with_picture(
    unit: Unit, request: Request, form: Form, draft: EventDraft, stored: Stored | None
) -> EventDraft:
    if stored is None:
        return draft
    account_id = member_of(request).account.id
    picture = await pictures.attach(unit, stored, account_id=account_id, alt=form.text("alt"))
    return replace(draft, picture=picture)


def _picture_problem(error: Refusal) -> ours.Problem:
    return ours.Problem("file" if error.code.startswith("image") else error.code, error.message)


async def edit(request: Request) -> Response:
    """The event in the form."""
    event = await own_event(request)
    return await _form(request, _values(event), event=event)


async def save(request: Request) -> Response:
    """The changes are published, or the form comes back."""
    house, event = house_of(request), await own_event(request)
    form = await read_form(request)
    kept = "" if form.yes("remove_picture") else event.picture
    draft, problems = to_draft(form, picture=pictures.described(kept, form.text("alt")))
    if kept and not form.text("alt"):
        problems.append(ours.Problem("alt", say("Describe the picture for people who cannot see it.")))
    if draft is None or problems:
        return await _form(request, _typed(form), event=event, problems=problems)
    try:
        stored = await _stored(request, form)
        async with house.database.unit() as unit:
            wanted = await _with_picture(unit, request, form, draft, stored)
            await ours.edit_event(unit, event.id, wanted)
    except Refusal as error:
        return await _form(request, _typed(form), event=event, problems=[_picture_problem(error)])
    return flash(request, redirect(f"/events/{event.id}"), "The changes are published.")


async def confirm(request: Request) -> Response:
    """The question before it is cancelled or deleted: neither can be taken back."""
    event = await own_event(request)
    act = request.url.path.rpartition("/")[2]
    return await render(request, "event/confirm.html", event=event, act=act, noindex=True)


async def cancel(request: Request) -> Response:
    """The event is marked as cancelled, and followers are told."""
    event = await own_event(request)
    async with house_of(request).database.unit() as unit:
        await ours.cancel_event(unit, event.id)
    return flash(
        request, redirect(f"/events/{event.id}"), "The event is cancelled, and everybody was told.", "warn"
    )


async def delete(request: Request) -> Response:
    """The event is gone."""
    event = await own_event(request)
    async with house_of(request).database.unit() as unit:
        await ours.delete_event(unit, event.id)
    return flash(request, redirect("/events"), "The event is deleted, with all answers to it.")


async def own_event(request: Request) -> Event:
    """The event in the address, if one speaks for whose it is; raises NotFound and Forbidden."""
    event = await rows.get_own(house_of(request).database, request.path_params["id"])
    await check_voice(request, event.owner_uri)
    return event


def to_draft(form: Form, *, picture: str = "") -> tuple[EventDraft | None, list[ours.Problem]]:
    """The form as a draft, with all that is wrong with it; no draft when the times cannot be read."""
    problems: list[ours.Problem] = []
    zone = form.text("zone")
    start_at = _moment(form, "start", zone, problems)
    end_at = None
    if form.text("end_date") or form.text("end_time"):
        end_at = _moment(form, "end", zone, problems, default_day=form.text("start_date"))
    capacity = form.text("capacity")
    if capacity and not (capacity.isascii() and capacity.isdigit() and len(capacity) < 10):
        problems.append(
            ours.Problem("capacity", say("Give a number of places, or leave it empty for no limit."))
        )
        capacity = ""
    if start_at is None:
        return None, problems
    draft = EventDraft(
        title=" ".join(form.text("title").split()),
        text=form.text("text"),
        start_at=start_at,
        end_at=end_at,
        zone=zone,
        place_name=form.text("place_name"),
        street=form.text("street"),
        town=form.text("town"),
        online_url=form.text("online_url"),
        category=form.text("category"),
        language=form.text("language") if form.text("language") in dict(LANGUAGES) else "en",
        status=form.text("status", CONFIRMED),
        join_mode=form.text("join_mode", FREE),
        join_url=form.text("join_url"),
        capacity=int(capacity) if capacity else None,
        picture=picture,
    )
    return draft, [*problems, *ours.find_problems(draft)]


def _moment(
    form: Form, name: str, zone: str, problems: list[ours.Problem], *, default_day: str = ""
) -> datetime | None:
    day = form.text(f"{name}_date") or default_day
    try:
        return zones.to_moment(day, form.text(f"{name}_time"), zone, field=f"{name}_date")
    except Refusal as error:
        problems.append(ours.Problem(error.code, error.message))
        return None


def _typed(form: Form) -> dict[str, str]:
    return _EMPTY | {"zone": "UTC", "language": "en"} | {name: form.text(name) for name in form.values}


def _values(event: Event) -> dict[str, Any]:
    start_date, start_time = zones.to_fields(event.start_at, event.zone)
    end_date, end_time = zones.to_fields(event.end_at, event.zone) if event.end_at else ("", "")
    same = ("title", "text", "zone", "place_name", "street", "town", "online_url", "category", "language")
    return _EMPTY | {name: getattr(event, name) for name in same} | {
        "start_date": start_date,
        "start_time": start_time,
        "end_date": end_date,
        "end_time": end_time,
        "status": event.status,
        "join_mode": event.join_mode,
        "join_url": event.join_url,
        "capacity": "" if event.capacity is None else str(event.capacity),
        "alt": pictures.facts_of(event.picture).get("alt", ""),
    }  # fmt: skip


async def _form(
    request: Request,
    values: Mapping[str, Any],
    *,
    event: Event | None,
    problems: list[ours.Problem] | None = None,
) -> Response:
    languages = dict(LANGUAGES)
    languages.setdefault(values["language"], values["language"])
    found: dict[str, str] = {}
    for problem in problems or ():
        field = "end_date" if problem.field == "end" else problem.field
        found.setdefault(field, problem.text)
    return await render(
        request,
        "event/edit.html",
        400 if problems else 200,
        values=values,
        wrong=found,
        errors=[{"field": field, "text": text} for field, text in found.items()],
        event=event,
        zones=[(name, name.replace("_", " ")) for name in zones.zone_names()],
        languages=list(languages.items()),
        categories=[(name, say(words)) for name, words in CATEGORIES],
        voices=[] if event else await voices_of(request),
        admin_tabs=await admin_tabs(request),
    )

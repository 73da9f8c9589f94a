"""A moderator looks at a picture of something held: asked for one by one, written into the log, kept nowhere.

operations.md §1.7 (moderator comfort: blurred and grey until asked for), §1.6 (who looked at what). Decision: two
steps. The button writes the line; the picture's address is that of the line, is good for whoever pressed, for ten
minutes, and is fetched by us each time (its origin sees our server, never a moderator) and drawn anew.
"""

from datetime import timedelta
from urllib.parse import quote

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, PeerError, Refusal
from ..house import Door, House, house_of
from ..media import headers_for
from ..members import Permission
from ..pictures import Listed, listed
from ..pictures.fetch import fetch_picture
from ..pictures.listed import from_json
from ..store import Unit, find_known
from ..store.ids import is_id
from ..store.kinds import Reads
from ..vocab.uris import host_of
from ..web import admin_tabs, member_of, read_form, redirect, render
from ..web.guard import next_path
from ..words import mark
from .audit import Entry, Judge, Line, get_line, verb, write

LOOKED = verb("look-picture", mark("Looked at a picture"))
GOOD_FOR = timedelta(minutes=10)
DEADLINE_S = 10.0
BACK = "/admin/queue"


async def find_listed(reads: Reads, uri: str) -> list[Listed]:
    """The pictures of a post of another server, as it listed them when it came to the desk, or as it does now."""
    kept = await _from_evidence(reads, uri)
    known = await find_known(reads, uri)
    return kept or (listed(known) if known is not None else [])


async def _from_evidence(reads: Reads, uri: str) -> list[Listed]:
    row = await reads.row("SELECT evidence FROM desk_item WHERE subject_uri = ? ORDER BY opened_at DESC", uri)
    if row is None:
        return []
    pictures = msgspec.json.decode(row["evidence"] or "{}").get("pictures") or ""
    return from_json(pictures if isinstance(pictures, str) else msgspec.json.encode(pictures).decode())


async def look(request: Request) -> Response:
    """A moderator wants to see one picture: fields `uri` of the post, `number` from 1, `next` to return to."""
    form, house = await read_form(request), house_of(request)
    uri, number = form.text("uri"), form.text("number")
    pictures = await find_listed(house.database, uri)
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(pictures)):
        raise Refusal("no-picture", "This picture is not listed any more.")
    known = await find_known(house.database, uri)
    entry = Entry(LOOKED, uri, known.owner_uri if known else "", {"number": int(number)})
    judge = Judge(member_of(request).account.id)

    async def note(unit: Unit) -> str:
        return await write(unit, entry, judge)

    line_id = await house.database.in_unit(note)
    back = next_path(form.text("next"), BACK)
    return redirect(f"/admin/pictures/{line_id}?next={quote(back)}")


async def show(request: Request) -> Response:
    """The page with that one picture, blurred and grey at first."""
    line, picture = await _asked_for(request)
    image = {
        "url": f"/admin/pictures/{line.id}/small",
        "alt": picture.alt,
        "width": picture.width or 640,
        "height": picture.height or 360,
        "origin_url": picture.url,
        "host": host_of(picture.url),
        "here": True,
        "veiled": True,
    }
    return await render(
        request,
        "moderation/picture.html",
        image=image,
        sensitive=picture.sensitive,
        back=next_path(request.query_params.get("next", ""), BACK),
        admin_tabs=await admin_tabs(request),
    )


async def small(request: Request) -> Response:
    """The picture itself, fetched now; NotFound where it cannot be had."""
    _, picture = await _asked_for(request)
    house = house_of(request)
    _check_pace(house, request)
    try:
        drawn = await fetch_picture(house.net, picture.url, deadline_s=DEADLINE_S)
    except PeerError as error:
        raise NotFound from error
    return Response(drawn.data, headers=headers_for(f"{'0' * 32}.webp") | {"Cache-Control": "no-store"})


def _check_pace(house: House, request: Request) -> None:
    sentence = mark("That were many pictures at once. Please wait a minute.")
    house.limits.check("look-picture", member_of(request).account.id, sentence)


async def _asked_for(request: Request) -> tuple[Line, Listed]:
    house, id_ = house_of(request), request.path_params["id"]
    if not is_id(id_):
        raise NotFound
    line = await get_line(house.database, id_)
    is_own = line.what == LOOKED and line.made_by == member_of(request).account.id
    if not is_own or house.clock.now() - line.made_at > GOOD_FOR:
        raise NotFound
    pictures = await find_listed(house.database, line.target_uri)
    number = int(line.before["number"])
    if number > len(pictures):
        raise NotFound
    return line, pictures[number - 1]


def doors() -> list[Door]:
    """The button, the page and the picture."""
    staff = Permission.MODERATE
    return [
        Door("/admin/pictures", look, staff, methods=("POST",)),
        Door("/admin/pictures/{id}", show, staff),
        Door("/admin/pictures/{id}/small", small, staff),
    ]

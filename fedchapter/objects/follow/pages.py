"""Who follows the chapter and whom it follows, for staff only; followers of a person or a group for those alone.

operations.md §3 row A9 (a removed follower is told by Reject); A10 (handles are checked both ways).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...errors import NotFound, PeerError, Refusal
from ...federation.finger import find_or_fetch_handle
from ...house import Door, house_of
from ...members import Permission
from ...members.groups import get_group
from ...members.handles import check_handle
from ...store import Row, is_id
from ...store.kinds import Reads
from ...web import admin_tabs, flash, member_of, read_form, redirect, render
from ...web.people import people
from ...web.voices import check_voice
from ...words import mark, say
from . import service

PAGE = 50
FOLLOWERS, FOLLOWING, MINE = "/admin/followers", "/admin/following", "/me/handle/followers"
_FOLLOWERS = (
    "SELECT id, follower_uri AS uri, state, created_at FROM follow WHERE followed_uri = ? AND state = ? "
    "AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?"
)
_FOLLOWING = (
    "SELECT id, followed_uri AS uri, state, created_at FROM follow WHERE follower_uri = ? "
    "AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?"
)
WORDS = {"requested": "waiting", "accepted": "accepted", "rejected": "rejected"}

DECIDED = {
    "approve": mark("Approved. They are told."),
    "reject": mark("Rejected. They are told."),
    "remove": mark("Removed. They get nothing from here any more."),
}


async def followers(request: Request) -> Response:
    """Requests that wait, then everybody who follows, newest first."""
    values = await _followers(request, house_of(request).settings.chapter_uri, FOLLOWERS)
    return await render(request, "follow/followers.html", **values, admin_tabs=await admin_tabs(request))


async def my_followers(request: Request) -> Response:
    """The same for a person, who alone sees it."""
    uri = check_handle(house_of(request).settings, member_of(request).account)
    return await render(request, "follow/mine.html", **await _followers(request, uri, MINE), noindex=True)


async def _followers(request: Request, uri: str, page: str) -> dict[str, Any]:
    database, before = house_of(request).database, _before(request)
    requests = [] if before else await database.rows(_FOLLOWERS, uri, "requested", "", "", PAGE)
    rows = await database.rows(_FOLLOWERS, uri, "accepted", before, before, PAGE)
    return {
        "base": page,
        "requests": await _lines(database, requests),
        "followers": await _lines(database, rows),
        "total": await _count(database, "followed_uri", uri),
        "newer_url": page if before else None,
        "older_url": f"{page}?before={rows[-1]['id']}" if len(rows) == PAGE else None,
    }


async def decide(request: Request) -> Response:
    """A request was approved or rejected, or a follower removed."""
    return await _decide(request, FOLLOWERS)


async def decide_mine(request: Request) -> Response:
    """The same by a person about their own followers."""
    uri = check_handle(house_of(request).settings, member_of(request).account)
    return await _decide(request, MINE, uri)


async def group_followers(request: Request) -> Response:
    """The same for a public group, for whoever speaks as it."""
    uri, page = await _group(request)
    return await render(
        request,
        "follow/group.html",
        **await _followers(request, uri, page),
        group=(await people(house_of(request).database, [uri]))[uri],
        noindex=True,
    )


async def decide_group(request: Request) -> Response:
    """The same about the followers of a group."""
    uri, page = await _group(request)
    return await _decide(request, page, uri)


async def _group(request: Request) -> tuple[str, str]:
    """The actor of the group in the address, and this page; raises NotFound, and Forbidden for whoever speaks not."""
    group = await get_group(house_of(request).database, request.path_params["slug"])
    if not group.public:
        raise NotFound("no-followers", "Nobody can follow this group: only members of the chapter see it.")
    await check_voice(request, group.actor_uri)
    return group.actor_uri, f"/groups/{group.slug}/followers"


async def _decide(request: Request, page: str, own_uri: str = "") -> Response:
    form, follow_id = await read_form(request), request.path_params["id"]
    act = form.text("act")
    if act not in DECIDED:
        raise Refusal("act", "Choose one of the buttons of the page.")
    async with house_of(request).database.unit() as unit:
        await service.answer(unit, follow_id, accepted=act == "approve", own_uri=own_uri)
    return flash(request, redirect(page), DECIDED[act])


async def following(request: Request) -> Response:
    """Whom the chapter follows, and the form to follow one more."""
    return await _following_page(request)


async def ask(request: Request) -> Response:
    """Somebody elsewhere was asked; or the form again, with what went wrong."""
    form, house = await read_form(request), house_of(request)
    handle = form.text("handle")
    try:
        actor = await find_or_fetch_handle(house, handle)
        async with house.database.unit() as unit:
            await service.ask(unit, house.settings.chapter_uri, actor)
    except PeerError as error:
        return await _following_page(request, handle, say("That did not work: %(why)s.", why=error.message))
    except Refusal as error:
        return await _following_page(request, handle, error.message)
    return flash(
        request,
        redirect(FOLLOWING),
        "%(handle)s was asked. What they publish will appear here.",
        handle=actor.handle,
    )


async def end(request: Request) -> Response:
    """The chapter follows that one no longer."""
    house = house_of(request)
    chapter = house.settings.chapter_uri
    async with house.database.unit() as unit:
        row = await unit.row(
            "SELECT followed_uri FROM follow WHERE id = ? AND follower_uri = ?",
            request.path_params["id"],
            chapter,
        )
        if row is None:
            raise NotFound("no-follow", "The chapter does not follow them any more.")
        await service.withdraw(unit, chapter, row["followed_uri"])
    return flash(request, redirect(FOLLOWING), "No longer followed.")


async def _following_page(request: Request, handle: str = "", error: str = "") -> Response:
    house, before = house_of(request), _before(request)
    chapter = house.settings.chapter_uri
    rows = await house.database.rows(_FOLLOWING, chapter, before, before, PAGE)
    return await render(
        request,
        "follow/following.html",
        400 if error else 200,
        following=await _lines(house.database, rows),
        handle=handle,
        error=error,
        newer_url=FOLLOWING if before else None,
        older_url=f"{FOLLOWING}?before={rows[-1]['id']}" if len(rows) == PAGE else None,
        admin_tabs=await admin_tabs(request),
    )


async def _lines(reads: Reads, rows: list[Row]) -> list[dict[str, Any]]:
    names = await people(reads, [row["uri"] for row in rows])
    return [
        {
            "id": row["id"],
            "actor": names[row["uri"]],
            "state": WORDS.get(row["state"], row["state"]),
            "since_at": row["created_at"],
        }
        for row in rows
    ]


async def _count(reads: Reads, column: str, uri: str) -> int:
    row = await reads.row(
        f"SELECT count(*) AS total FROM follow WHERE {column} = ? AND state = 'accepted'", uri
    )
    return int(row["total"]) if row else 0


def _before(request: Request) -> str:
    before = request.query_params.get("before", "")
    return before if is_id(before) else ""


def doors() -> list[Door]:
    """Both lists and what is done there."""
    staff = Permission.PUBLISH
    return [
        Door(MINE, my_followers, Permission.MEMBER),
        Door(f"{MINE}/{{id}}", decide_mine, Permission.MEMBER, methods=("POST",)),
        Door(FOLLOWERS, followers, staff),
        Door(f"{FOLLOWERS}/{{id}}", decide, staff, methods=("POST",)),
        Door("/groups/{slug}/followers", group_followers, Permission.SPEAK),
        Door("/groups/{slug}/followers/{id}", decide_group, Permission.SPEAK, methods=("POST",)),
        Door(FOLLOWING, following, staff),
        Door(FOLLOWING, ask, staff, methods=("POST",)),
        Door(f"{FOLLOWING}/{{id}}/end", end, staff, methods=("POST",)),
    ]

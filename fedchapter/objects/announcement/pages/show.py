"""One announcement, ours or another's: the page for people, the object for servers, with its comments.

wire.md §2.2 (OpenGraph, fediverse:creator), §7.1 (one address); operations.md §3 row C3 (what is for followers only is
a 404 to everybody else); FEP-8b32 (the served object carries a proof too).
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ....errors import NotFound
from ....federation.authorize import signer_of
from ....federation.collections import local_actor
from ....house import House, house_of
from ....members import Permission
from ....signatures import add_proof
from ....store import Known, Unit, find_known
from ....store.choices import find_choice
from ....text import excerpt
from ....vocab.context import with_context
from ....vocab.uris import host_of
from ....web import flash, identity_of, read_form, redirect, render, respond, viewer_of
from ....web.cards import full_item
from ....web.guard import next_path
from ....web.negotiate import missing
from ....web.support import is_supporter
from ....web.thread import thread
from ....web.voices import may_speak_as
from ....words import say
from .. import service, wire
from ..service import PostRow
from ..service.rows import GONE, PUBLISHED


async def own(request: Request) -> Response:
    """An announcement of ours."""
    house = house_of(request)
    uri = house.settings.uri("announcements", request.path_params["id"])
    post = await service.find_post(house.database, id_=request.path_params["id"])
    known = await find_known(house.database, uri)
    if post is None or known is None or not post.local or known.state != "shown" or post.state != PUBLISHED:
        return await missing(request, uri)

    async def page() -> Response:
        if post.visibility == "followers" and viewer_of(request) is None:
            raise NotFound
        return await _own_page(request, post, known)

    async def document() -> dict[str, Any]:
        # What a closed group said stays for people to read; no server could ask that group about it.
        await local_actor(house, post.author_uri)
        if post.visibility == "followers":
            await _check_follower(request, post.author_uri)
        return await _document(house, post, known)

    return await respond(request, uri, page=page, document=document)


async def _document(house: House, post: PostRow, known: Known) -> dict[str, Any]:
    document = wire.to_object(
        post,
        origin=house.settings.origin,
        quotes=await find_choice(house.database, "quotes"),
        known=known,
    )
    keys = await house.keyring.get(post.author_uri)
    created_at = post.edited_at or post.published_at or post.created_at
    return add_proof(with_context(document), key=keys.ed25519, method=keys.ed25519_id, created_at=created_at)


async def _check_follower(request: Request, author_uri: str) -> None:
    """Only a server with a follower may fetch what is for followers; raises NotFound."""
    house = house_of(request)
    signer = await signer_of(request)
    row = await house.database.row(
        "SELECT 1 AS yes FROM follow JOIN actor ON actor.uri = follow.follower_uri "
        "WHERE follow.followed_uri = ? AND follow.state = 'accepted' AND actor.host = ? LIMIT 1",
        author_uri,
        host_of(signer) if signer else "",
    )
    if row is None:
        raise NotFound


async def _own_page(request: Request, post: PostRow, known: Known) -> Response:
    house, identity = house_of(request), await identity_of(request)
    edits = await may_speak_as(request, post.author_uri)
    stamps = await service.find_stamps(house.database, post.uri) if edits else []
    item = await full_item(house.database, known, kinds=house.kinds, zone=identity.zone)
    first = post.pictures[0] if post.pictures else None
    about = {
        "title": post.title or excerpt(post.html, 90) or say("%(name)s announces", name=identity.name),
        "description": say("Content warning: %(warning)s", warning=post.warning)
        if post.warning
        else excerpt(post.html, 280),
        "url": post.url,
        "image": f"{house.settings.origin}{first.url}" if first and not post.warning else None,
        "image_alt": first.alt if first else None,
    }
    return await render(
        request,
        "announcement/show.html",
        item=item,
        post=post,
        known=known,
        edits=edits,
        stamps=stamps,
        og=about,
        creator=item["author"]["handle"],
        canonical_url=post.url,
        alternate_uri=post.uri,
        feed_url="/feed.xml",
        noindex=post.visibility != "public",
        **await _thread_values(request, known),
    )


async def _thread_values(request: Request, known: Known) -> dict[str, Any]:
    viewer = viewer_of(request)
    moderates = viewer is not None and viewer.may(Permission.MODERATE)
    comments = await thread(house_of(request).database, known.uri, sees_held=moderates)
    return {"thread": comments, "root_uri": known.uri, "speaks": _speaks(request)}


def _speaks(request: Request) -> bool:
    viewer = viewer_of(request)
    return viewer is not None and viewer.may(Permission.PUBLISH)


async def history(request: Request) -> Response:
    """What an announcement of ours said before it was edited."""
    house, zone = house_of(request), (await identity_of(request)).zone
    post = await service.find_post(house.database, id_=request.path_params["id"])
    if post is None or not post.local or post.state != PUBLISHED:
        raise NotFound
    if post.visibility == "followers" and viewer_of(request) is None:
        raise NotFound
    versions = await service.find_versions(house.database, post.id)
    return await render(
        request, "announcement/history.html", post=post, versions=versions, zone=zone, noindex=True
    )


async def remote(request: Request) -> Response:
    """Our copy of somebody else's post, with the way to the original."""
    house, identity = house_of(request), await identity_of(request)
    post = await service.find_post(house.database, id_=request.path_params["id"])
    known = await find_known(house.database, post.uri) if post else None
    if post is None or known is None or post.local or post.state == GONE:
        raise NotFound
    if known.state != "shown" and not (known.state == "held" and _speaks(request)):
        raise NotFound
    chapter_uri = house.settings.chapter_uri
    shared = await service.find_share(house.database, actor_uri=chapter_uri, object_uri=known.uri)
    return await render(
        request,
        "announcement/remote.html",
        item=await full_item(house.database, known, kinds=house.kinds, zone=identity.zone),
        post=post,
        known=known,
        shared=shared is not None,
        host=host_of(known.uri),
        supports=await is_supporter(request, known.uri),
        noindex=True,
        **await _thread_values(request, known),
    )


async def share(request: Request) -> Response:
    """The chapter shares a post of somebody else."""
    form = await read_form(request)
    uri = form.text("uri")

    async def work(unit: Unit) -> None:
        await service.share(unit, uri)

    await house_of(request).database.in_unit(work)
    back = redirect(next_path(form.text("next")))
    return flash(request, back, "Shared with everybody who follows this chapter.")


async def unshare(request: Request) -> Response:
    """… and does not any more."""
    form = await read_form(request)
    uri = form.text("uri")

    async def work(unit: Unit) -> None:
        await service.unshare(unit, uri)

    await house_of(request).database.in_unit(work)
    return flash(request, redirect(next_path(form.text("next"))), "No longer shared.")

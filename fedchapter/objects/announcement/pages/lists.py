"""Lists of announcements: what waits for its time, what carries a hashtag, the feed.

Atom: RFC 4287.
"""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from ....errors import NotFound
from ....house import House, house_of
from ....members.groups import find_group_ever
from ....store import marks
from ....store.kinds import find_where
from ....text import excerpt
from ....web import identity_of, render
from ....web.cards import cards
from ....web.language import chapter_language
from ....web.voices import voices_of
from ....words import say, speaking
from .. import service

TAG_CHARS_MAX = 100


async def scheduled(request: Request) -> Response:
    """What waits for its time."""
    found = await service.find_scheduled(house_of(request).database)
    voices = {voice.uri: voice for voice in await voices_of(request)}
    posts = [one for one in found if one.author_uri in voices]
    zone = (await identity_of(request)).zone
    return await render(
        request,
        "announcement/scheduled.html",
        posts=[(one, one.title or excerpt(one.html, 90) or say("A picture")) for one in posts],
        zone=zone,
        noindex=True,
    )


async def tagged(request: Request) -> Response:
    """Our announcements with a hashtag."""
    house, zone = house_of(request), (await identity_of(request)).zone
    tag = request.path_params["tag"]
    if len(tag) > TAG_CHARS_MAX:
        raise NotFound
    uris = await service.find_tagged(house.database, tag)
    where = f"uri IN ({marks(len(uris))}) AND state = 'shown' ORDER BY published_at DESC"
    found = await find_where(house.database, where, *uris) if uris else []
    return await render(
        request,
        "announcement/tag.html",
        tag=tag,
        items=await cards(house.database, found, kinds=house.kinds, zone=zone),
        zone=zone,
        feed_url="/feed.xml",
        noindex=not found,
    )


async def feed(request: Request) -> Response:
    """Our newest public announcements as Atom."""
    house, identity = house_of(request), await identity_of(request)
    posts = await service.newest(house.database)
    groups = await _names_of_groups(house, posts)
    changed = [moment for one in posts for moment in (one.published_at, one.edited_at) if moment]
    with speaking(await chapter_language(request)):
        body = request.app.state.templates.page(
            "announcement/feed.xml",
            {
                "name": identity.name,
                "tagline": identity.tagline,
                "origin": house.settings.origin,
                "updated_at": max(changed, default=house.clock.now()),
                "posts": [(one, one.title or excerpt(one.html, 90) or say("A picture")) for one in posts],
                "groups": groups,
            },
        )
    headers = {"Cache-Control": "public, max-age=300"}
    return Response(body, 200, headers, media_type="application/atom+xml")


async def _names_of_groups(house: House, posts: Sequence[service.PostRow]) -> dict[str, str]:
    """By actor, the names of the groups that said some of it; the rest the chapter said itself."""
    uris = {one.author_uri for one in posts} - {house.settings.chapter_uri}
    found = [await find_group_ever(house.database, actor_uri=uri) for uri in sorted(uris)]
    return {group.actor_uri: group.name for group in found if group is not None}

"""The chapter itself: its profile (one address with the Group actor) and the page about it.

wire.md §7.1; operations.md §4.2; AGPL-3.0 §13 (where the source of this very server is).
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from ..actors import ActorRow, find_own
from ..actors.sisters import find_sisters
from ..federation.collections import actor_response, count_follows, pinned
from ..house import Door, House, house_of
from ..members import Permission
from ..members.groups import find_groups
from ..objects.group.pages import profile as group_profile
from ..objects.person.pages import profile as person_profile
from ..store import Known, marks
from ..store.kinds import find_where
from ..text import excerpt, render_markdown
from ..vocab.context import ACTIVITY_JSON, wants_activity
from ..web import identity_of, render
from ..web.account import has_page
from ..web.cards import cards
from ..web.negotiate import missing
from ..web.people import people
from ..web.render import PAGE_VARY
from ..words import say, say_many
from .beside import followed_groups

NEWEST = 10
# The page about one of our actors that is not the chapter, by its type.
PROFILES: Mapping[str, Callable[[Request, ActorRow], Awaitable[Response]]] = {
    "Person": person_profile,
    "Group": group_profile,
}
OWN = "owner_uri = ? AND local = true AND listed = true AND state = 'shown'"


async def profile(request: Request) -> Response:
    """The chapter, a group, or a member with a public handle: a page for people, the actor for servers."""
    house = house_of(request)
    uri = house.settings.uri(f"@{request.path_params['username']}")
    if wants_activity(request.headers.get("accept", "*/*")):
        return await actor_response(request, uri)
    actor = await find_own(house.database, uri)
    if actor is None:
        return await missing(request, uri)
    if uri == house.settings.chapter_uri:
        response = await _profile_page(request, house, uri)
    else:
        response = await PROFILES[actor.type](request, actor)
    response.headers["Vary"] = f"{PAGE_VARY}, Signature"
    response.headers["Link"] = f'<{uri}>; rel="alternate"; type="{ACTIVITY_JSON}"'
    return response


async def _profile_page(request: Request, house: House, uri: str) -> Response:
    identity = await identity_of(request)
    top = await _pinned(house, uri)
    newest = await find_where(house.database, f"{OWN} ORDER BY sort_at DESC LIMIT {NEWEST}", uri)
    rest = [known for known in newest if known.uri not in {one.uri for one in top}]
    row = await house.database.row(f"SELECT count(*) AS total FROM known_object WHERE {OWN}", uri)
    posts = int(row["total"]) if row else 0
    followers = await count_follows(house, uri, "followers")
    following = await count_follows(house, uri, "following")
    return await render(
        request,
        "site/profile.html",
        pinned=await cards(house.database, top, kinds=house.kinds, zone=identity.zone),
        newest=await cards(house.database, rest, kinds=house.kinds, zone=identity.zone),
        figures=[
            (followers, say_many("follower", "followers", followers)),
            (following, say("following")),
            (posts, say_many("post", "posts", posts)),
        ],
        og={
            "title": identity.name,
            "description": excerpt(identity.summary, 200) or identity.tagline,
            "type": "profile",
            "url": uri,
            "image": identity.icon,
        },
        alternate_uri=uri,
        canonical_url=uri,
        creator=identity.handle,
        feed_url="/feed.xml" if has_page(request, "/feed.xml") else None,
    )


async def _pinned(house: House, uri: str) -> list[Known]:
    uris = await pinned(house, uri)
    if not uris:
        return []
    found = await find_where(house.database, f"uri IN ({marks(len(uris))})", *uris)
    return sorted(found, key=lambda known: uris.index(known.uri))


async def about(request: Request) -> Response:
    """Who this is, the rules, how to reach it, and what runs here."""
    house, identity = house_of(request), await identity_of(request)
    choices = identity.choices
    return await render(
        request,
        "site/about.html",
        about_html=render_markdown(choices["about"], breaks=False),
        rules_html=render_markdown(choices["rules"], breaks=False),
        contact=choices["contact"],
        contact_url=contact_url(choices["contact"]),
        source_url=choices["source_url"],
        sisters=list(
            (await people(house.database, await find_sisters(house.database, identity.uri))).values()
        ),
        followed=await followed_groups(house, 50),
        groups=await find_groups(house.database, public_only=True),
        domain=house.settings.domain,
        og={
            "title": say("About %(name)s", name=identity.name),
            "description": identity.tagline,
            "type": "website",
        },
    )


def contact_url(contact: str) -> str:
    """The contact as a link: mailto: for an address, itself for an https address, else nothing."""
    if contact.startswith("https://"):
        return contact
    is_mail = contact.count("@") == 1 and not contact.startswith("@") and " " not in contact
    return f"mailto:{contact}" if is_mail else ""


def doors() -> list[Door]:
    """The public doors."""
    return [Door("/about", about, Permission.ANYONE), Door("/@{username}", profile, Permission.ANYONE)]

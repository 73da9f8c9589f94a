"""Who asks about a group: whether they are in it, lead it, or look after people."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from ....errors import Forbidden
from ....house import house_of
from ....members import Permission
from ....members.groups import ASKED, MEMBER, OPEN, PRECINCT, GroupRow, find_states, get_group
from ....text import excerpt, render_markdown
from ....web import viewer_of
from ....web.voices import leads
from ....words import mark, say

KINDS = {PRECINCT: mark("Neighbourhood group"), "working": mark("Working group")}
ABOUT_CHARS = 200


@dataclass(frozen=True, slots=True)
class Asking:
    """What whoever asks is to the group: `reads` its notes, `manages` its members, `speaks` as it."""

    signed_in: bool
    member: bool
    asked: bool
    reads: bool
    manages: bool
    speaks: bool
    organizes: bool


def asking_of(request: Request, group: GroupRow, states: dict[str, str]) -> Asking:
    """What whoever asks is to that group; `states` are their own (members.groups.find_states)."""
    viewer = viewer_of(request)
    organizes = viewer is not None and viewer.may(Permission.PEOPLE)
    captain = viewer is not None and group.id in viewer.captain_of
    is_member = states.get(group.id) == MEMBER
    return Asking(
        signed_in=viewer is not None,
        member=is_member,
        asked=states.get(group.id) == ASKED,
        reads=is_member or organizes or captain,
        manages=organizes or captain,
        speaks=group.public and leads(viewer, group),
        organizes=organizes,
    )


async def find_asking(request: Request) -> tuple[GroupRow, Asking]:
    """The group in the address and what whoever asks is to it; raises NotFound."""
    house, viewer = house_of(request), viewer_of(request)
    group = await get_group(house.database, request.path_params["slug"])
    states = await find_states(house.database, viewer.account.id) if viewer else {}
    return group, asking_of(request, group, states)


async def check_manages(request: Request) -> tuple[GroupRow, Asking]:
    """The group in the address, if whoever asks leads it or looks after people; raises NotFound, Forbidden."""
    group, asking = await find_asking(request)
    if not asking.manages:
        raise Forbidden("not-captain", "Only its captains and organizers can do this.")
    return group, asking


async def check_reads(request: Request) -> tuple[GroupRow, Asking]:
    """The group in the address, if whoever asks is in it or looks after people; raises NotFound, Forbidden."""
    group, asking = await find_asking(request)
    if not asking.reads:
        raise Forbidden("not-in-group", "Only members of this group see this. You can join it on its page.")
    return group, asking


def shown(group: GroupRow, domain: str) -> dict[str, Any]:
    """The group as templates show it."""
    return {
        "id": group.id,
        "slug": group.slug,
        "name": group.name,
        "kind": say(KINDS[group.kind]),
        "about": excerpt(render_markdown(group.about), ABOUT_CHARS),
        "public": group.public,
        "open": group.joining == OPEN,
        "url": group.path,
        "uri": group.actor_uri,
        "handle": f"@{group.slug}@{domain}" if group.public else "",
        "avatar": {"name": group.name, "handle": group.slug, "avatar_url": None, "is_group": True},
    }

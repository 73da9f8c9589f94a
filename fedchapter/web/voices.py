"""As whom somebody may speak: the chapter, and the public groups whose captain they are.

operations.md §3 row D7. The door lets in whoever may speak at all (Permission.SPEAK); these say as whom.
"""

from dataclasses import dataclass

from starlette.requests import Request

from ..errors import Forbidden
from ..house import house_of
from ..members import Permission, Viewer
from ..members.groups import GroupRow, find_group_ever, find_groups
from .chapter import identity_of
from .guard import member_of, viewer_of


@dataclass(frozen=True, slots=True)
class Voice:
    """One of our actors that somebody may speak as; `path` is its page."""

    uri: str
    name: str
    handle: str
    path: str
    is_chapter: bool = False


async def voices_of(request: Request) -> list[Voice]:
    """As whom the signed-in person may speak, the chapter first."""
    viewer, house = member_of(request), house_of(request)
    identity = await identity_of(request)
    path = f"/@{house.settings.username}"
    chapter = Voice(identity.uri, identity.name, identity.handle, path, is_chapter=True)
    groups = await find_groups(house.database, public_only=True)
    mine = [_voice(group, house.settings.domain) for group in groups if leads(viewer, group)]
    return [chapter, *mine] if viewer.may(Permission.PUBLISH) else mine


def _voice(group: GroupRow, domain: str) -> Voice:
    return Voice(group.actor_uri, group.name, f"@{group.slug}@{domain}", group.path)


def leads(viewer: Viewer | None, group: GroupRow) -> bool:
    """Whether they speak for the group: its captains, and whoever publishes for the chapter."""
    if viewer is None:
        return False
    return viewer.may(Permission.PUBLISH) or (group.closed_at is None and group.id in viewer.captain_of)


async def may_speak_as(request: Request, uri: str) -> bool:
    """Whether whoever asks speaks as that actor of ours; for a closed group only who publishes for the chapter."""
    viewer, house = viewer_of(request), house_of(request)
    if viewer is None:
        return False
    if uri == house.settings.chapter_uri:
        return viewer.may(Permission.PUBLISH)
    group = await find_group_ever(house.database, actor_uri=uri)
    return group is not None and leads(viewer, group)


async def check_voice(request: Request, uri: str) -> None:
    """Whoever asks speaks as that actor of ours; raises Forbidden."""
    if not await may_speak_as(request, uri):
        raise Forbidden("not-your-voice", "You do not speak for them (any more). Ask an organizer.")


async def find_voice(request: Request, uri: str) -> Voice:
    """The voice of that URI, or the first one when it is empty; raises Forbidden."""
    for voice in await voices_of(request):
        if uri in ("", voice.uri):
            return voice
    raise Forbidden("not-your-voice", "You do not speak for them (any more). Ask an organizer.")

"""What the members of a group are told: what it published or wrote for them, who leads it, that it is closed.

Nobody else is told: who belongs to a group is its secret.
"""

from ...actors import find_actor, handle_of
from ...members import Role, RoleEnded, RoleGiven, find_account
from ...members.groups import (
    GroupAnswered,
    GroupAsked,
    GroupLeft,
    GroupRow,
    find_captains,
    find_group,
    find_members,
)
from ...notices import Notice, tell
from ...notices.draft import Named, Value
from ...notices.forgetting import forget_group
from ...store import Known, Unit, publishes
from ...store.kinds import find_where
from ...text import excerpt
from ...words import mark
from ..announcement.draft import AnnouncementPublished
from ..event.draft import EventPublished
from ..follow.draft import FollowRequested
from .draft import GroupClosed, GroupNoted

KIND = "group"
EXCERPT_CHARS = 80


async def _tell_members(unit: Unit, group: GroupRow, notice: Notice) -> None:
    await tell(unit, notice, to=[row["account_id"] for row in await find_members(unit, group.id)])


@publishes(AnnouncementPublished)
async def announced(unit: Unit, happening: AnnouncementPublished) -> None:
    """A group announced something."""
    for known in await find_where(unit, "kind = 'announcement' AND ref = ?", happening.id):
        group = await find_group(unit, actor_uri=known.owner_uri)
        if group is not None:
            text = mark("%(group)s announces: %(title)s")
            values = {"group": group.name, "title": _words_of(known)}
            notice = Notice(
                KIND, f"group-post:{happening.id}", text, f"/announcements/{happening.id}", values
            )
            await _tell_members(unit, group, notice)


def _words_of(known: Known) -> str:
    # What stands behind a content warning stays behind it.
    return known.title or known.note or excerpt(known.html, EXCERPT_CHARS) or "…"


@publishes(EventPublished)
async def invited(unit: Unit, happening: EventPublished) -> None:
    """A group has a new event."""
    event = happening.event
    group = await find_group(unit, actor_uri=event.owner_uri)
    if group is None:
        return
    values = {"group": group.name, "title": event.title}
    text = mark("%(group)s invites: %(title)s")
    await _tell_members(
        unit, group, Notice(KIND, f"group-event:{event.id}", text, f"/events/{event.id}", values)
    )


@publishes(GroupNoted)
async def noted(unit: Unit, happening: GroupNoted) -> None:
    """There is something to read for the members of a group alone."""
    group = happening.group
    values = {"group": group.name, "title": happening.title}
    text = mark("For the members of %(group)s: %(title)s")
    key = f"group-note:{happening.note_id}"
    await _tell_members(unit, group, Notice(KIND, key, text, group.path, values, by=happening.by))


@publishes(RoleGiven)
async def led(unit: Unit, happening: RoleGiven) -> None:
    """A group has a captain more."""
    await _about_captain(unit, happening, mark("%(name)s leads %(group)s now."), "given")


@publishes(RoleEnded)
async def led_no_more(unit: Unit, happening: RoleEnded) -> None:
    """A group has a captain less."""
    text = mark("%(name)s does not lead %(group)s any more.")
    if happening.why == "term":
        text = mark("The term of %(name)s as captain of %(group)s is over.")
    await _about_captain(unit, happening, text, "ended")


async def _about_captain(unit: Unit, happening: RoleGiven | RoleEnded, text: str, what: str) -> None:
    group = await find_group(unit, id_=happening.group_id)
    account = await find_account(unit, happening.account_id)
    if happening.role is not Role.CAPTAIN or group is None or account is None:
        return
    values: dict[str, Value] = {"name": Named(account.id), "group": group.name}
    notice = Notice(KIND, f"captain-{what}:{happening.office_id}", text, group.path, values)
    await _tell_members(unit, group, notice)


@publishes(GroupAsked)
async def asked(unit: Unit, happening: GroupAsked) -> None:
    """Somebody would like to join: the captains decide."""
    group = happening.group
    captains = [row["account_id"] for row in await find_captains(unit, group.id, unit.now)]
    values: dict[str, Value] = {"name": Named(happening.account_id), "group": group.name}
    text = mark("%(name)s would like to join %(group)s.")
    key = f"group-asked:{group.id}:{happening.account_id}:{unit.new_id()}"
    await tell(unit, Notice(KIND, key, text, f"/groups/{group.slug}/members", values), to=captains)


@publishes(FollowRequested)
async def follow_asked(unit: Unit, happening: FollowRequested) -> None:
    """Somebody elsewhere would like to follow a group that approves its followers."""
    follow = happening.follow
    group = await find_group(unit, actor_uri=follow.followed_uri)
    if group is None:
        return
    captains = [row["account_id"] for row in await find_captains(unit, group.id, unit.now)]
    values = {"handle": handle_of(await find_actor(unit, follow.follower_uri), follow.follower_uri)}
    text = mark("%(handle)s would like to follow %(group)s.")
    key = f"group-follow:{group.id}:{unit.new_id()}"
    path = f"/groups/{group.slug}/followers"
    await tell(unit, Notice(KIND, key, text, path, values | {"group": group.name}), to=captains)


@publishes(GroupAnswered)
async def answered(unit: Unit, happening: GroupAnswered) -> None:
    """Whoever asked hears the answer."""
    group = happening.group
    text = mark("You are in %(group)s now.")
    if not happening.admitted:
        text = mark("The captain of %(group)s did not let you in. You can ask them why.")
    key = f"group-answered:{group.id}:{happening.account_id}:{unit.new_id()}"
    notice = Notice(KIND, key, text, group.path, {"group": group.name}, by=happening.by)
    await tell(unit, notice, to=[happening.account_id])


@publishes(GroupLeft)
async def left(unit: Unit, happening: GroupLeft) -> None:
    """What only its members may read is told no more to somebody who is none."""
    group = happening.group
    pages = (f"/groups/{group.slug}/{page}" for page in ("members", "followers"))
    await forget_group(unit, happening.account_id, group.path, *pages)


@publishes(GroupClosed)
async def closed(unit: Unit, happening: GroupClosed) -> None:
    """A group is closed."""
    group = happening.group
    notice = Notice(
        KIND,
        f"group-closed:{group.id}",
        mark("The group %(group)s was closed."),
        "/groups",
        {"group": group.name},
        by=happening.by,
    )
    await tell(unit, notice, to=happening.members)

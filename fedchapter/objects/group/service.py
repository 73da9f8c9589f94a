"""The rules of groups: founded, changed, led, closed; the notes that only their members read.

DESIGN §1 (precinct groups with a captain and meetings); wire.md §1.7 (an actor's name is for good).
"""

from datetime import datetime

from ...actors import SigningKeys, change_actor, close_actor, create_actor
from ...actors.names import check_free, taken
from ...errors import NotFound, Refusal
from ...members import Role, get_account, give_role
from ...members.groups import (
    ASKED,
    COLUMNS,
    OPEN,
    PRECINCT,
    WORKING,
    GroupRow,
    find_captains,
    find_members,
    put_in,
)
from ...members.offices import end_office
from ...store import Row, Unit, marks
from ...store.kinds import Reads
from ...text import render_markdown
from ..profile.draft import ActorClosed, ChapterChanged
from .draft import GroupClosed, GroupDraft, GroupNoted, NoteDraft

NAME_MAX, ABOUT_MAX = 100, 5_000
TITLE_MAX, TEXT_MAX, PLACE_MAX = 200, 20_000, 200
NOTES_SHOWN = 50


def check_draft(draft: GroupDraft) -> None:
    """Raises Refusal `name`, `about`, `kind` or `joining`."""
    if not 0 < len(draft.name) <= NAME_MAX or not draft.name.isprintable():
        raise Refusal("name", "The name of a group has 1 to %(max)s characters, on one line.", max=NAME_MAX)
    if len(draft.about) > ABOUT_MAX:
        raise Refusal("about", "Shorten this to %(max)s characters.", max=ABOUT_MAX)
    if draft.kind not in (PRECINCT, WORKING):
        raise Refusal("kind", "Choose what sort of group it is.")
    if draft.joining not in (OPEN, ASKED):
        raise Refusal("joining", "Choose how members join.")


async def found_group(unit: Unit, draft: GroupDraft, keys: SigningKeys | None) -> GroupRow:
    """The group exists, with an actor if there are keys for one.

    Raises Refusal as `check_draft`, and `name-form`, `name-reserved` or `name-taken` for the slug.
    """
    check_draft(draft)
    await check_free(unit, unit.settings, draft.slug)
    uri = keys.actor_uri if keys else ""
    group = GroupRow(
        unit.new_id(), draft.kind, draft.name, draft.slug, draft.about, uri, draft.joining, unit.now, None
    )
    made = await unit.execute(
        f"INSERT INTO chapter_group ({', '.join(COLUMNS)}) VALUES ({marks(len(COLUMNS))}) "
        "ON CONFLICT (slug) DO NOTHING",
        *(getattr(group, name) for name in COLUMNS),
    )
    if not made:
        raise taken()
    if keys is not None:
        await _found_actor(unit, draft, keys)
    return group


async def _found_actor(unit: Unit, draft: GroupDraft, keys: SigningKeys) -> None:
    made = await create_actor(
        unit,
        keys,
        type_="Group",
        username=draft.slug,
        name=draft.name,
        summary=render_markdown(draft.about),
        approves_followers=draft.approves_followers,
    )
    if not made:
        # Somebody else took the name since it was found free.
        raise taken()


async def change_group(unit: Unit, group: GroupRow, draft: GroupDraft) -> None:
    """The group presents itself so, and the followers of a public one are told; raises Refusal as `check_draft`."""
    check_draft(draft)
    await unit.execute(
        "UPDATE chapter_group SET kind = ?, name = ?, about = ?, joining = ? WHERE id = ?",
        draft.kind,
        draft.name,
        draft.about,
        draft.joining,
        group.id,
    )
    if group.public:
        await change_actor(
            unit,
            group.actor_uri,
            name=draft.name,
            summary=render_markdown(draft.about),
            approves_followers=draft.approves_followers,
        )
        unit.record(ChapterChanged(group.actor_uri))


async def close_group(unit: Unit, group: GroupRow, *, by: str) -> None:
    """The group is closed for good: nobody is in it or leads it, its notes are erased, its actor is gone.

    What it published stays for people to read here.
    """
    members = tuple(row["account_id"] for row in await find_members(unit, group.id))
    await unit.execute("UPDATE chapter_group SET closed_at = ?, about = '' WHERE id = ?", unit.now, group.id)
    for captain in await find_captains(unit, group.id, unit.now):
        await end_office(unit, captain["office_id"], ended_by=by, why="group-closed")
    await unit.execute("DELETE FROM group_member WHERE group_id = ?", group.id)
    await unit.execute("DELETE FROM group_note WHERE group_id = ?", group.id)
    if group.public and await close_actor(unit, group.actor_uri, "Group"):
        unit.record(ActorClosed(group.actor_uri))
    unit.record(GroupClosed(group, members, by))


async def appoint(
    unit: Unit, group: GroupRow, account_id: str, *, by: str, ends_at: datetime | None = None
) -> str:
    """The account leads the group until then, and is in it; returns the office's id. Raises Refusal, NotFound."""
    account = await get_account(unit, account_id)
    await put_in(unit, group, account.id)
    return await give_role(unit, account.id, Role.CAPTAIN, given_by=by, group_id=group.id, ends_at=ends_at)


async def dismiss(unit: Unit, group: GroupRow, office_id: str, *, by: str) -> None:
    """That captain leads the group no longer; raises NotFound when it is no office of this group."""
    for captain in await find_captains(unit, group.id, unit.now):
        if captain["office_id"] == office_id:
            why = "resigned" if captain["account_id"] == by else "ended"
            await end_office(unit, office_id, ended_by=by, why=why)
            return
    raise NotFound("no-captain", "They do not lead this group any more.")


async def write_note(unit: Unit, group: GroupRow, draft: NoteDraft, *, by: str) -> str:
    """The members of the group can read it, and nobody else; returns its id. Raises Refusal naming the field."""
    if not 0 < len(draft.title) <= TITLE_MAX or not draft.title.isprintable():
        raise Refusal("title", "A title has 1 to %(max)s characters.", max=TITLE_MAX)
    if len(draft.text) > TEXT_MAX:
        raise Refusal("text", "Shorten this to %(max)s characters.", max=TEXT_MAX)
    if len(draft.place) > PLACE_MAX or not (draft.place.isprintable() or not draft.place):
        raise Refusal("place", "Shorten this to %(max)s characters.", max=PLACE_MAX)
    if draft.meets_at is not None and draft.meets_at <= unit.now:
        raise Refusal("day", "This moment has passed. Choose a later one.")
    note_id = unit.new_id()
    await unit.execute(
        "INSERT INTO group_note (id, group_id, account_id, title, text, meets_at, place, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        note_id,
        group.id,
        by,
        draft.title,
        draft.text,
        draft.meets_at,
        draft.place,
        unit.now,
    )
    unit.record(GroupNoted(group, note_id, draft.title, by))
    return note_id


async def delete_note(unit: Unit, group: GroupRow, note_id: str) -> None:
    """The note is gone; deleting it twice changes nothing."""
    await unit.execute("DELETE FROM group_note WHERE id = ? AND group_id = ?", note_id, group.id)


_NOTES = (
    "SELECT group_note.id, title, text, meets_at, place, group_note.created_at, display_name FROM group_note "
    "LEFT JOIN account ON account.id = group_note.account_id AND account.state = 'active' WHERE group_id = ?"
)


async def find_notes(reads: Reads, group_id: str) -> list[Row]:
    """What was written for the members (not meetings), newest first; display_name is None for who left."""
    return await reads.rows(
        f"{_NOTES} AND meets_at IS NULL ORDER BY group_note.id DESC LIMIT {NOTES_SHOWN}", group_id
    )


async def find_meetings(reads: Reads, group_id: str, since: datetime) -> list[Row]:
    """Meetings of the members from then on, the next one first."""
    return await reads.rows(
        f"{_NOTES} AND meets_at >= ? ORDER BY meets_at, group_note.id LIMIT {NOTES_SHOWN}", group_id, since
    )


async def find_shared_skills(reads: Reads, group_id: str) -> dict[str, list[str]]:
    """By account, what those members can do who let the captains of their groups see it."""
    rows = await reads.rows(
        "SELECT skill.account_id, skill.words FROM skill "
        "JOIN detail ON detail.account_id = skill.account_id AND detail.skills_for = 'groups' "
        "JOIN group_member ON group_member.account_id = skill.account_id AND group_member.state = 'member' "
        "WHERE group_member.group_id = ? AND skill.sort = 'skill' ORDER BY skill.folded",
        group_id,
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["account_id"], []).append(row["words"])
    return found

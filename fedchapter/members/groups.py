"""Groups of the chapter: which there are, who belongs to them, who leads them.

DESIGN §1. Decision: belonging to a group and following its actor are two things: the first is a secret of the group,
the second a matter between servers. Who leads a group is an office (members.offices) with the id of that group.
"""

from dataclasses import dataclass
from datetime import datetime

from ..errors import NotFound, Refusal
from ..store import Row, Unit
from ..store.kinds import Reads
from .offices import HELD, end_office

PRECINCT, WORKING = "precinct", "working"
OPEN, ASKED = "open", "asked"
MEMBER = "member"


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A row of `chapter_group`; `about` is Markdown."""

    id: str
    kind: str
    name: str
    slug: str
    about: str
    actor_uri: str
    joining: str
    created_at: datetime
    closed_at: datetime | None

    @property
    def public(self) -> bool:
        """Whether it has an actor: everybody can read what it publishes, and follow it."""
        return bool(self.actor_uri)

    @property
    def path(self) -> str:
        """Its page: of a public group the address of its actor."""
        return f"/@{self.slug}" if self.public else f"/groups/{self.slug}"


@dataclass(frozen=True, slots=True)
class GroupAsked:
    """Somebody would like to join a group; its captains decide."""

    group: GroupRow
    account_id: str


@dataclass(frozen=True, slots=True)
class GroupAnswered:
    """A captain or an organizer let somebody into a group, or did not."""

    group: GroupRow
    account_id: str
    by: str
    admitted: bool


@dataclass(frozen=True, slots=True)
class GroupLeft:
    """Somebody is not in a group any more, whoever decided that."""

    group: GroupRow
    account_id: str


COLUMNS = tuple(GroupRow.__slots__)
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM chapter_group"


async def find_group(reads: Reads, *, id_: str = "", slug: str = "", actor_uri: str = "") -> GroupRow | None:
    """The group with that id, slug or actor that is not closed, or None."""
    found = await find_group_ever(reads, id_=id_, slug=slug, actor_uri=actor_uri)
    return found if found is not None and found.closed_at is None else None


async def find_group_ever(
    reads: Reads, *, id_: str = "", slug: str = "", actor_uri: str = ""
) -> GroupRow | None:
    """The group with that id, slug or actor, closed or not, or None."""
    column, value = ("id", id_) if id_ else ("slug", slug) if slug else ("actor_uri", actor_uri)
    if not value:
        return None
    row = await reads.row(f"{_SELECT} WHERE {column} = ?", value)
    return GroupRow(**row) if row else None


async def get_group(reads: Reads, slug: str) -> GroupRow:
    """The group with that slug; raises NotFound."""
    found = await find_group(reads, slug=slug)
    if found is None:
        raise NotFound("no-group", "There is no such group here; perhaps it was closed.")
    return found


async def find_groups(reads: Reads, *, public_only: bool = False) -> list[GroupRow]:
    """Every group that is not closed, by name."""
    public = "AND actor_uri <> ''" if public_only else ""
    rows = await reads.rows(f"{_SELECT} WHERE closed_at IS NULL {public} ORDER BY lower(name), id")
    return [GroupRow(**row) for row in rows]


async def find_states(reads: Reads, account_id: str) -> dict[str, str]:
    """By group id, whether the account is a member there or has asked to be."""
    rows = await reads.rows("SELECT group_id, state FROM group_member WHERE account_id = ?", account_id)
    return {row["group_id"]: row["state"] for row in rows}


async def count_members(reads: Reads) -> dict[str, int]:
    """How many members each group has, by its id; for members' eyes only."""
    rows = await reads.rows(
        "SELECT group_id, count(*) AS total FROM group_member WHERE state = 'member' GROUP BY group_id"
    )
    return {row["group_id"]: int(row["total"]) for row in rows}


async def find_members(reads: Reads, group_id: str, state: str = MEMBER) -> list[Row]:
    """Who is in the group or asks to be (account_id, display_name, asked_at, joined_at), by name."""
    return await reads.rows(
        "SELECT account_id, display_name, asked_at, joined_at FROM group_member "
        "JOIN account ON account.id = group_member.account_id "
        "WHERE group_id = ? AND group_member.state = ? AND account.state = 'active' "
        "ORDER BY lower(display_name), account_id",
        group_id,
        state,
    )


async def find_captains(reads: Reads, group_id: str, now: datetime) -> list[Row]:
    """Who leads the group now (office_id, account_id, display_name, begins_at, ends_at)."""
    return await reads.rows(
        "SELECT office.id AS office_id, account_id, display_name, begins_at, ends_at FROM office "
        "JOIN account ON account.id = office.account_id WHERE account.state = 'active' "
        f"AND office.role = 'captain' AND group_id = ? AND {HELD} ORDER BY begins_at, office.id",
        group_id,
        now,
        now,
    )


async def join(unit: Unit, group: GroupRow, account_id: str) -> str:
    """The account is in the group, or has asked to be; returns which (member or asked)."""
    before = (await find_states(unit, account_id)).get(group.id)
    if before is not None:
        return before
    state = MEMBER if group.joining == OPEN else ASKED
    await _put(unit, group.id, account_id, state)
    if state == ASKED:
        unit.record(GroupAsked(group, account_id))
    return state


async def put_in(unit: Unit, group: GroupRow, account_id: str) -> None:
    """The account is in the group, whether or not it asked."""
    await _put(unit, group.id, account_id, MEMBER)


async def answer(unit: Unit, group: GroupRow, account_id: str, *, admitted: bool, by: str) -> None:
    """Whoever asked is in the group, or is not; raises Refusal when nobody of that id asks."""
    if (await find_states(unit, account_id)).get(group.id) != ASKED:
        raise Refusal("no-request", "They do not ask any more; perhaps somebody else answered.")
    if admitted:
        await _put(unit, group.id, account_id, MEMBER)
    else:
        await _remove(unit, group.id, account_id)
    unit.record(GroupAnswered(group, account_id, by, admitted))


async def leave_group(unit: Unit, group: GroupRow, account_id: str, *, by: str) -> None:
    """The account is not in the group any more and leads it no longer; `by` is who decided that."""
    for captain in await find_captains(unit, group.id, unit.now):
        if captain["account_id"] == account_id:
            why = "resigned" if by == account_id else "ended"
            await end_office(unit, captain["office_id"], ended_by=by, why=why)
    await _remove(unit, group.id, account_id)
    unit.record(GroupLeft(group, account_id))


async def _put(unit: Unit, group_id: str, account_id: str, state: str) -> None:
    joined_at = unit.now if state == MEMBER else None
    await unit.execute(
        "INSERT INTO group_member (id, group_id, account_id, state, asked_at, joined_at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (group_id, account_id) DO UPDATE SET state = excluded.state, joined_at = excluded.joined_at",
        unit.new_id(),
        group_id,
        account_id,
        state,
        unit.now,
        joined_at,
    )


async def _remove(unit: Unit, group_id: str, account_id: str) -> None:
    await unit.execute("DELETE FROM group_member WHERE group_id = ? AND account_id = ?", group_id, account_id)

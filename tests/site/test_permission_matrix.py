"""Row D7: every door of a real instance, for everybody who might knock, against a table written by hand (who_may).

A door that forgets its check would let somebody in here whom the table does not name. What an endpoint answers to those
let in (a page, nothing of that id, a form that lacks a field) is no matter of the first test; the second has real
things behind the doors that ask once more inside.
"""

import re
from typing import Any

import httpx

from fedchapter.app.routes import all_doors
from fedchapter.app.types import find_types
from fedchapter.house import Door
from fedchapter.members import Permission, Role, create_account, give_role, start_session
from fedchapter.members.groups import GroupRow
from fedchapter.store import Unit
from tests.objects.group.made import found
from tests.site.who_may import ALL, LET_IN, lines, stands_in
from tests.support.chapter import Chapter
from tests.support.network import World

# One's own doors that end the session that the test goes on with.
LAST = ("/sign-out", "/me/leave")
OPEN_TO_ANYONE_BY_POST = {
    "/join",
    "/join/mine",
    "/language",
    "/report",
    "/sign-in",
    "/sign-in/fediverse",
    "/sign-in/link",
    "/sign-in/moved",
    "/sign-in/second",
    "/sign-out",
    "/subscribe",
}


def address_of(door: Door) -> str:
    """The door's path with something of the right form in each place."""
    path = re.sub(r"\{\w+:int\}", "1", door.path)
    return re.sub(r"\{\w+(:\w+)?\}", "01jzzzzzzzzzzzzzzzzzzzzzzz", path)


def knocks() -> list[tuple[Door, str]]:
    """Every door with every method, those that sign out at the end."""
    doors = sorted(all_doors(find_types()), key=lambda door: door.path in LAST)
    return [(door, method) for door in doors for method in sorted(door.methods or ()) if method != "HEAD"]


def is_turned_away(answer: httpx.Response, method: str, role: Role | None) -> bool:
    """Whether the guard, not the page behind it, answered."""
    if role is None and method == "GET":
        return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=")
    words = "Please sign in first." if role is None else "Your role does not include this."
    return answer.status_code == 403 and words in answer.text


async def knock(client: httpx.AsyncClient, door: Door, method: str) -> httpx.Response:
    return await client.request(method, address_of(door), data={} if method == "POST" else None)


async def enter(chapter: Chapter, role: Role | None, harbour: GroupRow) -> httpx.AsyncClient:
    """A browser with a fresh account of that role; a captain leads the harbour."""
    if role is None:
        return chapter.client()
    if role is not Role.CAPTAIN:
        return await chapter.signed_in(role)

    async def lead(unit: Unit) -> str:
        account = await create_account(unit, display_name=f"captain {unit.new_id()[-6:]}")
        await give_role(unit, account.id, role, group_id=harbour.id)
        return await start_session(unit, account.id, "test")

    return chapter.client(await chapter.unit(lead))


def test_d7_every_door_and_every_role_stands_in_the_table_once() -> None:
    doors = {(door.path, method) for door, method in knocks()}
    named = [(path, method) for path, method in doors for table in ALL if stands_in((table,), path, method)]
    assert sorted(doors - set(named)) == [], "say in tests/site/who_may.py who may come in there"
    assert len(named) == len(set(named)), "a door stands in two tables"
    known = {path for path, _ in doors} | {f"{method}:{path}" for path, method in doors}
    assert sorted(line for table in ALL for line in lines(table) if line not in known) == []
    assert set(LET_IN) == {None, *Role}


async def test_d7_every_door_lets_in_whom_the_table_names_and_nobody_else(world: World) -> None:
    chapter = await world.chapter()
    harbour = await found(chapter)
    wrong: list[str] = []
    for role, tables in LET_IN.items():
        client = await enter(chapter, role, harbour)
        for door, method in knocks():
            if door.path in LAST and role is not None and method == "POST":
                client = await enter(chapter, role, harbour)
            answer = await knock(client, door, method)
            let_in = not is_turned_away(answer, method, role)
            if let_in is not stands_in(tables, door.path, method) or answer.status_code >= 500:
                wrong.append(f"{method} {door.path} as {role}: {answer.status_code}")
    assert wrong == []


async def test_d7_a_signed_in_stranger_of_another_chapter_is_nobody_here(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    admin = await hillside.signed_in(Role.ADMIN)
    name, token = next(iter(admin.cookies.items()))
    client = riverside.client()
    client.cookies.set(name, token)
    assert (await client.get("/admin")).status_code == 303


def test_d7_every_route_of_the_application_is_a_door_with_a_permission() -> None:
    doors: list[Any] = all_doors(find_types())
    assert all(isinstance(door.permission, Permission) for door in doors)
    keys = [(door.path, method) for door in doors for method in door.methods if method != "HEAD"]
    assert len(keys) == len(set(keys)), "two doors at one address: one of them is never reached"


def test_d7_what_changes_something_is_never_open_to_anyone() -> None:
    open_doors = {
        door.path
        for door, method in knocks()
        if method not in ("GET", "OPTIONS") and door.permission is Permission.ANYONE
    }
    assert open_doors <= OPEN_TO_ANYONE_BY_POST


def test_d7_everything_below_admin_is_for_staff() -> None:
    loose = [
        door.path
        for door, _ in knocks()
        if door.path.startswith("/admin") and door.permission.allows(Role.MEMBER)
    ]
    assert loose == []

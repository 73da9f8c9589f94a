"""Row D7: every door of a real instance, for everybody who might knock; the matrix is made from the doors themselves.

A door that forgets its check would let somebody in here whom its permission does not name. What an endpoint answers
to those let in (a page, nothing of that id, a form that lacks a field) is no matter of this test.
"""

import re
from typing import Any

import httpx

from fedchapter.app.routes import all_doors
from fedchapter.app.types import find_types
from fedchapter.house import Door
from fedchapter.members import Permission, Role
from tests.support.network import World

WHO: tuple[Role | None, ...] = (None, Role.MEMBER, Role.MODERATOR, Role.ADMIN)
# One's own doors that end the session that the test goes on with.
LAST = ("/sign-out", "/me/leave")
OPEN_TO_ANYONE_BY_POST = {
    "/join",
    "/join/mine",
    "/language",
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


async def test_d7_every_door_lets_in_whom_its_permission_names_and_nobody_else(world: World) -> None:
    chapter = await world.chapter()
    wrong: list[str] = []
    for role in WHO:
        client = await chapter.signed_in(role) if role else chapter.client()
        for door, method in knocks():
            if door.path in LAST and role is not None and method == "POST":
                client = await chapter.signed_in(role)
            answer = await knock(client, door, method)
            turned_away = is_turned_away(answer, method, role)
            if turned_away is door.permission.allows(role) or answer.status_code >= 500:
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

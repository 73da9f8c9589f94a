"""One running chapter under test, with short ways to ask it things."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx

from fedchapter.app import Instance
from fedchapter.clock import MovedClock
from fedchapter.members import Role, create_account, start_session
from fedchapter.store import Unit
from fedchapter.vocab.context import ACTIVITY_JSON

Result = TypeVar("Result")


class Chapter:
    """A running chapter under test."""

    def __init__(self, instance: Instance, clock: MovedClock) -> None:
        self.instance = instance
        self.clock = clock
        self.settings = instance.settings
        self.house = instance.house
        self.host = instance.settings.domain
        self.uri = instance.settings.chapter_uri
        self._clients: list[httpx.AsyncClient] = []

    async def run(self, work: Awaitable[Result]) -> Result:
        """Awaits something that uses this chapter's models."""

        async def inner() -> Result:
            return await work

        return await self.house.database.run(inner())

    async def unit(self, service: Callable[[Unit], Awaitable[Result]]) -> Result:
        """Runs a service in a unit of work of its own."""
        return await self.house.database.run(self.house.database.in_unit(service))

    async def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query."""
        return await self.house.database.run(self.house.database.rows(statement, *values))

    async def count(self, table: str, where: str = "1 = 1", *values: Any) -> int:
        """How many rows."""
        rows = await self.rows(f"SELECT count(*) AS total FROM {table} WHERE {where}", *values)
        return int(rows[0]["total"])

    async def log(self) -> list[tuple[str, str, str]]:
        """(verb, state, reason) of everything that came in, in order."""
        rows = await self.rows("SELECT verb, state, reason FROM inbox_item ORDER BY id")
        return [(row["verb"], row["state"], row["reason"]) for row in rows]

    def client(self, token: str = "") -> httpx.AsyncClient:
        """A browser-like client, signed in when given a session token."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.instance),
            base_url=self.settings.origin,
            headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"},
            cookies={"__Host-fedchapter-session": token} if token else None,
        )
        self._clients.append(client)
        return client

    async def signed_in(self, role: Role = Role.ADMIN, name: str = "") -> httpx.AsyncClient:
        """A client signed in as a fresh account with that role."""

        async def make(unit: Unit) -> str:
            account = await create_account(
                unit, display_name=name or f"{role.value} {unit.new_id()[-6:]}", role=role
            )
            return await start_session(unit, account.id, "test")

        return self.client(await self.unit(make))

    async def get_json(self, path: str) -> dict[str, Any]:
        """The ActivityPub document at a path (or URI) of this chapter."""
        async with self.client() as client:
            answer = await client.get(path, headers={"Accept": ACTIVITY_JSON})
            assert answer.status_code == 200, (path, answer.status_code, answer.text)
            assert answer.headers["content-type"].startswith(ACTIVITY_JSON)
            return dict(answer.json())

    async def settle(self) -> None:
        """Everything due now has been done."""
        await self.instance.settle()

    async def close(self) -> None:
        """The instance and its clients are closed."""
        for client in self._clients:
            await client.aclose()
        await self.instance.close()

"""A timeline page of 20 items against raw SQL plus template, and both with 1,000 and 100,000 stored objects."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import uvloop

from fedchapter.actors import ActorFacts, store_actor
from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.settings import settings_from
from fedchapter.store import Unit
from fedchapter.store.kinds import COLUMNS, Known
from fedchapter.web import Templates
from tests.bench.report import Report

ROUNDS = 60
SIZES = (1_000, 100_000)
_LIMIT_SQL = """
SELECT known_object.*, actor.name, actor.username || '@' || actor.host AS handle FROM known_object
JOIN actor ON actor.uri = known_object.owner_uri
WHERE listed AND known_object.state = 'shown' ORDER BY sort_at DESC LIMIT 20
"""


def measure(folder: Path, report: Report) -> None:
    """Cost in CPU time, which is steadier than the clock's."""
    uvloop.run(_measure(folder, report))


async def _measure(folder: Path, report: Report) -> None:
    costs: dict[int, tuple[float, float]] = {}
    for size in SIZES:
        instance = await filled(folder / str(size), size)
        costs[size] = await instance.house.database.run(_cost(instance))
        await instance.close()
    small, large = costs[SIZES[0]], costs[SIZES[1]]
    report.figure("home page of 20 items, CPU", small[0] * 1000, "ms")
    report.figure("  its limit: raw SQL and a template, CPU", small[1] * 1000, "ms")
    report.at_most("home page, of raw SQL and its template", small[0] / small[1], 2.0)
    report.at_most("home page at 100,000 objects, of 1,000", large[0] / small[0], 1.25)


async def _cost(instance: Instance) -> tuple[float, float]:
    house = instance.house
    transport = httpx.ASGITransport(app=instance)
    client = httpx.AsyncClient(
        transport=transport, base_url=house.settings.origin, headers={"Accept": "text/html"}
    )
    page = (await client.get("/")).text
    assert page.count("<article") >= 20

    async def ours() -> None:
        answer = await client.get("/")
        assert answer.status_code == 200

    async def empty() -> None:
        await client.get("/livez")

    async def limit() -> None:
        await house.database.rows(_LIMIT_SQL)

    template = await template_cost(instance, client)
    carried = await per_round(empty)
    result = (await per_round(ours) - carried, await per_round(limit) + template)
    await client.aclose()
    return result


async def template_cost(instance: Instance, client: httpx.AsyncClient, path: str = "/") -> float:
    """CPU seconds to render the page's own template with the values of one real request."""
    templates: Templates = instance.state.templates
    seen: list[tuple[str, dict[str, Any]]] = []
    page = templates.page

    def note(name: str, values: dict[str, Any]) -> str:
        seen.append((name, values))
        return page(name, values)

    templates.page = note  # type: ignore[method-assign,assignment]
    await client.get(path)
    templates.page = page  # type: ignore[method-assign]
    name, values = seen[-1]

    async def render() -> None:
        page(name, values)

    return await per_round(render)


async def per_round(work: Callable[[], Awaitable[None]]) -> float:
    """CPU seconds of one round, once it runs smoothly."""
    for _ in range(5):
        await work()
    began_s = time.process_time()
    for _ in range(ROUNDS):
        await work()
    return (time.process_time() - began_s) / ROUNDS


async def filled(folder: Path, size: int) -> Instance:
    """A chapter with that many listed posts of 50 actors."""
    settings = settings_from({"domain": "bench.test", "name": "Bench", "data": str(folder)})
    await bring_up(settings)
    instance = create_instance(settings)
    await instance.open()
    await found(instance)

    async def seed(unit: Unit) -> None:
        actors = [f"https://peer{number}.test/users/ada" for number in range(50)]
        for uri in actors:
            await store_actor(unit, ActorFacts(uri, "Person", "ada", f"{uri}/inbox", name="Ada"))
        rows = [_values(unit, number, actors[number % 50]) for number in range(size)]
        marks = ", ".join("?" * len(COLUMNS))
        await unit.execute_many(f"INSERT INTO known_object ({', '.join(COLUMNS)}) VALUES ({marks})", rows)

    await instance.house.database.run(instance.house.database.in_unit(seed))
    return instance


def _values(unit: Unit, number: int, owner: str) -> list[Any]:
    at = unit.now - timedelta(seconds=number)
    uri = f"{owner}/notes/{number}"
    html = f"<p>Post number {number} says something that people might want to read. {'Words. ' * 30}</p>"
    known = Known(uri, "announcement", unit.new_id(), owner, at, listed=True, url=uri, html=html, sort_at=at)
    return [getattr(known, name) for name in COLUMNS]

"""A page of the queue with 20,000 waiting posts against raw SQL plus its template."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvloop

from fedchapter.app import Instance
from fedchapter.members import Role, create_account, start_session
from fedchapter.store import Unit
from fedchapter.store.kinds import COLUMNS, Known
from tests.bench.pages import filled, per_round, template_cost
from tests.bench.report import Report

WAITING, WAVES, OF_A_WAVE = 20_000, 10, 1_000
_ITEM = (
    "INSERT INTO desk_item (id, sort, subject_uri, actor_uri, host, gravity, group_key, rule, reason, evidence, state, "
    "outcome, text_hash, exact_hash, opened_at) "
    "VALUES (?, 'held', ?, ?, ?, ?, ?, 'first-replies', 'new here', ?, 'open', '', '', '', ?)"
)
_GROUPS = """
SELECT group_key, max(gravity) AS gravity, count(*) AS total, min(opened_at) AS since_at FROM desk_item
WHERE state = 'open' GROUP BY group_key ORDER BY max(gravity) DESC, min(opened_at), group_key LIMIT 20
"""
_SPREAD = """
SELECT group_key, count(DISTINCT actor_uri) AS authors, count(DISTINCT host) AS hosts, min(id) AS id FROM desk_item
WHERE state = 'open' AND group_key IN ({}) GROUP BY group_key
"""
_LEADS = """
SELECT desk_item.*, actor.name, known_object.html, known_object.state AS now FROM desk_item
JOIN actor ON actor.uri = desk_item.actor_uri JOIN known_object ON known_object.uri = desk_item.subject_uri
WHERE desk_item.id IN ({})
"""


def measure(folder: Path, report: Report) -> None:
    """Cost in CPU time, which is steadier than the clock's."""
    uvloop.run(_measure(folder, report))


async def _measure(folder: Path, report: Report) -> None:
    instance = await filled(folder, 0)
    await instance.house.database.run(instance.house.database.in_unit(_fill))
    ours, limit = await instance.house.database.run(_cost(instance))
    await instance.close()
    report.figure("queue with 20,000 waiting, CPU", ours * 1000, "ms")
    report.figure("  its limit: raw SQL and a template, CPU", limit * 1000, "ms")
    report.at_most("queue with 20,000 waiting, of raw SQL and its template", ours / limit, 2.0)


async def _fill(unit: Unit) -> None:
    known, items = [], []
    for number in range(WAITING):
        wave = number // OF_A_WAVE
        owner = f"https://peer{number % 50}.test/users/ada"
        uri = f"{owner}/notes/{number}"
        at = unit.now - timedelta(seconds=number)
        html = f"<p>Post number {number} says something that somebody should look at. {'Words. ' * 30}</p>"
        one = Known(uri, "comment", unit.new_id(), owner, at, state="held", html=html, sort_at=at)
        known.append([getattr(one, name) for name in COLUMNS])
        key = f"wave:{wave}" if wave < WAVES else f"actor:{number // 2}"
        evidence = msgspec.json.encode({"kind": "comment", "html": html, "links": ["shop.test"]}).decode()
        items.append((unit.new_id(), uri, owner, f"peer{number % 50}.test", 10 + wave, key, evidence, at))
    marks = ", ".join("?" * len(COLUMNS))
    await unit.execute_many(f"INSERT INTO known_object ({', '.join(COLUMNS)}) VALUES ({marks})", known)
    await unit.execute_many(_ITEM, items)


async def _cost(instance: Instance) -> tuple[float, float]:
    database = instance.house.database
    client = await _moderator(instance)
    page = (await client.get("/admin/queue")).text
    assert page.count("data-group") >= 20

    async def ours() -> None:
        answer = await client.get("/admin/queue")
        assert answer.status_code == 200

    async def empty() -> None:
        await client.get("/livez")

    async def limit() -> None:
        groups: list[Any] = await database.rows(_GROUPS)
        keys = [row["group_key"] for row in groups]
        spread = await database.rows(_SPREAD.format(",".join("?" * len(keys))), *keys)
        await database.rows(_LEADS.format(",".join("?" * len(keys))), *(row["id"] for row in spread))

    template = await template_cost(instance, client, "/admin/queue")
    carried = await per_round(empty)
    result = (await per_round(ours) - carried, await per_round(limit) + template)
    await client.aclose()
    return result


async def _moderator(instance: Instance) -> httpx.AsyncClient:
    async def make(unit: Unit) -> str:
        account = await create_account(unit, display_name="Ana", role=Role.MODERATOR)
        return await start_session(unit, account.id, "bench")

    token = await instance.house.database.in_unit(make)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=instance),
        base_url=instance.house.settings.origin,
        headers={"Accept": "text/html"},
        cookies={"__Host-fedchapter-session": token},
    )

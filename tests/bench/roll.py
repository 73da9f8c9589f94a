"""A roll of 20,000: a page of it and a search, against raw SQL, a template and a small roll.

Issue of members: under 10 ms of CPU each. The bound is a ratio to what this machine needs for a plain page.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

import httpx
import uvloop

from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.members import Role, create_account, start_session
from fedchapter.members.roll import PAGE, Wanted, count_lines, find_lines
from fedchapter.members.standing import find_today
from fedchapter.settings import settings_from
from fedchapter.store import Unit
from fedchapter.text import fold
from tests.bench.pages import _per_round
from tests.bench.report import Report

SIZES = (500, 20_000)
FIRST = (
    "Ana",
    "Žofie",
    "Björn",
    "Chidi",
    "Dunja",
    "Émile",
    "Fatma",
    "Goran",
    "Hélène",
    "Ivo",
    "Jörg",
    "Kaya",
)
LAST = ("Ørsted", "Nowak", "Haddad", "Silva", "Brandt", "Okafor", "Lindqvist", "Moreau", "Yılmaz", "Castaño")
SEARCHES = ("", "zofie", "nowak 19999", "nobody at all", "member777@")


def measure(folder: Path, report: Report) -> None:
    """Cost in CPU time, which is steadier than the clock's."""
    uvloop.run(_measure(folder, report))


async def _measure(folder: Path, report: Report) -> None:
    costs: dict[int, dict[str, float]] = {}
    for size in SIZES:
        instance, token = await filled(folder / str(size), size)
        costs[size] = await instance.house.database.run(_costs(instance, token))
        await instance.close()
    small, large = costs[SIZES[0]], costs[SIZES[1]]
    for words in SEARCHES:
        report.figure(
            f"roll of 20,000, rules and rows, {words or 'first page'!r}, CPU", large[words] * 1000, "ms"
        )
        report.at_most(f"  milliseconds of CPU for {words or 'first page'!r}", large[words] * 1000, 10)
    report.figure("roll of 20,000, whole page over HTTP, CPU", large["page"] * 1000, "ms")
    report.figure("  the same page of a roll of 500, CPU", small["page"] * 1000, "ms")
    report.at_most("page of 20,000, of 500", large["page"] / small["page"], 3.5)


async def _costs(instance: Instance, token: str) -> dict[str, float]:
    house = instance.house
    now = house.clock.now()
    today = await find_today(house.database, now)

    async def look(words: str) -> None:
        wanted = Wanted(today, words=words)
        if len(await find_lines(house.database, wanted, now, limit=PAGE + 1)) > PAGE:
            await count_lines(house.database, wanted, now)

    costs = {words: await _per_round(partial(look, words)) for words in SEARCHES}
    costs["page"] = await _per_round(await _page(instance, token))
    return costs


async def _page(instance: Instance, token: str) -> Callable[[], Awaitable[None]]:
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=instance),
        base_url=instance.settings.origin,
        headers={"Accept": "text/html"},
        cookies={"__Host-fedchapter-session": token},
    )

    async def ask() -> None:
        answer = await client.get(f"/admin/members?q={quote('zofie')}")
        assert answer.status_code == 200
        assert answer.text.count("/admin/members/01") >= 20

    return ask


async def filled(folder: Path, size: int) -> tuple[Instance, str]:
    """A chapter with that many members, and the session of an organizer."""
    settings = settings_from({"domain": "bench.test", "name": "Bench", "data": str(folder)})
    await bring_up(settings)
    instance = create_instance(settings)
    await instance.open()
    await found(instance)
    rng = random.Random(1)

    async def seed(unit: Unit) -> str:
        rows = []
        for number in range(size):
            name = f"{rng.choice(FIRST)} {rng.choice(LAST)} {number}"
            joined_at = unit.now - timedelta(hours=number)
            rows.append((unit.new_id(), name, fold(name), f"member{number}@mail.test", joined_at))
        await unit.execute_many(
            "INSERT INTO account (id, display_name, sort_name, email, password, state, language, invited_by, "
            "created_at) VALUES (?, ?, ?, ?, '', 'active', '', '', ?)",
            rows,
        )
        organizer = await create_account(unit, display_name="Organizer", role=Role.ORGANIZER)
        return await start_session(unit, organizer.id, "bench")

    token = await instance.house.database.run(instance.house.database.in_unit(seed))
    return instance, token

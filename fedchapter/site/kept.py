"""What is kept here, why, how long and how much of the disk it takes; and how long it shall be kept.

Issue of moderation (retention). Decision: the list is what the rooms themselves declare and the sweep itself uses
(store.retention), so that the page cannot say anything else than what happens.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..federation.keeping import (
    MEGABYTE,
    QUOTA,
    QUOTA_MB_MAX,
    QUOTA_MB_MIN,
    find_log_bytes,
    find_quota_bytes,
)
from ..house import Door, House, house_of
from ..house.room import CHOICE as FREE
from ..house.room import MB_MAX, MB_MIN, disk_usage, find_floor
from ..jobs.sweep import begin, find_sweeps
from ..members import Permission
from ..moderation.audit import Entry, Judge, Line, verb, write
from ..store import Row, Unit
from ..store.choices import choose, find_choices
from ..store.measure import Sizes, count_kept, measure_database, measure_folder, measure_tables
from ..store.retention import DAYS_MAX, Kept, Memory
from ..web import Form, admin_tabs, flash, member_of, read_form, redirect, render
from ..words import mark, say, say_many

PAGE = "/admin/kept"
SIZES = {QUOTA: (QUOTA_MB_MIN, QUOTA_MB_MAX), FREE: (MB_MIN, MB_MAX)}


async def _put_back(unit: Unit, line: Line, judge: Judge) -> None:
    choices = await find_choices(unit)
    if any(choices[name] != value for name, value in line.before["after"].items()):
        raise Refusal("overtaken", "Something else has been decided about this since.")
    for name, value in line.before["before"].items():
        await choose(unit, name, value)


CHANGED = verb(
    "keep-days",
    mark("Changed how long data is kept"),
    mark("Undone: changed how long data is kept"),
    undo=_put_back,
    needs=Permission.ADMIN,
)


async def show(request: Request) -> Response:
    """What is kept."""
    return await _page(request, await find_choices(house_of(request).database))


async def save(request: Request) -> Response:
    """It is kept so long from now on; or the form again, with what is wrong."""
    form, house = await read_form(request), house_of(request)
    limits = limits_of(memory_of(request))
    values = read_values(form, limits)
    errors = check(values, limits)
    if errors:
        return await _page(request, values, errors)
    async with house.database.unit() as unit:
        await _save(unit, values, member_of(request).account.id)
    return flash(request, redirect(PAGE), mark("Saved. What is older is erased within the next hour."))


async def _save(unit: Unit, values: Mapping[str, str], account_id: str) -> None:
    before = await find_choices(unit)
    after = {name: value for name, value in values.items() if before[name] != value}
    if not after:
        return
    for name, value in after.items():
        await choose(unit, name, value)
    was = {"before": {name: before[name] for name in after}, "after": after}
    said = ", ".join(f"{name}: {before[name]} → {value}" for name, value in after.items())
    await write(unit, Entry(CHANGED, "settings", before=was), Judge(account_id, said))


async def erase_now(request: Request) -> Response:
    """What was kept long enough is being erased."""
    memory = memory_of(request)
    async with house_of(request).database.unit() as unit:
        for one in memory.kept:
            await begin(unit, one)
    return flash(
        request, redirect(PAGE), mark("It is being erased, a little at a time. Look again in a minute.")
    )


def memory_of(request: Request) -> Memory:
    """What the rooms declare."""
    memory = request.app.state.types.memory
    assert isinstance(memory, Memory)
    return memory


def limits_of(memory: Memory) -> dict[str, tuple[int, int]]:
    """The fields of the form, with the least and the most of each: days, and megabytes."""
    limits: dict[str, tuple[int, int]] = {}
    for one in memory.kept:
        if one.choice:
            least = max(one.days_min, limits.get(one.choice, (1, 0))[0])
            limits[one.choice] = (least, DAYS_MAX)
    return limits | SIZES


def read_values(form: Form, limits: Mapping[str, tuple[int, int]]) -> dict[str, str]:
    """What the form says."""
    return {name: form.text(name) for name in limits}


def check(values: Mapping[str, str], limits: Mapping[str, tuple[int, int]]) -> dict[str, str]:
    """What is wrong, by field."""
    errors: dict[str, str] = {}
    for name, (least, most) in limits.items():
        text = values[name]
        if not (text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most):
            errors[name] = say("A whole number from %(least)s to %(most)s.", least=least, most=most)
    return errors


def to_size(size: int) -> str:
    """Bytes for people, to three figures at most."""
    if size < MEGABYTE:
        return say("%(size)s kB", size=-(-size // 1024))
    if size < 1024 * MEGABYTE:
        return say("%(size)s MB", size=round(size / MEGABYTE, 1 if size < 100 * MEGABYTE else None))
    return say("%(size)s GB", size=round(size / MEGABYTE / 1024, 1))


def to_duration(one: Kept, choices: Mapping[str, str]) -> str:
    """How long it is kept, in words."""
    days = one.days_from(choices)
    if one.until or not days:
        return say(one.until)
    return say_many("%(num)s day", "%(num)s days", days)


async def _page(
    request: Request, values: Mapping[str, str], errors: dict[str, str] | None = None
) -> Response:
    house, memory = house_of(request), memory_of(request)
    choices, sweeps = await find_choices(house.database), await find_sweeps(house.database)
    sizes = await measure_tables(house.database, [table for one in memory.kept for table in one.tables])
    lines = [await _line(house, one, choices, sizes, sweeps.get(one.name)) for one in memory.kept]
    return await render(
        request,
        "site/kept.html",
        400 if errors else 200,
        by_days=[line for line in lines if line["by_days"]],
        otherwise=[line for line in lines if not line["by_days"]],
        fields=_fields(memory, values, errors or {}),
        values=values,
        errors=errors or {},
        limits=SIZES,
        exact=sizes.exact,
        room=await _room(house),
        admin_tabs=await admin_tabs(request),
    )


async def _line(
    house: House, one: Kept, choices: Mapping[str, str], sizes: Sizes, last: Row | None
) -> dict[str, Any]:
    count = await count_kept(house.database, one)
    size = sum(sizes.tables.get(table, 0) for table in one.tables)
    if one.folder is not None:
        files, in_files = await asyncio.to_thread(measure_folder, one.folder(house.settings))
        count, size = max(count, files), size + in_files
    if one.name == "log-texts":
        size = await find_log_bytes(house.database)
    return {
        "label": say(one.label),
        "why": say(one.why),
        "duration": to_duration(one, choices),
        "count": count,
        "size": to_size(size),
        "by_days": bool(one.choice or one.days),
        "last": last,
        "erases": one.erase is not None,
    }


def _fields(memory: Memory, values: Mapping[str, str], errors: Mapping[str, str]) -> list[dict[str, str]]:
    limits, found = limits_of(memory), {}
    for one in memory.kept:
        if one.choice and one.choice not in found:
            least, most = limits[one.choice]
            found[one.choice] = {
                "name": one.choice,
                "label": say(one.label),
                "value": values[one.choice],
                "hint": say("Days, from %(least)s to %(most)s.", least=least, most=most),
                "error": errors.get(one.choice, ""),
            }
    return list(found.values())


async def _room(house: House) -> dict[str, Any]:
    free, total = disk_usage(house.settings)
    floor = await find_floor(house.database, total)
    return {
        "database": to_size(await measure_database(house.database)),
        "free": to_size(free),
        "floor": to_size(floor),
        "is_short": free < floor,
        "log": to_size(await find_log_bytes(house.database)),
        "quota": to_size(await find_quota_bytes(house.database)),
        "sqlite": not house.database.postgres,
    }


def doors() -> list[Door]:
    """For admins."""
    return [
        Door(PAGE, show, Permission.ADMIN),
        Door(PAGE, save, Permission.ADMIN, methods=("POST",)),
        Door(f"{PAGE}/erase", erase_now, Permission.ADMIN, methods=("POST",)),
    ]

"""All checks, at once, each within its time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

import structlog

from ...house import House
from ...words import mark
from . import inside, outside, post
from .findings import Finding, fail

log = structlog.get_logger()
Check = Callable[[House], Awaitable[Finding]]
EACH_S = 20

INSIDE: tuple[tuple[str, str, Check], ...] = (
    ("database", mark("Database"), inside.check_database),
    ("queue", mark("Work waiting"), inside.check_queue),
    ("disk", mark("Disk"), inside.check_room),
    ("backup", mark("Backup"), inside.check_backup),
    ("drill", mark("Drill"), inside.check_drill),
    ("files", mark("Secret files"), inside.check_files),
    ("admins", mark("Admins"), inside.check_admins),
)
OUTSIDE: tuple[tuple[str, str, Check], ...] = (
    ("dns", mark("Name"), outside.check_name),
    ("tls", mark("Certificate"), outside.check_certificate),
    ("proxy", mark("Proxy"), outside.check_proxy),
    ("webfinger", mark("Handle"), outside.check_finger),
    ("inbox", mark("Inbox"), outside.check_inbox),
    ("clock", mark("Clock"), outside.check_clock),
    ("mail", mark("Mail"), post.check_mail),
)


async def examine(
    house: House, models: Sequence[str], *, each_s: float = EACH_S, only_inside: bool = False
) -> list[Finding]:
    """What every check found, in a fixed order; takes little longer than the slowest."""
    schema: tuple[str, str, Check] = (
        "migrations",
        mark("Schema"),
        partial(inside.check_migrations, models=models),
    )
    checks = [INSIDE[0], schema, *INSIDE[1:], *(() if only_inside else OUTSIDE)]
    return list(
        await asyncio.gather(*[_run(house, name, label, check, each_s) for name, label, check in checks])
    )


async def _run(house: House, name: str, label: str, check: Check, each_s: float) -> Finding:
    try:
        async with asyncio.timeout(each_s):
            found = await check(house)
    except TimeoutError:
        found = fail(
            mark("This took longer than %(seconds)s seconds."), mark("Try again in a while."), seconds=each_s
        )
    except Exception as error:
        # One broken check must not hide the others; the log has the rest.
        log.warning("doctor-check-failed", check=name, exc_info=error)
        found = fail(
            mark("This could not be looked at: %(reason)s."),
            mark("See the log."),
            reason=f"{type(error).__name__}: {error}"[:200],
        )
    return replace(found, name=name, label=label)

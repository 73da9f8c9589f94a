"""The doctor as a page for admins, with the list of backups and drills; and the door through which it asks itself.

operations.md §2.2 (the same checks as `fedchapter doctor`).
"""

from ipaddress import ip_address
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..continuity.doctor import Finding, Health, examine, worst
from ..continuity.doctor.echo import PATH, Echo, Tokens
from ..continuity.keep import backup_folder, find_backups
from ..continuity.nightly import make_alone
from ..continuity.rows import find_events, find_gaps
from ..errors import NotFound
from ..house import Door, House, house_of
from ..members import Permission
from ..moderation.lists.pages import count_failing
from ..moderation.lists.rows import find_lists
from ..web import admin_tabs, flash, redirect, render
from ..web.address import client_address
from ..words import mark, say

PAGE = "/admin/health"
EACH_S = 8
SHOWN = 14
SEEN = Tokens()
STATES = {
    Health.WARN: ("waiting", mark("look at this")),
    Health.FAIL: ("failed", mark("broken")),
}
KINDS = {
    "backup": mark("Backup"),
    "drill": mark("Drill"),
    "upgrade": mark("Upgrade"),
    "restore": mark("Restore"),
}
LISTS = mark("Lists of servers")
LISTS_FAIL = mark("Lists that cannot be read, or are suddenly much shorter: %(count)s.")
LISTS_TODO = mark("Look at them on the page of lists.")
SUMMARY = {
    Health.OK: mark("Everything that was looked at is well."),
    Health.WARN: mark("The chapter works. Something should be looked at."),
    Health.FAIL: mark("Something does not work. What to do stands beside it."),
}


async def health(request: Request) -> Response:
    """What the doctor finds now."""
    house = house_of(request)
    findings = await examine(house, request.app.state.types.models, each_s=EACH_S)
    wrong = [finding for finding in findings if finding.health is not Health.OK]
    failing = count_failing(await find_lists(house.database))
    if failing:
        wrong.append(Finding(Health.WARN, LISTS_FAIL, LISTS_TODO, {"count": failing}, "lists", LISTS))
    return await render(
        request,
        "site/health.html",
        summary=say(SUMMARY[worst(findings)]),
        wrong=[_line(finding) for finding in sorted(wrong, key=lambda finding: -finding.health.rank)],
        well=[(finding.title, finding.words) for finding in findings if finding.health is Health.OK],
        events=[_event(row) for row in await find_events(house.database, SHOWN)],
        backups=_backups(house),
        gaps=await find_gaps(house.database),
        admin_tabs=await admin_tabs(request),
    )


def _line(finding: Finding) -> dict[str, str]:
    state, label = STATES[finding.health]
    # Backticks mark commands on a terminal; a page has other means, and needs none here.
    words, todo = finding.words.replace("`", ""), finding.todo.replace("`", "")
    return {"title": finding.title, "state": state, "label": say(label), "words": words, "todo": todo}


def _event(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": say(KINDS[row["kind"]]),
        "state": "ok" if row["ok"] else "failed",
        "label": say("done") if row["ok"] else say("failed"),
        "words": row["words"] or row["file_name"],
        "at": row["ended_at"],
    }


def _backups(house: House) -> dict[str, Any]:
    folder = backup_folder(house.settings)
    found = find_backups(folder)
    size = sum(path.stat().st_size for path in found)
    return {"folder": str(folder), "count": len(found), "megabytes": round(size / 1_048_576, 1)}


async def back_up(request: Request) -> Response:
    """A backup is made now."""
    made = await make_alone(house_of(request))
    if made is None:
        return flash(request, redirect(PAGE), mark("No backup was made. Below stands why."), "error")
    return flash(
        request, redirect(PAGE), mark("%(file)s is made, and was opened again."), file=made.path.name
    )


async def echo(request: Request) -> Response:
    """What arrived here of a question that the doctor asked; NotFound for everybody else."""
    house = house_of(request)
    if not SEEN.use(house.secret, request.path_params["token"], house.clock.now()):
        raise NotFound
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    seen = Echo(
        host=request.headers.get("host", ""),
        client=client_address(request),
        forwarded=sum(_is_address(hop.strip()) for hop in forwarded.split(",")),
        proto=request.headers.get("x-forwarded-proto", ""),
    )
    return Response(
        msgspec.json.encode(seen), headers={"Cache-Control": "no-store"}, media_type="application/json"
    )


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def doors() -> list[Door]:
    """For admins, and the doctor's own door."""
    return [
        Door(PAGE, health, Permission.ADMIN),
        Door(f"{PAGE}/backup", back_up, Permission.ADMIN, methods=("POST",)),
        Door(f"/{PATH}/{{token}}", echo, Permission.PEER),
    ]

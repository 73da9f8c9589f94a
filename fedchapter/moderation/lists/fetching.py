"""Asking for subscribed lists once a day: bounded, with the ETag of the last time, and never applied by itself.

operations.md §1.3; wire.md §3.3. The guarded client decides where a request may go. What a sister chapter decided is
asked for with a signature (sisters.py).
"""

from collections.abc import Sequence
from typing import Any

from ...errors import PeerError, Refusal
from ...house import House
from ...jobs import outside_job
from ...net import Answer
from ...store import Unit
from ...vocab.uris import UriError, parse_url
from ...words import mark
from .formats import NotAList, Reading, read_list
from .rows import ALLOWS, JOB, Diff, HostSource, get_list, keep_reading, match_digests, plan_fetch

ACCEPT = "text/csv, application/json;q=0.9, text/plain;q=0.8, */*;q=0.1"
BYTES_MAX = 4 * 1024 * 1024
DEADLINE_S = 30.0
# So many failures in a row are shown as a warning.
WARN_AFTER = 3
NOT_LISTS = {
    "html": mark("A page came instead of a list. Look for the address of the file itself."),
    "json": mark("This is JSON, but not a list of servers."),
    "too-long": mark("The list has more than 20,000 rows."),
    "text": mark("This is not text."),
    "wrong": mark("Most rows of it name no server. The list below is the one of before."),
}
FAILED = mark("The other server could not be reached, or did not give the list.")


class Unreadable(Refusal):
    """What came is no list; its message says why."""


def check_address(text: str) -> str:
    """The address of a list as it is asked; raises Refusal."""
    try:
        return str(parse_url(text.strip(), allow_http_localhost=True))
    except UriError as error:
        raise Refusal("url", "Give the whole address of the list, beginning with https.") from error


def to_text(body: bytes) -> str:
    """The words of a file in UTF-8, or UTF-16 as spreadsheets write it; raises Unreadable."""
    encoding = "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = body.decode(encoding, "replace")
    if "\x00" in text:
        raise Unreadable("list", NOT_LISTS["text"])
    return text


def read_body(body: bytes, *, allows: bool, own_host: str) -> Reading:
    """What the file says; raises Unreadable for what is no list."""
    try:
        reading = read_list(to_text(body), allows=allows, own_host=own_host)
    except NotAList as error:
        raise Unreadable("list", NOT_LISTS[error.code]) from error
    if len(reading.wrong) > len(reading.entries) + 5:
        raise Unreadable("list", NOT_LISTS["wrong"])
    return reading


async def ask(house: House, url: str, *, etag: str = "") -> Answer:
    """What stands at the address now, or 304; raises PeerError."""
    headers: Sequence[tuple[str, str]] = [("If-None-Match", etag)] if etag else []
    return await house.net.get(
        url, accept=ACCEPT, headers=headers, max_bytes=BYTES_MAX, deadline_s=DEADLINE_S
    )


async def try_out(house: House, url: str, *, allows: bool) -> Reading:
    """What the list would say, without keeping anything; raises Refusal."""
    try:
        answer = await ask(house, url)
    except PeerError as error:
        raise Refusal("unreachable", FAILED) from error
    if answer.status != 200:
        raise Refusal("unreachable", FAILED)
    return read_body(answer.body, allows=allows, own_host=house.settings.domain)


async def fetch_list(house: House, list_id: str, *, force: bool = False) -> Diff:
    """The list is as its address has it now; raises Refusal, which is noted with the list."""
    found = await get_list(house.database, list_id)
    try:
        answer = await ask(house, found.url, etag="" if force else found.etag)
        if answer.status == 304:
            return await house.database.in_unit(lambda unit: _unchanged(unit, found))
        if answer.status != 200:
            raise Refusal("unreachable", FAILED)
        reading = read_body(answer.body, allows=found.sort == ALLOWS, own_host=house.settings.domain)
    except PeerError as error:
        raise await _failed(house, found, Refusal("unreachable", FAILED)) from error
    except Refusal as error:
        raise await _failed(house, found, error) from error
    return await house.database.in_unit(lambda unit: _keep(unit, found, reading, answer, force=force))


async def _keep(unit: Unit, found: HostSource, reading: Reading, answer: Answer, *, force: bool) -> Diff:
    diff = await keep_reading(unit, found, reading, force=force)
    # One that shrank is asked for in full again, so that the doubt stays in sight.
    etag = answer.headers.get("etag", "")[:255] if diff.shrunk is None else ""
    await unit.execute("UPDATE host_list SET etag = ? WHERE id = ?", etag, found.id)
    return diff


async def _unchanged(unit: Unit, found: HostSource) -> Diff:
    await unit.execute(
        "UPDATE host_list SET fetched_at = ?, ok_at = ?, error = '', failures = 0 WHERE id = ?",
        unit.now,
        unit.now,
        found.id,
    )
    await unit.execute(
        "UPDATE list_entry SET last_seen_at = ? WHERE list_id = ? AND retracted_at IS NULL",
        unit.now,
        found.id,
    )
    return Diff(changed=await match_digests(unit, found.id))


async def _failed(house: House, found: HostSource, error: Refusal) -> Refusal:
    async with house.database.unit() as unit:
        await unit.execute(
            "UPDATE host_list SET error = ?, failures = failures + 1, fetched_at = ? WHERE id = ?",
            str(error),
            unit.now,
            found.id,
        )
    return error


@outside_job(JOB)
async def fetch_daily(house: House, payload: dict[str, Any]) -> None:
    """The list is asked for, and again tomorrow, as long as it is there."""
    list_id = payload["list_id"]
    async with house.database.unit() as unit:
        row = await unit.row("SELECT url FROM host_list WHERE id = ?", list_id)
        if row is None or not row["url"]:
            return
        await plan_fetch(unit, list_id)
    try:
        await fetch_list(house, list_id)
    except Refusal:
        # It stands with the list, and moderators are warned there.
        return


JOBS = (fetch_daily,)

"""What sister chapters decided about servers, as drafts with their reasons; and what we tell them of ours.

Issue "Lists" ("3 of your sister chapters suspended this host"). Decisions: it is told to sister chapters alone, over a
signed request, in the shape of Mastodon's own list; only what was decided by hand is told, since an adopted list is no
second opinion; and it is never applied by itself.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from ...actors.sisters import find_sisters
from ...errors import PeerError, Refusal
from ...federation.fetch import fetch_signed
from ...house import House
from ...jobs import outside_job, schedule
from ...policy import HostMarks, find_marks
from ...policy.marks import LIMIT, REFUSE, has_ended
from ...store import Row, Unit
from ...store.choices import find_choice
from ...store.kinds import Reads
from ...vocab.uris import host_of, origin_of
from ..audit import Judge
from .circle import fetch_circle, keep_circle
from .drafts import Draft, Review, compare, find_touched, to_marking, to_review
from .fetching import read_body
from .formats import NOOP, SILENCE, SUSPEND
from .rows import SISTER, HostSource, add_list, drop_list, get_list, keep_reading

log = structlog.get_logger()
SISTERS = "sisters"
PATH = "circle/decisions"
CHOICE = "tell_sisters"
JOB = "sisters-fetch"
EVERY = timedelta(hours=24)
_SEVERITIES = {REFUSE: SUSPEND, LIMIT: SILENCE}
_HARDNESS = {NOOP: 0, SILENCE: 1, SUSPEND: 2}


async def to_told(house: House) -> bytes:
    """What we decided by hand about other servers, for sister chapters: domain, severity, flags, comment."""
    now = house.clock.now()
    told = [
        {
            "domain": one.subject,
            "severity": _SEVERITIES.get(one.decision, NOOP),
            "reject_media": one.reject_media,
            "reject_reports": one.reject_reports,
            "comment": one.public_reason,
        }
        for one in await find_marks(house.database, "host")
        if not one.source
        and not has_ended(one, now)
        # What only waits here, or is allowed, is nobody else's business.
        and (one.decision in _SEVERITIES or one.reject_media or one.reject_reports)
    ]
    return msgspec.json.encode(told)


async def is_sister_server(house: House, signer_uri: str) -> bool:
    """Whether the request was signed by a sister chapter, or by its server for it."""
    origin = origin_of(signer_uri)
    sisters = await find_sisters(house.database, house.settings.chapter_uri)
    return any(origin_of(uri) == origin for uri in sisters)


async def plan_round(unit: Unit, *, at_once: bool = False) -> None:
    """The next round is planned, tomorrow or at once."""
    due_at = unit.now if at_once else unit.now + EVERY
    key = f"{JOB}:{'now-' + unit.new_id() if at_once else due_at.date()}"
    await schedule(unit, JOB, {}, due_at=due_at, key=key)


@outside_job(JOB)
async def ask_sisters(house: House, payload: dict[str, Any]) -> None:
    """Every sister chapter is asked whom it vouches for and what it decided; who is no sister any more is forgotten."""
    await house.database.in_unit(plan_round)
    sisters = await find_sisters(house.database, house.settings.chapter_uri)
    await house.database.in_unit(lambda unit: _forget_others(unit, sisters))
    for uri in sisters:
        await _ask_circle(house, uri)
        await _ask_decisions(house, uri)


async def _forget_others(unit: Unit, sisters: list[str]) -> None:
    kept = {*sisters, unit.settings.chapter_uri}
    for row in await unit.rows("SELECT DISTINCT by_uri FROM circle_entry"):
        if row["by_uri"] not in kept:
            await keep_circle(unit, row["by_uri"], [])
    for row in await unit.rows("SELECT id, sister_uri FROM host_list WHERE sort = ?", SISTER):
        if row["sister_uri"] not in kept:
            await drop_list(unit, await get_list(unit, row["id"]), Judge(""))


async def _ask_circle(house: House, uri: str) -> None:
    try:
        await fetch_circle(house, uri)
    except PeerError as error:
        log.info("circle-not-read", sister=uri, code=error.code)
        if error.code in ("not-found", "gone", "not-allowed"):
            # It does not publish one any more, or not for us.
            await house.database.in_unit(lambda unit: keep_circle(unit, uri, []))


async def _ask_decisions(house: House, uri: str) -> None:
    try:
        answer = await fetch_signed(house, f"{origin_of(uri)}/{PATH}", accept="application/json")
        if answer.status != 200:
            log.info("decisions-not-told", sister=uri, status=answer.status)
            return
        reading = read_body(answer.body, allows=False, own_host=house.settings.domain)
    except (PeerError, Refusal) as error:
        log.info("decisions-not-read", sister=uri, code=error.code)
        return
    # What they decided is theirs to change: their list may shrink as it likes, since nothing follows by itself.
    found = await house.database.in_unit(lambda unit: _list_of(unit, uri))
    await house.database.in_unit(lambda unit: keep_reading(unit, found, reading, force=True))


async def _list_of(unit: Unit, uri: str) -> HostSource:
    row = await unit.row("SELECT id FROM host_list WHERE sister_uri = ?", uri)
    list_id = (
        row["id"]
        if row is not None
        else await add_list(unit, sort=SISTER, name=host_of(uri), url="", judge=Judge(""), sister_uri=uri)
    )
    return await get_list(unit, list_id)


_SAID = """
SELECT list_entry.host, list_entry.severity, list_entry.reject_media, list_entry.reject_reports, list_entry.obfuscate,
    list_entry.comment, list_entry.left_out_at, list_entry.first_seen_at, host_list.name, host_list.sister_uri
FROM list_entry JOIN host_list ON host_list.id = list_entry.list_id
WHERE host_list.sort = 'sister' AND list_entry.retracted_at IS NULL AND list_entry.host <> ''
"""


async def find_sister_review(reads: Reads, marks: HostMarks, chapter_uri: str) -> Review:
    """What sister chapters decided and we have not: one draft a host, the hardest of what they say, those that most of
    them say first."""
    sisters = set(await find_sisters(reads, chapter_uri))
    said: defaultdict[str, list[Row]] = defaultdict(list)
    for row in await reads.rows(_SAID):
        if row["sister_uri"] in sisters:
            said[row["host"]].append(row)
    touched = await find_touched(reads, chapter_uri)
    review = to_review(_together(rows, marks, touched) for rows in said.values())
    ordered = sorted(review.drafts, key=lambda draft: (not draft.is_ticked, -len(draft.said_by), draft.host))
    return Review(tuple(ordered), review.others)


def _together(rows: list[Row], marks: HostMarks, touched: frozenset[str]) -> Draft:
    hardest = max(rows, key=lambda row: _HARDNESS.get(row["severity"], 0))
    host = hardest["host"]
    comment = "; ".join(f"{row['name']}: {row['comment']}" for row in rows if row["comment"])[:1000]
    wanted = to_marking({**hardest, "comment": hardest["comment"]}, SISTERS)
    now = marks.find(host)
    state = "left-out" if all(row["left_out_at"] for row in rows) else compare(wanted, now, host)
    cuts = wanted.decision in (REFUSE, LIMIT) and host in touched
    names = tuple(sorted(row["name"] for row in rows))
    return Draft(host, state, wanted, now, comment, cuts=cuts, said_by=names)


async def said_by_sisters(reads: Reads, chapter_uri: str, host: str) -> list[dict[str, str]]:
    """What sister chapters decided about that host or a domain above it: chapter, severity, comment. For the desk."""
    sisters = set(await find_sisters(reads, chapter_uri))
    rows = await reads.rows(
        f"{_SAID} AND (list_entry.host = ? OR ? LIKE '%.' || list_entry.host)", host, host
    )
    return [
        {"chapter": row["name"], "severity": row["severity"], "comment": row["comment"]}
        for row in rows
        if row["sister_uri"] in sisters
    ]


async def tells(reads: Reads) -> bool:
    """Whether our decisions are told to sister chapters."""
    return await find_choice(reads, CHOICE) == "yes"


JOBS = (ask_sisters,)

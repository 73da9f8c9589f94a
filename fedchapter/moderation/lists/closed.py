"""The closed network: only servers that were allowed, by their exact name, may ask, follow or send; and only they are
asked or sent anything.

wire.md §3.3 (limited federation: implies authorized fetch, exact hosts). Decision: pages for people stay as they are,
since they are what the chapter publishes on its own site; who must not be read at all has groups and members' pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ...actors.sisters import find_sisters
from ...errors import Refusal
from ...house import House
from ...policy import Marking, find_marking
from ...policy.marks import APPROVED, REFUSE
from ...policy.state import note_change
from ...store import Unit
from ...store.choices import choose, find_choice
from ...store.kinds import Reads
from ...vocab.uris import host_of
from ...words import mark
from ..actions.hosts import set_host
from ..audit import Entry, Judge, Line, overtaken, verb, write
from ..ballots import find_ballots_of_host
from ..seconds import check_ballots, check_sisters

CHOICE = "closed_network"
NAMED_MAX = 50


@dataclass(frozen=True, slots=True)
class Outside:
    """One server that closing cuts: how many follow us from there, whom we follow there, members linked from there."""

    host: str
    followers: int
    followed: int
    linked: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What closing would mean now: `allowed` hosts stay, `added` are sister chapters that would be allowed with it,
    `cut` are the servers with somebody who would notice (at most 50 of `cut_count`), `linked` all those from which
    members sign in."""

    allowed: tuple[str, ...]
    added: tuple[str, ...]
    cut: tuple[Outside, ...]
    cut_count: int
    linked: tuple[str, ...] = ()

    @property
    def followers(self) -> int:
        """How many follow us from the servers that are named."""
        return sum(one.followers for one in self.cut)


_OUTSIDE = """
SELECT host, sum(followers) AS followers, sum(followed) AS followed, sum(linked) AS linked FROM (
    SELECT actor.host AS host, count(*) AS followers, 0 AS followed, 0 AS linked FROM follow
        JOIN actor ON actor.uri = follow.follower_uri
        WHERE actor.local = false AND follow.state = 'accepted' GROUP BY actor.host
    UNION ALL SELECT actor.host, 0, count(*), 0 FROM follow JOIN actor ON actor.uri = follow.followed_uri
        WHERE actor.local = false AND follow.state IN ('accepted', 'requested') GROUP BY actor.host
    UNION ALL SELECT host, 0, 0, count(DISTINCT account_id) FROM identity WHERE host <> '' GROUP BY host
) AS ties GROUP BY host ORDER BY sum(followers) + sum(followed) + sum(linked) DESC, host
"""


async def preview_closing(reads: Reads, chapter_uri: str, own_host: str) -> Preview:
    """What is tied to servers that are not allowed by their exact name."""
    allowed = await _find_allowed(reads)
    added = [host for host in await _find_sister_hosts(reads, chapter_uri) if host not in allowed]
    kept = {*allowed, *added, own_host}
    cut = [
        Outside(row["host"], int(row["followers"]), int(row["followed"]), int(row["linked"]))
        for row in await reads.rows(_OUTSIDE)
        if row["host"] not in kept
    ]
    linked = tuple(one.host for one in cut if one.linked)
    return Preview(tuple(allowed), tuple(added), tuple(cut[:NAMED_MAX]), len(cut), linked)


async def _find_allowed(reads: Reads) -> list[str]:
    rows = await reads.rows(
        "SELECT subject FROM mark WHERE scope = 'host' AND decision = ? ORDER BY subject", APPROVED
    )
    return [row["subject"] for row in rows]


async def _find_sister_hosts(reads: Reads, chapter_uri: str) -> list[str]:
    return sorted({host_of(uri) for uri in await find_sisters(reads, chapter_uri)})


async def close_network(unit: Unit, house: House, hosts: Sequence[str], judge: Judge) -> None:
    """Only allowed servers speak with us from now on; those hosts (sister chapters, and what was ticked) are allowed
    first, in the same go. Raises Refusal when it is closed already."""
    if await find_choice(unit, CHOICE) == "yes":
        raise Refusal("closed", "The network is closed already.")
    for host in dict.fromkeys([*await _find_sister_hosts(unit, house.settings.chapter_uri), *hosts]):
        before = await find_marking(unit, scope="host", subject=host)
        if before is None or before.decision == "":
            marking = Marking(APPROVED, made_by=judge.account_id, reason=judge.reason)
            await set_host(unit, house, host, marking, judge)
    await _check_cut(unit, judge)
    await _set(unit, "yes")
    await write(unit, Entry(CLOSE, house.settings.domain, public=True), judge)


async def open_network(unit: Unit, house: House, judge: Judge) -> None:
    """Every server that is not refused may speak with us again; what was allowed stays allowed."""
    if await find_choice(unit, CHOICE) != "yes":
        raise Refusal("open", "The network is open already.")
    await _set(unit, "no")
    await write(unit, Entry(OPEN, house.settings.domain, public=True), judge)


async def _check_cut(unit: Unit, judge: Judge) -> None:
    """Raises NeedsSecond where closing now suspends what takes two: servers from which people sign in who may vote in
    what is open, and sister chapters. Allowing these first is the way."""
    preview = await preview_closing(unit, unit.settings.chapter_uri, unit.settings.domain)
    for host in dict.fromkeys([*preview.added, *preview.linked]):
        mark_ = await find_marking(unit, scope="host", subject=host, now=unit.now)
        if mark_ is not None and mark_.decision == REFUSE:
            continue
        await check_sisters(unit, judge, "host", host)
        check_ballots(judge, await find_ballots_of_host(unit, host, unit.now))


async def _set(unit: Unit, value: str) -> None:
    await choose(unit, CHOICE, value)
    await note_change(unit)


async def _undo_close(unit: Unit, line: Line, judge: Judge) -> None:
    if await find_choice(unit, CHOICE) != "yes":
        raise overtaken()
    await _set(unit, "no")


async def _undo_open(unit: Unit, line: Line, judge: Judge) -> None:
    if await find_choice(unit, CHOICE) == "yes":
        raise overtaken()
    await _check_cut(unit, judge)
    await _set(unit, "yes")


CLOSE = verb(
    "close-network", mark("Closed the network"), mark("Undone: closed the network"), undo=_undo_close
)
OPEN = verb("open-network", mark("Opened the network"), mark("Undone: opened the network"), undo=_undo_open)

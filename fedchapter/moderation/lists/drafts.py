"""What lists propose, compared with what is decided: drafts, each with what it would cut. Nothing here changes a thing.

operations.md §1.3; wire.md §3.3 (rows that a rule of ours covers already are not proposed; a moderator sees which would
sever follows). What we allowed wins over every list, and what was decided by hand is never taken back by one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from ...actors.sisters import find_sisters
from ...policy import HostMarks, Marking
from ...policy.hosts import parents
from ...policy.marks import APPROVED, HOLD, LIMIT, REFUSE
from ...store import Row
from ...store.kinds import Reads
from ...vocab.uris import host_of
from .formats import ALLOW, NOOP, SILENCE, SUSPEND
from .rows import HostSource

NEW, CHANGE, LIFT = "new", "change", "lift"
COVERED, ALLOWED, BY_HAND, NOTHING, LEFT_OUT, UNKNOWN = (
    "covered",
    "allowed",
    "by-hand",
    "nothing",
    "left-out",
    "unknown",
)
PROPOSED = (NEW, CHANGE, LIFT)
_DECISIONS = {NOOP: "", SILENCE: LIMIT, SUSPEND: REFUSE, ALLOW: APPROVED}
_RANKS = {"": 0, APPROVED: 0, HOLD: 1, LIMIT: 2, REFUSE: 3}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a list proposes for one host: `state` is new, change or lift, or why it proposes nothing. `marking` is what
    would stand (None: no mark at all), `now` what stands. `cuts`: somebody here would notice; such are not ticked.
    `said_by` are the chapters who decided so, and `also` counts other lists that still name it."""

    host: str
    state: str
    marking: Marking | None
    now: Marking | None
    comment: str = ""
    cuts: bool = False
    said_by: tuple[str, ...] = ()
    also: int = 0

    @property
    def is_ticked(self) -> bool:
        """Whether it is ticked before anybody has looked."""
        return not self.cuts and not self.also


@dataclass(frozen=True, slots=True)
class Review:
    """The drafts of a list, those that cut nothing first, and how many rows say nothing new, by why."""

    drafts: tuple[Draft, ...] = ()
    others: dict[str, int] = field(default_factory=dict)

    @property
    def harmless(self) -> int:
        """How many are ticked from the start."""
        return sum(draft.is_ticked for draft in self.drafts)


_ENTRY = (
    "host, severity, reject_media, reject_reports, obfuscate, comment, first_seen_at, last_seen_at, retracted_at, "
    "left_out_at"
)


async def find_review(reads: Reads, marks: HostMarks, found: HostSource, chapter_uri: str) -> Review:
    """What the list proposes now, by host."""
    rows = await reads.rows(f"SELECT {_ENTRY} FROM list_entry WHERE list_id = ? ORDER BY host", found.id)
    touched = await find_touched(reads, chapter_uri)
    also = await _count_elsewhere(reads, found) if any(row["retracted_at"] for row in rows) else {}
    return to_review(_draft(row, marks, found.mark_source, touched, also) for row in rows)


def to_review(found: Iterable[Draft]) -> Review:
    """Sorted: what cuts nothing first."""
    drafts: list[Draft] = []
    others: dict[str, int] = {}
    for draft in found:
        if draft.state in PROPOSED:
            drafts.append(draft)
        else:
            others[draft.state] = others.get(draft.state, 0) + 1
    return Review(tuple(sorted(drafts, key=_order)), others)


def _order(draft: Draft) -> tuple[bool, str]:
    return not draft.is_ticked, draft.host


def _draft(row: Row, marks: HostMarks, source: str, touched: frozenset[str], also: dict[str, int]) -> Draft:
    host = row["host"]
    if not host:
        return Draft("", UNKNOWN, None, None)
    now = marks.find(host)
    exact = now if now is not None and now.subject == host else None
    if row["retracted_at"] is not None:
        ours = exact is not None and exact.source == source
        state = LEFT_OUT if row["left_out_at"] is not None else LIFT if ours else NOTHING
        return Draft(host, state, None, exact, row["comment"], also=also.get(host, 0))
    wanted = to_marking(row, source)
    state = LEFT_OUT if row["left_out_at"] is not None else compare(wanted, now, host)
    cuts = wanted.decision in (REFUSE, LIMIT) and host in touched
    return Draft(host, state, wanted, now, row["comment"], cuts=cuts)


def to_marking(row: Row, source: str) -> Marking:
    """What a row asks for."""
    return Marking(
        _DECISIONS[row["severity"]],
        reject_media=bool(row["reject_media"]),
        reject_reports=bool(row["reject_reports"]),
        obfuscate=bool(row["obfuscate"]),
        public_reason=row["comment"],
        source=source,
    )


def compare(wanted: Marking, now: Marking | None, host: str) -> str:
    """What the difference between the two is called; `now` is the mark on the host or on a domain above it."""
    if not wanted.decision and not wanted.reject_media and not wanted.reject_reports:
        return NOTHING
    exact = now is not None and now.subject == host
    if now is None:
        return NEW
    if wanted.decision == APPROVED:
        return _compare_allow(now, exact=exact, source=wanted.source)
    if now.decision == APPROVED:
        return ALLOWED
    if _is_same(wanted, now) or (covers(now, wanted) and not (exact and now.source == wanted.source)):
        return COVERED
    return CHANGE if exact else NEW


def _compare_allow(now: Marking, *, exact: bool, source: str) -> str:
    if not exact:
        # A closed network asks for the exact host, so what is allowed above does not count.
        return NEW if now.decision in ("", APPROVED) else BY_HAND
    if now.decision == APPROVED:
        return COVERED
    return CHANGE if now.source == source or not now.decision else BY_HAND


def covers(now: Marking, wanted: Marking) -> bool:
    """Whether what stands is as hard as what is wanted, in all of it."""
    if now.decision == REFUSE:
        return True
    return (
        _RANKS[now.decision] >= _RANKS[wanted.decision]
        and now.reject_media >= wanted.reject_media
        and now.reject_reports >= wanted.reject_reports
    )


def _is_same(one: Marking, other: Marking) -> bool:
    return (one.decision, one.reject_media, one.reject_reports) == (
        other.decision,
        other.reject_media,
        other.reject_reports,
    )


def merged(wanted: Marking, exact: Marking | None) -> Marking:
    """What is put: what is wanted, with the flags that somebody set by hand."""
    if exact is None or exact.source == wanted.source:
        return wanted
    return replace(
        wanted,
        reject_media=wanted.reject_media or exact.reject_media,
        reject_reports=wanted.reject_reports or exact.reject_reports,
        sensitive=exact.sensitive,
        obfuscate=wanted.obfuscate or exact.obfuscate,
        public_reason=wanted.public_reason or exact.public_reason,
    )


async def find_touched(reads: Reads, chapter_uri: str) -> frozenset[str]:
    """The hosts, with all domains above them, where somebody is whom a decision would part from us: who follows or is
    followed, sister chapters, and where members sign in or are linked."""
    rows = await reads.rows(
        "SELECT DISTINCT actor.host FROM follow JOIN actor ON actor.uri = follow.follower_uri "
        "OR actor.uri = follow.followed_uri WHERE actor.local = false AND follow.state IN ('accepted', 'requested') "
        "UNION SELECT DISTINCT host FROM identity"
    )
    hosts: set[str] = {row["host"] for row in rows if row["host"]}
    hosts |= {host_of(uri) for uri in await find_sisters(reads, chapter_uri)}
    return frozenset(name for host in hosts for name in parents(host))


async def _count_elsewhere(reads: Reads, found: HostSource) -> dict[str, int]:
    rows = await reads.rows(
        "SELECT host, count(*) AS total FROM list_entry WHERE list_id <> ? AND retracted_at IS NULL AND host <> '' "
        "AND severity <> 'allow' GROUP BY host",
        found.id,
    )
    return {row["host"]: int(row["total"]) for row in rows}


def in_order(drafts: Sequence[Draft], after: str, limit: int) -> tuple[Draft, ...]:
    """The next drafts behind the one for that host."""
    names = [draft.host for draft in drafts]
    start = names.index(after) + 1 if after in names else 0
    return tuple(drafts[start : start + limit])

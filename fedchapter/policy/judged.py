"""What was judged, as rows for a month: for the log, for trying rules out, and for finding waves.

operations.md §1.6: every automatic decision names its rule. The rows hold no text, only what two texts have in common.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from ..store import Unit
from ..store.kinds import Reads
from .facts import CONTENT, KNOWN, Facts
from .recent import WITHIN, Recent, Sent, keys_of
from .shape import Shape
from .verdict import Verdict

KEPT_FOR: Final = timedelta(days=30)
EXPIRES_AFTER: Final = timedelta(days=14)
# Of rows that another connection commits later than rows with greater ids (PostgreSQL), this many may be missed.
_OVERLAP: Final = 100
_AT_ONCE: Final = 2000
FACTS: Final = (
    "what", "relation", "mark", "host_mark", "actor_days", "host_days", "account_days", "first", "reply", "vouched",
    "robot", "storm", "copies", "wave",
)  # fmt: skip
_SEEN: Final = ("links", "mentions", "media")


@dataclass(frozen=True, slots=True)
class HeldBack:
    """The object is held by a rule from now on: it came so, or it was changed into something that waits.

    `kind` is as in the table of kinds; `evidence` holds title, note, html, pictures, links as they were when they came.
    """

    uri: str
    kind: str
    actor_uri: str
    host: str
    verdict: Verdict
    evidence: Mapping[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WaveSeen:
    """These objects turned out to be of a wave after they had come; `merged` are waves that have become part of it."""

    wave_id: str
    uris: tuple[str, ...]
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """One message, what the rules saw of it and what they said. `uri` is the object's, or the activity's."""

    uri: str
    facts: Facts
    verdict: Verdict


_INSERT = """
INSERT INTO judged (uri, actor_uri, host, what, decision, rule, rule_name, wave_id, digest, sketch, hosts, facts,
    comparable, judged_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


async def write_judged(unit: Unit, judgements: Sequence[Judgement]) -> None:
    """They are written down."""
    if judgements:
        await unit.execute_many(_INSERT, [_values(one, unit.now) for one in judgements])


def _values(one: Judgement, now: datetime) -> tuple[Any, ...]:
    facts, verdict = one.facts, one.verdict
    comparable = facts.relation not in KNOWN and facts.what in CONTENT
    shape = facts.seen or Shape()
    return (
        one.uri,
        facts.actor,
        facts.host,
        facts.what,
        verdict.decision,
        verdict.rule,
        verdict.name[:200],
        verdict.wave,
        shape.digest,
        " ".join(f"{number:08x}" for number in shape.sketch),
        "\n".join(shape.hosts),
        facts_to_json(facts),
        comparable and bool(keys_of(shape, frozenset())),
        now,
    )


def facts_to_json(facts: Facts) -> str:
    """What the rules saw; of the shape only numbers, and only when a rule asked for it."""
    told = {name: value for name in FACTS if (value := getattr(facts, name))}
    if facts.seen is not None:
        told |= {name: value for name in _SEEN if (value := getattr(facts.seen, name))}
    return msgspec.json.encode(told).decode()


def facts_from_row(row: Mapping[str, Any], shape: Shape | None) -> Facts:
    """The facts of a row of `judged` (facts, actor_uri, host, hosts), with the shape where it can still be read."""
    told = msgspec.json.decode(row["facts"])
    hosts = tuple(row["hosts"].split("\n")) if row["hosts"] else ()
    seen = {name: told.get(name, 0) for name in _SEEN}
    if shape is None or row["digest"] or hosts:
        shape = Shape(shape.text if shape else "", hosts=hosts, digest=row["digest"], **seen)
    values = {name: told[name] for name in FACTS if name in told}
    return Facts(**values, actor=row["actor_uri"], host=row["host"], given=shape)


_COMPARABLE = """
SELECT id, uri, actor_uri, digest, sketch, hosts, wave_id, judged_at FROM judged
WHERE comparable = true AND id > ? AND judged_at > ? ORDER BY id LIMIT ?
"""


async def find_comparable(
    reads: Reads, after: int | None, now: datetime, recent: Recent
) -> tuple[int, list[Sent]]:
    """What unknown actors sent within the last hour and is not remembered yet, and the last row that was looked at."""
    if after is None:
        first = await reads.row("SELECT min(id) AS id FROM judged WHERE judged_at > ?", now - WITHIN)
        after = (first["id"] if first and first["id"] else 1) - 1
    begin, fresh = max(after - _OVERLAP, 0), list[Sent]()
    while True:
        rows = await reads.rows(_COMPARABLE, begin, now - WITHIN, _AT_ONCE)
        fresh += [_to_sent(row) for row in rows if not recent.knows(row["uri"], row["wave_id"])]
        begin = max(after, rows[-1]["id"]) if rows else after
        if len(rows) < _AT_ONCE:
            return begin, fresh


def _to_sent(row: Mapping[str, Any]) -> Sent:
    sketch = tuple(int(number, 16) for number in row["sketch"].split())
    hosts = tuple(row["hosts"].split("\n")) if row["hosts"] else ()
    shape = Shape(digest=row["digest"], sketch=sketch, hosts=hosts)
    keys = keys_of(shape, frozenset())
    return Sent(row["uri"], row["actor_uri"], keys, row["judged_at"], row["wave_id"], frozenset(sketch))


async def write_wave(unit: Unit, seen: WaveSeen, posts: int) -> None:
    """The wave has so many posts more; whatever became part of it, and what came before it was known, belongs to it."""
    await unit.execute(
        "INSERT INTO wave (id, merged_into, posts, opened_at, last_at) VALUES (?, '', ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET posts = wave.posts + excluded.posts, last_at = excluded.last_at",
        seen.wave_id,
        posts,
        unit.now,
        unit.now,
    )
    for uri in seen.uris:
        await unit.execute(
            "UPDATE judged SET wave_id = ? WHERE uri = ? AND comparable = true", seen.wave_id, uri
        )
    for other in seen.merged:
        await unit.execute("UPDATE wave SET merged_into = ? WHERE id = ?", seen.wave_id, other)
        await unit.execute("UPDATE judged SET wave_id = ? WHERE wave_id = ?", seen.wave_id, other)
    if seen.uris or seen.merged:
        unit.record(seen)

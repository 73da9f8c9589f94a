"""The rows of lists: which there are, and what each says, kept with when it was first and last seen and when it went.

operations.md §1.3 (source, first seen, last seen, retracted; a list that is suddenly short changes nothing).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ...errors import NotFound, Refusal
from ...jobs import schedule
from ...policy.hosts import parents
from ...store import Row, Unit
from ...store.kinds import Reads
from ...words import mark
from ..audit import Entry as LogEntry
from ..audit import Judge, Line, overtaken, verb, write
from .formats import Entry, Reading

JOB = "list-fetch"
EVERY = timedelta(hours=24)
BLOCKS, ALLOWS, SISTER = "blocks", "allows", "sister"
LISTS_MAX = 30
NAME_CHARS_MAX = 100
WRONG_MAX = 200
# Below that many rows a list may shrink as it likes.
SMALL = 4
_COLUMNS = (
    "id, sort, name, url, sister_uri, etag, wrong, wrong_count, error, failures, shrunk_to, made_by, made_at, "
    "fetched_at, ok_at"
)


@dataclass(frozen=True, slots=True)
class HostSource:
    """One list. `url` is empty for a file; `shrunk_to` is how short it was when that looked wrong; `error` is a
    sentence of the catalogs."""

    id: str
    sort: str
    name: str
    url: str
    sister_uri: str
    etag: str
    wrong: str
    wrong_count: int
    error: str
    failures: int
    shrunk_to: int | None
    made_by: str
    made_at: datetime
    fetched_at: datetime | None
    ok_at: datetime | None

    @property
    def mark_source(self) -> str:
        """What stands as the source of marks that were put because of it."""
        return f"list:{self.id}"


@dataclass(frozen=True, slots=True)
class Diff:
    """What a reading changed among the rows; `shrunk` is the new length where nothing was changed because of it."""

    new: int = 0
    changed: int = 0
    retracted: int = 0
    shrunk: int | None = None


async def find_lists(reads: Reads) -> list[HostSource]:
    """All lists but those of sister chapters, oldest first."""
    rows = await reads.rows(f"SELECT {_COLUMNS} FROM host_list WHERE sort <> ? ORDER BY id", SISTER)
    return [HostSource(**row) for row in rows]


async def get_list(reads: Reads, list_id: str) -> HostSource:
    """That list; raises NotFound."""
    row = await reads.row(f"SELECT {_COLUMNS} FROM host_list WHERE id = ?", list_id)
    if row is None:
        raise NotFound
    return HostSource(**row)


async def add_list(
    unit: Unit, *, sort: str, name: str, url: str, judge: Judge, sister_uri: str = "", id_: str = ""
) -> str:
    """There is one more list, empty yet; returns its id. Raises Refusal for one that is there, or too many."""
    rows = await unit.rows("SELECT id, url, sort FROM host_list WHERE sort <> ?", SISTER)
    if sort != SISTER and len(rows) >= LISTS_MAX:
        raise Refusal("lists-max", "There may be %(max)s lists. Drop one first.", max=LISTS_MAX)
    if url and any(row["url"] == url and row["sort"] == sort for row in rows):
        raise Refusal("list-there", "This list is there already.")
    list_id = id_ or unit.new_id()
    await unit.execute(
        "INSERT INTO host_list (id, sort, name, url, sister_uri, etag, wrong, wrong_count, error, failures, shrunk_to, "
        "made_by, made_at, fetched_at, ok_at) VALUES (?, ?, ?, ?, ?, '', '', 0, '', 0, NULL, ?, ?, NULL, NULL)",
        list_id,
        sort,
        name[:NAME_CHARS_MAX],
        url,
        sister_uri,
        judge.account_id,
        unit.now,
    )
    if sort != SISTER:
        about = {"id": list_id, "sort": sort, "name": name[:NAME_CHARS_MAX], "url": url}
        await write(unit, LogEntry(ADD_LIST, url or name, before=about), judge)
    return list_id


async def drop_list(unit: Unit, found: HostSource, judge: Judge) -> None:
    """The list is gone with what it said; what was decided because of it stays."""
    await unit.execute("DELETE FROM list_entry WHERE list_id = ?", found.id)
    await unit.execute("DELETE FROM host_list WHERE id = ?", found.id)
    if found.sort != SISTER:
        about = {"id": found.id, "sort": found.sort, "name": found.name, "url": found.url}
        await write(unit, LogEntry(DROP_LIST, found.url or found.name, before=about), judge)


async def _undo_add(unit: Unit, line: Line, judge: Judge) -> None:
    gone = await unit.execute("DELETE FROM host_list WHERE id = ?", line.before["id"])
    if not gone:
        raise overtaken()
    await unit.execute("DELETE FROM list_entry WHERE list_id = ?", line.before["id"])


async def _undo_drop(unit: Unit, line: Line, judge: Judge) -> None:
    about = line.before
    if not about["url"]:
        raise Refusal("list-file", "That list was a file, which is gone: bring it again.")
    if await unit.row("SELECT id FROM host_list WHERE id = ? OR url = ?", about["id"], about["url"]):
        raise overtaken()
    # With its old id, so that marks that came of it are known as its own.
    await unit.execute(
        "INSERT INTO host_list (id, sort, name, url, sister_uri, etag, wrong, wrong_count, error, failures, shrunk_to, "
        "made_by, made_at, fetched_at, ok_at) VALUES (?, ?, ?, ?, '', '', '', 0, '', 0, NULL, ?, ?, NULL, NULL)",
        about["id"],
        about["sort"],
        about["name"],
        about["url"],
        judge.account_id,
        unit.now,
    )
    await plan_fetch(unit, about["id"], at_once=True)


async def keep_reading(unit: Unit, found: HostSource, reading: Reading, *, force: bool = False) -> Diff:
    """The rows are what was read, and what is gone is noted as retracted. A list that lost more than half of its rows
    changes nothing unless `force`."""
    is_masked = any(entry.digest for entry in reading.entries)
    known = await _known_by_digest(unit) if is_masked else {}
    old = {row["name"]: row for row in await _entries(unit, found.id)}
    standing = sum(row["retracted_at"] is None for row in old.values())
    if not force and standing >= SMALL and len(reading.entries) * 2 < standing:
        await unit.execute(
            "UPDATE host_list SET shrunk_to = ?, fetched_at = ? WHERE id = ?",
            len(reading.entries),
            unit.now,
            found.id,
        )
        return Diff(shrunk=len(reading.entries))
    new, changed = [], []
    for entry in reading.entries:
        row = _values(entry, known)
        before = old.pop(row["name"], None)
        if before is None:
            new.append(row)
        elif before["retracted_at"] is not None or any(before[name] != row[name] for name in _SAID):
            changed.append(row)
    gone = [name for name, row in old.items() if row["retracted_at"] is None]
    await _write_rows(unit, found.id, new, changed, gone)
    await unit.execute(
        "UPDATE list_entry SET last_seen_at = ? WHERE list_id = ? AND retracted_at IS NULL",
        unit.now,
        found.id,
    )
    await _note_read(unit, found, reading)
    return Diff(len(new), len(changed), len(gone))


_SAID = ("host", "severity", "reject_media", "reject_reports", "comment", "obfuscate")


def _values(entry: Entry, known: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": entry.host or entry.digest,
        "host": entry.host or known.get(entry.digest, ""),
        "severity": entry.severity,
        "reject_media": entry.reject_media,
        "reject_reports": entry.reject_reports,
        # JSON can name signs that no database takes.
        "comment": entry.comment.replace("\x00", ""),
        "obfuscate": entry.obfuscate or bool(entry.digest),
    }


async def _entries(reads: Reads, list_id: str) -> list[Row]:
    rows = await reads.rows(
        f"SELECT name, {', '.join(_SAID)}, retracted_at FROM list_entry WHERE list_id = ?", list_id
    )
    return [
        {**row, **{flag: bool(row[flag]) for flag in ("reject_media", "reject_reports", "obfuscate")}}
        for row in rows
    ]


async def _write_rows(
    unit: Unit, list_id: str, new: list[dict[str, Any]], changed: list[dict[str, Any]], gone: list[str]
) -> None:
    if new:
        await unit.execute_many(
            f"INSERT INTO list_entry (id, list_id, name, {', '.join(_SAID)}, first_seen_at, last_seen_at, "
            f"retracted_at, left_out_at) VALUES (?, ?, ?, {', '.join('?' * len(_SAID))}, ?, ?, NULL, NULL)",
            [
                (unit.new_id(), list_id, row["name"], *(row[name] for name in _SAID), unit.now, unit.now)
                for row in new
            ],
        )
    if changed:
        await unit.execute_many(
            f"UPDATE list_entry SET {', '.join(f'{name} = ?' for name in _SAID)}, retracted_at = NULL, "
            "left_out_at = NULL WHERE list_id = ? AND name = ?",
            [(*(row[name] for name in _SAID), list_id, row["name"]) for row in changed],
        )
    if gone:
        await unit.execute_many(
            "UPDATE list_entry SET retracted_at = ?, left_out_at = NULL WHERE list_id = ? AND name = ?",
            [(unit.now, list_id, name) for name in gone],
        )


async def _note_read(unit: Unit, found: HostSource, reading: Reading) -> None:
    wrong = [[one.line, one.text, one.why] for one in reading.wrong[:WRONG_MAX]]
    await unit.execute(
        "UPDATE host_list SET wrong = ?, wrong_count = ?, error = '', failures = 0, shrunk_to = NULL, fetched_at = ?, "
        "ok_at = ? WHERE id = ?",
        msgspec.json.encode(wrong).decode(),
        len(reading.wrong),
        unit.now,
        unit.now,
        found.id,
    )


async def match_digests(unit: Unit, list_id: str) -> int:
    """Masked rows whose host we have got to know since have its name now; returns how many."""
    rows = await unit.rows("SELECT name FROM list_entry WHERE list_id = ? AND host = ''", list_id)
    known = await _known_by_digest(unit) if rows else {}
    matched = [(known[row["name"]], list_id, row["name"]) for row in rows if row["name"] in known]
    if matched:
        await unit.execute_many("UPDATE list_entry SET host = ? WHERE list_id = ? AND name = ?", matched)
    return len(matched)


async def _known_by_digest(reads: Reads) -> dict[str, str]:
    rows = await reads.rows("SELECT host FROM peer UNION SELECT host FROM actor WHERE local = false")
    return to_digests(row["host"] for row in rows)


def to_digests(hosts: Iterable[str]) -> dict[str, str]:
    """SHA-256 → name, of those hosts and the domains above them."""
    names = {name for host in hosts for name in parents(host) if "." in name}
    return {hashlib.sha256(name.encode()).hexdigest(): name for name in names}


async def plan_fetch(unit: Unit, list_id: str, *, at_once: bool = False) -> None:
    """The list is asked for in a day, or at once; once, however often this is called on a day."""
    due_at = unit.now if at_once else unit.now + EVERY
    key = f"{JOB}:{list_id}:{unit.new_id() if at_once else due_at.date()}"
    await schedule(unit, JOB, {"list_id": list_id}, due_at=due_at, key=key)


ADD_LIST = verb("add-list", mark("Took up a list of servers"), mark("Undone: took up a list"), undo=_undo_add)
DROP_LIST = verb("drop-list", mark("Dropped a list of servers"), mark("Undone: dropped"), undo=_undo_drop)

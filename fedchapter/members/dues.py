"""Dues from a table: read as people's spreadsheets write them, looked at before anything changes, then applied.

Issue of members (CSV import of dues, no payments here). RFC 4180 with what spreadsheets make of it: semicolons or tabs,
a byte order mark, UTF-16 or Windows-1252, dates as 2027-03-31 or 31.3.2027.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date

from ..errors import Refusal
from ..store import Unit
from ..store.kinds import Reads
from ..text import fold
from ..words import mark
from .standing import set_all_standings

LINES_MAX = 50_000
WHO, UNTIL = "who", "until"
# What the two columns may be called, folded.
_HEADINGS = {
    **dict.fromkeys(
        (
            "contact",
            "email",
            "e-mail",
            "mail",
            "address",
            "name",
            "member",
            "nombre",
            "correo",
            "contacto",
            "miembro",
        ),
        WHO,
    ),
    **dict.fromkeys(
        ("good_until", "good until", "until", "paid until", "hasta", "pagado hasta", "vigente hasta"), UNTIL
    ),
}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


@dataclass(frozen=True, slots=True)
class Change:
    """One member's standing as it would change."""

    account_id: str
    name: str
    before: date | None
    after: date


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that means nothing to us: its number in the file, what it says, and a sentence (for say) why."""

    line: int
    text: str
    why: str


@dataclass(slots=True)
class Plan:
    """What a table would do."""

    changes: list[Change] = field(default_factory=list)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)


UNKNOWN = mark("Nobody here has this name or address.")
SEVERAL = mark("Several members have this name: use the address.")
NO_DATE = mark("This is no date such as 2027-03-31 or 31.3.2027.")
NO_TABLE = mark("This is not a table in text form. Save it as CSV and send that.")
TWICE = mark("This member stands in the table twice, with different dates.")


async def plan_dues(reads: Reads, data: bytes) -> Plan:
    """What applying the table would change; nothing is changed yet. Raises Refusal for what is no such table."""
    plan, dates = Plan(), dict[str, date]()
    known = await _known(reads)
    for number, who, until in _read(data):
        found, day = known.get(fold(who), []), to_day(until)
        if len(found) != 1:
            plan.problems.append(Problem(number, who[:80], SEVERAL if found else UNKNOWN))
        elif day is None:
            plan.problems.append(Problem(number, f"{who} {until}"[:80], NO_DATE))
        elif dates.setdefault(found[0][0], day) != day:
            plan.problems.append(Problem(number, who[:80], TWICE))
    _compare(plan, known, dates)
    return plan


def _compare(
    plan: Plan, known: dict[str, list[tuple[str, str, date | None]]], dates: dict[str, date]
) -> None:
    members = {one[0]: one for found in known.values() for one in found}
    for account_id, day in dates.items():
        _, name, before = members[account_id]
        if before == day:
            plan.same += 1
        else:
            plan.changes.append(Change(account_id, name, before, day))
    plan.changes.sort(key=lambda change: fold(change.name))


async def apply_dues(unit: Unit, dates: dict[str, str]) -> int:
    """Standing ends on those days (account id → ISO day), for those who are still members; returns how many."""
    rows = await unit.rows("SELECT id FROM account WHERE state = 'active'")
    wanted = {row["id"] for row in rows} & dates.keys()
    await set_all_standings(unit, {one: date.fromisoformat(dates[one]) for one in sorted(wanted)})
    return len(wanted)


def to_day(text: str) -> date | None:
    """The day that the text names, or None."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DOTTED.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


async def _known(reads: Reads) -> dict[str, list[tuple[str, str, date | None]]]:
    """(id, name, good_until) of every member, by folded name, by address and by handle."""
    rows = await reads.rows(
        "SELECT id, display_name, sort_name, email, good_until FROM account WHERE state = 'active'"
    )
    members = {row["id"]: (row["id"], row["display_name"], row["good_until"]) for row in rows}
    known: dict[str, list[tuple[str, str, date | None]]] = {}
    keys = [(row["sort_name"], row["id"]) for row in rows] + [(fold(row["email"]), row["id"]) for row in rows]
    linked = await reads.rows("SELECT account_id, handle FROM identity")
    keys += [
        (fold(handle), row["account_id"])
        for row in linked
        for handle in (row["handle"], row["handle"].lstrip("@"))
    ]
    for key, account_id in dict.fromkeys(keys):
        if key and account_id in members:
            known.setdefault(key, []).append(members[account_id])
    return known


def _read(data: bytes) -> list[tuple[int, str, str]]:
    """(line number, who, until) of every line with something in it."""
    text = _decode(data).lstrip("\n")
    separator = max(";,\t", key=text.partition("\n")[0].count)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error as error:
        raise Refusal("dues-text", NO_TABLE) from error
    columns = _columns(lines)
    if len(lines) > LINES_MAX:
        raise Refusal("dues-long", "This table has more than %(max)s lines. Send it in parts.", max=LINES_MAX)
    found = []
    for number, cells in enumerate(lines[1:], 2):
        padded = cells + [""] * len(lines[0])
        who = next((padded[at].strip() for at in columns[WHO] if padded[at].strip()), "")
        until = next((padded[at] for at in columns[UNTIL] if padded[at].strip()), "")
        if who or until:
            found.append((number, who, until))
    return found


def _columns(lines: list[list[str]]) -> dict[str, list[int]]:
    """Which columns say who and until when."""
    headings = [_HEADINGS.get(fold(cell)) for cell in (lines[0] if lines else [])]
    columns = {sort: [at for at, heading in enumerate(headings) if heading == sort] for sort in (WHO, UNTIL)}
    if not columns[WHO] or not columns[UNTIL]:
        raise Refusal(
            "dues-columns",
            "The first line must name the columns: contact or name, and good_until. It says: %(line)s",
            line=", ".join(lines[0])[:120] if lines else "–",
        )
    return columns


def _decode(data: bytes) -> str:
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Refusal("dues-text", NO_TABLE)

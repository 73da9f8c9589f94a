"""The shapes in which lists of servers come and go: Mastodon's CSV, its JSON and GoToSocial's, and plain text.

wire.md §3.3 (header, severities, defaults of a missing column, at most 20,000 rows, allows match exactly);
Mastodon admin/export_domain_blocks_controller.rb, GET /api/v1/instance/domain_blocks (masked name with its SHA-256);
GoToSocial docs/admin/domain_permission_subscriptions.md. Pure.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from ...vocab.uris import UriError, to_hostname

ROWS_MAX = 20_000
COMMENT_CHARS_MAX = 500
HEADER = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate")
ALLOW_HEADER = ("#domain",)
NOOP, SILENCE, SUSPEND, ALLOW = "noop", "silence", "suspend", "allow"
_SEVERITIES = (NOOP, SILENCE, SUSPEND)
_YES = frozenset({"true", "1", "yes", "t"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list says about one host. `severity` is noop, silence, suspend or allow; `digest` is the SHA-256 of a name
    that the list masks (then `host` is empty)."""

    host: str
    severity: str = SUSPEND
    reject_media: bool = False
    reject_reports: bool = False
    comment: str = ""
    obfuscate: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that says nothing we could use: its number in the file, what stands there, and why (a code of WHY)."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list says, without doubles (the first counts), and the rows that make no sense."""

    entries: tuple[Entry, ...]
    wrong: tuple[Wrong, ...] = ()


class NotAList(ValueError):
    """The text is none of the shapes that are read here; `code` is too-long, html or json."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_list(text: str, *, allows: bool = False, own_host: str = "") -> Reading:
    """Any of the shapes. `allows`: a list of hosts to allow. Raises NotAList."""
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] == "<":
        raise NotAList("html")
    rows = _from_json(start) if start[:1] in "[{" and start else _from_csv(text.removeprefix("\ufeff"))
    return _collect(rows, allows=allows, own_host=own_host)


def _collect(rows: Iterator[tuple[int, str, Mapping[str, Any]]], *, allows: bool, own_host: str) -> Reading:
    entries: dict[str, Entry] = {}
    wrong: list[Wrong] = []
    for count, (line, shown, row) in enumerate(rows, start=1):
        if count > ROWS_MAX:
            raise NotAList("too-long")
        try:
            entry = _to_entry(row, allows=allows, own_host=own_host)
        except ValueError as error:
            wrong.append(Wrong(line, shown[:100], str(error)))
            continue
        entries.setdefault(entry.host or entry.digest, entry)
    return Reading(tuple(entries.values()), tuple(wrong))


def _to_entry(row: Mapping[str, Any], *, allows: bool, own_host: str) -> Entry:
    host, digest = _name(str(row.get("domain") or ""), str(row.get("digest") or "").lower())
    if host and host == own_host:
        raise ValueError("own-host")
    if allows:
        return Entry(host, ALLOW, digest=digest)
    severity = str(row.get("severity") or SUSPEND).strip().lower()
    if severity not in _SEVERITIES:
        raise ValueError("severity")
    comment = str(row.get("public_comment") or row.get("comment") or "").strip()
    return Entry(
        host,
        severity,
        reject_media=_is_yes(row.get("reject_media")),
        reject_reports=_is_yes(row.get("reject_reports")),
        comment=comment[:COMMENT_CHARS_MAX],
        obfuscate=_is_yes(row.get("obfuscate")),
        digest=digest,
    )


def _name(domain: str, digest: str) -> tuple[str, str]:
    is_digest = len(digest) == 64 and all(sign in "0123456789abcdef" for sign in digest)
    if "*" in domain.removeprefix("*."):
        if not is_digest:
            raise ValueError("masked")
        return "", digest
    return to_listed_host(domain), ""


def to_listed_host(text: str) -> str:
    """The host as it is compared: lower case, A-labels, no leading wildcard. ValueError(code) for what is no host of
    somebody: an address, a name without a dot, a name of this machine."""
    name = text.strip().lower().removeprefix("*.").rstrip(".")
    try:
        host = to_hostname(name)
    except UriError as error:
        raise ValueError("host") from error
    if ":" in host or host.replace(".", "").isdigit():
        raise ValueError("address")
    if "." not in host or host.endswith((".localhost", ".local", ".internal")):
        # A whole top-level domain, or nobody's.
        raise ValueError("too-wide")
    return host


def _is_yes(value: object) -> bool:
    return value is True or str(value or "").strip().lower() in _YES


def _from_csv(text: str) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    columns: list[str] = ["domain", *(name.removeprefix("#") for name in HEADER[1:])]
    is_first = True
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield reader.line_num, "", {"domain": "\n"}
            continue
        if cells is None:
            return
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        names = [cell.removeprefix("#").strip().lower() for cell in cells]
        if is_first and "domain" in names:
            columns, is_first = names, False
            continue
        is_first = False
        if cells[0].startswith("#"):
            # A comment, as plain lists have them.
            continue
        yield reader.line_num, ",".join(cells), dict(zip(columns, cells, strict=False))


def _from_json(text: str) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise NotAList("json") from error
    rows = (
        found if isinstance(found, list) else next((v for v in found.values() if isinstance(v, list)), None)
    )
    if rows is None:
        raise NotAList("json")
    for number, row in enumerate(rows, start=1):
        if isinstance(row, str):
            yield number, row, {"domain": row}
        elif isinstance(row, dict):
            yield number, str(row.get("domain") or ""), row
        else:
            yield number, str(row)[:100], {}


def write_blocks(entries: Iterable[Entry]) -> str:
    """Mastodon's CSV of blocks."""
    return _written(
        HEADER,
        (
            (
                one.host,
                one.severity,
                _yes(one.reject_media),
                _yes(one.reject_reports),
                _harmless(one.comment),
                _yes(one.obfuscate),
            )
            for one in entries
        ),
    )


def write_allows(hosts: Iterable[str]) -> str:
    """Mastodon's CSV of allows."""
    return _written(ALLOW_HEADER, ((host,) for host in hosts))


def _written(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _harmless(text: str) -> str:
    # A table program would run it as a formula.
    return f"'{text}" if text.startswith(_FORMULA) else text


def mask(host: str) -> str:
    """The name with its middle half behind stars, as Mastodon's `obfuscate` shows it; dots stay."""
    length = len(host)
    visible = length // 4
    return "".join(
        sign if sign == "." or index <= visible or index >= length - visible else "*"
        for index, sign in enumerate(host)
    )

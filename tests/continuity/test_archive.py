"""What is inside a backup is checked before anything is believed (operations.md §3 row D8)."""

import io
import json
import tarfile
from datetime import UTC, datetime
from typing import IO, cast

import msgspec
import pytest

from fedchapter.continuity.age import Sealed
from fedchapter.continuity.archive import About, Writer, check_whole, read_parts
from fedchapter.errors import Refusal

ABOUT = About(
    format=1,
    made_at=datetime(2027, 5, 1, tzinfo=UTC),
    domain="riverside.test",
    chapter_uri="https://riverside.test/@riverside",
    software="0.1.0",
    engine="sqlite",
    migrations=["0001_initial"],
)


def whole() -> bytes:
    file = io.BytesIO()
    writer = Writer(file, "river")
    writer.add("about.json", msgspec.json.encode(ABOUT))
    writer.add("settings.json", b'{"domain": "riverside.test"}')
    writer.add("files/secret.key", b"\x00" * 32)
    writer.add("rows/choice/000001.jsonl", b'["name"]\n["accent"]')
    writer.finish()
    return file.getvalue()


def packed(*members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """A backup by somebody who has the passphrase and puts in whatever they like."""
    file = io.BytesIO()
    sealed = Sealed(file, "river")
    with tarfile.open(fileobj=cast("IO[bytes]", sealed), mode="w|gz") as tar:
        for name, data in members:
            member = tarfile.TarInfo(name)
            member.size = len(data) if kind == tarfile.REGTYPE else 0
            member.type, member.linkname = kind, link
            tar.addfile(member, io.BytesIO(data))
    sealed.close()
    return file.getvalue()


def refusal(file: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        check_whole(io.BytesIO(file), "river")
    return refused.value.code


def test_what_was_put_in_comes_out() -> None:
    found = check_whole(io.BytesIO(whole()), "river")
    assert found.about == ABOUT
    assert found.keys == {"secret.key": b"\x00" * 32}
    parts = dict(read_parts(io.BytesIO(whole()), "river"))
    assert parts["rows/choice/000001.jsonl"] == b'["name"]\n["accent"]'


@pytest.mark.parametrize(
    "name",
    [
        *("../secret.key", "/etc/passwd", "files/../../x.key", "media/../../../x.png", "files/x.sh"),
        *("rows/../x/000001.jsonl", "./about.json", "media/ab/cd/evil.html", "files/.key"),
    ],
)
def test_d8_a_member_that_leads_elsewhere_is_refused(name: str) -> None:
    assert refusal(packed(("about.json", msgspec.json.encode(ABOUT)), (name, b"x"))) == "backup-member"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_d8_links_and_other_kinds_are_refused(kind: bytes) -> None:
    assert refusal(packed(("about.json", b""), kind=kind, link="/etc/passwd")) == "backup-member"


def test_d8_the_same_name_twice_is_refused() -> None:
    about = msgspec.json.encode(ABOUT)
    assert (
        refusal(packed(("about.json", about), ("settings.json", b"{}"), ("settings.json", b"{}")))
        == "backup-member"
    )


def test_a_part_that_the_manifest_does_not_know_or_misses_is_damage() -> None:
    about = msgspec.json.encode(ABOUT)
    manifest = json.dumps({"parts": {}, "rows": {}}).encode()
    assert refusal(packed(("about.json", about), ("manifest.json", manifest))) == "backup-damaged"
    assert refusal(packed(("about.json", about))) == "backup-damaged"


def test_a_format_of_later_times_is_named() -> None:
    later = json.loads(msgspec.json.encode(ABOUT)) | {"format": 2}
    file = io.BytesIO()
    writer = Writer(file, "river")
    writer.add("about.json", json.dumps(later).encode())
    writer.add("settings.json", b"{}")
    writer.finish()
    assert refusal(file.getvalue()) == "backup-format"


def test_what_is_no_backup_at_all_is_said_so() -> None:
    assert refusal(b"PK\x03\x04 something else") == "no-backup"
    assert refusal(b"") == "no-backup"

"""The shelf and the headers: operations.md D2 and A6."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from fedchapter.errors import NotFound
from fedchapter.media import Shelf, headers_for

_NAME = "0123456789abcdef" * 2
_BAD_NAMES = [
    "",
    "..",
    "../../etc/passwd",
    "/etc/passwd",
    f"{_NAME}",
    f"{_NAME}.svg",
    f"{_NAME}.html",
    f"{_NAME}.jpg.html",
    f"{_NAME}.jpg\n",
    f"{_NAME}.jpg/",
    f"{_NAME}.jpg\x00",
    f"{_NAME.upper()}.jpg",
    f"../{_NAME[3:]}.jpg",
    f"{_NAME}0.jpg",
    f"{'０' * 32}.jpg",
    "unfinished",
]


async def test_a_file_lies_whole_under_a_name_that_tells_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "media")
    first, second = await shelf.put(b"one", "jpg"), await shelf.put(b"one", "jpg")
    assert first != second
    assert shelf.path(first).read_bytes() == b"one"
    assert shelf.path(first).relative_to(tmp_path / "media").parts == (first[:2], first[2:4], first)
    assert list((tmp_path / "media" / "unfinished").iterdir()) == []


async def test_deleting_twice_is_the_same_as_once(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    name = await shelf.put(b"x", "png")
    await shelf.delete(name)
    await shelf.delete(name)
    assert not shelf.path(name).exists()


async def test_the_size_is_that_of_all_files(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "media")
    assert await shelf.disk_bytes() == 0
    for _ in range(3):
        await shelf.put(b"x" * 100, "webp")
    assert await shelf.disk_bytes() == 300


@pytest.mark.parametrize("name", _BAD_NAMES)
async def test_d8_a_name_the_shelf_did_not_give_leads_nowhere(name: str, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    with pytest.raises(NotFound):
        shelf.path(name)
    with pytest.raises(NotFound):
        await shelf.delete(name)
    with pytest.raises(NotFound):
        headers_for(name)


@pytest.mark.parametrize("extension", ["svg", "html", "json", "", "jpg/../x", "JPG"])
async def test_only_pictures_are_kept(extension: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="extension"):
        await Shelf(tmp_path).put(b"x", extension)
    assert list(tmp_path.iterdir()) == []


async def test_what_a_crash_left_half_written_is_swept_and_the_rest_stays(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    name = await shelf.put(b"x", "jpg")
    left, fresh = tmp_path / "unfinished" / "left", tmp_path / "unfinished" / "fresh"
    left.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert await shelf.sweep(older_than=timedelta(hours=1)) == 1
    assert not left.exists()
    assert fresh.exists()
    assert shelf.path(name).exists()


async def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    await shelf.put(b"x", "jpg")
    with pytest.raises(TypeError):
        await shelf.put("no bytes", "jpg")  # type: ignore[arg-type]
    assert list((tmp_path / "unfinished").iterdir()) == []


@pytest.mark.parametrize(
    ("extension", "media_type"), [("jpg", "image/jpeg"), ("png", "image/png"), ("webp", "image/webp")]
)
def test_a6_a_file_is_served_as_a_picture_in_a_sandbox_and_nothing_else(
    extension: str, media_type: str
) -> None:
    assert headers_for(f"{_NAME}.{extension}") == {
        "Content-Type": media_type,
        "Content-Disposition": "inline",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "public, max-age=31536000, immutable",
    }

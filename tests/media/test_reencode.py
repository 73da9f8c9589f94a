"""`reencode`: operations.md D2."""

import asyncio
import contextlib
import hashlib
import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from fedchapter.errors import Refusal
from fedchapter.media import Limits, reencode
from tests.media.pictures import (
    BLUE,
    RED,
    drawn,
    jpeg,
    opened,
    photo_with_place,
    png_that_claims,
    png_with_text_bomb,
    saved,
)


async def _refused(data: bytes, **options: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        await reencode(data, **options)  # type: ignore[arg-type]
    assert refused.value.message.endswith(".")
    return refused.value


def _is_near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(have - want) < 25 for have, want in zip(pixel[:3], colour, strict=True))


async def test_a_photo_comes_out_as_jpeg_with_a_small_webp_beside_it() -> None:
    picture = await reencode(jpeg((3000, 1500)))
    assert (picture.media_type, picture.extension) == ("image/jpeg", "jpg")
    assert (picture.width, picture.height) == opened(picture.data).size == (2048, 1024)
    small = opened(picture.thumbnail)
    assert (small.format, small.size) == ("WEBP", (640, 320))
    assert picture.sha256 == hashlib.sha256(picture.data).hexdigest()


async def test_d2_place_camera_comments_and_profiles_are_gone() -> None:
    sent = photo_with_place()
    assert b"Exif" in sent
    assert b"SecretComment" in sent
    picture = await reencode(sent)
    for data in (picture.data, picture.thumbnail):
        assert not opened(data).getexif()
        for trace in (b"Exif", b"EXIF", b"Secret", b"ICC", b"http", b"XMP"):
            assert trace not in data


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
async def test_d2_what_is_attached_to_a_png_or_webp_with_alpha_is_gone_too(form: str) -> None:
    see_through = drawn(mode="RGB").convert("RGBA")
    see_through.putalpha(100)
    exif = Image.Exif()
    exif[0x010F] = "SecretCameraMaker"
    picture = await reencode(saved(see_through, form, exif=exif, icc_profile=b"Secret" * 30))
    assert picture.media_type == "image/png"
    assert opened(picture.data).mode == "RGBA"
    assert b"Secret" not in picture.data + picture.thumbnail
    assert set(opened(picture.data).info) <= {"srgb"}


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_photo_taken_sideways_stands_upright(orientation: int) -> None:
    picture = opened((await reencode(photo_with_place(orientation))).data)
    wide = orientation <= 4
    assert picture.size == ((64, 32) if wide else (32, 64))
    # Where the red half of the stored picture must be seen, by the eight meanings in EXIF.
    top, left = (32, 4) if wide else (16, 8), (4, 16) if wide else (4, 32)
    red_at = {1: top, 2: top, 5: left, 8: left}.get(orientation)
    if red_at is None:
        red_at = (32, 28) if wide else (28, 32)
    if orientation == 8:
        assert _is_near(picture.getpixel((4, 32)), RED)
    assert _is_near(picture.getpixel(red_at), RED)
    opposite = (picture.width - 1 - red_at[0], picture.height - 1 - red_at[1])
    assert _is_near(picture.getpixel(opposite), BLUE)


async def test_d2_a_picture_of_50000_by_50000_pixels_is_refused_before_it_is_unpacked() -> None:
    assert (await _refused(png_that_claims(50_000, 50_000))).code == "image-too-many-pixels"
    assert (await _refused(png_that_claims(7_000, 7_000))).code == "image-too-many-pixels"


async def test_d2_a_bomb_in_a_comment_ends_in_the_worker() -> None:
    assert (await _refused(png_with_text_bomb())).code in ("image-broken", "image-failed")


@pytest.mark.parametrize(
    "hostile",
    [
        jpeg() + b"<html><script>alert(1)</script></html>",
        jpeg(comment=b"*/=alert(1);/*<script>alert(1)</script>"),
        saved(drawn(), "GIF").replace(b"GIF89a", b"GIF89a", 1) + b"=1;alert(1)//<script>",
        saved(drawn(), "PNG") + b'{"@context":"https://www.w3.org/ns/activitystreams","type":"Note"}<script>',
        jpeg() + b"PK\x03\x04script.zip",
    ],
)
async def test_d2_a_file_that_is_also_something_else_is_only_a_picture_afterwards(hostile: bytes) -> None:
    picture = await reencode(hostile)
    for data in (picture.data, picture.thumbnail):
        for trace in (b"script", b"alert", b"@context", b"PK\x03\x04"):
            assert trace not in data
    assert opened(picture.data).size == (64, 32)


@pytest.mark.parametrize(
    "data",
    [
        b'{"@context":"https://www.w3.org/ns/activitystreams","type":"Note"}',
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"BM" + b"\0" * 100,
        b"II*\0" + b"\0" * 100,
        b"\0\0\1\0" + b"\0" * 100,
        b" " + jpeg(),
        b"push graphic-context\nfill 'url(https://evil.example)'",
        b"\x89PNG",
    ],
)
async def test_a6_what_is_no_picture_by_its_first_bytes_is_refused(data: bytes) -> None:
    refusal = await _refused(data)
    assert refusal.code == "image-type"
    assert "JPEG, PNG, WebP or GIF" in refusal.message


async def test_a_phones_own_format_is_refused_with_the_way_out() -> None:
    assert (await _refused(b"\0\0\0\x18ftypheic" + b"\0" * 50)).code == "image-type-heic"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_a_truncated_picture_is_refused(form: str) -> None:
    whole = saved(Image.effect_noise((80, 80), 90).convert("RGB"), form)
    for part in (whole[: len(whole) // 2], whole[:40], whole[:12]):
        assert (await _refused(part)).code == "image-broken"


@pytest.mark.parametrize("head", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP"])
async def test_garbage_behind_the_right_first_bytes_is_refused(head: bytes) -> None:
    assert (await _refused(head + b"\xaa\x00<script>" * 500)).code == "image-broken"


async def test_an_animated_gif_becomes_its_first_frame() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, BLUE, BLUE)]
    picture = await reencode(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert picture.media_type == "image/jpeg"
    assert _is_near(opened(picture.data).getpixel((10, 10)), RED)


async def test_an_empty_file_and_one_too_large_are_refused() -> None:
    assert (await _refused(b"")).code == "image-empty"
    refusal = await _refused(jpeg() + b"\0" * (10 * 1024 * 1024))
    assert refusal.code == "image-too-large"
    assert "10 MB" in refusal.message
    assert (await _refused(jpeg(), max_bytes=100)).code == "image-too-large"
    assert (await _refused(png_that_claims(0, 10))).code == "image-broken"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
async def test_every_kind_of_pixel_comes_out_as_a_picture(mode: str) -> None:
    made = Image.new("I;16", (10, 10), 257 * 100) if mode == "I;16" else drawn().convert(mode)
    picture = await reencode(saved(made, "JPEG" if mode == "CMYK" else "PNG"))
    assert picture.media_type == "image/jpeg"
    assert opened(picture.data).mode == "RGB"
    if mode == "I;16":
        assert _is_near(opened(picture.data).getpixel((5, 5)), (100, 100, 100))


async def test_a_large_picture_with_alpha_is_kept_as_webp() -> None:
    noise = Image.merge("RGBA", [Image.effect_noise((900, 900), 90 + band) for band in range(4)])
    picture = await reencode(saved(noise, "PNG", compress_level=1))
    assert (picture.media_type, picture.extension) == ("image/webp", "webp")


async def test_colours_of_another_profile_are_brought_to_what_screens_show() -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    picture = await reencode(jpeg(icc_profile=profile))
    assert _is_near(opened(picture.data).getpixel((32, 4)), RED)


async def test_a_photo_of_a_large_camera_fits_the_limits() -> None:
    picture = await reencode(jpeg((8160, 6120), progressive=True))
    assert (picture.width, picture.height) == (2048, 1536)


async def test_many_at_once_all_come_out() -> None:
    pictures = await asyncio.gather(*(reencode(jpeg((60 + index, 40))) for index in range(6)))
    assert [picture.width for picture in pictures] == [60 + index for index in range(6)]


async def test_the_loop_goes_on_while_a_picture_is_drawn() -> None:
    drawing = asyncio.create_task(reencode(jpeg((2000, 2000))))
    turns = 0
    while not drawing.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > 10


def _find_worker() -> int | None:
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"worker.py" in status.with_name("cmdline").read_bytes():
                return int(status.parent.name)
    return None


async def test_a_worker_that_is_killed_is_a_clear_refusal() -> None:
    drawing = asyncio.create_task(reencode(jpeg((4000, 4000))))
    while (worker := _find_worker()) is None:
        await asyncio.sleep(0)
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(Refusal, match="save it smaller") as refused:
        await drawing
    assert refused.value.code == "image-failed"


async def test_d2_a_picture_that_wants_more_memory_than_allowed_is_refused() -> None:
    refusal = await _refused(jpeg((3000, 3000)), limits=Limits(memory_bytes=40 * 1024 * 1024))
    assert refusal.code == "image-failed"


async def test_a_worker_that_is_too_slow_is_ended_and_refused() -> None:
    assert (await _refused(jpeg((4000, 4000)), limits=Limits(timeout_s=0.001))).code == "image-failed"


async def test_who_gives_up_waiting_leaves_no_worker_and_no_turn_taken() -> None:
    for _ in range(3):
        drawing = asyncio.create_task(reencode(jpeg((3000, 3000))))
        await asyncio.sleep(0)
        drawing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await drawing
    assert (await reencode(jpeg())).width == 64

"""Fetching one picture from real servers on loopback: sound ones become small, bad ones are refused in time."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from fedchapter.errors import PeerError, PeerFailed, PeerRefused
from fedchapter.net import Net, NetRules
from fedchapter.pictures.fetch import MAX_BYTES, fetch_picture
from tests.media.pictures import (
    drawn,
    jpeg,
    opened,
    photo_with_place,
    png_that_claims,
    png_with_text_bomb,
    saved,
)
from tests.pictures.conftest import Origin

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
Reach = Callable[[Origin], Net]


@pytest.fixture
async def reach() -> AsyncIterator[Reach]:
    made: list[Net] = []

    def net(origin: Origin) -> Net:
        made.append(Net(NetRules(user_agent="test", localhost_ports=frozenset({origin.port}))))
        return made[-1]

    yield net
    for one in made:
        await one.aclose()


async def test_a_large_photo_becomes_a_small_webp_without_place_or_camera(
    origin: Origin, reach: Reach
) -> None:
    origin.put("/photo.jpg", photo_with_place())
    origin.put("/large.jpg", jpeg((3000, 1500)))
    small = await fetch_picture(reach(origin), origin.url("/large.jpg"))
    assert (small.width, small.height) == (640, 320) == opened(small.data).size
    assert opened(small.data).format == "WEBP"
    place = await fetch_picture(reach(origin), origin.url("/photo.jpg"))
    assert b"Secret" not in place.data and not opened(place.data).getexif()


async def test_of_an_animation_the_first_frame_is_kept(origin: Origin, reach: Reach) -> None:
    frames = [drawn((40, 20)), drawn((40, 20)).rotate(180)]
    url = origin.put("/a.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), "image/gif")
    small = await fetch_picture(reach(origin), url, side=96)
    assert getattr(opened(small.data), "n_frames", 1) == 1


async def test_the_request_says_who_we_are_and_nothing_of_readers(origin: Origin, reach: Reach) -> None:
    await fetch_picture(reach(origin), origin.put("/a.jpg", jpeg()))
    head = origin.heads[0].lower()
    assert "accept: image/webp" in head and "user-agent: test" in head
    assert not any(
        name in head for name in ("cookie", "referer", "signature", "x-forwarded", "accept-language")
    )


@pytest.mark.parametrize(
    ("name", "body", "type_", "code"),
    [
        ("svg", SVG, "image/svg+xml", "image-type"),
        ("page", jpeg(), "text/html", "media-type"),
        ("activity", b'{"type": "Note"}', "application/activity+json", "media-type"),
        ("words", b"just words", "image/png", "image-type"),
        ("nothing", b"", "image/png", "image-empty"),
        ("pixels", png_that_claims(50_000, 50_000), "image/png", "image-too-many-pixels"),
        ("cut", jpeg()[:200], "image/jpeg", "image-broken"),
        ("huge", b"\xff\xd8\xff" + b"0" * MAX_BYTES, "image/jpeg", "too-large"),
    ],
    ids=["svg", "page", "activity", "words", "nothing", "pixels", "cut", "huge"],
)
async def test_what_is_no_picture_is_refused(
    origin: Origin, reach: Reach, name: str, body: bytes, type_: str, code: str
) -> None:
    with pytest.raises(PeerRefused) as caught:
        await fetch_picture(reach(origin), origin.put(f"/{name}", body, type_))
    assert caught.value.code == code


async def test_a_bomb_in_a_comment_does_no_harm(origin: Origin, reach: Reach) -> None:
    url = origin.put("/bomb.png", png_with_text_bomb(), "image/png")
    try:
        small = await fetch_picture(reach(origin), url)
    except PeerRefused as error:
        assert error.code in ("image-broken", "image-failed")
    else:
        assert b"aaaa" not in small.data


async def test_a_picture_with_a_page_behind_it_loses_the_page(origin: Origin, reach: Reach) -> None:
    url = origin.put("/both.jpg", jpeg() + b"<script>alert(1)</script>" + SVG)
    small = await fetch_picture(reach(origin), url)
    assert b"script" not in small.data and small.data.startswith(b"RIFF")


@pytest.mark.parametrize(
    ("status", "passing"), [("404 Not Found", False), ("410 Gone", False), ("503 Busy", True)]
)
async def test_an_error_is_for_good_or_for_now(
    origin: Origin, reach: Reach, status: str, passing: bool
) -> None:
    with pytest.raises(PeerFailed if passing else PeerRefused):
        await fetch_picture(reach(origin), origin.put("/gone.jpg", jpeg(), status=status))


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest", "https://127.0.0.1/a.jpg", "http://localhost:1/a"]
)
async def test_a_redirect_inside_is_not_followed(origin: Origin, reach: Reach, target: str) -> None:
    url = origin.put("/away", b"", status="302 Found", Location=target)
    with pytest.raises(PeerError):
        await fetch_picture(reach(origin), url)
    assert origin.asked == ["/away"]


async def test_a_server_that_drips_is_given_up(origin: Origin, reach: Reach) -> None:
    ended = asyncio.Event()

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 100000\r\n\r\n\xff\xd8\xff"
        )
        await writer.drain()
        await ended.wait()

    with pytest.raises(PeerFailed) as caught:
        await fetch_picture(reach(origin), origin.handle("/slow.jpg", drip), deadline_s=0.3)
    assert caught.value.code == "timeout"
    ended.set()

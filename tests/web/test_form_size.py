"""A form is cut off by what arrives, whatever it says of its own length (operations.md §3 row B4)."""

from collections.abc import AsyncIterator

import pytest

from fedchapter.web import forms
from tests.support.network import World

BOUNDARY = "edge"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n'
    "Content-Type: application/octet-stream\r\n\r\n"
).encode()


class Flood:
    """A body that does not say how long it is, and does not end before somebody stops reading."""

    def __init__(self, head: bytes, end: bytes, chunks: int) -> None:
        self._head, self._end, self._chunks = head, end, chunks
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._head
        for _ in range(self._chunks):
            self.sent += 1
            yield b"x" * 65_536
        yield self._end


@pytest.mark.parametrize(
    ("kind", "head", "end"),
    [
        pytest.param(f"multipart/form-data; boundary={BOUNDARY}", HEAD, b"\r\n--edge--\r\n", id="a file"),
        pytest.param("application/x-www-form-urlencoded", b"account=", b"", id="a field"),
    ],
)
async def test_a_stranger_cannot_fill_the_disk_with_a_form_without_a_length(
    world: World, monkeypatch: pytest.MonkeyPatch, kind: str, head: bytes, end: bytes
) -> None:
    monkeypatch.setattr(forms, "BODY_BYTES_MAX", 131_072)
    chapter = await world.chapter()
    flood = Flood(head, end, 40)
    answer = await chapter.client().post("/sign-in/fediverse", content=flood, headers={"Content-Type": kind})
    assert answer.status_code == 400
    assert "more than one form can carry" in answer.text


async def test_a_form_without_a_length_that_is_small_is_read(world: World) -> None:
    chapter = await world.chapter()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = Flood(b"email=nobody", b"", 0)
    answer = await chapter.client().post("/sign-in/link", content=body, headers=headers)
    assert "not an e-mail address" in answer.text

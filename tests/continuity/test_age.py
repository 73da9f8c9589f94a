"""Encrypted files: what was written comes back, and nothing else does (age-encryption.org/v1)."""

import base64
import io
import os

import pytest

from fedchapter.continuity.age import CHUNK, TAG, Opened, Sealed
from fedchapter.errors import Refusal

# Made by the age tool itself (1.1.1), `age -p`.
BY_AGE = base64.b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCAyWWdQaEhlMGVPRFNETjAyWUxZaUR3IDE4ClhLUDdZaEd3NUNXc1RWRWxy"
    "bi9keDdRRCtzcTJiSXVOVkZzd0xSZWhhUHMKLS0tIDhLNkk0UnVWQ3VpZVVYRVIxUThKcVZuc1kxbGY5TGJBRTJEQWd5c2xVa1UK"
    "gv/iB710yjgO2qnxblvS/qmVlmC/gadoldW2Qf7n0lrYQEkZsjA15gqYwySVO5evUITU8elr"
)


def sealed(data: bytes, passphrase: str = "river") -> bytes:
    file = io.BytesIO()
    writer = Sealed(file, passphrase)
    writer.write(data)
    writer.close()
    return file.getvalue()


def opened(data: bytes, passphrase: str = "river") -> bytes:
    return Opened(io.BytesIO(data), passphrase).read(100 * CHUNK)


@pytest.fixture(scope="module")
def three_chunks() -> tuple[bytes, bytes]:
    data = os.urandom(2 * CHUNK + 100)
    return data, sealed(data)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK])
def test_every_length_comes_back(size: int) -> None:
    data = os.urandom(size)
    assert opened(sealed(data)) == data


def test_a_file_of_the_age_tool_opens() -> None:
    assert opened(BY_AGE, "river under the old bridge") == b"A file that age made.\n"


def test_reading_in_pieces_gives_the_same(three_chunks: tuple[bytes, bytes]) -> None:
    data, file = three_chunks
    reader = Opened(io.BytesIO(file), "river")
    pieces = []
    while piece := reader.read(1000):
        pieces.append(piece)
    assert b"".join(pieces) == data


def test_two_files_of_the_same_bytes_have_nothing_in_common() -> None:
    one, two = sealed(b"same"), sealed(b"same")
    assert one.splitlines()[1:] != two.splitlines()[1:]
    assert one[-20:] != two[-20:]


def test_another_passphrase_is_refused_in_words() -> None:
    with pytest.raises(Refusal) as refused:
        opened(sealed(b"x"), "river ")
    assert refused.value.code == "passphrase"


def test_a_flipped_byte_anywhere_is_found(three_chunks: tuple[bytes, bytes]) -> None:
    _, file = three_chunks
    payload = file.index(b"\n", file.index(b"---")) + 1
    for place in (30, payload - 5, payload + 3, payload + 50, payload + CHUNK + 60, len(file) - 1):
        wrong = bytearray(file)
        wrong[place] ^= 1
        with pytest.raises(Refusal):
            opened(bytes(wrong))


def test_a_file_cut_off_is_found_also_between_two_chunks(three_chunks: tuple[bytes, bytes]) -> None:
    _, file = three_chunks
    start = file.index(b"\n", file.index(b"---")) + 17
    for end in (len(file) - 1, start + 2 * (CHUNK + TAG), start + CHUNK + TAG, start, 40, 0):
        with pytest.raises(Refusal):
            opened(file[:end])


def test_chunks_that_change_places_or_go_missing_are_found(three_chunks: tuple[bytes, bytes]) -> None:
    _, file = three_chunks
    start, whole = file.index(b"\n", file.index(b"---")) + 17, CHUNK + TAG
    head, one, two, rest = (
        file[:start],
        file[start : start + whole],
        file[start + whole : start + 2 * whole],
        file[start + 2 * whole :],
    )
    for order in (head + two + one + rest, head + two + rest, head + one + one + rest, file + rest):
        with pytest.raises(Refusal):
            opened(order)


def test_a_header_that_asks_for_absurd_work_is_refused_before_it_is_done() -> None:
    file = sealed(b"x").replace(b" 16\n", b" 63\n", 1)
    with pytest.raises(Refusal):
        opened(file)

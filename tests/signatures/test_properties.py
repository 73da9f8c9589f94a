"""Both readers of signatures against everything a stranger may send: one kind of error, nothing forged."""

from dataclasses import replace
from typing import Any

import http_sf
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fedchapter.signatures import HttpMessage, Parsed, SignatureError, read_signature, verify
from fedchapter.signatures.fields import InnerList, Item, Token, read_dictionary, write
from tests.signatures.made import (
    ED25519,
    GET,
    HOSTS,
    NOW,
    POST,
    RSA,
    cavage,
    rfc9421,
    with_changed,
    with_headers,
)

SIGNED = [
    (cavage(POST), RSA.public_key()),
    (cavage(GET), RSA.public_key()),
    (rfc9421(POST), RSA.public_key()),
    (rfc9421(POST, key=ED25519), ED25519.public_key()),
    (rfc9421(GET, key=ED25519), ED25519.public_key()),
]
HEADERS = ["Signature", "Signature-Input", "Date", "Digest", "Content-Digest", "Host", "Content-Type"]

# Text that looks like these headers reaches further into the readers than noise does.
PIECES = st.sampled_from(
    [
        *[*'=,;:()"\\ \né\u2028', "?1", "-1.5", "sig1", "sig1=:YQ==:", "headers=", "expires=1"],
        *['keyId="k"', 'signature="YQ=="', 'algorithm="hs2019"', "created=1746100800"],
        *['"(request-target) (created) host digest"', '"@method"', '"@query-param";name="from"'],
        'sig1=("@method" "@target-uri" "content-digest");created=1746100800;keyid="k"',
    ]
)
LIKELY = st.lists(PIECES, max_size=12).map("".join)


def outcome(message: HttpMessage) -> Parsed | SignatureError:
    """What `read_signature` says; any exception of another kind fails the test."""
    try:
        return read_signature(message, now=NOW, hosts=HOSTS)
    except SignatureError as error:
        assert error.http_status in (400, 401)
        assert error.code
        return error


@given(st.dictionaries(st.sampled_from(HEADERS), st.text() | LIKELY), st.sampled_from([GET, POST]))
def test_no_header_text_makes_the_readers_fail_otherwise(
    headers: dict[str, str], message: HttpMessage
) -> None:
    outcome(with_headers(message, *headers.items()))


@given(st.sampled_from(SIGNED), st.sampled_from(HEADERS), st.integers(0, 700), LIKELY | st.text(max_size=3))
def test_a_spoilt_header_of_a_good_request_never_fails_otherwise(
    signed: tuple[HttpMessage, Any], name: str, at: int, spoil: str
) -> None:
    message, key = signed
    headers = tuple(
        (given, value[:at] + spoil + value[at + len(spoil) :] if given == name else value)
        for given, value in message.headers
    )
    result = outcome(replace(message, headers=headers))
    if isinstance(result, Parsed):
        verify(result, key)


@given(
    st.binary(max_size=300),
    st.from_regex(r"/[a-z0-9/%._~-]{0,20}(\?[a-z0-9=&%+]{0,20})?", fullmatch=True),
    st.sampled_from(["POST", "PUT", "DELETE"]),
)
def test_whatever_is_signed_is_verified(body: bytes, path: str, method: str) -> None:
    message = HttpMessage(method, "https://riverside.example" + path, POST.headers, body)
    for signed, key in ((cavage(message), RSA), (rfc9421(message, key=ED25519), ED25519)):
        assert verify(read_signature(signed, now=NOW, hosts=HOSTS), key.public_key())


def flipped(text: str, at: int) -> str:
    """`text` with one letter or digit exchanged for another."""
    places = [place for place, character in enumerate(text) if character.isalnum()]
    assume(places)
    place = places[at % len(places)]
    return text[:place] + ("x" if text[place] != "x" else "y") + text[place + 1 :]


def is_accepted(message: HttpMessage, key: Any) -> bool:
    result = outcome(message)
    return isinstance(result, Parsed) and verify(result, key)


@given(st.sampled_from(SIGNED), st.integers(0, 400))
def test_flipping_anything_covered_breaks_the_signature(signed: tuple[HttpMessage, Any], at: int) -> None:
    message, key = signed
    assert is_accepted(message, key)
    covered = {"host", "date", "digest", "content-type", "content-digest"}
    if any(name == "Signature-Input" for name, _ in message.headers):
        covered = {"content-digest"}
    for name in covered & {name.lower() for name, _ in message.headers}:
        assert not is_accepted(with_changed(message, name, lambda value: flipped(value, at)), key)
    assert not is_accepted(replace(message, method="PUT"), key)
    body = message.body[: at % (len(message.body) + 1)] + b"!" + message.body[at % (len(message.body) + 1) :]
    assert not is_accepted(replace(message, body=body), key)
    base, path = message.url[:25], message.url[25:]
    assert base == "https://riverside.example"
    assert not is_accepted(replace(message, url=base + flipped(path, at)), key)


@given(st.sampled_from(SIGNED), st.integers(0, 400))
def test_flipping_the_signature_or_its_parameters_breaks_it(signed: tuple[HttpMessage, Any], at: int) -> None:
    message, key = signed
    for name in ("signature", "signature-input"):
        if not any(given.lower() == name for given, _ in message.headers):
            continue
        changed = with_changed(message, name, lambda value: flipped(value, at))
        result = outcome(changed)
        original = read_signature(message, now=NOW, hosts=HOSTS)
        if isinstance(result, Parsed) and verify(result, key):
            # The keyId of draft-cavage is not covered, and the last letter of base64 has bits to spare.
            assert (result.bases, result.signature) == (original.bases, original.signature)
            assert result.scheme == "cavage" or result.key_id == original.key_id


BARE = (
    st.booleans()
    | st.integers(-(10**15) + 1, 10**15 - 1)
    | st.decimals(-(10**12) + 1, 10**12 - 1, places=3)
    | st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E))
    | st.binary()
    | st.from_regex(r"[A-Za-z*][A-Za-z0-9:/!#$%&'*+\-.^_`|~]*", fullmatch=True).map(Token)
)
KEYS = st.from_regex(r"[a-z*][a-z0-9_\-.*]*", fullmatch=True)
PARAMS = st.dictionaries(KEYS, BARE, max_size=3)
ITEMS = st.builds(Item, BARE, PARAMS)
MEMBERS = ITEMS | st.builds(InnerList, st.lists(ITEMS, max_size=3).map(tuple), PARAMS)


@given(st.dictionaries(KEYS, MEMBERS, max_size=3))
def test_structured_fields_survive_writing_and_reading(members: dict[str, Item | InnerList]) -> None:
    text = ", ".join(f"{name}={write(member)}" for name, member in members.items())
    assert read_dictionary(text) == members


@given(st.lists(st.sampled_from([*'ab1-.*=,;:?()" \t\\', "YQ==", "a=", ";b=", ":YQ==:"]), max_size=14))
def test_whatever_our_strict_reader_takes_another_reader_takes_alike(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        members = read_dictionary(text)
    except SignatureError:
        return
    if not members:
        return
    theirs = http_sf.parse(text.encode(), tltype="dictionary")
    ours = ", ".join(
        f"{name}={write(member)}"
        if not (isinstance(member, Item) and member.value is True)
        else name + write(member).removeprefix("?1")
        for name, member in members.items()
    )
    assert http_sf.ser(theirs) == ours


@pytest.mark.parametrize(
    "text", ["a=1,", "a=1,,b", "A=1", "a =1", 'a="', "a=(1", "a=(1)(", "a=1.2345", "a=:*:"]
)
def test_what_is_no_dictionary_is_refused(text: str) -> None:
    with pytest.raises(SignatureError):
        read_dictionary(text)


def test_an_endless_header_is_refused_at_once() -> None:
    with pytest.raises(SignatureError):
        read_dictionary("a=(" + "1 " * 100_000)

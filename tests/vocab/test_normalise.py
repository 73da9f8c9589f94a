"""The way in for other people's JSON: rows B4 and B6 of operations.md §3, and the shapes of real servers."""

import contextlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedchapter.errors import PeerRefused
from fedchapter.vocab.context import is_activity_type, wants_activity
from fedchapter.vocab.normalise import Activity, normalise, parse_json
from fedchapter.vocab.read import (
    attachments_of,
    bool_of,
    fields_of,
    ids_of,
    int_of,
    language_of,
    tags_of,
    text_of,
    time_of,
    type_of,
    url_of,
)
from fedchapter.vocab.uris import PUBLIC, is_uri

ANN = "https://hillside.example/people/ann"
LIKE: dict[str, Any] = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "id": "https://hillside.example/likes/1",
    "type": "Like",
    "actor": ANN,
    "object": "https://riverside.example/posts/1",
}


def refusal(document: object) -> str:
    with pytest.raises(PeerRefused) as caught:
        normalise(parse_json(json.dumps(document).encode()))
    return caught.value.code


def read(**changes: Any) -> Activity:
    return normalise(parse_json(json.dumps({**LIKE, **changes}).encode()))


def nested(levels: int) -> bytes:
    return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"\xef\xbb\xbf{}",
        b'{"a":"\xff"}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":1e999}',
        b'{"a":"\\ud800"}',
        b'{"a":1}{"b":2}',
        b'{"a":1,}',
        b"{'a':1}",
        b'{"a":' + b"9" * 5000 + b"}",
        "{}".encode("utf-16"),
    ],
)
def test_what_is_not_strict_json_is_refused(body: bytes) -> None:
    with pytest.raises(PeerRefused) as caught:
        parse_json(body)
    assert caught.value.code == "json"


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"text"', b'[{"type":"Like"}]'])
def test_only_an_object_is_a_message(body: bytes) -> None:
    with pytest.raises(PeerRefused) as caught:
        parse_json(body)
    assert caught.value.code == "json-object"


def test_b4_ten_thousand_brackets_are_refused() -> None:
    for body in (b"[" * 10_000, b'{"a":' + b"[" * 10_000 + b"]" * 10_000 + b"}"):
        with pytest.raises(PeerRefused):
            parse_json(body)


def test_b4_depth_ends_at_thirty_two() -> None:
    assert parse_json(nested(32))
    with pytest.raises(PeerRefused) as caught:
        parse_json(nested(33))
    assert caught.value.code == "json-depth"


def test_b4_keys_end_at_a_thousand_unless_a_collection_is_read() -> None:
    many = json.dumps({str(number): 1 for number in range(1001)}).encode()
    with pytest.raises(PeerRefused) as caught:
        parse_json(many)
    assert caught.value.code == "json-size"
    assert len(parse_json(many, keys_max=2000)) == 1001


def test_b4_keys_are_counted_in_all_levels_together() -> None:
    with pytest.raises(PeerRefused):
        parse_json(json.dumps({"list": [{"a": 1, "b": 2}] * 600}).encode())


def test_b4_a_list_of_numbers_without_end_is_refused() -> None:
    with pytest.raises(PeerRefused) as caught:
        parse_json(b'{"a":[' + b"1," * 30_000 + b"1]}")
    assert caught.value.code == "json-size"


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 10**40])
def test_b4_numbers_that_do_not_survive_a_float_are_refused(number: int) -> None:
    assert refusal({**LIKE, "count": [number]}) == "json-number"


def test_a_nul_character_is_refused_but_not_its_written_form() -> None:
    assert refusal({**LIKE, "content": "a\0b"}) == "json-nul"
    assert refusal({**LIKE, "a\0b": 1}) == "json-nul"
    assert read(content=r"\u0000").raw["content"] == r"\u0000"


@pytest.mark.parametrize("keyword", ["@graph", "@included", "@reverse"])
def test_b6_json_ld_keywords_that_rearrange_a_document_are_refused(keyword: str) -> None:
    assert refusal({**LIKE, keyword: []}) == "json-ld"
    assert refusal({**LIKE, "object": {"id": ANN, "x": [{keyword: {}}]}}) == "json-ld"


def test_b6_at_id_and_at_type_are_not_id_and_type() -> None:
    evil = {"@id": "https://evil.example/1", "@type": "Delete"}
    activity = read(**evil)
    assert (activity.id, activity.type) == (LIKE["id"], "Like")
    assert refusal({**evil, "actor": ANN}) == "activity-type"


def test_b6_two_types_are_refused_and_a_list_of_one_is_one() -> None:
    assert read(type=["Like"]).type == "Like"
    assert refusal({**LIKE, "type": ["Like", "Delete"]}) == "activity-type"


@pytest.mark.parametrize("wrong", [None, 7, "", [], {}, ["Like", 1], "x" * 101])
def test_a_type_that_is_no_name_is_refused(wrong: object) -> None:
    assert refusal({**LIKE, "type": wrong}) == "activity-type"


@pytest.mark.parametrize(
    "wrong", [None, 7, "ann", "acct:ann@hillside.example", [ANN, ANN], [], {}, {"id": [ANN]}, PUBLIC[5:]]
)
def test_an_actor_that_is_not_one_address_is_refused(wrong: object) -> None:
    assert refusal({**LIKE, "actor": wrong}) == "activity-actor"


@pytest.mark.parametrize(
    "wrong", [7, "", "urn:uuid:1", "http://hillside.example/1", ["https://a.example/"], {}]
)
def test_an_id_that_is_no_address_is_refused(wrong: object) -> None:
    assert refusal({**LIKE, "id": wrong}) == "activity-id"


def test_an_activity_without_id_is_read() -> None:
    assert read(id=None).id is None


def test_an_actor_may_be_embedded() -> None:
    assert read(actor={"type": "Person", "id": ANN}).actor == ANN
    assert read(actor=[ANN]).actor == ANN


def test_an_object_may_be_named_embedded_or_a_list_of_one() -> None:
    note = {"type": "Note", "id": "https://hillside.example/notes/1"}
    for shape in (note, [note]):
        activity = read(object=shape)
        assert activity.embedded == note and activity.object_id == note["id"]
    assert read(object=[LIKE["object"]]).object == LIKE["object"]
    assert read(object=LIKE["object"]).embedded is None
    assert read(object="nonsense").object is None


def test_a_flag_names_several_objects() -> None:
    activity = read(type="Flag", object=[ANN, {"id": "https://hillside.example/notes/1"}, 7])
    assert activity.object is None
    assert activity.object_ids == (ANN, "https://hillside.example/notes/1")


def test_b6_the_three_spellings_of_public_become_one() -> None:
    for spelling in (PUBLIC, "as:Public", "Public"):
        activity = read(to=spelling, cc=[ANN, spelling, {"id": ANN}])
        assert activity.to == (PUBLIC,) and activity.cc == (ANN, PUBLIC)


def test_a_message_of_localhost_is_read() -> None:
    assert read(actor="http://localhost:8001/actor").actor == "http://localhost:8001/actor"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21T21:16:29.884787207Z", "2026-11-21T21:16:29.884787+00:00"),
        ("2026-12-02T22:22:08.000+01:00", "2026-12-02T21:22:08+00:00"),
        ("2026-12-02T22:22:08", "2026-12-02T22:22:08+00:00"),
        ("2026-12-02T22:22Z", "2026-12-02T22:22:00+00:00"),
        ("2026-12-02t22:22:08z", "2026-12-02T22:22:08+00:00"),
        ("2026-12-02", "2026-12-02T00:00:00+00:00"),
        ("2026-W01-1", None),
        ("2026-02-30", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("yesterday", None),
        ("", None),
        (1795295765, None),
    ],
)
def test_times_of_every_server_are_read_as_utc(text: object, expected: str | None) -> None:
    found = time_of({"published": text}, "published")
    assert (found.isoformat() if found else None) == expected


def test_text_comes_from_the_map_when_there_is_no_other() -> None:
    assert text_of({"content": "", "contentMap": {"de": "", "en": "hello"}}, "content") == "hello"
    assert text_of({"content": 7, "contentMap": ["hello"]}, "content") is None
    assert text_of({"name": "x" * 3000}, "name") == "x" * 2048
    assert text_of({"name": "x" * 30}, "name", 10) == "x" * 10


def test_the_language_is_that_of_the_text_which_is_shown() -> None:
    maps = {"de": "Hallo", "en": "hello"}
    assert language_of({"content": "hello", "contentMap": maps}) == "en"
    assert language_of({"contentMap": maps}) == "de"
    assert language_of({"nameMap": {"pt-BR": "oi"}}) == "pt-BR"
    assert language_of({"inLanguage": "fr"}) == "fr"
    assert language_of({"language": {"identifier": "en", "name": "English"}}) == "en"
    assert language_of({"language": [{"identifier": "und"}]}) is None
    assert language_of({"contentMap": {"<script>": "x"}}) is None


def test_the_page_is_the_html_link() -> None:
    video = {"type": "Link", "mediaType": "video/mp4", "href": "https://a.example/v.mp4"}
    page = {"type": "Link", "mimeType": "text/html", "href": "https://a.example/page"}
    assert url_of({"url": [video, page]}) == "https://a.example/page"
    assert url_of({"url": [video]}) == "https://a.example/v.mp4"
    assert url_of({"url": ["https://a.example/1", "https://a.example/2"]}) == "https://a.example/1"
    assert url_of({"url": "http://blog.example/?p=1"}) == "http://blog.example/?p=1"
    assert url_of({"url": ["javascript:alert(1)", {"href": {"href": 1}}]}) is None


def test_tags_are_told_apart_and_odd_ones_left_out() -> None:
    tags = tags_of(
        {
            "tag": [
                {"type": "Hashtag", "name": "#Assembly", "href": "https://a.example/t"},
                {"type": ["Hashtag"], "name": "Bäume"},
                {"type": "Hashtag", "name": "#two words"},
                {"type": "Mention", "href": ANN, "name": "@ann@hillside.example"},
                {"type": "Mention", "href": "nonsense", "name": "@x"},
                {
                    "type": "Link",
                    "href": "https://a.example/p/1",
                    "mediaType": "application/activity+json; x=y",
                },
                {"type": "Emoji", "name": ":tree:"},
                "text",
                None,
            ]
        }
    )
    assert tags.hashtags == ("Assembly", "Bäume")
    assert [mention.uri for mention in tags.mentions] == [ANN]
    assert [(link.href, link.media_type) for link in tags.links] == [
        ("https://a.example/p/1", "application/activity+json")
    ]
    assert tags_of({"tag": {"type": "Hashtag", "name": "#one"}}).hashtags == ("one",)


def test_attachments_keep_their_description_and_leave_profile_fields_out() -> None:
    obj = {
        "attachment": [
            {
                "type": "Document",
                "mediaType": "image/png",
                "url": "https://a.example/1.png",
                "name": "A tree",
                "width": 7,
            },
            {
                "type": "Image",
                "url": [{"href": "https://a.example/2.png", "mediaType": "image/png"}],
                "summary": "B",
            },
            {"type": "Link", "href": "https://a.example/site"},
            {"type": "PropertyValue", "name": "Site", "value": "<a>x</a>"},
            {"type": "Document", "url": "file:///etc/passwd"},
            "https://a.example/3",
        ]
    }
    found = attachments_of(obj)
    assert [item.url for item in found] == [
        "https://a.example/1.png",
        "https://a.example/2.png",
        "https://a.example/site",
        "https://a.example/3",
    ]
    assert (found[0].alt, found[0].width, found[1].alt, found[1].media_type) == (
        "A tree",
        7,
        "B",
        "image/png",
    )
    assert fields_of(obj) == (("Site", "<a>x</a>"),)


def test_types_and_numbers() -> None:
    assert type_of({"type": ["fc:Proposal", "Article"]}) == "Article"
    assert type_of({"type": "as:Note"}) == "Note" and type_of({"type": "Odd"}) == "Odd"
    assert type_of({"type": 7}) is None and type_of("Note") is None
    assert (
        int_of({"n": 3.0}, "n") == 3 and int_of({"n": True}, "n") is None and int_of({"n": "3"}, "n") is None
    )
    assert bool_of({"n": True}, "n") is True and bool_of({"n": 1}, "n") is None


def test_ids_are_capped() -> None:
    assert len(ids_of([f"https://a.example/{number}" for number in range(500)])) == 256


KEYS = [
    *("id", "type", "actor", "object", "to", "cc", "tag", "url", "name", "nameMap", "content", "contentMap"),
    *("attachment", "published", "href", "mediaType", "language", "inLanguage", "target", "width", "@graph"),
]
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([ANN])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_json_is_read_or_refused(document: Any) -> None:
    try:
        activity = normalise(parse_json(msgspec.json.encode(document)))
    except PeerRefused:
        return
    assert activity.actor.startswith(("https://", "http://localhost"))


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_activity_around_any_object_is_read(document: Any) -> None:
    try:
        activity = read(object=document, to=document, cc=document, target=document, published=document)
    except (PeerRefused, ValueError):
        return
    assert all(isinstance(uri, str) for uri in (*activity.to, *activity.cc, *activity.object_ids))


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_readers_never_raise(obj: dict[str, Any]) -> None:
    for reader in (tags_of, attachments_of, fields_of, language_of, type_of, url_of):
        reader(obj)
    for key, value in obj.items():
        for keyed in (text_of, time_of, int_of, bool_of, url_of):
            keyed(obj, key)
        ids_of(value)


@given(st.binary(max_size=80))
def test_any_bytes_are_json_or_refused(body: bytes) -> None:
    with contextlib.suppress(PeerRefused):
        assert isinstance(parse_json(body), dict)


@given(st.integers(1, 40).map(lambda count: ';a="' * count) | st.text(alphabet=';=" \\aq', max_size=900))
def test_b7_hostile_headers_and_addresses_take_no_time(text: str) -> None:
    is_activity_type("application/ld+json" + text)
    wants_activity(text * 20)
    is_uri("https://" + "a-" * 900 + text)
    time_of({"published": "2026-" * 5000 + text}, "published")

"""What we put before a message, and how media types are read (row A6 of operations.md §3)."""

import json

import pytest

from fedchapter.vocab.context import (
    ACTIVITY_JSON,
    ACTIVITYSTREAMS,
    LD_JSON,
    REMOTE_CONTEXTS,
    TERMS,
    compact,
    is_activity_type,
    wants_activity,
    with_context,
)


@pytest.mark.parametrize(
    "content_type",
    [
        ACTIVITY_JSON,
        LD_JSON,
        "Application/Activity+JSON; charset=utf-8",
        f'application/ld+json;profile="{ACTIVITYSTREAMS}"; charset=utf-8',
        f'application/ld+json; charset=utf-8; profile="https://other.example/ {ACTIVITYSTREAMS}"',
        f"application/ld+json; profile={ACTIVITYSTREAMS}",
    ],
)
def test_a6_the_two_types_of_activitypub_are_known(content_type: str) -> None:
    assert is_activity_type(content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "application/ld+json",
        "application/ld+json; profile=other",
        f'application/ld+json; profile="{ACTIVITYSTREAMS}x"',
        f'application/json; profile="{ACTIVITYSTREAMS}"',
        "text/html",
        "text/json",
        "text/plain; x=application/activity+json",
        "application/activity+json, text/html",
        "image/png",
        "application/activity+jsonx",
        "application/activity+json;" + "x" * 2000,
    ],
)
def test_a6_no_other_type_can_carry_an_object(content_type: str) -> None:
    assert not is_activity_type(content_type)


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", False),
        ("*/*", False),
        ("", False),
        ("application/activity+json", True),
        ("application/activity+json, application/ld+json", True),
        (LD_JSON, True),
        (f"{LD_JSON},application/activity+json", True),
        ("application/ld+json", True),
        ('application/activity+json, application/ld+json; profile="x", text/html;q=0.1', True),
        ("text/html, application/activity+json;q=0.9", False),
        ("application/activity+json, text/html", True),
        ("application/activity+json;q=0", False),
        ("application/json", True),
        ("application/json, text/plain, */*", True),
        ("text/html, application/json", False),
        ("text/html;q=0.5, application/json", True),
        ("application/activity+json;q=nonsense", False),
        ("application/activity+json;q=7", False),
    ],
)
def test_the_accept_header_chooses_between_object_and_page(accept: str, wanted: bool) -> None:
    assert wants_activity(accept) is wanted


def test_the_context_comes_first_and_is_an_array() -> None:
    message = with_context({"type": "Note", "content": "hello"})
    assert next(iter(message)) == "@context"
    assert message["@context"] == list(REMOTE_CONTEXTS)


def test_a_message_defines_the_terms_that_it_uses_and_their_prefixes() -> None:
    message = with_context(
        {
            "type": "Article",
            "sensitive": False,
            "fc:stage": "open",
            "tag": [{"type": "Hashtag", "name": "#x"}],
            "interactionPolicy": {"canQuote": {"automaticApproval": ["as:Public"]}},
        }
    )
    assert set(message["@context"][-1]) == {
        "sensitive",
        "fc",
        "Hashtag",
        "gts",
        "interactionPolicy",
        "canQuote",
        "automaticApproval",
    }


def test_a_context_is_not_given_twice() -> None:
    once = with_context({"type": "Note", "votersCount": 1})
    assert with_context(once) == once


def test_every_prefix_among_the_terms_is_defined_or_built_in() -> None:
    for name, meaning in TERMS.items():
        address = meaning["@id"] if isinstance(meaning, dict) else meaning
        prefix = address.partition(":")[0]
        assert prefix in {"as", "http", "https"} or prefix in TERMS, name


def test_nulls_and_empty_lists_are_left_out_at_every_depth() -> None:
    obj = {
        "a": None,
        "b": [],
        "c": (),
        "d": 0,
        "e": "",
        "f": {"g": None, "h": [None, {"i": []}]},
        "j": ("x",),
    }
    assert compact(obj) == {"d": 0, "e": "", "f": {"h": [{}]}, "j": ["x"]}
    assert json.dumps(compact(obj))

"""One spelling, one hash: what may stand in a statement, and what changes its name."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedchapter.evidence import canonical_bytes, check_canonical, content_hash, version, version_hash

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        "\ud800",
        {"\udfff": 1},
        {1: "one"},
        b"bytes",
        {"set"},
        datetime(2026, 11, 21, tzinfo=UTC),
    ],
)
def test_what_two_machines_could_write_differently_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"\$\.place"):
        check_canonical({"place": {"deeper": [value]}} if value != {1: "one"} else {"place": value})


def test_nesting_without_end_is_refused_before_the_stack_is_full() -> None:
    value: object = 1
    for _ in range(100_000):
        value = [value]
    with pytest.raises(ValueError, match="too deeply"):
        check_canonical(value)


@given(st.dictionaries(st.text(), JSON, max_size=6))
def test_a_round_over_the_wire_and_another_order_of_names_keep_the_hash(document: dict[str, object]) -> None:
    arrived = json.loads(json.dumps(dict(reversed(document.items()))))
    assert canonical_bytes(arrived) == canonical_bytes(document)
    assert content_hash(arrived) == content_hash(document)


def test_the_hash_is_sha256_of_the_rfc_8785_form() -> None:
    expected = hashlib.sha256('{"a":[true,null],"b":"é\\n","ä":1}'.encode()).hexdigest()
    assert version_hash({"ä": 1, "b": "é\n", "a": [True, None]}) == f"sha256:{expected}"


def test_names_are_sorted_by_utf_16_units_as_the_standard_says() -> None:
    assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_a_proof_does_not_change_what_a_statement_says() -> None:
    statement = {"type": "fc:PollOpen", "fc:version": "sha256:00"}
    assert content_hash({**statement, "proof": {"proofValue": "z1"}}) == content_hash(statement)
    assert content_hash({**statement, "fc:version": "sha256:01"}) != content_hash(statement)


def test_a_version_of_a_text_is_hashed_whole() -> None:
    with pytest.raises(ValueError, match="hashed as it is"):
        version_hash({"content": "text", "proof": {}})


def make_version(**changes: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "proposal": "https://river.example/proposals/7",
        "name": "A tool library",
        "paragraphs": [("p1", "We lend drills."), ("p2", "And ladders.")],
        "parent": None,
    }
    return version(**fields | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "A toy library"},
        {"paragraphs": [("p1", "We lend drills!"), ("p2", "And ladders.")]},
        {"paragraphs": [("p2", "And ladders."), ("p1", "We lend drills.")]},
        {"paragraphs": [("p1", "We lend drills."), ("p3", "And ladders.")]},
        {"parent": "sha256:00"},
        {"proposal": "https://hill.example/proposals/7"},
    ],
)
def test_any_change_of_the_text_gives_another_version(changes: dict[str, object]) -> None:
    assert version_hash(make_version(**changes)) != version_hash(make_version())


def test_the_line_ends_of_a_browser_do_not_make_another_version() -> None:
    from_form = make_version(paragraphs=[("p1", "one\r\ntwo\rthree")])
    assert version_hash(from_form) == version_hash(make_version(paragraphs=[("p1", "one\ntwo\nthree")]))


def test_two_paragraphs_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="share an id"):
        make_version(paragraphs=[("p1", "a"), ("p1", "b")])

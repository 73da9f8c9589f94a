"""Openings and results: what they say, and that any change to them is found by whoever counts again."""

import copy
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fedchapter.errors import PeerRefused
from fedchapter.evidence import (
    NS,
    Roll,
    check_opening,
    check_result,
    content_hash,
    opening,
    recompute,
    result,
    sign,
    verify,
)
from fedchapter.tally import SIMPLE_MAJORITY, TWO_THIRDS, Counts, Quorum, Ratio, Rules

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RULES = Rules(Ratio(2, 3), strict=False, base="votes", quorum=Quorum(Ratio(1, 4), minimum=5))
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
METHOD = "https://river.example/chapter#ed25519-key"


def make_opening(**changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "uri": "https://river.example/proposals/7/openings/1",
        "chapter": "https://river.example/chapter",
        "proposal": "https://river.example/proposals/7",
        "version": "sha256:" + "ab" * 32,
        "rules": RULES,
        "opens_at": NOON,
        "closes_at": NOON + timedelta(days=7),
        "roll": Roll(40, NOON - timedelta(hours=1)),
    }
    return opening(**fields | changes)


def make_result(opened: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "uri": "https://river.example/proposals/7/results/1",
        "opening": opened or make_opening(),
        "rules": RULES,
        "counts": Counts(yes=14, no=7, abstain=2),
        "public_opinion": Counts(yes=300, no=4),
        "closed_at": NOON + timedelta(days=7),
        "software": "fedchapter/0.1.0",
    }
    return result(**fields | changes)


def changed(document: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy of `document` with one place changed; `path` is names joined by slashes."""
    copied = copy.deepcopy(document)
    *way, last = path.split("/")
    place = copied
    for name in way:
        place = place[name]
    place[last] = value
    return copied


def test_an_opening_says_everything_that_decides_in_whole_numbers() -> None:
    document = make_opening()
    assert document["@context"][-1]["fc"] == NS
    assert document["fc:rules"] == {
        "fc:threshold": {"num": 2, "den": 3},
        "fc:strict": False,
        "fc:base": "votes",
        "fc:quorum": {
            "fc:share": {"num": 1, "den": 4},
            "fc:strict": False,
            "fc:minimum": 5,
            "fc:base": "roll",
        },
    }
    assert document["fc:method"] == "yes-no-abstain/1"
    assert document["fc:opensAt"] == "2026-11-21T12:00:00Z"
    assert document["fc:roll"] == {"fc:count": 40, "fc:asOf": "2026-11-21T11:00:00Z"}
    check_opening(json.loads(json.dumps(document)))


def test_times_are_written_in_utc_whatever_zone_they_came_in() -> None:
    opens_at = NOON.astimezone(timezone(timedelta(hours=-5))).replace(microsecond=999_999)
    assert make_opening(opens_at=opens_at)["fc:opensAt"] == "2026-11-21T12:00:00Z"
    with pytest.raises(ValueError, match="zone"):
        make_opening(opens_at=NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_at": NOON},
        {"closes_at": NOON - timedelta(days=1)},
        {"closes_at": NOON + timedelta(milliseconds=900)},
        {"roll": Roll(40, NOON + timedelta(seconds=1))},
        {"roll": Roll(2**53, NOON)},
    ],
)
def test_an_opening_that_makes_no_sense_is_never_built(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="."):  # noqa: RUF043 - any sentence
        make_opening(**changes)


def test_a_result_answers_its_opening_and_is_found_right() -> None:
    opened = make_opening()
    document = json.loads(json.dumps(make_result(opened)))
    check_result(document, opened)
    report = recompute(document)
    assert report.passed
    assert document["fc:outcome"] == "passed"
    assert document["fc:quorum"] == {"fc:cast": 23, "fc:roll": 40, "fc:needed": 10, "fc:met": True}
    assert document["fc:threshold"] == {"fc:yes": 14, "fc:base": 21, "fc:needed": 14, "fc:reached": True}


def test_a_result_answers_the_same_opening_signed_or_not() -> None:
    opened = make_opening()
    signed = sign(opened, KEY, METHOD, NOON)
    check_result(make_result(signed), opened)
    check_result(make_result(opened), signed)


def test_public_opinion_stands_apart_and_never_counts() -> None:
    against = make_result(counts=Counts(yes=1, no=20), public_opinion=Counts(yes=5_000))
    assert against["fc:publicOpinion"] == {"yes": 5_000, "no": 0, "abstain": 0}
    assert recompute(against).outcome == "not-passed"


def test_a_tie_is_stated() -> None:
    opened = make_opening(rules=SIMPLE_MAJORITY)
    tied = make_result(opened, rules=SIMPLE_MAJORITY, counts=Counts(yes=6, no=6))
    assert tied["fc:ties"] == [["yes", "no"]]
    assert tied["fc:outcome"] == "not-passed"
    check_result(tied, opened)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rules": TWO_THIRDS}, "rules are those of the opening"),
        ({"counts": Counts(yes=41)}, "only 40 members"),
        ({"closed_at": NOON + timedelta(days=6)}, "never closes before"),
    ],
)
def test_a_result_that_breaks_its_opening_is_never_built(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make_result(**changes)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("fc:counts/yes", 13),
        ("fc:counts/no", 6),
        ("fc:outcome", "not-passed"),
        ("fc:quorum/fc:met", False),
        ("fc:quorum/fc:met", 1),
        ("fc:quorum/fc:needed", 9),
        ("fc:threshold/fc:base", 23),
        ("fc:threshold/fc:reached", 1),
        ("fc:ties", [["yes", "no"]]),
        ("fc:rules/fc:threshold/den", 4),
        ("fc:rules/fc:strict", True),
        ("fc:roll/fc:count", 400),
    ],
)
def test_a_verdict_that_the_counts_do_not_give_is_found(path: str, value: object) -> None:
    with pytest.raises(PeerRefused) as refused:
        recompute(changed(make_result(), path, value))
    assert refused.value.code == "evidence-recount-differs"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("type", "Note"),
        ("fc:method", "yes-no-abstain/2"),
        ("fc:counts", {"yes": 14, "no": 7}),
        ("fc:counts/yes", True),
        ("fc:counts/yes", -1),
        ("fc:counts/yes", 14.0),
        ("fc:counts/yes", "14"),
        ("fc:counts/yes", 41),
        ("fc:publicOpinion/yes", -3),
        ("fc:rules/fc:threshold", {"num": 4, "den": 3}),
        ("fc:rules/fc:threshold", {"num": 0, "den": 3}),
        ("fc:rules/fc:threshold/den", 0),
        ("fc:rules/fc:base", "present"),
        ("fc:rules/fc:quorum", None),
        ("fc:roll/fc:count", -1),
        ("fc:software", None),
        ("attributedTo", ["https://river.example/chapter"]),
    ],
)
def test_what_is_no_result_is_refused_as_malformed(path: str, value: object) -> None:
    with pytest.raises(PeerRefused) as refused:
        recompute(changed(make_result(), path, value))
    assert refused.value.code == "evidence-malformed"


def test_every_property_of_a_result_is_needed() -> None:
    document = make_result()
    for name in set(document) - {"@context"}:
        with pytest.raises(PeerRefused):
            recompute({key: value for key, value in document.items() if key != name})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("id", "https://river.example/proposals/7/openings/2"),
        ("attributedTo", "https://hill.example/chapter"),
        ("fc:proposal", "https://river.example/proposals/8"),
        ("fc:version", "sha256:" + "cd" * 32),
        ("fc:rules/fc:threshold", {"num": 4, "den": 6}),
        ("fc:roll/fc:count", 41),
        ("fc:closesAt", "2026-11-27T12:00:00Z"),
        ("fc:mayChange", False),
        ("fc:secrecy", "hidden-from-members"),
    ],
)
def test_an_opening_changed_afterwards_no_longer_fits_the_result(path: str, value: object) -> None:
    opened = make_opening()
    with pytest.raises(PeerRefused) as refused:
        check_result(make_result(opened), changed(opened, path, value))
    assert refused.value.code == "evidence-other-opening"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("attributedTo", "https://hill.example/chapter"),
        ("fc:proposal", "https://river.example/proposals/8"),
        ("fc:version", "sha256:" + "cd" * 32),
        ("fc:rules/fc:threshold", {"num": 4, "den": 6}),
        ("fc:roll/fc:asOf", "2026-11-21T10:00:00Z"),
        ("fc:closedAt", "2026-11-28T11:59:59Z"),
    ],
)
def test_a_result_that_bends_what_was_declared_is_refused(path: str, value: object) -> None:
    opened = make_opening()
    with pytest.raises(PeerRefused) as refused:
        check_result(changed(make_result(opened), path, value), opened)
    assert refused.value.code == "evidence-other-opening"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("fc:opensAt", "2026-11-21T12:00:00+00:00"),
        ("fc:opensAt", "2026-11-21 12:00:00Z"),
        ("fc:opensAt", "2026-11-21T12:00:00.5Z"),
        ("fc:opensAt", "2026-13-21T12:00:00Z"),
        ("fc:closesAt", "2026-11-21T12:00:00Z"),
        ("fc:roll/fc:asOf", "2026-11-21T12:00:01Z"),
        ("fc:roll/fc:asOf", "2026-11-21T9:00:00Z"),
        ("fc:roll/fc:count", -1),
        ("fc:options", ["no", "yes", "abstain"]),
        ("fc:options", ["yes", "no"]),
        ("fc:tieRule", "chair"),
        ("fc:secrecy", "secret"),
        ("fc:rules/fc:threshold/num", 3.0),
    ],
)
def test_an_opening_nobody_could_vote_under_is_refused(path: str, value: object) -> None:
    with pytest.raises(PeerRefused) as refused:
        check_opening(changed(make_opening(), path, value))
    assert refused.value.code == "evidence-malformed"


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 9))
def test_whatever_was_counted_is_found_right_by_a_recount(yes: int, no: int, abstain: int, away: int) -> None:
    opened = make_opening(roll=Roll(yes + no + abstain + away, NOON))
    check_result(make_result(opened, counts=Counts(yes, no, abstain)), opened)


def test_the_chapters_signature_covers_every_word() -> None:
    signed = sign(make_result(), KEY, METHOD, NOON)
    assert verify(json.loads(json.dumps(signed)), KEY.public_key())
    assert content_hash(signed) == content_hash(make_result())
    for path, value in (("fc:outcome", "no-quorum"), ("fc:counts/yes", 15), ("fc:software", "other/1")):
        assert not verify(changed(signed, path, value), KEY.public_key())
    assert not verify(signed, Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key())
    assert not verify(make_result(), KEY.public_key())


def test_what_has_no_single_spelling_is_never_signed() -> None:
    with pytest.raises(ValueError, match="num and den"):
        sign({**make_result(), "fc:share": 0.67}, KEY, METHOD, NOON)

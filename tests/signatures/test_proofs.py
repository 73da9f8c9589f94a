"""Proofs on documents: what they cover, what is tolerated, what is refused."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedchapter.signatures import SignatureError, add_proof, generate_ed25519, read_proof, verify_proof
from fedchapter.signatures.proofs import from_timestamp
from tests.signatures.made import ED25519, NOW

PUBLIC = ED25519.public_key()
METHOD = "https://riverside.example/chapter#ed25519-key"
AS2 = "https://www.w3.org/ns/activitystreams"
DOCUMENT: dict[str, Any] = {
    "@context": [
        AS2,
        "https://w3id.org/security/data-integrity/v1",
        {"fc": "https://w3id.org/fedchapter/ns#"},
    ],
    "id": "https://riverside.example/a/1",
    "type": "Note",
    "content": "Grüße €𝄞",
    "fc:threshold": {"num": 2, "den": 3},
}
PROVED = add_proof(DOCUMENT, key=ED25519, method=METHOD, created_at=NOW)


def proved_with(**changes: Any) -> dict[str, Any]:
    """PROVED with properties of its proof changed; None removes."""
    proof = {**PROVED["proof"], **changes}
    return {**PROVED, "proof": {name: value for name, value in proof.items() if value is not None}}


def test_a_proof_is_made_on_a_copy_and_verified() -> None:
    assert "proof" not in DOCUMENT
    assert PROVED["proof"]["@context"] == DOCUMENT["@context"]
    assert PROVED["proof"]["created"] == "2025-05-01T12:00:00Z"
    proof = read_proof(PROVED)
    assert proof is not None
    assert (proof.method, proof.created_at) == (METHOD, NOW)
    assert verify_proof(PROVED, PUBLIC)
    assert not verify_proof(PROVED, generate_ed25519().public_key())


def test_a_document_proved_again_carries_the_new_proof_alone() -> None:
    again = add_proof(PROVED, key=ED25519, method=METHOD, created_at=NOW + timedelta(days=1))
    assert again["proof"]["created"] == "2025-05-02T12:00:00Z"
    assert verify_proof(again, PUBLIC)


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    local = NOW.astimezone(timezone(timedelta(hours=5)))
    assert add_proof(DOCUMENT, key=ED25519, method=METHOD, created_at=local) == PROVED


def test_a_document_without_context_can_be_proved() -> None:
    proved = add_proof({"id": "x"}, key=ED25519, method=METHOD, created_at=NOW)
    assert "@context" not in proved["proof"]
    assert verify_proof(proved, PUBLIC)


def test_anything_changed_added_or_removed_breaks_the_proof() -> None:
    assert not verify_proof({**PROVED, "content": "other"}, PUBLIC)
    assert not verify_proof({**PROVED, "summary": "more"}, PUBLIC)
    assert not verify_proof({name: PROVED[name] for name in PROVED if name != "content"}, PUBLIC)
    assert not verify_proof(proved_with(created="2025-05-01T12:00:01Z"), PUBLIC)
    assert not verify_proof(proved_with(verificationMethod="https://evil.example/#key"), PUBLIC)
    assert not verify_proof(proved_with(domain="evil.example"), PUBLIC)


def test_a_linked_data_signature_beside_the_proof_is_not_part_of_it() -> None:
    assert verify_proof({**PROVED, "signature": {"type": "RsaSignature2017"}}, PUBLIC)


def test_a_proof_holds_under_contexts_that_were_added_behind_its_own() -> None:
    assert verify_proof({**PROVED, "@context": [*DOCUMENT["@context"], "https://x.example"]}, PUBLIC)


@pytest.mark.parametrize("context", [None, AS2, [AS2], ["https://x.example", *DOCUMENT["@context"]]])
def test_a_proof_under_another_context_is_refused(context: object) -> None:
    with pytest.raises(SignatureError) as refused:
        read_proof({**PROVED, "@context": context})
    assert refused.value.code == "wrong-context"


def test_a_document_without_a_proof_of_our_kind_has_none() -> None:
    assert read_proof(DOCUMENT) is None
    assert not verify_proof(DOCUMENT, PUBLIC)
    assert read_proof(proved_with(cryptosuite="eddsa-rdfc-2022")) is None
    assert read_proof(proved_with(type="RsaSignature2017")) is None
    assert read_proof(proved_with(previousProof="urn:x")) is None
    assert read_proof({**PROVED, "proof": []}) is None
    assert read_proof({**PROVED, "proof": "z123"}) is None


def test_of_several_proofs_the_one_of_our_kind_is_taken() -> None:
    other = {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-jcs-2019", "proofValue": "z1"}
    assert verify_proof({**PROVED, "proof": [other, PROVED["proof"]]}, PUBLIC)
    with pytest.raises(SignatureError):
        read_proof({**PROVED, "proof": [other] * 100})


@pytest.mark.parametrize(
    "changes",
    [
        {"created": None},
        {"created": 5},
        {"created": "yesterday"},
        {"created": "2025-13-01T00:00:00Z"},
        {"created": "2025-05-01T12:00:00"},
        {"verificationMethod": None},
        {"verificationMethod": ""},
        {"verificationMethod": {"id": METHOD}},
        {"proofPurpose": None},
        {"proofPurpose": "authentication"},
        {"proofValue": None},
        {"proofValue": 7},
        {"proofValue": "u" + PROVED["proof"]["proofValue"][1:]},
        {"proofValue": PROVED["proof"]["proofValue"][:-4]},
    ],
    ids=",".join,
)
def test_a_proof_that_lacks_or_twists_a_part_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SignatureError):
        read_proof(proved_with(**changes))


def test_an_expiring_proof_needs_a_now_before_its_end() -> None:
    expiring = proved_with(expires="2025-05-02T00:00:00Z")
    assert read_proof(expiring, now=NOW) is not None
    for now in (None, NOW + timedelta(days=1)):
        with pytest.raises(SignatureError) as refused:
            read_proof(expiring, now=now)
        assert refused.value.code == "expired"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-05-01T12:00:00Z", NOW),
        ("2025-05-01t12:00:00z", NOW),
        ("2025-05-01T14:00:00+02:00", NOW),
        ("2025-05-01T12:00:00.5Z", NOW.replace(microsecond=500_000)),
        ("2025-05-01T12:00:00.123456789Z", NOW.replace(microsecond=123_456)),
    ],
)
def test_times_of_every_precision_are_read(text: str, moment: datetime) -> None:
    assert from_timestamp(text) == moment.astimezone(UTC)


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value", [2**60, float("nan"), float("inf"), "\ud800", {"\ud800": 1}, nested(5000)], ids=range(6)
)
def test_a_document_without_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(SignatureError) as refused:
        read_proof({**PROVED, "content": value})
    assert refused.value.http_status == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "@context",
        "type",
        "cryptosuite",
        "created",
        "expires",
        "verificationMethod",
        "proofPurpose",
        "proofValue",
    ]
)


@given(JSON, st.dictionaries(NAMES, JSON, max_size=3))
def test_no_json_makes_the_reader_of_proofs_fail_otherwise(context: object, changes: dict[str, Any]) -> None:
    for document in (
        {**PROVED, "@context": context},
        {**PROVED, "proof": {**PROVED["proof"], **changes}},
        {**PROVED, "proof": [changes, PROVED["proof"], context]},
    ):
        try:
            verify_proof(document, PUBLIC, now=NOW)
        except SignatureError as error:
            assert error.http_status in (400, 401)


@given(st.dictionaries(st.text(max_size=8), st.text() | st.integers(-(2**53) + 1, 2**53 - 1), max_size=5))
def test_whatever_is_proved_is_verified(content: dict[str, Any]) -> None:
    document = {**content, "@context": DOCUMENT["@context"]}
    assert verify_proof(add_proof(document, key=ED25519, method=METHOD, created_at=NOW), PUBLIC)

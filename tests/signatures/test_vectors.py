"""The published examples: RFC 9421 appendix B, draft-cavage-12 appendix C, FEP-8b32, FEP-521a."""

import hmac
import json
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA512

from fedchapter.signatures import (
    HttpMessage,
    Parsed,
    SignatureError,
    add_proof,
    multikey_decode,
    multikey_encode,
    private_from_pem,
    public_from_pem,
    read_proof,
    verify,
    verify_proof,
)
from fedchapter.signatures.cavage import read_params, signing_strings
from fedchapter.signatures.components import signature_base
from fedchapter.signatures.fields import InnerList, read_dictionary, write
from fedchapter.signatures.keys import multibase_decode
from fedchapter.signatures.message import from_url, to_fields
from fedchapter.signatures.request import is_signed, read_signature

VECTORS = Path(__file__).parent.parent / "vectors"
RFC9421 = json.loads((VECTORS / "rfc9421.json").read_text())
CAVAGE = json.loads((VECTORS / "draft-cavage-12.json").read_text())
FEP8B32 = json.loads((VECTORS / "fep-8b32.json").read_text())


def message_of(request: dict[str, Any]) -> HttpMessage:
    headers = tuple((name, value) for name, value in request["headers"])
    return HttpMessage(request["method"], request["url"], headers, request["body"].encode())


def base_of(example: dict[str, Any]) -> bytes:
    message = message_of(RFC9421["requests"][example["request"]])
    covered = read_dictionary("sig=" + example["signature_params"])["sig"]
    assert isinstance(covered, InnerList)
    return signature_base(message.method, from_url(message.url), to_fields(message.headers), covered)


def is_right(example: dict[str, Any], base: bytes) -> bool:
    signature = b64decode(example["signature"])
    key = RFC9421["keys"][example["key"]]
    if example["algorithm"] == "hmac-sha256":
        return hmac.digest(b64decode(key), base, "sha256") == signature
    public = public_from_pem(key)
    if example["algorithm"] != "rsa-pss-sha512":
        parsed = Parsed("rfc9421", "", example["algorithm"], (), datetime.now(UTC), (base,), signature)
        return verify(parsed, public)
    assert isinstance(public, RSAPublicKey)
    public.verify(signature, base, PSS(MGF1(SHA512()), 64), SHA512())
    return True


@pytest.mark.parametrize("example", RFC9421["examples"], ids=lambda example: example["section"])
def test_the_signature_bases_of_rfc_9421_are_built_and_their_signatures_hold(example: dict[str, Any]) -> None:
    base = base_of(example)
    lines = [*example["base_lines"], f'"@signature-params": {example["signature_params"]}']
    assert base.decode() == "\n".join(lines)
    assert is_right(example, base)


def test_our_ed25519_signature_is_the_published_one() -> None:
    example = next(one for one in RFC9421["examples"] if one["section"] == "B.2.6")
    key = private_from_pem(RFC9421["test-key-ed25519-private"])
    assert isinstance(key, Ed25519PrivateKey)
    assert key.sign(base_of(example)) == b64decode(example["signature"])


@pytest.mark.parametrize("example", CAVAGE["examples"], ids=lambda example: example["section"])
def test_the_signing_strings_of_draft_cavage_are_built_and_their_signatures_hold(
    example: dict[str, Any],
) -> None:
    message = message_of(CAVAGE["request"])
    params = read_params(example["header"])
    covered = tuple(params.get("headers", "date").split())
    fields = to_fields(message.headers)
    bases = signing_strings(message.method, from_url(message.url), fields, covered, params)
    assert bases[0].decode() == example["base"]
    key = private_from_pem(CAVAGE["private_key"]).public_key()
    assert is_signed(bases[0], b64decode(params["signature"]), key)


@pytest.mark.parametrize("section", ["C.1", "C.2"])
def test_draft_cavage_examples_that_leave_the_body_open_are_refused(section: str) -> None:
    example = next(one for one in CAVAGE["examples"] if one["section"] == section)
    request = message_of(CAVAGE["request"])
    message = HttpMessage(
        request.method, request.url, (*request.headers, ("Signature", example["header"])), request.body
    )
    now = datetime(2014, 1, 5, 21, 32, tzinfo=UTC)
    with pytest.raises(SignatureError) as refused:
        read_signature(message, now=now, hosts={"example.com"})
    assert refused.value.code == "not-covered"


def test_the_1024_bit_key_of_draft_cavage_is_too_weak_to_count() -> None:
    example = next(one for one in CAVAGE["examples"] if one["section"] == "C.3")
    request = message_of(CAVAGE["request"])
    message = HttpMessage(
        request.method, request.url, (*request.headers, ("Signature", example["header"])), request.body
    )
    now = datetime(2014, 1, 5, 21, 32, tzinfo=UTC)
    parsed = read_signature(message, now=now, hosts={"example.com"})
    assert not verify(parsed, private_from_pem(CAVAGE["private_key"]).public_key())


def test_the_proof_of_fep_8b32_is_read_made_and_verified() -> None:
    actor_key = multikey_decode(FEP8B32["actor"]["assertionMethod"][0]["publicKeyMultibase"])
    assert isinstance(actor_key, Ed25519PublicKey)
    proof = read_proof(FEP8B32["signed"])
    assert proof is not None
    assert proof.method == "https://server.example/users/alice#ed25519-key"
    assert proof.created_at == datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
    assert proof.hash_data[:32].hex().startswith(FEP8B32["config_hash_starts"])
    assert proof.hash_data[32:].hex().startswith(FEP8B32["document_hash_starts"])
    assert verify_proof(FEP8B32["signed"], actor_key)
    secret = multibase_decode(FEP8B32["secret_key_multibase"])
    key = Ed25519PrivateKey.from_private_bytes(secret.removeprefix(b"\x80\x26"))
    made = add_proof(FEP8B32["unsigned"], key=key, method=proof.method, created_at=proof.created_at)
    assert made == FEP8B32["signed"]


def test_the_multikey_of_fep_521a_is_read_and_written() -> None:
    vector = FEP8B32["multikey"]
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(vector["hex"]))
    assert multikey_encode(key) == vector["text"]
    assert multikey_decode(vector["text"]) == key


def test_structured_fields_are_written_in_their_canonical_form() -> None:
    text = "a=1, b = 2"
    with pytest.raises(SignatureError):
        read_dictionary(text)
    members = read_dictionary('a=1 ,\tb=-2.50;x;y="q\\"";z=tok/en,c=(  "p";k  :aGk=: ?0 );n=?1, d')
    assert {name: write(member) for name, member in members.items()} == {
        "a": "1",
        "b": '-2.5;x;y="q\\"";z=tok/en',
        "c": '("p";k :aGk=: ?0);n',
        "d": "?1",
    }

"""Proofs on documents themselves, which hold wherever they came from: DataIntegrityProof eddsa-jcs-2022.

FEP-8b32; W3C Data Integrity EdDSA §3.3; RFC 8785 (JCS). A proof is checked on the JSON as received, without
`proof` and without the linked-data `signature` that Fedify adds afterwards; never on a re-encoded struct.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fedchapter.signatures.keys import multibase_decode, multibase_encode
from fedchapter.signatures.message import SignatureError, malformed

_TYPE = "DataIntegrityProof"
_SUITE = "eddsa-jcs-2022"
_PURPOSE = "assertionMethod"
_MOST_PROOFS = 8
_NOT_SIGNED = ("proof", "signature")

# Fedify writes nanoseconds; datetime holds microseconds.
_TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(\.\d{1,6})?\d{0,12}([Zz]|[+-]\d\d:\d\d)", re.ASCII
)

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that was read: `value` should be the signature of the key named `method` over `hash_data`."""

    method: str
    created_at: datetime
    value: bytes
    hash_data: bytes


def add_proof(document: Document, *, key: Ed25519PrivateKey, method: str, created_at: datetime) -> Document:
    """A copy of `document` with a `proof` by the key whose id is `method`.

    For Mastodon the document's @context must be a list, and should name a data-integrity context.
    """
    options: Document = {
        "type": _TYPE,
        "cryptosuite": _SUITE,
        "verificationMethod": method,
        "proofPurpose": _PURPOSE,
        "created": created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    signature = key.sign(_hash_data(document, options))
    return {**document, "proof": {**options, "proofValue": multibase_encode(signature)}}


def read_proof(document: Document, *, now: datetime | None = None) -> Proof | None:
    """The proof that `document` carries, if it is of a kind we know; SignatureError if that one is malformed.

    A proof with an expiry holds only if `now` is given and earlier.
    """
    given = document.get("proof")
    candidates = given if isinstance(given, list) else [given]
    if len(candidates) > _MOST_PROOFS:
        raise malformed("bad-proof", "The document carries more proofs than any real one.")
    proof = next((entry for entry in candidates if _is_known(entry)), None)
    if proof is None:
        return None
    if "expires" in proof and (now is None or from_timestamp(proof["expires"]) < now):
        raise SignatureError("expired", "The proof of the document has expired.")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    return Proof(
        method=_method(proof),
        created_at=from_timestamp(proof.get("created")),
        value=_value(proof),
        hash_data=_hash_data(_with_context(document, options), options),
    )


def verify_proof(document: Document, key: Ed25519PublicKey, *, now: datetime | None = None) -> bool:
    """Whether `document` carries a proof by `key`; SignatureError if the proof is malformed."""
    proof = read_proof(document, now=now)
    if proof is None:
        return False
    try:
        key.verify(proof.value, proof.hash_data)
    except InvalidSignature:
        return False
    return True


def _is_known(proof: object) -> bool:
    # previousProof chains proofs, which would need all of them to be checked.
    return (
        isinstance(proof, dict)
        and proof.get("type") == _TYPE
        and proof.get("cryptosuite") == _SUITE
        and "previousProof" not in proof
    )


def _method(proof: Document) -> str:
    method = proof.get("verificationMethod")
    if not isinstance(method, str) or not method:
        raise malformed("bad-proof", "The proof of the document names no key.")
    if proof.get("proofPurpose") != _PURPOSE:
        raise SignatureError("bad-proof", "The proof of the document was not made to assert anything.")
    return method


def _value(proof: Document) -> bytes:
    text = proof.get("proofValue")
    try:
        value = multibase_decode(text) if isinstance(text, str) else b""
    except ValueError as error:
        raise malformed("bad-proof", "The proof of the document is not base58btc.") from error
    if len(value) != 64:
        raise malformed("bad-proof", "The proof of the document is not 64 bytes long.")
    return value


def _with_context(document: Document, options: Document) -> Document:
    """`document` under the contexts that were signed, which must be the first ones it now has."""
    if "@context" not in options:
        return document
    signed, present = _as_list(options["@context"]), _as_list(document.get("@context"))
    if present[: len(signed)] != signed:
        raise SignatureError("wrong-context", "The document is not in the context of its proof.")
    return {**document, "@context": options["@context"]}


def _as_list(context: object) -> list[object]:
    return context if isinstance(context, list) else [context]


def _hash_data(document: Document, options: Document) -> bytes:
    unsigned = {name: value for name, value in document.items() if name not in _NOT_SIGNED}
    try:
        return sha256(rfc8785.dumps(options)).digest() + sha256(rfc8785.dumps(unsigned)).digest()
    except (ValueError, RecursionError) as error:
        # Numbers beyond 2^53, half surrogates, nesting without end.
        raise malformed("bad-proof", "The document has no canonical form.") from error


def from_timestamp(text: object) -> datetime:
    """An RFC 3339 time of whatever precision; SignatureError if it is none."""
    found = _TIMESTAMP.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise malformed("bad-proof", "The proof of the document has no proper time.")
    day, clock, fraction, zone = found.groups()
    try:
        return datetime.fromisoformat(f"{day}T{clock}{fraction or ''}{zone.upper()}")
    except ValueError as error:
        raise malformed("bad-proof", "The proof of the document names no real time.") from error

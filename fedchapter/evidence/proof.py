"""Sign a statement with the chapter's key, and check a signature (FEP-8b32, eddsa-jcs-2022)."""

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from fedchapter.evidence.canonical import check_canonical
from fedchapter.signatures import add_proof, verify_proof

Document = dict[str, Any]


def sign(document: Document, key: Ed25519PrivateKey, method: str, at: datetime) -> Document:
    """The statement with its proof; `method` is the URI of the public key in the chapter's actor.

    Raises ValueError for what has no single byte form: nobody else could check its signature.
    """
    check_canonical(document)
    return add_proof(document, key=key, method=method, created_at=at)


def verify(document: Document, key: Ed25519PublicKey) -> bool:
    """Whether the proof is by this key and covers every word; whose key it is, the caller knows."""
    return verify_proof(document, key)

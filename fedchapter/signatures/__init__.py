"""Signatures on requests and on documents, and their keys: draft-cavage-12, RFC 9421, FEP-8b32, FEP-521a.

A pure room: it imports the standard library, cryptography, base58, rfc8785 and `fedchapter.errors`, nothing
else of ours, and knows neither network nor database nor clock (`now` is always given). Reading is split from
verifying because the key is only known once the key id was read: `read_signature` makes every check that
needs no key, so a request that cannot be right costs no lookup; `verify` does the arithmetic.

Decision: the rules are Mastodon's, made stricter where a server had a CVE (target, host, time and body must
all be covered), and the arithmetic is what the fediverse really uses: RSASSA-PKCS1-v1_5 with SHA-256, and
Ed25519. Structured fields (RFC 8941) have a reader of our own: it must be strict, and is small.
"""

from fedchapter.signatures.cavage import sign_cavage
from fedchapter.signatures.digest import content_digest, sha256_digest
from fedchapter.signatures.keys import (
    KeyFormatError,
    PrivateKey,
    PublicKey,
    generate_ed25519,
    generate_rsa,
    multikey_decode,
    multikey_encode,
    private_from_pem,
    private_to_pem,
    public_from_pem,
    public_to_pem,
)
from fedchapter.signatures.message import HttpMessage, Parsed, SignatureError
from fedchapter.signatures.proofs import Proof, add_proof, read_proof, verify_proof
from fedchapter.signatures.request import read_signature, verify
from fedchapter.signatures.rfc9421 import sign_rfc9421

__all__ = [
    "HttpMessage",
    "KeyFormatError",
    "Parsed",
    "PrivateKey",
    "Proof",
    "PublicKey",
    "SignatureError",
    "add_proof",
    "content_digest",
    "generate_ed25519",
    "generate_rsa",
    "multikey_decode",
    "multikey_encode",
    "private_from_pem",
    "private_to_pem",
    "public_from_pem",
    "public_to_pem",
    "read_proof",
    "read_signature",
    "sha256_digest",
    "sign_cavage",
    "sign_rfc9421",
    "verify",
    "verify_proof",
]

"""The signature of a request that came in: which scheme it uses, and whether a key made it.

draft-cavage-12 §2.5; RFC 9421 §3.2; Mastodon's signed_request.rb.
"""

from collections.abc import Collection
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from fedchapter.signatures.cavage import read_cavage
from fedchapter.signatures.keys import PublicKey, is_strong
from fedchapter.signatures.message import HttpMessage, Parsed, SignatureError, to_fields
from fedchapter.signatures.rfc9421 import ED25519, RSA_V1_5_SHA256, read_rfc9421


def read_signature(message: HttpMessage, *, now: datetime, hosts: Collection[str]) -> Parsed:
    """The signature of `message`, checked in all that needs no key; SignatureError says what is wrong.

    `hosts` are the authorities we answer for: lower case, with the port when it is not the default one.
    """
    fields = to_fields(message.headers)
    if "signature" not in fields:
        raise SignatureError("not-signed", "The request is not signed.")
    if "signature-input" in fields:
        return read_rfc9421(message, fields, now=now, hosts=hosts)
    return read_cavage(message, fields, now=now, hosts=hosts)


def verify(parsed: Parsed, key: PublicKey) -> bool:
    """Whether `key` made the signature; no for a weak key and for one of another kind than it says."""
    if not is_strong(key):
        return False
    if isinstance(key, Ed25519PublicKey):
        # draft-cavage is RSA in the fediverse, whatever hs2019 once meant.
        fits = parsed.scheme == "rfc9421" and parsed.algorithm in (None, ED25519)
    else:
        fits = parsed.scheme == "cavage" or parsed.algorithm in (None, RSA_V1_5_SHA256)
    return fits and any(is_signed(base, parsed.signature, key) for base in parsed.bases)


def is_signed(base: bytes, signature: bytes, key: PublicKey) -> bool:
    """Whether `signature` is that of `key` over `base`."""
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, base, PKCS1v15(), SHA256())
        else:
            key.verify(signature, base)
    except InvalidSignature:
        return False
    return True

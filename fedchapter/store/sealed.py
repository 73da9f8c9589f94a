"""Secrets that are needed again in clear: sealed, so that a copy of the database alone does not tell them.

AES-256-GCM under a key derived for each purpose (RFC 5869 HKDF-SHA-256); operations.md §3 row D3 (at rest). What only
has to be recognised is not sealed but hashed (`members.sessions.hashed`).
"""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


def seal(secret: bytes, purpose: str, plain: str) -> str:
    """The text as only `unseal` with the same secret and purpose reads it; URL-safe, different each time."""
    nonce = os.urandom(_NONCE_BYTES)
    cipher = _cipher(secret, purpose).encrypt(nonce, plain.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + cipher).decode()


def unseal(secret: bytes, purpose: str, sealed: str) -> str | None:
    """What was sealed; None when it was changed, or sealed with another secret or for another purpose."""
    try:
        raw = base64.urlsafe_b64decode(sealed)
        nonce, cipher = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
        return _cipher(secret, purpose).decrypt(nonce, cipher, purpose.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError):
        return None


def _cipher(secret: bytes, purpose: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=f"fedchapter {purpose}".encode()).derive(secret))

"""Keys and their written forms: PKCS#8 and SPKI (PEM), PKCS#1 (what old actors publish), Multikey (FEP-521a).

RFC 7468; FEP-521a; multicodec table (0xed Ed25519, 0x1205 RSA). Sizes: RSA from 2,048 to 8,192 bits.
"""

import re
from base64 import b64decode

import base58
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from fedchapter.signatures.message import SignatureError

PublicKey = RSAPublicKey | Ed25519PublicKey
PrivateKey = RSAPrivateKey | Ed25519PrivateKey

SMALLEST_RSA_BITS = 2048
LARGEST_RSA_BITS = 8192
_LARGEST_EXPONENT_BITS = 33
_LONGEST_PEM = 4096
_LONGEST_MULTIKEY = 1600

_PEM = re.compile(
    r"-----BEGIN (RSA )?PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END (?:RSA )?PUBLIC KEY-----", re.ASCII
)
_BASE58 = re.compile(r"z[1-9A-HJ-NP-Za-km-z]+")
_ED25519_PREFIX = b"\xed\x01"
_RSA_PREFIX = b"\x85\x24"


class KeyFormatError(SignatureError):
    """A public key of another server is unreadable, of an unknown kind, or too weak to mean anything."""

    def __init__(self, message: str) -> None:
        super().__init__("bad-key", message)


def generate_rsa() -> RSAPrivateKey:
    """A fresh 2,048 bit key. Takes about 30 ms: make it in a thread."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def generate_ed25519() -> Ed25519PrivateKey:
    """A fresh key."""
    return Ed25519PrivateKey.generate()


def private_to_pem(key: PrivateKey) -> str:
    """PKCS#8, unencrypted."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def private_from_pem(pem: str) -> PrivateKey:
    """A private key of our own; ValueError if it is not one.

    The consistency check of RSA keys is skipped: it takes 28 ms, and we made the key ourselves.
    """
    key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError("neither an RSA nor an Ed25519 key")
    return key


def public_to_pem(key: PublicKey) -> str:
    """SPKI: the form that every server reads."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_from_pem(pem: str) -> PublicKey:
    """The key in a `publicKeyPem`, SPKI or PKCS#1, however its lines are broken; or KeyFormatError."""
    found = _PEM.fullmatch(pem.strip()) if len(pem) <= _LONGEST_PEM else None
    if found is None:
        raise KeyFormatError("The public key is not in PEM form.")
    try:
        return from_der(b64decode("".join(found[2].split()), validate=True))
    except ValueError as error:
        raise KeyFormatError("The public key is not base64 inside.") from error


def from_der(der: bytes) -> PublicKey:
    """The key in SPKI or PKCS#1 DER; KeyFormatError if it is none that we accept."""
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFormatError("The public key cannot be read.") from error
    if isinstance(key, Ed25519PublicKey):
        return key
    if not isinstance(key, RSAPublicKey):
        raise KeyFormatError("The public key is neither RSA nor Ed25519.")
    if not is_strong(key):
        raise KeyFormatError("The RSA key is not between 2,048 and 8,192 bits long.")
    if key.public_numbers().e.bit_length() > _LARGEST_EXPONENT_BITS:
        # The time of a verification grows with the exponent: a long one is a way to keep us busy.
        raise KeyFormatError("The RSA key has an outlandish exponent.")
    return key


def is_strong(key: PublicKey) -> bool:
    """Whether the key is of a size that we accept."""
    return isinstance(key, Ed25519PublicKey) or SMALLEST_RSA_BITS <= key.key_size <= LARGEST_RSA_BITS


def multikey_encode(key: PublicKey) -> str:
    """The `publicKeyMultibase` of a Multikey: base58btc over the codec's prefix and the raw or PKCS#1 key."""
    if isinstance(key, Ed25519PublicKey):
        return multibase_encode(_ED25519_PREFIX + key.public_bytes_raw())
    return multibase_encode(_RSA_PREFIX + key.public_bytes(Encoding.DER, PublicFormat.PKCS1))


def multikey_decode(text: str) -> PublicKey:
    """The key in a `publicKeyMultibase`; KeyFormatError if it is none that we accept."""
    try:
        decoded = multibase_decode(text)
    except ValueError as error:
        raise KeyFormatError("The multikey is not base58btc.") from error
    prefix, raw = decoded[:2], decoded[2:]
    if prefix == _ED25519_PREFIX and len(raw) == 32:
        return Ed25519PublicKey.from_public_bytes(raw)
    if prefix == _RSA_PREFIX:
        return from_der(raw)
    raise KeyFormatError("The multikey is neither RSA nor Ed25519.")


def multibase_encode(raw: bytes) -> str:
    """base58btc with its `z` in front."""
    return "z" + base58.b58encode(raw).decode()


def multibase_decode(text: str) -> bytes:
    """The bytes of a base58btc text; ValueError for another base or an absurd length."""
    # Decoding takes quadratic time.
    if len(text) > _LONGEST_MULTIKEY or not _BASE58.fullmatch(text):
        raise ValueError("not base58btc")
    return base58.b58decode(text[1:])

"""The digest of a body, in both header forms.

RFC 9530 (Content-Digest), RFC 3230 and draft-cavage-12 (Digest). Only SHA-256 counts: a body that is bound by
another algorithm alone is refused (CVE-2023-49079: the digest was not recomputed over the raw bytes).
"""

from base64 import b64encode
from hashlib import sha256

from fedchapter.signatures.fields import read_dictionary
from fedchapter.signatures.message import SignatureError, malformed

_BASE64_LENGTH = 44


def _hashed(body: bytes) -> str:
    return b64encode(sha256(body).digest()).decode()


def sha256_digest(body: bytes) -> str:
    """The value of a Digest header."""
    return f"SHA-256={_hashed(body)}"


def content_digest(body: bytes) -> str:
    """The value of a Content-Digest header."""
    return f"sha-256=:{_hashed(body)}:"


def check_digest(value: str, body: bytes) -> None:
    """Refuses a Digest header whose one SHA-256 is not that of `body`."""
    found = [
        given.strip()
        for name, equals, given in (entry.partition("=") for entry in value.split(","))
        if equals and name.strip().lower() == "sha-256"
    ]
    if not found:
        raise SignatureError("no-sha-256", "The Digest header has no SHA-256.")
    if len(found) > 1 or len(found[0]) != _BASE64_LENGTH:
        raise malformed("bad-digest", "The Digest header does not hold exactly one SHA-256.")
    if found[0] != _hashed(body):
        raise SignatureError("wrong-digest", "The body is not the one that was signed.")


def check_content_digest(value: str, body: bytes) -> None:
    """Refuses a Content-Digest header whose sha-256 is not that of `body`."""
    member = read_dictionary(value).get("sha-256")
    if member is None:
        raise SignatureError("no-sha-256", "The Content-Digest header has no sha-256.")
    if not isinstance(member.value, bytes):
        raise malformed("bad-digest", "The sha-256 of the Content-Digest header is not a byte sequence.")
    if member.value != sha256(body).digest():
        raise SignatureError("wrong-digest", "The body is not the one that was signed.")

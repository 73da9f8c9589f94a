"""HTTP Message Signatures: what Fedify sends first and Mastodon on its second knock.

RFC 9421 §2.3, §3.2, §4; FEDERATION.md of Mastodon. A request with a Signature-Input header is read by these
rules and only these: no falling back to draft-cavage.
"""

from base64 import b64encode
from collections.abc import Collection
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from fedchapter.signatures.components import signature_base
from fedchapter.signatures.digest import check_content_digest, content_digest
from fedchapter.signatures.fields import InnerList, Item, Member, read_dictionary, write
from fedchapter.signatures.keys import PrivateKey
from fedchapter.signatures.message import (
    Fields,
    HttpMessage,
    Parsed,
    SignatureError,
    Target,
    check_host,
    from_url,
    get_field,
    malformed,
    to_fields,
)
from fedchapter.signatures.window import check_window

RSA_V1_5_SHA256 = "rsa-v1_5-sha256"
ED25519 = "ed25519"

_LABEL = "sig1"
_MOST_LABELS = 4
_NO_BODY = frozenset({"GET", "HEAD"})


def read_rfc9421(message: HttpMessage, fields: Fields, *, now: datetime, hosts: Collection[str]) -> Parsed:
    """The first signature that passes every check that needs no key; if none does, why the first did not."""
    inputs = read_dictionary(get_field(fields, "signature-input"))
    signatures = read_dictionary(get_field(fields, "signature"))
    if not inputs or len(inputs) > _MOST_LABELS:
        raise malformed("bad-header", "The Signature-Input header holds no signature, or too many.")
    target = from_url(message.url)
    check_host(fields, target, hosts)
    first_error: SignatureError | None = None
    for label, covered in inputs.items():
        try:
            given = signatures.get(label)
            return _read_one(message, fields, target, covered=covered, given=given, now=now)
        except SignatureError as error:
            first_error = first_error or error
    raise first_error or malformed("bad-header", "The Signature-Input header holds no signature.")


def _read_one(
    message: HttpMessage,
    fields: Fields,
    target: Target,
    *,
    covered: Member,
    given: Member | None,
    now: datetime,
) -> Parsed:
    if not isinstance(covered, InnerList):
        raise malformed("bad-header", "The Signature-Input header does not list what is covered.")
    if given is None or not isinstance(given.value, bytes):
        raise malformed("bad-header", "The Signature header has no signature under that label.")
    names = tuple([str(item.value) for item in covered.value if not item.params])
    check_covered(message, names)
    key_id, algorithm, created_at = _read_params(covered, now)
    if "content-digest" in names:
        check_content_digest(get_field(fields, "content-digest"), message.body)
    base = signature_base(message.method, target, fields, covered)
    return Parsed("rfc9421", key_id, algorithm, names, created_at, (base,), given.value)


def check_covered(message: HttpMessage, names: Collection[str]) -> None:
    """Refuses a signature that leaves open for what, for whom or with which body the request was made.

    @target-uri alone counts, as for Mastodon: it holds the authority, the path and the query in one.
    """
    if "@method" not in names or "@target-uri" not in names:
        raise SignatureError("not-covered", "The signature must cover @method and @target-uri.")
    if "content-digest" not in names and (message.method not in _NO_BODY or message.body):
        raise SignatureError("not-covered", "The signature must cover the content-digest of the body.")


def _read_params(covered: InnerList, now: datetime) -> tuple[str, str | None, datetime]:
    params = covered.params
    key_id, created, expires = params.get("keyid"), params.get("created"), params.get("expires")
    if type(key_id) is not str or not key_id:
        raise malformed("bad-header", "The signature has no keyid.")
    if type(created) is not int or type(expires) not in (int, type(None)):
        raise malformed("bad-header", "The signature does not say in seconds when it was created or expires.")
    algorithm = params.get("alg")
    if algorithm is not None and algorithm not in (RSA_V1_5_SHA256, ED25519):
        raise SignatureError("unknown-algorithm", "The algorithm of the signature is not one we know.")
    expires_s = expires if isinstance(expires, int) else None
    return key_id, None if algorithm is None else str(algorithm), check_window(created, expires_s, now)


def sign_rfc9421(
    message: HttpMessage, *, key_id: str, key: PrivateKey, now: datetime
) -> list[tuple[str, str]]:
    """The headers to add: Content-Digest (if there is a body to send), Signature-Input and Signature.

    Covers exactly what Mastodon 4.7 covers. `message` has none of these headers yet.
    """
    added: list[tuple[str, str]] = []
    names = ["@method", "@target-uri"]
    if message.method not in _NO_BODY:
        added.append(("Content-Digest", content_digest(message.body)))
        names.append("content-digest")
    algorithm = RSA_V1_5_SHA256 if isinstance(key, RSAPrivateKey) else ED25519
    covered = InnerList(
        tuple([Item(name) for name in names]),
        {"created": int(now.timestamp()), "keyid": key_id, "alg": algorithm},
    )
    fields = to_fields((*message.headers, *added))
    base = signature_base(message.method, from_url(message.url), fields, covered)
    signed = key.sign(base, PKCS1v15(), SHA256()) if isinstance(key, RSAPrivateKey) else key.sign(base)
    return [
        *added,
        ("Signature-Input", f"{_LABEL}={write(covered)}"),
        ("Signature", f"{_LABEL}=:{b64encode(signed).decode()}:"),
    ]

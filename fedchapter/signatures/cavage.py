"""The signature that nearly every server sends: draft-cavage-http-signatures-12, as Mastodon reads it.

draft-cavage-12 §2 and §4; Mastodon's signed_request.rb. What must be covered is stricter than Mastodon's:
target, host and time always, and the digest of every body (CVE-2023-49079).
"""

import re
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Collection
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from fedchapter.signatures.digest import check_digest, sha256_digest
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
from fedchapter.signatures.window import check_window, from_date, to_date

_LONGEST_HEADER = 8192
_MOST_COVERED = 50
_NO_BODY = frozenset({"GET", "HEAD"})
_RSA_SHA256 = "rsa-sha256"

_PARAMETER = re.compile(r'[ \t]*([A-Za-z]+)=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^",\s]+))[ \t]*(,|$)')
_ESCAPED = re.compile(r"\\(.)")
_SECONDS = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?", re.ASCII)

# Signed too when the request has them: peers expect the first (Takahē, PieFed), FEP-8fcf asks for the second.
_ALSO_SIGNED = ("content-type", "collection-synchronization")


def read_cavage(message: HttpMessage, fields: Fields, *, now: datetime, hosts: Collection[str]) -> Parsed:
    """The signature in the Signature header, checked in all that needs no key."""
    params = read_params(get_field(fields, "signature"))
    algorithm = params.get("algorithm")
    if algorithm not in (None, "hs2019", _RSA_SHA256):
        raise SignatureError("unknown-algorithm", "The algorithm of the signature is not one we know.")
    covered = _covered(params, algorithm)
    check_covered(message, covered)
    target = from_url(message.url)
    check_host(fields, target, hosts)
    created_at = _check_time(params, covered, fields, now)
    if "digest" in covered:
        check_digest(get_field(fields, "digest"), message.body)
    key_id = params["keyId"]
    bases = signing_strings(message.method, target, fields, covered, params)
    return Parsed("cavage", key_id, algorithm, covered, created_at, bases, _signature(params["signature"]))


def read_params(header: str) -> dict[str, str]:
    """The parameters of a Signature header, `keyId` and `signature` among them; else SignatureError(400)."""
    if len(header) > _LONGEST_HEADER:
        raise malformed("bad-header", "The Signature header is longer than any real one.")
    # Some servers put the scheme name in front, as in an Authorization header.
    text = header.removeprefix("Signature ")
    params: dict[str, str] = {}
    at = 0
    comma = ","
    while comma:
        found = _PARAMETER.match(text, at)
        if found is None:
            raise malformed("bad-header", "The Signature header cannot be read.")
        name, quoted, bare, comma = found.groups()
        if name in params:
            raise malformed("bad-header", f"The Signature header says {name} twice.")
        value = bare if quoted is None else quoted
        params[name] = _ESCAPED.sub(r"\1", value) if "\\" in value else value
        at = found.end()
    if not params.get("keyId") or not params.get("signature"):
        raise malformed("bad-header", "The Signature header has no keyId or no signature.")
    return params


def _covered(params: dict[str, str], algorithm: str | None) -> tuple[str, ...]:
    default = "date" if algorithm == _RSA_SHA256 else "(created)"
    covered = tuple(params.get("headers", default).lower().split())
    if len(covered) > _MOST_COVERED or len(set(covered)) != len(covered):
        raise malformed("bad-header", "The Signature header lists a header twice, or too many.")
    if algorithm == _RSA_SHA256 and ("(created)" in covered or "(expires)" in covered):
        raise SignatureError("unknown-algorithm", "rsa-sha256 cannot cover (created) or (expires).")
    return covered


def check_covered(message: HttpMessage, covered: Collection[str]) -> None:
    """Refuses a signature that leaves open to whom, for what, when or with which body it was made."""
    if "(request-target)" not in covered or "host" not in covered:
        raise SignatureError("not-covered", "The signature must cover (request-target) and host.")
    if "date" not in covered and "(created)" not in covered:
        raise SignatureError("not-covered", "The signature must cover date or (created).")
    if "digest" not in covered and (message.method not in _NO_BODY or message.body):
        raise SignatureError("not-covered", "The signature must cover the digest of the body.")


def _check_time(params: dict[str, str], covered: Collection[str], fields: Fields, now: datetime) -> datetime:
    # `created` and `expires` count only when covered: else whoever replays an old request sets them anew.
    created_s = (
        _seconds(params, "created") if "(created)" in covered else from_date(get_field(fields, "date"))
    )
    expires_s = _seconds(params, "expires") if "(expires)" in covered else None
    return check_window(created_s, expires_s, now)


def _seconds(params: dict[str, str], name: str) -> float:
    text = params.get(name, "")
    if not _SECONDS.fullmatch(text):
        raise malformed("bad-header", f"The signature covers ({name}) and does not say it in seconds.")
    return float(text)


def _signature(text: str) -> bytes:
    try:
        return a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise malformed("bad-header", "The signature is not base64.") from error


def signing_strings(
    method: str, target: Target, fields: Fields, covered: tuple[str, ...], params: dict[str, str]
) -> tuple[bytes, ...]:
    """What may have been signed: with the query string and, as old servers do it, without (draft §2.3)."""
    lines = []
    for name in covered:
        if name == "(request-target)":
            lines.append(f"(request-target): {method.lower()} {target.request_target}")
        elif name in ("(created)", "(expires)"):
            lines.append(f"{name}: {params[name[1:-1]]}")
        else:
            lines.append(f"{name}: {get_field(fields, name)}")
    whole = _encode("\n".join(lines))
    if target.query is None or "(request-target)" not in covered:
        return (whole,)
    lines[covered.index("(request-target)")] = f"(request-target): {method.lower()} {target.path}"
    return (whole, _encode("\n".join(lines)))


def _encode(text: str) -> bytes:
    # Header bytes above 127 reach us as Latin-1 and go back to the same bytes.
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        raise malformed("bad-header", "A covered header has characters that no header can have.") from error


def sign_cavage(
    message: HttpMessage, *, key_id: str, key: RSAPrivateKey, now: datetime
) -> list[tuple[str, str]]:
    """The headers to add: Host, Date, Digest (if there is a body to send) and Signature.

    `message` has none of them yet. A delivery that is tried again is signed again: signatures soon expire.
    """
    target = from_url(message.url)
    added = [("Host", target.authority), ("Date", to_date(now))]
    if message.method not in _NO_BODY:
        added.append(("Digest", sha256_digest(message.body)))
    fields = to_fields((*message.headers, *added))
    # This order, since GoToSocial, Mastodon and NodeBB all send it and every verifier has seen it.
    present = [name for name in ("host", "date", "digest", *_ALSO_SIGNED) if name in fields]
    covered = ("(request-target)", *present)
    base = signing_strings(message.method, target, fields, covered, {})[0]
    signature = b64encode(key.sign(base, PKCS1v15(), SHA256())).decode()
    # No spaces after the commas (some readers split there), and `algorithm` always (Takahē needs it).
    header = (
        f'keyId="{key_id}",algorithm="{_RSA_SHA256}",headers="{" ".join(covered)}",signature="{signature}"'
    )
    return [*added, ("Signature", header)]

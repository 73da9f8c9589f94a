"""Keys and requests of the shapes that real servers send, signed by keys made here."""

from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from fedchapter.signatures import (
    HttpMessage,
    PrivateKey,
    generate_ed25519,
    generate_rsa,
    sha256_digest,
    sign_cavage,
    sign_rfc9421,
)

NOW = datetime(2025, 5, 1, 12, 0, tzinfo=UTC)
HOSTS = frozenset({"riverside.example"})
KEY_ID = "https://hillside.example/actor#main-key"
RSA = generate_rsa()
OTHER_RSA = generate_rsa()
ED25519 = generate_ed25519()

POST = HttpMessage(
    "POST",
    "https://riverside.example/inbox?from=hillside",
    (("Content-Type", "application/activity+json"), ("User-Agent", "hillside/1.0")),
    b'{"type":"Create"}',
)
GET = HttpMessage("GET", "https://riverside.example/actor?page=2", (("Accept", "application/activity+json"),))


def with_headers(message: HttpMessage, *added: tuple[str, str]) -> HttpMessage:
    return HttpMessage(message.method, message.url, (*message.headers, *added), message.body)


def with_changed(message: HttpMessage, name: str, change: Callable[[str], str]) -> HttpMessage:
    headers = tuple((key, change(value) if key.lower() == name else value) for key, value in message.headers)
    assert headers != message.headers
    return HttpMessage(message.method, message.url, headers, message.body)


def without(message: HttpMessage, name: str) -> HttpMessage:
    headers = tuple((key, value) for key, value in message.headers if key.lower() != name)
    return HttpMessage(message.method, message.url, headers, message.body)


def cavage(message: HttpMessage, now: datetime = NOW) -> HttpMessage:
    return with_headers(message, *sign_cavage(message, key_id=KEY_ID, key=RSA, now=now))


def rfc9421(message: HttpMessage, now: datetime = NOW, key: PrivateKey = RSA) -> HttpMessage:
    signed = with_headers(message, *sign_rfc9421(message, key_id=KEY_ID, key=key, now=now))
    return with_headers(signed, ("Host", "riverside.example"))


def cavage_by_hand(
    message: HttpMessage,
    covered: str,
    *,
    algorithm: str | None = "hs2019",
    params: str = "",
    target: str = "",
) -> HttpMessage:
    """A draft-cavage signature as another server would make it: any header list, any parameters."""
    headers = {name.lower(): value for name, value in message.headers}
    path = target or message.url.removeprefix("https://riverside.example")
    values = dict(item.split("=") for item in params.split(",") if item)
    special = {f"({name})": value for name, value in values.items()}
    special["(request-target)"] = f"{message.method.lower()} {path}"
    base = "\n".join(f"{name}: {special.get(name) or headers[name]}" for name in covered.split())
    signature = b64encode(RSA.sign(base.encode("latin-1"), PKCS1v15(), SHA256())).decode()
    header = f'keyId="{KEY_ID}",headers="{covered}",signature="{signature}"'
    header += f',algorithm="{algorithm}"' if algorithm else ""
    return with_headers(message, ("Signature", header + (f",{params}" if params else "")))


def dressed(message: HttpMessage, date: str = "Thu, 01 May 2025 12:00:00 GMT") -> HttpMessage:
    """`message` with Host, Date and Digest, not signed yet."""
    digest = ("Digest", sha256_digest(message.body))
    return with_headers(message, ("Host", "riverside.example"), ("Date", date), digest)

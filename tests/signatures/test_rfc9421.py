"""RFC 9421 requests: accepted as Fedify and Mastodon send them, refused where they leave something open."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

from fedchapter.signatures import (
    HttpMessage,
    PrivateKey,
    SignatureError,
    content_digest,
    read_signature,
    sign_rfc9421,
    verify,
)
from fedchapter.signatures.components import signature_base
from fedchapter.signatures.fields import InnerList, Item, read_dictionary, write
from fedchapter.signatures.message import from_url, to_fields
from tests.signatures.made import (
    ED25519,
    GET,
    HOSTS,
    KEY_ID,
    NOW,
    POST,
    RSA,
    cavage,
    rfc9421,
    with_changed,
    with_headers,
    without,
)

HOUR = timedelta(hours=1)
CREATED = int(NOW.timestamp())
PARAMS = f';created={CREATED};keyid="{KEY_ID}"'
FEDIFY = '("@method" "@target-uri" "@authority" "host" "date" "content-digest")'


def by_hand(message: HttpMessage, params: str, label: str = "sig1") -> HttpMessage:
    """An RFC 9421 signature as another server would make it, over whatever `params` says."""
    headers = (("Host", "riverside.example"), ("Date", "Thu, 01 May 2025 12:00:00 GMT"))
    dressed = with_headers(message, *headers, ("Content-Digest", content_digest(message.body)))
    covered = read_dictionary(f"x={params}")["x"]
    assert isinstance(covered, InnerList)
    base = signature_base(message.method, from_url(message.url), to_fields(dressed.headers), covered)
    signature = RSA.sign(base, PKCS1v15(), SHA256())
    encoded = write(Item(signature))
    return with_headers(
        dressed, ("Signature-Input", f"{label}={params}"), ("Signature", f"{label}={encoded}")
    )


def refusal(message: HttpMessage, after: timedelta = timedelta()) -> SignatureError:
    with pytest.raises(SignatureError) as refused:
        read_signature(message, now=NOW + after, hosts=HOSTS)
    return refused.value


def is_right(message: HttpMessage, after: timedelta = timedelta(), key: PrivateKey = RSA) -> bool:
    return verify(read_signature(message, now=NOW + after, hosts=HOSTS), key.public_key())


def test_what_we_sign_covers_exactly_what_mastodon_covers() -> None:
    headers = dict(sign_rfc9421(POST, key_id=KEY_ID, key=RSA, now=NOW))
    assert headers["Signature-Input"] == (
        f'sig1=("@method" "@target-uri" "content-digest"){PARAMS};alg="rsa-v1_5-sha256"'
    )
    assert list(headers) == ["Content-Digest", "Signature-Input", "Signature"]
    assert list(dict(sign_rfc9421(GET, key_id=KEY_ID, key=RSA, now=NOW))) == ["Signature-Input", "Signature"]


@pytest.mark.parametrize("key", [RSA, ED25519], ids=["rsa", "ed25519"])
@pytest.mark.parametrize("message", [POST, GET], ids=["post", "get"])
def test_what_we_sign_is_read_and_verified(message: HttpMessage, key: PrivateKey) -> None:
    signed = rfc9421(message, key=key)
    parsed = read_signature(signed, now=NOW, hosts=HOSTS)
    assert (parsed.scheme, parsed.key_id, parsed.created_at) == ("rfc9421", KEY_ID, NOW)
    assert verify(parsed, key.public_key())


def test_a_request_of_the_shape_that_fedify_sends_is_accepted() -> None:
    assert is_right(by_hand(POST, f'{FEDIFY};alg="rsa-v1_5-sha256";keyid="{KEY_ID}";created={CREATED}'))


def test_a_signature_without_alg_is_judged_by_the_kind_of_key() -> None:
    assert is_right(by_hand(POST, FEDIFY + PARAMS))
    assert not is_right(by_hand(POST, FEDIFY + PARAMS), key=ED25519)


def test_an_alg_that_contradicts_the_key_is_refused() -> None:
    assert not is_right(by_hand(POST, FEDIFY + PARAMS + ';alg="ed25519"'))
    assert not is_right(rfc9421(POST, key=RSA), key=ED25519)


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "rsa-pss-sha512", "rsa-sha256", "hs2019"])
def test_another_alg_is_refused(algorithm: str) -> None:
    assert refusal(by_hand(POST, f'{FEDIFY}{PARAMS};alg="{algorithm}"')).code == "unknown-algorithm"


def test_there_is_no_falling_back_to_draft_cavage() -> None:
    assert refusal(with_headers(cavage(POST), ("Signature-Input", "sig1=()"))).http_status in (400, 401)


@pytest.mark.parametrize(
    "covered",
    [
        "()",
        '("@method" "content-digest")',
        '("@target-uri" "content-digest")',
        '("@method" "@target-uri")',
        '("@method" "@path" "@query" "@authority" "content-digest")',
        '("@method" "@target-uri" "content-digest";bs)',
    ],
)
def test_a2_a_post_that_leaves_something_open_is_refused(covered: str) -> None:
    error = refusal(by_hand(POST, covered + PARAMS))
    assert (error.code, error.http_status) == ("not-covered", 401)


def test_a2_a_flipped_body_byte_is_refused() -> None:
    signed = rfc9421(POST)
    changed = HttpMessage(signed.method, signed.url, signed.headers, signed.body.replace(b"C", b"c"))
    assert refusal(changed).code == "wrong-digest"


@pytest.mark.parametrize(
    ("change", "code", "status"),
    [
        (lambda value: value.replace("sha-256", "sha-512"), "no-sha-256", 401),
        (lambda value: value.replace(":", ""), "bad-header", 400),
        (lambda value: "sha-256=1", "bad-digest", 400),
        (lambda value: value + ", " + value, "bad-header", 400),
        (lambda value: value + ";", "bad-header", 400),
    ],
)
def test_a2_a_content_digest_that_binds_nothing_is_refused(
    change: Callable[[str], str], code: str, status: int
) -> None:
    error = refusal(with_changed(rfc9421(POST), "content-digest", change))
    assert (error.code, error.http_status) == (code, status)


def test_a_sha_512_beside_the_sha_256_does_no_harm() -> None:
    signed = by_hand(POST, f'("@method" "@target-uri" "content-digest"){PARAMS}')
    changed = with_changed(signed, "content-digest", lambda value: "sha-512=:AA==:, " + value)
    assert not is_right(changed)  # read without complaint, but not what was signed


@pytest.mark.parametrize("name", ["Host", "Content-Digest", "Signature", "Signature-Input"])
def test_a2_a_header_that_comes_twice_is_refused(name: str) -> None:
    signed = rfc9421(POST)
    value = next(value for key, value in signed.headers if key == name)
    assert refusal(with_headers(signed, (name.lower(), value))).code == "duplicate-header"


def test_a2_a_request_to_another_host_is_refused() -> None:
    elsewhere = HttpMessage("POST", "https://harbor.example/inbox", POST.headers, POST.body)
    assert refusal(rfc9421(elsewhere)).code == "wrong-host"
    assert refusal(with_changed(rfc9421(POST), "host", lambda _: "harbor.example")).code == "wrong-host"


def test_a4_the_window_is_that_of_draft_cavage() -> None:
    signed = rfc9421(POST)
    assert is_right(signed, HOUR + timedelta(minutes=5))
    assert refusal(signed, HOUR + timedelta(minutes=5, seconds=1)).code == "expired"
    assert refusal(signed, -HOUR - timedelta(seconds=1)).code == "from-the-future"
    long = by_hand(POST, f"{FEDIFY}{PARAMS};expires={CREATED + 999999}")
    assert is_right(long, 13 * HOUR)
    assert refusal(long, 13 * HOUR + timedelta(seconds=1)).code == "expired"


@pytest.mark.parametrize(
    "params",
    [
        "",
        ";created=1746100800",
        f';keyid="{KEY_ID}"',
        ';created=1746100800;keyid=""',
        ";created=1746100800;keyid=token",
        f';created="1746100800";keyid="{KEY_ID}"',
        f';created=1746100800.5;keyid="{KEY_ID}"',
        f';created;keyid="{KEY_ID}"',
        f';created=1746100800;expires="never";keyid="{KEY_ID}"',
    ],
)
def test_a_signature_needs_a_keyid_and_a_created(params: str) -> None:
    assert refusal(by_hand(POST, FEDIFY + params)).http_status == 400


def test_a_time_beyond_all_calendars_is_refused() -> None:
    assert refusal(by_hand(POST, f'{FEDIFY};created=999999999999999;keyid="x"')).code == "from-the-future"
    assert refusal(by_hand(POST, f'{FEDIFY};created=-999999999999999;keyid="x"')).code == "expired"


def test_of_several_labels_the_first_that_covers_enough_counts() -> None:
    signed = by_hand(POST, FEDIFY + PARAMS)
    two = with_changed(signed, "signature-input", lambda value: f'proxy=("@method"){PARAMS};tag="x", {value}')
    assert is_right(with_changed(two, "signature", lambda value: f"proxy=:AAAA:, {value}"))
    many = with_changed(signed, "signature-input", lambda value: f"a=(),b=(),c=(),d=(),{value}")
    assert refusal(many).http_status == 400


def test_an_input_without_its_signature_is_malformed() -> None:
    assert refusal(with_changed(rfc9421(POST), "signature", lambda value: "x" + value)).http_status == 400
    assert refusal(with_changed(rfc9421(POST), "signature-input", lambda _: "")).http_status == 400
    assert refusal(with_changed(rfc9421(POST), "signature-input", lambda _: "sig1=1")).http_status == 400
    assert refusal(without(rfc9421(POST), "signature")).code == "not-signed"


@pytest.mark.parametrize(
    ("component", "code"),
    [
        ('"@method"', "bad-header"),
        ('"@status"', "unknown-component"),
        ('"@signature-params"', "unknown-component"),
        ('"@path";req', "unknown-component"),
        ('"date";sf', "unknown-component"),
        ('"host";key="a"', "unknown-component"),
        ('"x-absent"', "missing-header"),
        ('"x-absent";bs', "unknown-component"),
        ('"Date"', "missing-header"),
        ("date", "bad-header"),
        ('"@query-param"', "unknown-component"),
        ('"@query-param";name="absent"', "missing-header"),
    ],
)
def test_a_component_that_cannot_be_rebuilt_is_refused(component: str, code: str) -> None:
    signed = rfc9421(POST)
    changed = with_changed(
        signed, "signature-input", lambda value: value.replace('("@method"', f'("@method" {component}')
    )
    assert refusal(with_headers(changed, ("Date", "x"))).code == code


def test_every_component_of_a_request_is_rebuilt() -> None:
    message = HttpMessage("GET", "HTTPS://River.example:443?q=a%20b~&q2", (("X", "a"), ("x", " b ")), b"")
    covered = read_dictionary(
        'x=("@target-uri" "@authority" "@scheme" "@request-target" "@path" "@query"'
        ' "@query-param";name="q" "@query-param";name="q2" "x" "x";bs)'
    )["x"]
    assert isinstance(covered, InnerList)
    base = signature_base(message.method, from_url(message.url), to_fields(message.headers), covered)
    assert base.decode().splitlines()[:-1] == [
        '"@target-uri": https://river.example/?q=a%20b~&q2',
        '"@authority": river.example',
        '"@scheme": https',
        '"@request-target": /?q=a%20b~&q2',
        '"@path": /',
        '"@query": ?q=a%20b~&q2',
        '"@query-param";name="q": a%20b%7E',
        '"@query-param";name="q2": ',
        '"x": a, b',
        '"x";bs: :YQ==:, :Yg==:',
    ]


class Keys(HTTPSignatureKeyResolver):
    """The keys that the other implementation is given."""

    def __init__(self, key: PrivateKey) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> Any:
        return self.key

    def resolve_public_key(self, key_id: str) -> Any:
        return self.key.public_key()


ORACLES = [(RSA, algorithms.RSA_V1_5_SHA256), (ED25519, algorithms.ED25519)]


@pytest.mark.parametrize(("key", "algorithm"), ORACLES, ids=["rsa", "ed25519"])
def test_another_implementation_verifies_what_we_sign(key: PrivateKey, algorithm: Any) -> None:
    signed = rfc9421(POST, key=key)
    request = SimpleNamespace(method=signed.method, url=signed.url, headers=dict(signed.headers))
    verifier = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=Keys(key))
    result = verifier.verify(request, max_age=None, body=signed.body)
    assert result[0].parameters["keyid"] == KEY_ID


@pytest.mark.parametrize(("key", "algorithm"), ORACLES, ids=["rsa", "ed25519"])
def test_we_verify_what_another_implementation_signs(key: PrivateKey, algorithm: Any) -> None:
    request = SimpleNamespace(method="POST", url=POST.url, headers={**dict(POST.headers)})
    signer = HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=Keys(key))
    covered = ("@method", "@target-uri", "@authority", '"@query-param";name="from"', "content-digest")
    signer.sign(request, key_id=KEY_ID, created=NOW, covered_component_ids=covered, body=POST.body)
    assert is_right(HttpMessage("POST", POST.url, tuple(request.headers.items()), POST.body), key=key)

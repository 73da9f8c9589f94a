"""draft-cavage requests: what is accepted, and what is refused because it leaves something open (A2, A4)."""

from datetime import timedelta

import pytest

from fedchapter.signatures import (
    HttpMessage,
    SignatureError,
    read_signature,
    sha256_digest,
    sign_cavage,
    verify,
)
from tests.signatures.made import (
    ED25519,
    GET,
    HOSTS,
    KEY_ID,
    NOW,
    OTHER_RSA,
    POST,
    RSA,
    cavage,
    cavage_by_hand,
    dressed,
    with_changed,
    with_headers,
    without,
)

USUAL = "(request-target) host date digest"
HOUR = timedelta(hours=1)


def refusal(message: HttpMessage, after: timedelta = timedelta()) -> SignatureError:
    with pytest.raises(SignatureError) as refused:
        read_signature(message, now=NOW + after, hosts=HOSTS)
    return refused.value


def is_right(message: HttpMessage, after: timedelta = timedelta()) -> bool:
    return verify(read_signature(message, now=NOW + after, hosts=HOSTS), RSA.public_key())


def test_what_we_sign_is_what_peers_expect() -> None:
    headers = dict(sign_cavage(POST, key_id=KEY_ID, key=RSA, now=NOW))
    assert list(headers) == ["Host", "Date", "Digest", "Signature"]
    assert headers["Host"] == "riverside.example"
    assert headers["Date"] == "Thu, 01 May 2025 12:00:00 GMT"
    assert headers["Digest"] == sha256_digest(POST.body)
    assert headers["Signature"].startswith(
        f'keyId="{KEY_ID}",algorithm="rsa-sha256",headers="(request-target) host date digest content-type",'
    )


def test_a_signed_post_is_read_and_verified() -> None:
    parsed = read_signature(cavage(POST), now=NOW, hosts=HOSTS)
    assert (parsed.scheme, parsed.key_id, parsed.algorithm) == ("cavage", KEY_ID, "rsa-sha256")
    assert parsed.created_at == NOW
    assert verify(parsed, RSA.public_key())
    assert not verify(parsed, OTHER_RSA.public_key())


def test_a_signed_get_covers_target_host_and_date() -> None:
    headers = dict(sign_cavage(GET, key_id=KEY_ID, key=RSA, now=NOW))
    assert list(headers) == ["Host", "Date", "Signature"]
    assert 'headers="(request-target) host date"' in headers["Signature"]
    assert is_right(cavage(GET))


def test_the_header_of_followers_synchronisation_is_signed_too() -> None:
    header = ("Collection-Synchronization", 'collectionId="x", url="y", digest="z"')
    signed = cavage(with_headers(POST, header))
    assert is_right(signed)
    changed = with_changed(signed, "collection-synchronization", lambda value: value.replace("z", "q"))
    assert not is_right(changed)


def test_the_host_header_of_what_we_send_has_no_default_port() -> None:
    message = HttpMessage("GET", "https://Peer.example:443/actor", ())
    assert ("Host", "peer.example") in sign_cavage(message, key_id=KEY_ID, key=RSA, now=NOW)


@pytest.mark.parametrize("algorithm", [None, "hs2019", "rsa-sha256"])
def test_the_three_ways_of_naming_the_one_algorithm_are_accepted(algorithm: str | None) -> None:
    assert is_right(cavage_by_hand(dressed(POST), USUAL, algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["rsa-sha512", "hmac-sha256", "ecdsa-sha256", "RSA-SHA256", "none"])
def test_another_algorithm_is_refused(algorithm: str) -> None:
    assert refusal(cavage_by_hand(dressed(POST), USUAL, algorithm=algorithm)).code == "unknown-algorithm"


def test_an_ed25519_key_never_fits() -> None:
    parsed = read_signature(cavage(POST), now=NOW, hosts=HOSTS)
    assert not verify(parsed, ED25519.public_key())


def test_a_signature_over_the_path_without_query_is_accepted_as_old_servers_make_it() -> None:
    assert is_right(cavage_by_hand(dressed(POST), USUAL, target="/inbox"))
    assert not is_right(cavage_by_hand(dressed(POST), USUAL, target="/inbox?other"))


def test_a_literal_signature_prefix_is_tolerated() -> None:
    assert is_right(with_changed(cavage(POST), "signature", lambda value: "Signature " + value))


def test_spaces_after_commas_and_capitals_in_the_list_are_tolerated() -> None:
    assert is_right(with_changed(cavage(POST), "signature", lambda value: value.replace('",', '" , ')))
    assert is_right(with_changed(cavage(POST), "signature", lambda value: value.replace("host", "Host")))


@pytest.mark.parametrize(
    "covered",
    [
        "(request-target) host date",
        "(request-target) date digest",
        "host date digest",
        "(request-target) host digest",
        "digest",
        "(created)",
    ],
)
def test_a2_a_post_that_leaves_something_open_is_refused(covered: str) -> None:
    error = refusal(cavage_by_hand(dressed(POST), covered, params="created=1746100800"))
    assert (error.code, error.http_status) == ("not-covered", 401)


@pytest.mark.parametrize("covered", ["(request-target) date", "host date", "(request-target) host"])
def test_a2_a_get_that_leaves_something_open_is_refused(covered: str) -> None:
    assert refusal(cavage_by_hand(dressed(GET), covered)).code == "not-covered"


def test_a2_a_get_with_a_body_must_cover_the_body() -> None:
    message = HttpMessage("GET", GET.url, GET.headers, b"{}")
    assert refusal(cavage_by_hand(dressed(message), "(request-target) host date")).code == "not-covered"


def test_a2_without_a_list_of_headers_nothing_is_covered() -> None:
    signed = cavage(POST)
    listed = 'headers="(request-target) host date digest content-type",'
    assert (
        refusal(with_changed(signed, "signature", lambda value: value.replace(listed, ""))).code
        == "not-covered"
    )


def test_a2_a_flipped_body_byte_is_refused() -> None:
    signed = cavage(POST)
    changed = HttpMessage(signed.method, signed.url, signed.headers, signed.body.replace(b"C", b"c"))
    assert refusal(changed).code == "wrong-digest"


def test_a2_a_digest_of_another_algorithm_alone_is_refused() -> None:
    message = with_changed(dressed(POST), "digest", lambda value: value.replace("SHA-256", "MD5"))
    assert refusal(cavage_by_hand(message, USUAL)).code == "no-sha-256"


def test_a_list_of_digests_counts_by_its_sha_256_in_any_case() -> None:
    message = with_changed(
        dressed(POST), "digest", lambda value: "MD5=abc=, " + value.replace("SHA-", "sha-")
    )
    assert is_right(cavage_by_hand(message, USUAL))


@pytest.mark.parametrize("change", [lambda value: value + "," + value, lambda value: value[:-5]])
def test_a2_two_digests_or_half_of_one_are_malformed(change: object) -> None:
    assert callable(change)
    message = with_changed(dressed(POST), "digest", change)
    assert refusal(cavage_by_hand(message, USUAL)).http_status == 400


@pytest.mark.parametrize("name", ["Host", "Date", "Digest", "Signature"])
def test_a2_a_header_that_comes_twice_is_refused(name: str) -> None:
    signed = cavage(POST)
    value = next(value for key, value in signed.headers if key == name)
    error = refusal(with_headers(signed, (name.lower(), value)))
    assert (error.code, error.http_status) == ("duplicate-header", 400)


def test_a2_a_request_to_another_host_is_refused() -> None:
    elsewhere = HttpMessage("POST", "https://harbor.example/inbox", POST.headers, POST.body)
    assert refusal(cavage(elsewhere)).code == "wrong-host"
    replayed = HttpMessage("POST", POST.url, cavage(elsewhere).headers, POST.body)
    assert refusal(replayed).code == "wrong-host"


def test_a2_a_covered_header_that_is_missing_is_refused() -> None:
    assert refusal(without(cavage(POST), "date")).code == "missing-header"
    assert refusal(without(cavage(POST), "content-type")).code == "missing-header"


def test_a2_a_line_break_in_a_header_cannot_pose_as_another_header() -> None:
    message = with_headers(dressed(POST), ("X-Note", "a\nhost: riverside.example"))
    assert refusal(cavage_by_hand(message, USUAL + " x-note")).code == "bad-header"


def test_header_bytes_beyond_ascii_are_signed_as_the_bytes_they_were() -> None:
    message = with_headers(dressed(POST), ("X-Place", "Zürich".encode().decode("latin-1")))
    assert is_right(cavage_by_hand(message, USUAL + " x-place"))


def test_a4_a_request_is_good_for_five_minutes_and_the_hour_of_skew() -> None:
    signed = cavage(POST)
    assert is_right(signed, HOUR + timedelta(minutes=5))
    assert refusal(signed, HOUR + timedelta(minutes=5, seconds=1)).code == "expired"
    assert is_right(signed, -HOUR)
    assert refusal(signed, -HOUR - timedelta(seconds=1)).code == "from-the-future"


def test_a4_the_covered_created_counts_before_the_date() -> None:
    signed = cavage_by_hand(
        dressed(POST, "Tue, 01 Apr 2025 12:00:00 GMT"),
        "(request-target) (created) host date digest",
        params="created=1746100800",
    )
    assert is_right(signed)
    assert read_signature(signed, now=NOW, hosts=HOSTS).created_at == NOW


def test_a4_an_explicit_expiry_counts_up_to_twelve_hours() -> None:
    covered = "(request-target) (created) (expires) host digest"
    short = cavage_by_hand(dressed(POST), covered, params="created=1746100800,expires=1746100860.5")
    assert is_right(short, HOUR + timedelta(minutes=1))
    assert refusal(short, HOUR + timedelta(seconds=61)).code == "expired"
    long = cavage_by_hand(dressed(POST), covered, params="created=1746100800,expires=1749999999")
    assert is_right(long, 13 * HOUR)
    assert refusal(long, 13 * HOUR + timedelta(seconds=1)).code == "expired"
    mad = cavage_by_hand(dressed(POST), covered, params="created=1746100800,expires=1746100799")
    assert refusal(mad).code == "expired"


def test_a4_times_that_are_not_covered_cannot_freshen_an_old_request() -> None:
    old = cavage_by_hand(dressed(POST), USUAL)
    freshened = with_changed(old, "signature", lambda value: value + ",created=1746187200,expires=1746187300")
    assert refusal(freshened, timedelta(days=1)).code == "expired"


@pytest.mark.parametrize("name", ["created", "expires"])
def test_rsa_sha256_cannot_cover_times(name: str) -> None:
    covered = f"(request-target) ({name}) host date digest"
    params = "created=1746100800,expires=1746100860"
    signed = cavage_by_hand(dressed(POST), covered, algorithm="rsa-sha256", params=params)
    assert refusal(signed).code == "unknown-algorithm"


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "2025-05-01T12:00:00Z",
        "Thu, 01 Mai 2025 12:00:00 GMT",
        "Thu, 31 Feb 2025 12:00:00 GMT",
        "Thu, 01 May 2025 12:00:61 GMT",
        "Thu, 01 May 2025 12:00:00 +0000",
        "Thu, 01 May 0000 12:00:00 GMT",
    ],
)
def test_a_date_that_is_none_is_malformed(date: str) -> None:
    assert refusal(cavage_by_hand(dressed(POST, date), USUAL)).http_status == 400


def test_an_unsigned_request_says_so() -> None:
    error = refusal(POST)
    assert (error.code, error.http_status) == ("not-signed", 401)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Signature ",
        'keyId="a"',
        'signature="YQ=="',
        'keyId="",signature="YQ=="',
        'keyId="a",keyId="b",signature="YQ=="',
        'keyId="a",signature="YQ==",',
        'keyId="a" signature="YQ=="',
        'keyId="a,signature="YQ=="',
        'keyId="a",signature="YQ==',
        "x" * 9000,
        f'keyId="a",signature="YQ==",headers="{"x " * 60}"',
        'keyId="a",signature="YQ==",headers="date date"',
    ],
)
def test_a_header_that_cannot_be_read_is_malformed(header: str) -> None:
    assert refusal(with_headers(dressed(POST), ("Signature", header))).http_status == 400


def test_a_signature_that_is_not_base64_is_malformed() -> None:
    signed = cavage(POST)
    assert refusal(with_changed(signed, "signature", lambda value: value[:-4] + '!!"')).http_status == 400


@pytest.mark.parametrize("created", ["", "soon", "-1", "1e9", "9" * 13])
def test_a_covered_time_that_is_no_number_is_malformed(created: str) -> None:
    message = with_headers(
        dressed(POST),
        (
            "Signature",
            'keyId="a",signature="YQ==",headers="(request-target) (created) host digest",'
            f'created="{created}"',
        ),
    )
    assert refusal(message).http_status == 400

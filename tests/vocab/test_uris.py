"""Addresses: what is refused, and that everything else is seen in one way (operations.md C1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedchapter.vocab.uris import (
    PUBLIC,
    UriError,
    host_of,
    is_public,
    is_uri,
    parse_url,
    registrable,
    same_origin,
    strip_fragment,
)

EVIL = [
    "",
    "https://",
    "https:///path",
    "https://good.example\\@evil.example/",
    "https://good.example\\.evil.example/",
    "https://user@evil.example/",
    "https://good.example:443@evil.example/",
    "https://good.example /x",
    "https://good.example/x y",
    "https://good.example/\r\nHost: evil.example",
    "https://good.example/\x00",
    "https://good.example\t/",
    "https://good.example/\u202egnp.exe",
    "https://good.example:0/",
    "https://good.example:65536/",
    "https://good.example:４４３/",
    "https://good.example:4 43/",
    "https://good.example:+443/",
    "https://good..example/",
    "https://.example/",
    "https://-bad.example/",
    "https://bad_name.example/",
    "https://a%2eb.example/",
    "https://[::1/",
    "https://[::1]evil.example/",
    "https://[fe80::1%25eth0]/",
    "https://[not-an-address]/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://1.2.3.256/",
    "https://017700000001/",
    "https://xn--\u00fc.example/",
    "https://xn--zzzzzzzzzz--.example/",
    "https://\u2100.example/",
    "https://" + "a" * 64 + ".example/",
    "https://" + "a." * 127 + "example/",
    "https://good.example/" + "a" * 2048,
    "http://good.example/",
    "http://localhost/",
    "ftp://good.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "//good.example/",
    "https:good.example",
    "acct:someone@good.example",
]


@pytest.mark.parametrize("text", EVIL)
def test_c1_an_evil_address_is_refused(text: str) -> None:
    with pytest.raises(UriError):
        parse_url(text)


def test_an_address_is_taken_apart() -> None:
    url = parse_url("HTTPS://Hillside.Example:8443/users/ann?page=1&x=%2F#main-key")
    assert url.scheme == "https"
    assert (url.host, url.hostname, url.port) == ("hillside.example:8443", "hillside.example", 8443)
    assert (url.path, url.query, url.fragment) == ("/users/ann", "page=1&x=%2F", "main-key")
    assert url.origin == "https://hillside.example:8443"
    assert str(url) == "https://hillside.example:8443/users/ann?page=1&x=%2F"


def test_the_usual_port_is_not_part_of_the_host() -> None:
    assert parse_url("https://hillside.example:443/").host == "hillside.example"
    assert parse_url("http://localhost:80/", allow_http_localhost=True).host == "localhost"


def test_an_address_without_a_path_has_the_root() -> None:
    assert str(parse_url("https://hillside.example")) == "https://hillside.example/"
    assert str(parse_url("https://wp.example/?author=1")) == "https://wp.example/?author=1"


@pytest.mark.parametrize(
    ("text", "hostname"),
    [
        ("https://B\u00dcCHER.example/", "xn--bcher-kva.example"),
        ("https://b\u00fccher.example./", "xn--bcher-kva.example"),
        ("https://XN--BCHER-KVA.example/", "xn--bcher-kva.example"),
        ("https://\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45.org/", "example.org"),
    ],
)
def test_c1_an_international_name_is_stored_as_lower_case_a_label(text: str, hostname: str) -> None:
    assert parse_url(text).hostname == hostname


def test_c1_a_name_in_look_alike_letters_is_another_name() -> None:
    assert parse_url("https://\u0435\u0445\u0430mple.org/").hostname.startswith("xn--")


def test_a_written_out_ip_address_is_known_as_such() -> None:
    assert parse_url("https://192.0.2.1/").is_address
    assert parse_url("https://[2001:DB8:0::1]/").hostname == "2001:db8::1"
    assert parse_url("https://[2001:db8::1]:8443/").host == "[2001:db8::1]:8443"
    assert not parse_url("https://hillside.example/").is_address


def test_plain_http_is_for_localhost_and_only_when_asked() -> None:
    assert parse_url("http://localhost:8001/a", allow_http_localhost=True).origin == "http://localhost:8001"
    with pytest.raises(UriError):
        parse_url("http://localhost.evil.example/", allow_http_localhost=True)
    assert parse_url("http://blog.example/", allow_http=True).host == "blog.example"


def test_origin_is_scheme_host_and_port() -> None:
    assert same_origin("https://a.example/1", "https://A.EXAMPLE:443/2#x")
    assert not same_origin("https://a.example/1", "https://a.example:8443/1")
    assert not same_origin("https://a.example/", "https://sub.a.example/")
    assert not same_origin("http://localhost/", "https://localhost/")
    assert not same_origin("nonsense", "nonsense")


def test_small_readers() -> None:
    assert host_of("https://a.example:444/x") == "a.example:444"
    assert strip_fragment("https://a.example/x#main-key") == "https://a.example/x"
    assert is_public(PUBLIC) and is_public("as:Public") and is_public("Public") and not is_public("public")
    assert is_uri("http://localhost:8001/notes/1") and not is_uri(7) and not is_uri("urn:x")
    assert registrable("a.b.movement.example") == "movement.example"
    assert registrable("192.0.2.1") == "192.0.2.1"
    assert registrable("localhost") == "localhost"


@given(st.text(max_size=60) | st.text(max_size=40).map("https://".__add__))
def test_any_text_is_parsed_or_refused_and_parsing_again_changes_nothing(text: str) -> None:
    try:
        url = parse_url(text)
    except UriError:
        return
    again = parse_url(str(url))
    assert (again.origin, again.path, again.query) == (url.origin, url.path, url.query)
    assert url.host.isascii() and url.host == url.host.lower()

"""Where a stranger's name may lead (operations.md §3 rows B1 and B3)."""

import socket
from collections.abc import Sequence
from ipaddress import ip_network

import pytest

from fedchapter.errors import PeerFailed, PeerRefused
from fedchapter.net.addresses import NetRules, check_address, check_url
from fedchapter.net.resolver import GuardedResolver
from fedchapter.vocab.uris import parse_url

RULES = NetRules(user_agent="test")

BLOCKED = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.9", "192.0.0.171", "192.0.2.1", "192.88.99.1"),
    *("192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8"),
    *("64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1"),
    *("2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1"),
    *("fe80::1%lo", "fec0::1", "ff02::1", "ff0e::1"),
]


@pytest.mark.parametrize("address", BLOCKED)
def test_b1_no_address_inside_is_reached(address: str) -> None:
    with pytest.raises(PeerRefused) as caught:
        check_address(address, RULES)
    assert caught.value.code == "blocked-address"


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1", "2a01:4f8::1", "::ffff:8.8.8.8"]
)
def test_a_public_address_is_reached(address: str) -> None:
    check_address(address, RULES)


@pytest.mark.parametrize("name", ["127.1", "2130706433", "0x7f000001", "127.0.0.1", "0", "::1"])
async def test_b1_a_number_is_checked_after_it_was_resolved(name: str) -> None:
    resolver = GuardedResolver(RULES)
    with pytest.raises(PeerRefused):
        await resolver.resolve(name, 443)
    await resolver.close()


def test_only_the_private_networks_of_the_settings_are_admitted() -> None:
    rules = NetRules(user_agent="test", private_networks=(ip_network("10.1.0.0/16"), ip_network("fd00::/8")))
    check_address("10.1.2.3", rules)
    check_address("::ffff:10.1.2.3", rules)
    check_address("fd00::1", rules)
    for address in ("10.2.0.1", "127.0.0.1", "64:ff9b::a01:203", "fe80::1"):
        with pytest.raises(PeerRefused):
            check_address(address, rules)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/", "blocked-address"),
        ("https://8.8.8.8/", "blocked-address"),
        ("https://[2606:4700::1]/", "blocked-address"),
        ("https://[::1]/", "blocked-address"),
        ("http://localhost/", "plain-http"),
        ("http://localhost:8002/", "plain-http"),
        ("https://hillside.example:22/", "port"),
        ("https://hillside.example:8443/", "port"),
        ("https://hiddenservice.onion/", "hidden-network"),
        ("https://riverside.example/upload.json", "own-host"),
    ],
)
def test_b1_an_address_is_refused_before_anything_is_resolved(url: str, code: str) -> None:
    rules = NetRules(
        user_agent="test", localhost_ports=frozenset({8001}), own_hosts=frozenset({"riverside.example"})
    )
    with pytest.raises(PeerRefused) as caught:
        check_url(parse_url(url, allow_http_localhost=True), rules)
    assert caught.value.code == code


def test_the_localhost_ports_of_the_settings_are_admitted() -> None:
    rules = NetRules(user_agent="test", localhost_ports=frozenset({8001}))
    for url in ("http://localhost:8001/x", "http://127.0.0.1:8001/x", "https://hillside.example/"):
        check_url(parse_url(url, allow_http_localhost=True), rules)


class Names:
    """Answers each look-up with the next of the given lists."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, hostname: str, port: int) -> Sequence[str]:
        self.asked.append(hostname)
        answer = self.answers.pop(0)
        if not answer:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return answer


async def test_b1_one_private_address_among_public_ones_refuses_the_name() -> None:
    resolver = GuardedResolver(RULES, Names(["8.8.8.8", "10.0.0.1"], ["8.8.8.8", "2606:4700::1"]))
    with pytest.raises(PeerRefused):
        await resolver.resolve("evil.example", 443)
    found = await resolver.resolve("good.example", 443)
    assert [result["host"] for result in found] == ["8.8.8.8", "2606:4700::1"]


async def test_b1_two_addresses_of_each_kind_are_tried() -> None:
    many = ["8.8.8.1", "8.8.8.2", "8.8.8.3", "2606:4700::1", "2606:4700::2", "2606:4700::3"]
    found = await GuardedResolver(RULES, Names(many)).resolve("many.example", 443)
    assert [result["host"] for result in found] == ["8.8.8.1", "8.8.8.2", "2606:4700::1", "2606:4700::2"]


async def test_b3_a_name_that_changes_its_mind_is_refused_the_second_time() -> None:
    now = 0.0
    resolver = GuardedResolver(RULES, Names(["8.8.8.8"], ["127.0.0.1"]), monotonic=lambda: now)
    assert (await resolver.resolve("evil.example", 443))[0]["host"] == "8.8.8.8"
    assert (await resolver.resolve("evil.example", 443))[0]["host"] == "8.8.8.8"
    now = 61.0
    with pytest.raises(PeerRefused):
        await resolver.resolve("evil.example", 443)


async def test_b3_what_was_resolved_for_one_port_is_checked_again_for_another() -> None:
    resolver = GuardedResolver(RULES, Names(["8.8.8.8"]))
    await resolver.resolve("good.example", 443)
    with pytest.raises(PeerRefused):
        await resolver.resolve("good.example", 8001)


async def test_b1_an_admitted_localhost_port_admits_no_other_name() -> None:
    rules = NetRules(user_agent="test", localhost_ports=frozenset({8001}))
    resolver = GuardedResolver(rules, Names(["127.0.0.1"]))
    assert (await resolver.resolve("localhost", 8001))[0]["host"] == "127.0.0.1"
    with pytest.raises(PeerRefused):
        await resolver.resolve("evil.example", 8001)


async def test_a_name_without_address_may_be_asked_again_later() -> None:
    names = Names([], ["8.8.8.8"])
    resolver = GuardedResolver(RULES, names)
    with pytest.raises(PeerFailed) as caught:
        await resolver.resolve("late.example", 443)
    assert caught.value.code == "dns"
    assert await resolver.resolve("late.example", 443)
    assert names.asked == ["late.example", "late.example"]

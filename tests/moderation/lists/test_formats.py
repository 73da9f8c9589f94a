"""Lists of servers in the shapes that exist: Mastodon's CSV and JSON, plain text, and what is none of them."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedchapter.moderation.lists.formats import (
    HEADER,
    Entry,
    NotAList,
    Reading,
    mask,
    read_list,
    write_allows,
    write_blocks,
)

# After Mastodon's export (admin/export_domain_blocks_controller.rb, wire.md §3.3).
MASTODON = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
bad.example,suspend,false,false,"spam, mostly",false
Loud.Example,silence,TRUE,false,,true
flags.example,noop,true,true,,
"""


def hosts(reading: Reading) -> list[str]:
    return [entry.host for entry in reading.entries]


def test_mastodons_blocks_are_read_with_every_column() -> None:
    assert read_list(MASTODON).entries == (
        Entry("bad.example", "suspend", comment="spam, mostly"),
        Entry("loud.example", "silence", reject_media=True, obfuscate=True),
        Entry("flags.example", "noop", reject_media=True, reject_reports=True),
    )


def test_what_is_written_is_read_back() -> None:
    entries = read_list(MASTODON).entries
    assert read_list(write_blocks(entries)).entries == entries
    assert write_blocks(()).strip() == ",".join(HEADER)
    assert [one.severity for one in read_list(write_allows(["a.example"]), allows=True).entries] == ["allow"]


def test_one_name_a_line_means_suspend() -> None:
    found = read_list("# a list\n\nbad.example\n*.worse.example\r\nbad.example\n")
    assert [(one.host, one.severity) for one in found.entries] == [
        ("bad.example", "suspend"),
        ("worse.example", "suspend"),
    ]
    assert found.wrong == ()


def test_names_in_other_scripts_are_compared_as_a_labels() -> None:
    assert hosts(read_list("bücher.example\nxn--bcher-kva.example")) == ["xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("com", "too-wide"),
        ("localhost", "too-wide"),
        ("printer.local", "too-wide"),
        ("10.0.0.1", "address"),
        ("[::1]", "host"),
        ("a b.example", "host"),
        ("https://bad.example/", "host"),
        ("b*d.example", "masked"),
        ("our.example", "own-host"),
        ("", "host"),
    ],
)
def test_rows_that_name_no_server_are_listed_with_their_line(name: str, why: str) -> None:
    found = read_list(f'#domain,#severity\ngood.example,silence\n"{name}",suspend\n', own_host="our.example")
    assert hosts(found) == ["good.example"]
    assert [(one.line, one.why) for one in found.wrong] == [(3, why)]


def test_an_unknown_severity_is_not_guessed() -> None:
    found = read_list("#domain,#severity\nbad.example,obliterate\n")
    assert [one.why for one in found.wrong] == ["severity"]


def test_another_servers_public_list_names_masked_hosts_by_their_digest() -> None:
    digest = hashlib.sha256(b"bad.example").hexdigest()
    # After GET /api/v1/instance/domain_blocks.
    text = f'[{{"domain": "b**.ex****e", "digest": "{digest}", "severity": "silence", "comment": "loud"}}]'
    assert read_list(text).entries == (Entry("", "silence", comment="loud", digest=digest),)


def test_json_lists_of_names_and_of_objects_are_read() -> None:
    assert hosts(read_list('["a.example", {"domain": "b.example"}]')) == ["a.example", "b.example"]
    assert hosts(read_list('{"blocks": ["a.example"]}')) == ["a.example"]
    assert [one.why for one in read_list("[3, null]").wrong] == ["host", "host"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<!DOCTYPE html><p>Not found", "html"),
        ('{"a": 1}', "json"),
        ("[", "json"),
        ("\n".join(f"{number}.example.org" for number in range(20_001)), "too-long"),
    ],
)
def test_what_is_no_list_is_said_to_be_none(text: str, code: str) -> None:
    with pytest.raises(NotAList) as raised:
        read_list(text)
    assert raised.value.code == code


def test_a_reason_cannot_become_a_formula_in_a_table() -> None:
    assert "'=HYPERLINK" in write_blocks([Entry("bad.example", comment='=HYPERLINK("https://evil.example")')])


def test_the_middle_half_of_a_masked_name_is_hidden() -> None:
    assert mask("example.social") == "exam***.***ial"


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        read_list(text)
    except NotAList:
        return

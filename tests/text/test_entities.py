"""Hashtags and mentions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedchapter.text import (
    Handle,
    clean,
    find_hashtags,
    find_mentions,
    link_entities,
    plain,
    render_markdown,
)


def _linked(source: str, mentions: dict[str, tuple[str, str]] | None = None) -> str:
    return link_entities(
        render_markdown(source),
        hashtag_url=lambda tag: f"https://river.example/tags/{tag.lower()}",
        mentions=mentions or {},
    )


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#Rent and #Räte, #हिंदी and #日本語!", ("Rent", "Räte", "हिंदी", "日本語")),
        ("#rent #RENT #Rent", ("rent",)),
        ("#2026 #mayday2026 #_ #a_b", ("mayday2026", "a_b")),
        ('＃全角 (#inside) "#quoted"', ("全角", "inside", "quoted")),
        ("a#b a/#b &#b ##b #", ()),
        ("https://a.example/#part ftp://a.example/#part", ()),
        ("`#code` and\n\n    #block\n\n[#link](https://a.example)", ()),
        ("# Heading #tag", ("tag",)),
        ("**#bold**", ("bold",)),
        ("#col·lecció #dot·", ("col·lecció", "dot")),
        ("#" + "a" * 101, ()),
    ],
)
def test_hashtags_are_found_where_readers_see_them(source: str, tags: tuple[str, ...]) -> None:
    assert find_hashtags(source) == tags


@pytest.mark.parametrize(
    ("source", "handles"),
    [
        ("hi @ann@hill.example!", (Handle("ann", "hill.example"),)),
        ("@a.b-c_d@Hill.EXAMPLE.", (Handle("a.b-c_d", "hill.example"),)),
        ("@ann@bücher.example", (Handle("ann", "xn--bcher-kva.example"),)),
        ("@ann@hill.example @Ann@HILL.example", (Handle("ann", "hill.example"),)),
        (
            "@ann@localhost:8002, @ann@hill.example:443",
            (Handle("ann", "localhost:8002"), Handle("ann", "hill.example")),
        ),
        ("@ann@hill.example: hello", (Handle("ann", "hill.example"),)),
        ("@ann ann@hill.example x@ann@hill.example", ()),
        ("@ann@10.0.0.1 @ann@hill @ann@-.example @.@hill.example", ()),
        ("@ann@hill.example@evil.example", ()),
        ("@ann@hill.example:99999", ()),
        ("`@ann@hill.example` https://a.example/@ann@hill.example", ()),
        ("@ann@" + "a" * 300 + ".example", ()),
    ],
)
def test_mentions_are_found_with_the_host_as_servers_know_it(
    source: str, handles: tuple[Handle, ...]
) -> None:
    assert find_mentions(source) == handles


def test_links_have_the_shape_that_mastodon_reads() -> None:
    assert _linked(
        "#Rent, @Ann@hill.example", {"ann@hill.example": ("https://hill.example/@Ann", "Ann")}
    ) == (
        '<p><a href="https://river.example/tags/rent" class="mention hashtag" rel="tag">'
        "#<span>Rent</span></a>, "
        '<span class="h-card"><a href="https://hill.example/@Ann" class="u-url mention">'
        "@<span>Ann</span></a></span></p>"
    )


def test_a_mention_that_nobody_resolved_stays_text() -> None:
    assert _linked("@ann@hill.example") == "<p>@ann@hill.example</p>"


def test_nothing_inside_links_or_code_is_linked() -> None:
    source = "[#a @b@c.example](https://a.example) `#c` https://a.example/#d\n\n    #e"
    assert _linked(source, {"b@c.example": ("https://c.example/@b", "b")}) == render_markdown(source)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://good.example\\@evil.example", "data:text/html,x", ""]
)
def test_d1_an_actors_page_that_is_no_web_page_is_never_linked(url: str) -> None:
    assert "<a" not in _linked("@ann@hill.example", {"ann@hill.example": (url, "ann")})


def test_d1_names_and_addresses_are_escaped() -> None:
    linked = _linked(
        "@ann@hill.example", {"ann@hill.example": ('https://h.example/"><script>', "<img src=x>")}
    )
    assert "<script" not in linked
    assert "<img" not in linked


@settings(deadline=None)
@given(st.text(alphabet="ab#@.:/ -_`*[]()<&é日\n1h", max_size=80))
def test_every_hashtag_found_is_linked_and_the_words_stay_the_same(source: str) -> None:
    linked = _linked(source)
    assert linked.count('rel="tag"') >= len(find_hashtags(source))
    assert bool(linked.count('rel="tag"')) == bool(find_hashtags(source))
    assert plain(linked) == plain(render_markdown(source))
    assert clean(linked) == clean(clean(linked))

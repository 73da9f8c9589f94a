"""`clean`: operations.md D1 and B7."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedchapter.text import clean
from tests.text.corpus import VECTORS
from tests.text.judge import check_is_harmless

_TAGS = "<p> </p> <b> </b> </a> </pre> <li> </ol> <blockquote> <h2> </h2> <br> <table><tr><td> <svg> <math>"
_MORE = "<!-- --> <select> </select> <form> <button> </button> <i><u> &lt; &amp;lt; &#60; \u00a0"
_SNIPPETS = st.sampled_from(
    [
        *VECTORS,
        *_TAGS.split(),
        *_MORE.split(" "),
        "<a href='https://a.example/?x=1&y'>",
        "<pre>\n\n",
        "<ol start=3>",
    ]
)
_SOUP = st.lists(st.one_of(_SNIPPETS, st.text(max_size=12)), max_size=25).map("".join)


@pytest.mark.parametrize("vector", VECTORS)
def test_d1_no_vector_leaves_anything_that_acts(vector: str) -> None:
    cleaned = clean(vector)
    check_is_harmless(cleaned)
    check_is_harmless(clean(f"<p>{vector}</p><blockquote>{vector}"))
    assert clean(cleaned) == cleaned


@settings(deadline=None)
@given(_SOUP)
def test_d1_any_soup_of_tags_comes_out_harmless_and_cleaning_again_changes_nothing(soup: str) -> None:
    cleaned = clean(soup)
    check_is_harmless(cleaned)
    assert clean(cleaned) == cleaned


@settings(deadline=None)
@given(_SOUP, st.integers(min_value=0, max_value=200))
def test_a_cut_text_is_short_enough_harmless_and_settled(soup: str, limit: int) -> None:
    cleaned = clean(soup, max_chars=limit)
    assert len(cleaned) <= limit
    check_is_harmless(cleaned)
    assert clean(cleaned, max_chars=limit) == cleaned


def test_the_html_that_mastodon_sends_stays_as_it_is_but_for_the_relation() -> None:
    sent = (
        '<p><span class="h-card" translate="no"><a href="https://hill.example/@ann" class="u-url mention">@'
        '<span>ann</span></a></span> see <a href="https://a.example/long" target="_blank" rel="nofollow">'
        '<span class="invisible">https://</span><span class="ellipsis">a.example/lo</span></a><br />more</p>'
    )
    relation = ' rel="nofollow noopener noreferrer ugc"'
    assert clean(sent) == (
        '<p><span class="h-card"><a href="https://hill.example/@ann" class="u-url mention"'
        f'{relation}>@<span>ann</span></a></span> see <a href="https://a.example/long"{relation}>'
        '<span class="invisible">https://</span><span class="ellipsis">a.example/lo</span></a><br>more</p>'
    )


def test_lists_keep_their_numbers_and_links_to_mail_stay() -> None:
    assert clean('<ol start="3"><li value="7">x</li></ol>') == '<ol start="3"><li value="7">x</li></ol>'
    assert 'href="mailto:a@b.example"' in clean("<a href='mailto:a@b.example'>x</a>")


def test_a_long_text_is_cut_with_an_ellipsis_and_every_element_closed() -> None:
    cleaned = clean("<p>" + "<b>word &amp; </b>" * 100, max_chars=100)
    assert len(cleaned) <= 100
    assert cleaned.endswith("…</p>")


def test_a_text_of_too_many_elements_is_cut_once_and_not_again() -> None:
    cleaned = clean("<p>x" * 4_999)
    assert cleaned.endswith("…")
    assert clean(cleaned) == cleaned


def test_markup_nested_without_end_becomes_flat() -> None:
    cleaned = clean("<blockquote>" * 2_000 + "deep")
    assert cleaned.count("<blockquote>") <= 32
    assert "deep" in cleaned


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<b>",
        "<ul><li>",
        "<b></p>",
        "<a b=c ",
        "<!--",
        "&amp",
        "<svg>",
        "<table>",
        "<p><button>",
        "<pre>\n",
    ],
)
def test_b7_a_megabyte_of_one_thing_is_cleaned(piece: str) -> None:
    cleaned = clean(piece * (1_000_000 // len(piece)))
    assert len(cleaned) <= 100_000
    check_is_harmless(cleaned)

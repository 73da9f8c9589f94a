"""Reading HTML as plain text, excerpts, links and fingerprints; slugs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedchapter.text import excerpt, fingerprint, links_in, plain, slug

_MENTION = '<a href="https://h.example/@x" class="u-url mention">@<span>x</span></a>'


def test_plain_text_keeps_paragraphs_breaks_lists_and_code() -> None:
    html = (
        "<h2>Title</h2><p>Hi<br>there</p><ul><li><p>one</p><p>more</p></li>"
        "<li>two<ol start=3><li>x</li><li>y</li></ol></li></ul>"
        "<pre>a\n  b</pre><blockquote><p>5 &lt; 6</p></blockquote><script>no</script>"
    )
    assert plain(html) == "Title\n\nHi\nthere\n\n- one\nmore\n- two\n  3. x\n  4. y\n\na\n  b\n\n5 < 6"


def test_a_link_shortened_by_mastodon_reads_in_full() -> None:
    html = '<a href="https://a.example/long"><span class="invisible">https://</span><span>a.example/long</span></a>'
    assert plain(html) == "https://a.example/long"


def test_an_excerpt_ends_after_a_word() -> None:
    assert excerpt("<p>We meet</p><p>on Friday, all of us</p>", 20) == "We meet on Friday…"
    assert excerpt("short  and\nplain", 20) == "short and plain"
    assert excerpt("日本語" * 20, 10) == "日本語" * 3 + "…"


@settings(deadline=None)
@given(st.text(max_size=60), st.integers(min_value=0, max_value=40))
def test_an_excerpt_is_one_line_and_never_longer_than_asked(text: str, length: int) -> None:
    cut = excerpt(text, length)
    assert len(cut) <= length
    assert "\n" not in cut


def test_an_excerpt_does_not_cut_an_emoji_or_an_accent_in_two() -> None:
    family = "👩\u200d👩\u200d👧"
    assert excerpt("a" + family * 5, 4) == "a…"
    assert excerpt("xe\u0301e\u0301e\u0301", 3) == "x…"


def test_links_are_listed_once_and_mentions_on_request_only() -> None:
    link = "<a href='https://b.example'>b</a>"
    html = f"<p>{_MENTION} {link} {link} <a href='mailto:a@b.c'>m</a>"
    assert links_in(html) == ("https://b.example",)
    assert links_in(html, with_mentions=True) == ("https://h.example/@x", "https://b.example")


def test_copies_with_other_mentions_links_and_numbers_have_one_fingerprint() -> None:
    first = fingerprint(f"<p>{_MENTION} Buy NOW 123 <a href='https://a.example/1'>here</a></p>")
    assert first == fingerprint("<p>@y@z.example buy</p><p>now, 99 https://b.example</p>")
    assert first != fingerprint("<p>Sell now</p>")
    assert len(first) == 64


def test_a_text_without_words_has_no_fingerprint() -> None:
    assert fingerprint(f"<p>{_MENTION} 12 !!</p>") == ""


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Łódź: Ärger & Straße — what’s next?", "lodz-arger-strasse-whats-next"),
        ("  ../../etc/passwd  ", "etc-passwd"),
        ("会議", "untitled"),
        ("a" * 80, "a" * 60),
        ("word " * 20, "-".join(["word"] * 12)),
    ],
)
def test_a_slug_is_readable_and_safe_in_an_address(title: str, expected: str) -> None:
    assert slug(title) == expected


@settings(deadline=None)
@given(st.text(max_size=100))
def test_a_slug_is_short_lower_case_ascii(title: str) -> None:
    made = slug(title)
    assert 0 < len(made) <= 60
    assert all(char in "abcdefghijklmnopqrstuvwxyz0123456789-" for char in made)

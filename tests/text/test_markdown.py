"""`render_markdown`: what members write, as HTML that other servers keep."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fedchapter.errors import Refusal
from fedchapter.text import MAX_SOURCE_CHARS, clean, plain, render_markdown
from tests.text.corpus import VECTORS
from tests.text.judge import check_is_harmless

_REL = 'rel="nofollow noopener noreferrer ugc"'


def _link(url: str, text: str | None = None) -> str:
    return f'<a href="{url}" {_REL}>{text or url}</a>'


def test_a_newline_is_a_break_in_a_note_and_none_in_an_article() -> None:
    assert render_markdown("one\ntwo") == "<p>one<br>\ntwo</p>"
    assert render_markdown("one\ntwo", breaks=False) == "<p>one\ntwo</p>"


def test_headings_stand_below_the_title_of_the_page() -> None:
    assert (
        render_markdown("# A\n\n## B\n\n### C\n\n#### D") == "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n<h4>D</h4>"
    )


def test_headings_that_begin_with_two_signs_leave_no_level_out() -> None:
    assert render_markdown("## A\n\n### B\n\n## C") == "<h2>A</h2>\n<h3>B</h3>\n<h2>C</h2>"


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("see https://a.example/x_y_z*w", "https://a.example/x_y_z*w"),
        ("(https://a.example/w_(b)).", "https://a.example/w_(b)"),
        ("**https://a.example**", "https://a.example"),
        ("https://a.example/?q=1&r=[2],", "https://a.example/?q=1&amp;r=%5B2%5D"),
        ("<https://a.example/x>", "https://a.example/x"),
        ("HTTP://a.example!", "HTTP://a.example"),
    ],
)
def test_a_bare_address_becomes_a_link_without_the_punctuation_around_it(source: str, url: str) -> None:
    assert f'href="{url}"' in render_markdown(source)


@pytest.mark.parametrize(
    "source", ["xhttps://a.example", "https://", "`https://a.example`", "\\https\\://a.example"]
)
def test_what_is_no_address_stays_text(source: str) -> None:
    assert "<a " not in render_markdown(source)


def test_an_address_inside_a_link_makes_no_second_link() -> None:
    assert render_markdown("[https://a.example](https://b.example)") == (
        f"<p>{_link('https://b.example', 'https://a.example')}</p>"
    )


def test_a_picture_becomes_a_link_with_its_description() -> None:
    assert render_markdown("![the *hall*](https://a.example/p.png)") == (
        f"<p>{_link('https://a.example/p.png', 'the hall')}</p>"
    )
    assert render_markdown("[![hall](https://a.example/p.png)](https://b.example)") == (
        f"<p>{_link('https://b.example', 'hall')}</p>"
    )


def test_html_is_shown_as_it_was_written_and_never_run() -> None:
    assert render_markdown("<b>hi</b>") == "<p>&lt;b&gt;hi&lt;/b&gt;</p>"


@pytest.mark.parametrize("vector", VECTORS)
def test_d1_no_vector_written_as_markdown_acts(vector: str) -> None:
    for source in (vector, f"[x]({vector})", f"![{vector}]({vector})", f"> {vector}\n\n```\n{vector}\n```"):
        check_is_harmless(render_markdown(source))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "/admin", "//evil.example", "https://a@b.c"]
)
def test_a_link_to_anything_but_the_web_or_mail_leads_nowhere(url: str) -> None:
    assert "href" not in render_markdown(f"[x]({url})")


def test_struck_text_lines_and_tables_degrade_to_what_others_show() -> None:
    assert render_markdown("~~old~~") == "<p><del>old</del></p>"
    assert render_markdown("a\n\n---\n\nb") == "<p>a</p>\n<p>* * *</p>\n<p>b</p>"
    assert plain(render_markdown("|a|b|\n|-|-|\n|1|2|")) == "|a|b|\n|-|-|\n|1|2|"


@settings(deadline=None)
@given(st.text(alphabet="ab*_`[]()<>!#-~\\:/h tps.&;\n@1", max_size=120))
def test_any_markdown_is_harmless_and_settled(source: str) -> None:
    rendered = render_markdown(source)
    check_is_harmless(rendered)
    assert clean(rendered) == rendered


@pytest.mark.parametrize(
    "piece", ["<", "[", "*", "![", "`", "_", "[a](", "> ", "- ", "\\", "&#", "http://", "*a **a "]
)
def test_b7_a_hundred_kilobytes_of_one_thing_are_rendered(piece: str) -> None:
    check_is_harmless(render_markdown(piece * (MAX_SOURCE_CHARS // len(piece))))


def test_a_longer_text_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refusal, match="shorten it to 100,000") as refused:
        render_markdown("a" * (MAX_SOURCE_CHARS + 1))
    assert refused.value.code == "text-too-long"

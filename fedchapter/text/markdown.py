"""Markdown as members write it, rendered to the HTML that fediverse servers keep.

Sources: CommonMark 0.31; Mastodon lib/sanitize_ext (tags that survive there). No raw HTML, no tables; a
picture in the text becomes a link, because pictures travel as attachments with their alt text.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from fedchapter.errors import Refusal
from fedchapter.text.sanitise import clean

MAX_SOURCE_CHARS: Final = 100_000
_URL_STOPS: Final = frozenset('<>"`\\{}|^')
_URL_TAIL: Final = frozenset(".,;:!?'*_~…’”»")
_BRACKETS: Final = {")": "(", "]": "["}


def render_markdown(source: str, *, breaks: bool = True) -> str:
    """Safe HTML of the Markdown; with `breaks` a single newline is a line break, as people expect in notes.

    The highest headings are h2, written with # or ##, because the page's title is its h1 and no level may be left out.
    Bare http(s) addresses become links.
    Raises Refusal `text-too-long` above MAX_SOURCE_CHARS.
    """
    if len(source) > MAX_SOURCE_CHARS:
        raise Refusal(
            "text-too-long",
            "This text is too long: shorten it to %(max)s characters.",
            max=f"{MAX_SOURCE_CHARS:,}",
        )
    return clean(_parser(breaks).render(source), max_chars=None).strip()


@lru_cache(maxsize=2)
def _parser(breaks: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": breaks})
    parser.enable("strikethrough")
    parser.core.ruler.push("fediverse_tags", _use_fediverse_tags)
    parser.inline.ruler.before("escape", "bare_url", _link_bare_url)
    parser.add_render_rule("image", _render_image)
    parser.add_render_rule("hr", _render_line)
    return parser


def _use_fediverse_tags(state: StateCore) -> None:
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    top = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - top + 2, 4)}"
    for token in state.tokens:
        for child in token.children or ():
            if child.type in ("s_open", "s_close"):
                child.tag = "del"


def _render_image(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    image = tokens[index]
    address = str(image.attrGet("src") or "")
    label = self.renderInlineAsText(image.children or [], options, env).strip() or address
    inside_link = sum(token.nesting for token in tokens[:index] if token.type.startswith("link_")) > 0
    if inside_link:
        return escapeHtml(label)
    return f'<a href="{escapeHtml(address)}">{escapeHtml(label)}</a>'


def _render_line(
    _self: RendererHTML, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return "<p>* * *</p>\n"


def _link_bare_url(state: StateInline, silent: bool) -> bool:
    """An inline rule: at the `://` of a bare address it makes the whole address a link.

    It works while the text is parsed, since afterwards `_` and `*` of the address would be gone.
    """
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = next((name for name in ("https", "http") if state.pending.lower().endswith(name)), None)
    if scheme is None or state.pending[: -len(scheme)][-1:].isalnum():
        return False
    end = _end_of_url(state.src, state.pos + 3, state.posMax)
    if end <= state.pos + 3:
        return False
    shown = state.src[state.pos - len(scheme) : end]
    address = state.md.normalizeLink(shown)
    if not state.md.validateLink(address):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme)]
        state.push("link_open", "a", 1).attrs = {"href": address}
        state.push("text", "", 0).content = shown
        state.push("link_close", "a", -1)
    state.pos = end
    return True


def _end_of_url(source: str, start: int, limit: int) -> int:
    end = start
    while end < limit and not source[end].isspace() and source[end] not in _URL_STOPS:
        end += 1
    open_brackets = {mark: source.count(mark, start, end) for mark in "()[]"}
    while end > start:
        last = source[end - 1]
        partner = _BRACKETS.get(last)
        if partner and open_brackets[last] > open_brackets[partner]:
            open_brackets[last] -= 1
        elif last not in _URL_TAIL:
            break
        end -= 1
    return end

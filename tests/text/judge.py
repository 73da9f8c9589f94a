"""Says whether HTML holds only what may be shown; it knows nothing of the sanitiser."""

from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "br", "pre", "ul", "ol", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})
_TAGS = _BLOCKS | {"span", "a", "del", "code", "em", "strong", "b", "i", "u"}
_ATTRIBUTES = {"a": {"href", "class", "rel"}, "span": {"class"}, "ol": {"start"}, "li": {"value"}}
_CLASSES = frozenset({"mention", "hashtag", "u-url", "ellipsis", "invisible", "h-card"})


class _Judge(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _TAGS, tag
        for name, value in attrs:
            assert name in _ATTRIBUTES.get(tag, ()), (tag, name)
            getattr(self, f"judge_{name}")(value or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def judge_href(self, value: str) -> None:
        assert value.lower().startswith(("https://", "http://", "mailto:")), value
        if "://" in value:
            authority = value.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
            assert authority, value
            assert "@" not in authority, value
        assert "\\" not in value, value
        assert not any(char.isspace() for char in value), value

    def judge_class(self, value: str) -> None:
        assert set(value.split()) <= _CLASSES, value

    def judge_rel(self, value: str) -> None:
        assert value == "nofollow noopener noreferrer ugc"

    def judge_start(self, value: str) -> None:
        assert value.isdigit()

    judge_value = judge_start


def check_is_harmless(html: str) -> None:
    """Raises AssertionError for anything beyond the tags, attributes, classes and links we allow."""
    judge = _Judge()
    judge.feed(html)
    judge.close()

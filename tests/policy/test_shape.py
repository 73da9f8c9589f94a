"""What a post looks like to the rules: variations share it, other texts do not, and no document breaks it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedchapter.policy.recent import keys_of
from fedchapter.policy.shape import CHARS_MAX, SKETCH, is_alike, read_shape

TEXT = (
    "Join our great new server now, free gifts for everybody, best friends, online chat all day and all night"
)


def shape(content: str, **fields: Any) -> Any:
    return read_shape({"content": f"<p>{content}</p>", **fields})


@pytest.mark.parametrize(
    "varied",
    [
        TEXT.upper(),
        TEXT.replace(" ", "  \n"),
        "\u200b".join(TEXT),
        "\uff2aoin" + TEXT[4:],
        f"@somebody@elsewhere.test {TEXT} 48151623",
        f'<a href="https://riverside.test/@riverside" class="u-url mention">@<span>riverside</span></a> {TEXT}',
        f'{TEXT} <a href="https://shop.example/{"x" * 40}?y=1">https://shop.example/xxx</a>',
        TEXT.replace("great", "<b>great</b>"),
        TEXT.replace("e", "é"),
        f"<!-- {'other words ' * 9}-->{TEXT}",
        f"<span class=invisible></span>{TEXT}<script>nothing</script>",
    ],
)
def test_what_people_read_alike_has_one_digest(varied: str) -> None:
    assert shape(varied).digest == shape(TEXT).digest != ""


@pytest.mark.parametrize("changed", [("great", "fantastic"), ("chat", "talk"), ("Join our", "Hey, join our")])
def test_a_changed_word_is_still_the_same_text(changed: tuple[str, str]) -> None:
    one, other = shape(TEXT), shape(TEXT.replace(*changed))
    assert one.digest != other.digest
    assert is_alike(set(one.sketch), set(other.sketch))


def test_other_texts_are_not_alike() -> None:
    texts = (
        "The meeting about the bridge is on Sunday at six in the hall, and there will be childcare and soup",
        "I think that the meeting should be later, because many of us work until seven and have children",
        "Could somebody bring the banner and the speaker from the garden to the hall before the rehearsal",
        TEXT,
    )
    shapes = [shape(text) for text in texts]
    assert [is_alike(set(a.sketch), set(b.sketch)) for i, a in enumerate(shapes) for b in shapes[:i]] == [
        False
    ] * 6


def test_scripts_without_spaces_are_compared_by_letters() -> None:
    one = "今すぐ私たちの素晴らしい新しいサーバーに参加してください無料の贈り物が皆さんを待っています"
    assert is_alike(set(shape(one).sketch), set(shape(one.replace("素晴らしい", "すてきな")).sketch))


@pytest.mark.parametrize("short", ["Thank you!", "+1", "👍", "See you there", ""])
def test_what_many_people_say_is_not_compared(short: str) -> None:
    assert keys_of(shape(short), frozenset()) == ()


def test_links_are_counted_without_mentions_and_hashtags() -> None:
    document = {
        "content": '<p><a href="https://a.test/@ana">@ana</a> '
        '<a href="https://b.test/tags/x" class="mention hashtag">#x</a>'
        '<a href="https://shop.example/1">buy</a> <a href="http://plain.example/">here</a></p>',
        "tag": [
            {"type": "Mention", "href": "https://a.test/@ana", "name": "@ana"},
            {"type": "Hashtag", "href": "https://b.test/tags/x", "name": "#x"},
        ],
        "attachment": {"type": "Document", "url": "https://a.test/1.png"},
    }
    found = read_shape(document)
    assert (found.hosts, found.links, found.mentions, found.media) == (
        ("shop.example", "plain.example"),
        2,
        1,
        1,
    )


def test_a_card_and_a_link_tag_are_links() -> None:
    document = {
        "content": "<p>look</p>",
        "attachment": [{"type": "Link", "href": "https://card.example/x"}, "https://a.test/picture.png"],
        "tag": {"type": "Link", "href": "https://quoted.example/1"},
    }
    assert read_shape(document).hosts == ("quoted.example", "card.example")


def test_misskeys_and_maps_of_languages_are_read() -> None:
    assert read_shape({"contentMap": {"de": "<p>Guten Tag</p>"}}).text == "guten tag"
    assert read_shape({"name": "Title", "summary": "CW", "content": "body"}).text == "title cw body"


def test_keys_of_our_own_server_make_no_wave() -> None:
    ours = shape('<a href="https://riverside.test/proposals/1">the proposal</a>')
    assert keys_of(ours, frozenset({"riverside.test"})) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "href", "name", "content", "tag", "attachment", "url", "contentMap", "id"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(
    st.dictionaries(st.sampled_from(["content", "name", "summary", "tag", "attachment", "contentMap"]), JSON)
)
def test_no_document_breaks_it(document: dict[str, Any]) -> None:
    found = read_shape(document)
    assert len(found.sketch) in (0, SKETCH)


def test_an_endless_text_is_cut() -> None:
    found = read_shape({"content": "<p>" * 60_000 + "a b " * 60_000, "tag": [{"type": "Mention"}] * 9000})
    assert len(found.text) <= CHARS_MAX * 2

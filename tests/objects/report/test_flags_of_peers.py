"""Flags of other servers' shapes: each becomes one report with the words as they were, and tells nobody."""

from typing import Any

import msgspec
import pytest

from tests.support.network import Chapter, World
from tests.support.peers import peer_message, speaker
from tests.support.threads import announced

WHO = "https://chapter.example/@riverside"
# file → words of the reporter, whether the post is named
SHAPES = [
    ("mastodon/flag.json", "This is not kind.\n\nPlease look at it.", True),
    ("mastodon/flag-actor-alone.json", "", False),
    ("gotosocial/flag.json", "misleading about the river", True),
    ("gotosocial/flag-actor-alone.json", "", False),
    ("akkoma/flag.json", "Rude & loud", True),
    ("lemmy/flag.json", "off topic", True),
    ("peertube/flag.json", "**Not** a film", True),
    ("mobilizon/flag.json", "this event is not real", True),
]


def flag(name: str, chapter: Chapter, root: str) -> dict[str, Any]:
    text = msgspec.json.encode(peer_message(name, root)).decode().replace(WHO, chapter.uri)
    message: dict[str, Any] = msgspec.json.decode(text)
    return message


async def the_report(chapter: Chapter) -> dict[str, Any]:
    [report] = await chapter.rows("SELECT * FROM report")
    return report


@pytest.mark.parametrize(("name", "words", "names_post"), SHAPES)
async def test_a_flag_becomes_a_report(world: World, name: str, words: str, names_post: bool) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    message = flag(name, chapter, root)
    sender = speaker(world, message)
    assert (await sender.tell(chapter, message))[0] == "done"
    report = await the_report(chapter)
    assert (report["text"], report["target_uri"], report["uri"]) == (words, chapter.uri, message["id"])
    assert (report["source"], report["host"], report["state"]) == ("flag", sender.host, "open")
    items = await chapter.rows("SELECT uri, is_known, evidence FROM report_item")
    assert [(item["uri"], bool(item["is_known"])) for item in items] == ([(root, True)] if names_post else [])
    assert all("We meet on Sunday." in item["evidence"] for item in items), "our words, not the sender's copy"
    [item] = await chapter.rows("SELECT sort, subject_uri, actor_uri, gravity FROM desk_item")
    assert (item["sort"], item["subject_uri"], item["actor_uri"]) == ("report", report["id"], chapter.uri)
    [line] = await chapter.rows("SELECT body, state FROM inbox_item")
    assert (line["body"], line["state"]) == ("", "done")
    assert await chapter.count("told") == 0, "whoever is reported hears nothing"


async def test_misskey_names_the_post_by_a_link_in_the_text(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    message = flag("misskey/flag.json", chapter, root)
    assert (await speaker(world, message).tell(chapter, message))[0] == "done"
    assert "Looks like an advertisement" in (await the_report(chapter))["text"]
    [item] = await chapter.rows("SELECT uri, is_known FROM report_item")
    assert (item["uri"], bool(item["is_known"])) == (root, True)


async def test_peertube_says_a_category(world: World) -> None:
    chapter = await world.chapter()
    message = flag("peertube/flag.json", chapter, await announced(chapter))
    await speaker(world, message).tell(chapter, message)
    assert (await the_report(chapter))["category"] == "spam"

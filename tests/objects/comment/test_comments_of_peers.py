"""Replies as the servers of the fediverse send them, each in its own shape."""

import pytest

from fedchapter.store.choices import choose
from fedchapter.store.kinds import find_where
from tests.support.network import World
from tests.support.peers import peer_message, speaker
from tests.support.threads import announced, known

REPLIES = {
    "gotosocial/create-reply.json": "I can bring chairs",
    "snac/create-reply.json": "See you there",
    "wordpress/create-reply.json": "Great idea",
    "fedify/create-reply.json": "count me in",
    "mastodon/create-reply.json": "Is it step free?",
    "misskey/create-reply.json": "nice",
    "lemmy/create-comment.json": "<strong>river</strong>",
    "piefed/create-comment.json": "We will spread the word",
}


@pytest.mark.parametrize("name", REPLIES)
async def test_a_reply_is_shown_as_a_comment(world: World, name: str) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    root = await announced(chapter)
    message = peer_message(name, root)
    sender = speaker(world, message)
    if name.startswith("fedify"):
        message = sender.prove(message)
    state = await sender.tell(chapter, message)
    assert state[0] == "done", state
    [comment] = await chapter.run(find_where(chapter.house.database, "kind = 'comment'"))
    assert REPLIES[name] in comment.html
    assert (comment.reply_to_uri, comment.root_uri, comment.owner_uri) == (root, root, sender.uri)
    assert (await known(chapter, root)).replies == 1


async def test_content_warnings_languages_and_pictures_come_along(world: World) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    root = await announced(chapter)
    for name in ("misskey/create-reply.json", "mastodon/create-reply.json"):
        message = peer_message(name, root)
        await speaker(world, message).tell(chapter, message)
    found = await chapter.run(find_where(chapter.house.database, "kind = 'comment' ORDER BY published_at"))
    from_mastodon, from_misskey = found
    assert (from_misskey.note, from_misskey.visibility) == ("spoiler", "unlisted")
    assert (from_mastodon.note, from_mastodon.language) == ("", "en")
    assert '"alt":"A ramp"' in from_mastodon.pictures
    assert "<img" not in from_mastodon.html and "files.social.example" not in from_mastodon.html


async def test_an_edit_and_a_bare_delete_of_gotosocial_are_understood(world: World) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    root = await announced(chapter)
    create = peer_message("gotosocial/create-reply.json", root)
    sender = speaker(world, create)
    await sender.tell(chapter, create)
    assert (await sender.tell(chapter, peer_message("gotosocial/update-reply.json", root)))[0] == "done"
    assert "ten chairs" in (await known(chapter, create["object"]["id"])).html
    assert (await sender.tell(chapter, peer_message("gotosocial/delete-reply.json", root)))[0] == "done"
    assert (await known(chapter, create["object"]["id"])).state == "gone"
    assert (await known(chapter, root)).replies == 0


async def test_a_delete_of_mastodon_before_its_create_wins(world: World) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "hold_first_replies", "no"))
    root = await announced(chapter)
    create = peer_message("mastodon/create-reply.json", root)
    sender = speaker(world, create)
    await sender.tell(chapter, sender.activity("Follow", chapter.uri))
    await sender.tell(chapter, peer_message("mastodon/delete-reply.json", root))
    assert (await sender.tell(chapter, create))[0] == "ignored"
    assert await chapter.count("known_object", "kind = 'comment'") == 0

"""Likes and shares as the servers of the fediverse send them, and as they take them back."""

import pytest

from tests.support.network import World
from tests.support.peers import peer_message, speaker
from tests.support.threads import announced, known

PAIRS = [
    ("gotosocial/like.json", "gotosocial/undo-like.json", (1, 0)),
    ("gotosocial/announce.json", "gotosocial/undo-announce.json", (0, 1)),
    ("mastodon/like.json", "mastodon/undo-like.json", (1, 0)),
    ("misskey/like-with-content.json", "misskey/undo-like.json", (1, 0)),
    ("lemmy/dislike.json", "lemmy/undo-dislike.json", (0, 0)),
]


@pytest.mark.parametrize(("made", "undone", "counts"), PAIRS)
async def test_a_reaction_is_counted_and_taken_back(
    world: World, made: str, undone: str, counts: tuple[int, int]
) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    message = peer_message(made, root)
    sender = speaker(world, message)
    assert (await sender.tell(chapter, message))[0] == "done"
    found = await known(chapter, root)
    assert (found.likes, found.boosts) == counts
    assert await sender.tell(chapter, peer_message(undone, root)) == ("done", "taken back")
    found = await known(chapter, root)
    assert (found.likes, found.boosts) == (0, 0)


async def test_an_emoji_of_akkoma_is_a_like(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    message = peer_message("akkoma/emoji-react.json", root)
    assert (await speaker(world, message).tell(chapter, message))[0] == "done"
    assert (await known(chapter, root)).likes == 1
    [row] = await chapter.rows("SELECT sort, sign FROM reaction")
    assert (row["sort"], row["sign"]) == ("like", "🔥")

"""From a signed POST to a row in the log."""

from tests.support.network import World


async def test_a_signed_activity_is_committed_before_it_is_accepted(each_world: World) -> None:
    chapter = await each_world.chapter()
    ada = each_world.stranger()
    answer = await ada.send(chapter, ada.activity("View", "https://elsewhere.test/1"))
    assert answer.status_code == 202, answer.text
    assert await chapter.count("inbox_item", "state = 'new'") == 1
    await chapter.settle()
    [(verb, state, reason)] = await chapter.log()
    assert (verb, state) == ("View", "ignored")
    assert "nothing is known" in reason


async def test_the_same_message_twice_is_one_row(world: World) -> None:
    chapter = await world.chapter()
    ada = world.stranger()
    activity = ada.activity("View", "https://elsewhere.test/1")
    for _ in range(2):
        assert (await ada.send(chapter, activity)).status_code == 202
    assert await chapter.count("inbox_item") == 1


async def test_rfc_9421_is_accepted_too(world: World) -> None:
    chapter = await world.chapter()
    ada = world.stranger()
    answer = await ada.send(chapter, ada.activity("View", "https://elsewhere.test/1"), rfc9421=True)
    assert answer.status_code == 202, answer.text


async def test_an_unsigned_post_is_refused(world: World) -> None:
    chapter = await world.chapter()
    async with chapter.client() as client:
        answer = await client.post("/inbox", content=b"{}")
    assert answer.status_code == 401
    assert await chapter.count("inbox_item") == 0

"""Our Question as Mastodon takes it: first sight, figures in batches, the end (wire.md §2.4)."""

from fedchapter.store.choices import choose
from tests.objects.proposal.receiver import Poll
from tests.objects.proposal.votes import answer, proposed
from tests.support.network import World


async def test_mastodon_would_take_our_poll_its_figures_and_its_end(world: World) -> None:
    chapter, ada, bob = await world.chapter(), world.stranger(), world.stranger("bob", "other.test")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    case = await proposed(chapter, "Bea", "Cem", title="Shall <we> & you?")
    await case.open()
    await world.settle()
    poll = Poll()

    def newest(receiver: list[dict[str, object]]) -> list[dict[str, object]]:
        return [one for one in receiver if dict(one["object"]).get("type") == "Question"]  # type: ignore[call-overload]

    poll.take(newest(ada.received)[0])
    assert poll.options == ["Yes", "No", "Abstain"]
    assert (poll.totals, poll.closed) == ([0, 0, 0], None)
    assert "Shall &lt;we&gt; &amp; you?" in poll.text
    assert "Only members of the chapter decide" in poll.text
    await case.cast("Bea", "yes")
    await case.cast("Cem", "abstain")
    await answer(bob, case, "No")
    assert len(newest(ada.received)) == 1, "figures wait for their batch"
    world.move(minutes=4)
    await world.settle()
    assert len(newest(ada.received)) == 2
    poll.take(newest(ada.received)[1])
    assert poll.totals == [1, 1, 1]
    assert [one["id"] for one in newest(bob.received)] == [newest(ada.received)[1]["id"]], (
        "voters' servers too"
    )
    world.move(hours=25)
    await world.settle()
    poll.take(newest(ada.received)[2])
    assert poll.closed == poll.ends
    assert len(newest(bob.received)) == 2


async def test_the_address_of_the_poll_serves_the_figures_of_this_moment(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter, "Bea")
    await case.open()
    for choice, totals in (("yes", [1, 0, 0]), ("no", [0, 1, 0])):
        await case.cast("Bea", choice)
        async with chapter.client() as client:
            answered = await client.get(f"{case.path}/poll", headers={"Accept": "application/activity+json"})
        assert "no-cache" in answered.headers["cache-control"]
        question = answered.json()
        assert [option["replies"]["totalItems"] for option in question["oneOf"]] == totals
        assert question["fc:members"] == {"yes": totals[0], "no": totals[1], "abstain": 0}
        assert question["fc:publicOpinion"] == {"yes": 0, "no": 0, "abstain": 0}
        assert "updated" not in question
        assert question["interactionPolicy"]["canQuote"]["automaticApproval"]


async def test_many_votes_in_one_window_send_one_update(world: World) -> None:
    chapter = await world.chapter()
    names = [f"Member {number}" for number in range(6)]
    case = await proposed(chapter, *names)
    await case.open()
    for name in names:
        await case.cast(name, "yes")
    assert await chapter.count("job", "name = 'send-tally'") <= 2
    world.move(minutes=4)
    await world.settle()
    assert await chapter.count("outbox_item", "kind = 'poll' AND verb = 'Update'") <= 2
    world.move(minutes=10)
    await world.settle()
    assert await chapter.count("outbox_item", "kind = 'poll' AND verb = 'Update'") <= 2


async def test_an_edit_before_the_vote_leaves_the_polls_first_text_alone(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter, "Bea")
    await case.open()
    before = await chapter.get_json(f"{case.path}/poll")
    world.move(hours=25)
    await world.settle()
    after = await chapter.get_json(f"{case.path}/poll")
    assert before["content"] == after["content"]
    assert after["closed"] == after["endTime"]


async def test_a_poll_keeps_its_language_when_the_chapter_takes_another(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    case = await proposed(chapter, "Bea")
    await case.open()
    before = await chapter.get_json(f"{case.path}/poll")
    await chapter.unit(lambda unit: choose(unit, "language", "es"))
    after = await chapter.get_json(f"{case.path}/poll")
    assert [option["name"] for option in after["oneOf"]] == ["Yes", "No", "Abstain"]
    assert after["content"] == before["content"]
    await answer(ada, case, "No")
    assert (await case.totals())[1] == (0, 1, 0)

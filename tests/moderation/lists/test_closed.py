"""The closed network: only allowed servers, by their exact names, are heard, answered, asked and sent to."""

import httpx
import pytest

from fedchapter.actors import find_follow
from fedchapter.errors import PeerRefused, Refusal
from fedchapter.federation.fetch import fetch_json
from fedchapter.moderation import audit
from fedchapter.moderation.audit import Judge
from fedchapter.moderation.lists import closed
from fedchapter.policy import set_mark
from fedchapter.signatures import HttpMessage, sign_cavage
from fedchapter.store import Unit
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.objects.announcement.support import announce
from tests.objects.proposal.votes import proposed
from tests.support.network import Chapter, Stranger, World
from tests.support.vouching import become_sisters

JUDGE = Judge("", "quiet weeks", batch="b")


async def closes(chapter: Chapter, *hosts: str) -> None:
    house = chapter.house
    await chapter.unit(lambda unit: closed.close_network(unit, house, hosts, JUDGE))
    await chapter.run(house.policy.refresh(house.database, chapter.clock.now()))


async def opens(chapter: Chapter) -> None:
    house = chapter.house
    await chapter.unit(lambda unit: closed.open_network(unit, house, JUDGE))
    await chapter.run(house.policy.refresh(house.database, chapter.clock.now()))


async def follows(chapter: Chapter, who: Stranger) -> str:
    row = await chapter.run(
        find_follow(chapter.house.database, follower_uri=who.uri, followed_uri=chapter.uri)
    )
    return str(row["state"]) if row else "none"


async def fetched(chapter: Chapter, uri: str, who: Stranger | None = None) -> httpx.Response:
    """The answer to a GET for the document, signed by somebody or by nobody."""
    headers = [("Accept", ACTIVITY_JSON)]
    if who is not None:
        message = HttpMessage("GET", uri, tuple(headers))
        headers += sign_cavage(message, key_id=who.key_id, key=who.key, now=chapter.clock.now())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=chapter.instance)) as client:
        return await client.get(uri, headers=headers)


@pytest.mark.parametrize(
    ("host", "heard"), [("good.test", True), ("sub.good.test", False), ("other.test", False)]
)
async def test_only_the_exact_names_that_were_allowed_are_heard(
    each_world: World, host: str, heard: bool
) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada", host)
    root = await announce(chapter, "We meet on Sunday.")
    await closes(chapter, "good.test")
    answer = await ada.send(chapter, ada.activity("Follow", chapter.uri))
    assert (answer.status_code == 202) is heard
    await chapter.settle()
    assert (await follows(chapter, ada) == "accepted") is heard
    # What it asks for is given only to whoever signs with an allowed name.
    for uri in (root, chapter.uri, f"{chapter.uri}/outbox?page=1"):
        assert ((await fetched(chapter, uri, ada)).status_code == 200) is heard, uri
        assert (await fetched(chapter, uri)).status_code == 401, uri
    # People with browsers read the page as before.
    assert (await chapter.client().get(root, follow_redirects=True)).status_code == 200


async def test_nothing_is_asked_of_or_sent_to_others_until_it_opens_again(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada", "far.test")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    heard = len(ada.received)
    await closes(chapter)
    await announce(chapter, "Nobody hears this.")
    await chapter.settle()
    assert len(ada.received) == heard
    with pytest.raises(PeerRefused):
        await chapter.run(fetch_json(chapter.house, ada.uri))
    await opens(chapter)
    assert await follows(chapter, ada) == "accepted"
    await announce(chapter, "We are back.")
    await chapter.settle()
    assert len(ada.received) > heard


async def test_sister_chapters_are_allowed_with_it_and_undoing_opens_again(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    await become_sisters(each_world, riverside, hillside)
    ada = each_world.stranger("ada", "far.test")
    await ada.tell(riverside, ada.activity("Follow", riverside.uri))
    preview = await riverside.run(
        closed.preview_closing(riverside.house.database, riverside.uri, riverside.host)
    )
    assert (preview.added, [one.host for one in preview.cut]) == ((hillside.host,), ["far.test"])
    assert (preview.cut[0].followers, preview.followers) == (1, 1)
    await closes(riverside)
    marks = riverside.house.marks
    assert (marks.decision(hillside.host), marks.decision("far.test")) == ("approved", "refuse")
    assert marks.decision(riverside.host) is None
    with pytest.raises(Refusal):
        await closes(riverside)
    await riverside.unit(lambda unit: audit.undo_batch(unit, "b", Judge("")))
    await riverside.run(riverside.house.policy.refresh(riverside.house.database, riverside.clock.now()))
    assert (marks.closed, marks.decision(hillside.host)) == (False, None)


async def test_what_was_suspended_by_hand_is_not_allowed_by_closing(world: World) -> None:
    chapter = await world.chapter()

    async def refuse(unit: Unit) -> None:
        await set_mark(unit, scope="host", subject="bad.test", decision="refuse")

    await chapter.unit(refuse)
    await closes(chapter, "bad.test")
    assert chapter.house.marks.decision("bad.test") == "refuse"


async def test_closing_does_not_cut_those_who_may_vote_while_a_vote_is_open(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    case = await proposed(chapter, "Ana")
    await case.open()

    async def link(unit: Unit) -> None:
        await unit.execute(
            "INSERT INTO identity (id, account_id, actor_uri, handle, host, moved_to_uri, linked_at) "
            "VALUES (?, ?, ?, ?, ?, '', ?)",
            *(unit.new_id(), case.members["Ana"], ada.uri, "@ada@elsewhere.test", ada.host, unit.now),
        )

    await chapter.unit(link)
    with pytest.raises(Refusal, match="takes two moderators"):
        await closes(chapter)
    await closes(chapter, ada.host)
    assert chapter.house.marks.decision(ada.host) == "approved"

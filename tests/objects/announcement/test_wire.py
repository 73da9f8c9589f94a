"""What our announcements look like to other servers."""

from typing import Any

import pytest

from fedchapter.objects.announcement import service
from fedchapter.objects.announcement.draft import Draft, Mentioned
from fedchapter.objects.announcement.pages.mentions import resolve_mentions
from fedchapter.signatures import verify_proof
from fedchapter.store.choices import choose
from fedchapter.store.kinds import count
from tests.objects.announcement.support import announce, followed_by, id_in
from tests.support.network import PUBLIC, Stranger, World


def sent(who: Stranger, verb: str) -> dict[str, Any]:
    """The one activity of that verb that they received."""
    [found] = [one for one in who.received if one["type"] == verb]
    return found


def has_nothing_empty(value: Any) -> bool:
    """PieFed fails on nulls, Gancio on empty lists (peers.md)."""
    if isinstance(value, dict):
        return all(has_nothing_empty(one) for one in value.values())
    if isinstance(value, list):
        return bool(value) and all(has_nothing_empty(one) for one in value)
    return value is not None


async def test_a_short_announcement_is_a_note_with_everything_in_its_content(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await followed_by(chapter, ada)
    uri = await announce(chapter, "We won! #RentStrike\nhttps://example.org", language="es")
    create = sent(ada, "Create")
    note = create["object"]
    assert note["id"] == note["url"] == uri and note["type"] == "Note" and "summary" not in note
    assert create["actor"] == note["attributedTo"] == chapter.uri
    assert note["to"] == create["to"] == [PUBLIC] and note["cc"] == [f"{chapter.uri}/followers"]
    tags = f'<a href="{chapter.settings.origin}/tags/rentstrike" class="mention hashtag" rel="tag">'
    assert f"{tags}#<span>RentStrike</span></a>" in note["content"]
    assert note["contentMap"] == {"es": note["content"]}
    [tag] = note["tag"]
    assert tag == {
        "type": "Hashtag",
        "name": "#RentStrike",
        "href": f"{chapter.settings.origin}/tags/rentstrike",
    }
    assert note["replies"] == f"{uri}/replies" and note["context"] == f"{uri}/context"
    assert note["source"]["mediaType"] == "text/markdown" and "updated" not in note
    assert has_nothing_empty(create)


async def test_the_activity_and_the_object_at_its_id_carry_proofs(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await followed_by(chapter, ada)
    uri = await announce(chapter, "Signed and sealed")
    keys = await chapter.run(chapter.house.keyring.get(chapter.uri))
    create = sent(ada, "Create")
    assert verify_proof(create, keys.ed25519.public_key())
    assert await chapter.get_json(create["id"]) == create
    served = await chapter.get_json(uri)
    assert verify_proof(served, keys.ed25519.public_key())
    assert served["content"] == create["object"]["content"]


async def test_a_long_announcement_is_an_article_with_a_teaser_and_a_preview(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await followed_by(chapter, ada)
    uri = await announce(chapter, "A & B agreed. " * 100, title="What we <agreed>")
    article = sent(ada, "Create")["object"]
    assert article["type"] == "Article" and article["name"] == "What we <agreed>"
    assert article["summary"].startswith("<p>A &amp; B agreed.") and len(article["summary"]) <= 500
    assert article["preview"]["type"] == "Note" and uri in article["preview"]["content"]
    assert "&lt;agreed&gt;" in article["preview"]["content"]


async def test_an_articles_warning_stands_in_place_of_its_teaser(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await followed_by(chapter, ada)
    await announce(chapter, "The details", title="What happened", warning="police violence")
    article = sent(ada, "Create")["object"]
    assert article["summary"] == "<p>Content warning: police violence</p>" and article["sensitive"] is True


async def test_a_text_too_long_for_a_timeline_gets_a_title_of_its_own(world: World) -> None:
    chapter = await world.chapter()
    uri = await announce(chapter, "First things first. " + "And so on, and so on. " * 400)
    article = await chapter.get_json(uri)
    assert article["type"] == "Article" and article["name"].startswith("First things first.")


async def test_who_is_named_is_addressed_and_told(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    text = "Thanks to @ada@elsewhere.test and @nobody@nowhere.test"
    mentions, lost = await chapter.run(resolve_mentions(chapter.house, text))
    assert [one.uri for one in mentions] == [ada.uri] and lost == ("@nobody@nowhere.test",)
    await announce(chapter, text, mentions=mentions)
    note = sent(ada, "Create")["object"]
    assert note["tag"] == [{"type": "Mention", "name": "@ada@elsewhere.test", "href": ada.uri}]
    assert ada.uri in note["cc"] and 'class="u-url mention">@<span>ada</span>' in note["content"]
    assert "@nobody@nowhere.test" in note["content"]


async def test_what_is_for_followers_is_shown_to_nobody_else(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await followed_by(chapter, ada)
    uri = await announce(chapter, "The address is 4 Mill Street", visibility="followers")
    create = sent(ada, "Create")
    assert create["to"] == [f"{chapter.uri}/followers"] and "interactionPolicy" not in create["object"]
    assert [one["type"] for one in ada.received] == ["Create"]
    async with chapter.client() as client:
        ask = {"Accept": "application/activity+json"}
        assert [(await client.get(one, headers=ask)).status_code for one in (uri, create["id"])] == [404, 404]
        assert (await client.get(uri)).status_code == 404
    outbox = await chapter.get_json("/@riverside/outbox?page=1")
    assert outbox["orderedItems"] == []
    member = await chapter.signed_in()
    assert "4 Mill Street" in (await member.get(uri)).text


async def test_the_server_actor_announces_the_bare_id_to_its_own_followers(world: World) -> None:
    chapter, relay = await world.chapter(), world.stranger("relay", "events.example", "Application")
    await relay.tell(chapter, relay.activity("Follow", chapter.settings.server_uri))
    relay.received.clear()
    uri = await announce(chapter, "Everybody come")
    [announced] = relay.received
    assert announced["type"] == "Announce" and announced["object"] == uri
    assert announced["actor"] == chapter.settings.server_uri
    await chapter.unit(lambda unit: service.delete(unit, id_in(uri)))
    await chapter.settle()
    assert sent(relay, "Delete")["object"] == {"id": uri, "type": "Tombstone", "formerType": "Note"}


async def test_an_update_says_when_and_keeps_published(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await followed_by(chapter, ada)
    uri = await announce(chapter, "Friday")
    world.move(hours=1)
    await chapter.unit(lambda unit: service.edit(unit, id_in(uri), Draft("Saturday")))
    await chapter.settle()
    create, update = sent(ada, "Create"), sent(ada, "Update")
    assert update["id"] != create["id"] and update["object"]["published"] == create["object"]["published"]
    assert update["object"]["updated"] > update["object"]["published"] and has_nothing_empty(update)


async def test_counts_are_on_the_object(world: World) -> None:
    chapter = await world.chapter()
    uri = await announce(chapter, "Like this")
    await chapter.unit(lambda unit: count(unit, uri, "likes", 3))
    note = await chapter.get_json(uri)
    assert note["likes"]["totalItems"] == 3 and note["shares"]["totalItems"] == 0


@pytest.mark.parametrize(
    ("choice", "quoter"),
    [("public", PUBLIC), ("followers", "{chapter}/followers"), ("nobody", "{chapter}")],
)
async def test_the_chapters_choice_of_quotes_is_on_every_public_object(
    world: World, choice: str, quoter: str
) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "quotes", choice))
    note = await chapter.get_json(await announce(chapter, "Quote me"))
    policy = note["interactionPolicy"]["canQuote"]
    assert policy == {"automaticApproval": [quoter.format(chapter=chapter.uri)]}


async def test_a_dangerous_address_of_a_mentioned_actor_is_no_link(world: World) -> None:
    chapter = await world.chapter()
    mention = Mentioned(
        "ada@elsewhere.test", "https://elsewhere.test/users/ada", "javascript:alert(1)", "ada"
    )
    uri = await announce(chapter, "Hello @ada@elsewhere.test", mentions=(mention,))
    assert "javascript:" not in (await chapter.get_json(uri))["content"]

"""Posts of real kinds of servers, fed in the shape in which each of them sends."""

from typing import Any

import pytest

from fedchapter.objects.announcement import service
from tests.objects.announcement.support import actor_at, follows, known, peer_message, shown
from tests.support.network import AS2, World


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gotosocial/create-note", "The union hall is open tonight"),
        ("snac/create-note", "soup kitchen at noon"),
        ("wordpress/create-note", "Minutes of the assembly"),
        ("mastodon/create-note", "March on Saturday"),
    ],
)
async def test_a_followed_actors_note_is_shown(world: World, name: str, words: str) -> None:
    chapter, message = await world.chapter(), peer_message(name)
    author = actor_at(world, message["actor"])
    await follows(chapter, author)
    assert await author.tell(chapter, message) == ("done", "the post is here")
    [uri] = await shown(chapter)
    found = await known(chapter, uri)
    assert found is not None and uri == message["object"]["id"]
    assert words in found.html and found.owner_uri == author.uri and found.title == ""
    assert await author.tell(chapter, message | {"id": f"{message['id']}2"}) == (
        "ignored",
        "it is known already",
    )


async def test_fedifys_note_with_a_proof_and_nanoseconds_is_shown(world: World) -> None:
    chapter, message = await world.chapter(), peer_message("fedify/create-note")
    author = actor_at(world, message["actor"])
    await follows(chapter, author)
    assert (await author.tell(chapter, author.prove(message), rfc9421=True))[0] == "done"
    found = await known(chapter, message["object"]["id"])
    assert found is not None and "Mill Street" in found.html


async def test_mastodons_warning_language_and_picture_are_kept(world: World) -> None:
    chapter, message = await world.chapter(), peer_message("mastodon/create-note")
    author = actor_at(world, message["actor"])
    await follows(chapter, author)
    await author.tell(chapter, message)
    found = await known(chapter, message["object"]["id"])
    assert found is not None and found.note == "politics" and found.language == "de"
    assert "A map of the route" in found.pictures and "files.social.example" not in found.html
    async with chapter.client() as client:
        page = (await client.get(f"/posts/{found.ref}")).text
        assert "A map of the route" in page and 'src="https://' not in page
        assert "Open it on files.social.example" in page and 'content="noindex"' in page
        assert message["object"]["url"] in page


@pytest.mark.parametrize("server", ["gotosocial", "mastodon"])
async def test_an_edit_and_a_deletion_are_followed(world: World, server: str) -> None:
    chapter, create = await world.chapter(), peer_message(f"{server}/create-note")
    author = actor_at(world, create["actor"])
    await follows(chapter, author)
    await author.tell(chapter, create)
    uri = create["object"]["id"]
    assert (await author.tell(chapter, peer_message(f"{server}/update-note")))[0] == "done"
    post = await chapter.run(service.find_post(chapter.house.database, uri=uri))
    assert post is not None and post.edited_at is not None
    assert len(await chapter.run(service.find_versions(chapter.house.database, post.id))) == 1
    assert (await author.tell(chapter, peer_message(f"{server}/delete-note")))[0] == "done"
    found = await known(chapter, uri)
    assert found is not None and found.state == "gone"
    assert await author.tell(chapter, create | {"id": f"{uri}/again"}) == (
        "ignored",
        "it was deleted before it arrived",
    )
    assert await shown(chapter) == []


@pytest.mark.parametrize("server", ["gotosocial", "mastodon"])
async def test_a_deletion_that_overtakes_its_create_wins(world: World, server: str) -> None:
    chapter, create = await world.chapter(), peer_message(f"{server}/create-note")
    author = actor_at(world, create["actor"])
    await follows(chapter, author)
    assert (await author.tell(chapter, peer_message(f"{server}/delete-note")))[0] == "ignored"
    assert await author.tell(chapter, create) == ("ignored", "it was deleted before it arrived")
    assert await shown(chapter) == []


async def test_an_update_that_overtakes_its_create_brings_the_post(world: World) -> None:
    chapter, create = await world.chapter(), peer_message("mastodon/create-note")
    author = actor_at(world, create["actor"])
    await follows(chapter, author)
    assert (await author.tell(chapter, peer_message("mastodon/update-note")))[0] == "done"
    assert (await author.tell(chapter, create))[0] == "ignored"
    found = await known(chapter, create["object"]["id"])
    assert found is not None and "Sunday" in found.html


async def test_mastodons_pin_is_remembered(world: World) -> None:
    chapter, create = await world.chapter(), peer_message("mastodon/create-note")
    add = peer_message("mastodon/add-featured")
    author = actor_at(world, create["actor"], featured=add["target"])
    await follows(chapter, author)
    await author.tell(chapter, create)
    assert await author.tell(chapter, add) == ("done", "pinned")
    found = await known(chapter, add["object"])
    assert found is not None and found.pinned_at is not None
    assert (await author.tell(chapter, add | {"type": "Remove"}))[1] == "pinned no longer"


async def test_gotosocials_share_is_shown_and_taken_back(world: World) -> None:
    chapter, announce = await world.chapter(), peer_message("gotosocial/announce-others-note")
    sharer, author = actor_at(world, announce["actor"]), world.stranger("tomas", "commons.example")
    await follows(chapter, sharer)
    author.note("Ten rules for meetings", id=announce["object"])
    assert await sharer.tell(chapter, announce) == ("done", "shared by somebody we follow")
    found = await known(chapter, announce["object"])
    assert found is not None and found.boosted_by_uri == sharer.uri and found.owner_uri == author.uri
    assert await shown(chapter) == [announce["object"]]
    undo = peer_message("gotosocial/undo-announce-others-note")
    assert await sharer.tell(chapter, undo) == ("done", "shared no longer")
    assert await shown(chapter) == []


async def test_nodebb_announces_an_article_twice_and_it_is_shown_once(world: World) -> None:
    chapter, first = await world.chapter(), peer_message("nodebb/announce-create-article")
    article: dict[str, Any] = first["object"]["object"]
    group, author = actor_at(world, first["actor"], "Group"), actor_at(world, article["attributedTo"])
    author.put(article["id"], article)
    await follows(chapter, group)
    assert (await group.tell(chapter, first))[0] == "done"
    assert await group.tell(chapter, peer_message("nodebb/announce-article")) == (
        "ignored",
        "they shared it before",
    )
    assert await shown(chapter) == [article["id"]]
    found = await known(chapter, article["id"])
    assert found is not None and found.title == article["name"] and "generator" in found.html
    assert found.boosted_by_uri == group.uri and found.boosts == 1


async def test_piefeds_page_is_shown_and_its_announced_deletion_followed(world: World) -> None:
    chapter, announce = await world.chapter(), peer_message("piefed/announce-create-page")
    page: dict[str, Any] = announce["object"]["object"]
    group, author = actor_at(world, announce["actor"], "Group"), actor_at(world, page["attributedTo"])
    author.put(page["id"], {"@context": AS2} | page)
    await follows(chapter, group)
    assert (await group.tell(chapter, announce))[0] == "done"
    found = await known(chapter, page["id"])
    assert found is not None and found.title == "Strike fund" and found.language == "en"
    author.put(page["id"], {"@context": AS2, "id": page["id"], "type": "Tombstone"}, status=410)
    gone = {"id": f"{page['id']}#delete", "type": "Delete", "actor": author.uri, "object": page["id"]}
    assert (await group.tell(chapter, group.activity("Announce", gone)))[1] == "the post is gone"
    assert await shown(chapter) == []

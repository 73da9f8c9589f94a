"""The chapter's own answers: written on a page, sent to everybody in the thread, edited, taken back."""

from typing import Any

import httpx

from fedchapter.federation.fetch import fetch_actor
from fedchapter.members import Role
from fedchapter.objects.comment import service
from fedchapter.objects.comment.draft import CommentDraft
from fedchapter.policy import set_mark
from fedchapter.signatures import verify_proof
from fedchapter.store import Known, know
from fedchapter.store.kinds import change
from tests.support.network import PUBLIC, Chapter, Stranger, World
from tests.support.threads import announced, known, members_of


async def meet(chapter: Chapter, *people: Stranger) -> None:
    for one in people:
        await one.tell(chapter, one.activity("Follow", f"{chapter.settings.origin}/nobody"))
        await chapter.unit(
            lambda unit, uri=one.uri: set_mark(unit, scope="actor", subject=uri, decision="approved")
        )


async def comments(chapter: Chapter, who: Stranger, to: str) -> str:
    note = who.note("<p>When?</p>", reply_to=to)
    await who.tell(chapter, who.create(note))
    return str(note["id"])


async def answer(chapter: Chapter, to: str, text: str = "At **three**") -> httpx.Response:
    client = await chapter.signed_in(Role.MODERATOR)
    posted = await client.post("/comments", data={"reply_to": to, "text": text})
    assert posted.status_code == 303, posted.text
    await chapter.settle()
    return posted


def posts_of(who: Stranger, verb: str) -> list[dict[str, Any]]:
    return [activity for activity in who.received if activity["type"] == verb]


async def test_an_answer_reaches_whom_it_answers_and_everybody_in_the_thread(each_world: World) -> None:
    chapter, ada, bob = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("bob", "far.test"),
    )
    await meet(chapter, ada, bob)
    root = await announced(chapter)
    asked = await comments(chapter, ada, root)
    await comments(chapter, bob, asked)
    posted = await answer(chapter, asked)
    [create] = posts_of(ada, "Create")
    assert posts_of(bob, "Create") == [create]
    note = create["object"]
    assert note["inReplyTo"] == asked
    assert note["content"] == "<p>At <strong>three</strong></p>"
    assert note["tag"] == [{"type": "Mention", "href": ada.uri, "name": "@ada@elsewhere.test"}]
    assert (note["to"], note["cc"]) == ([PUBLIC], [f"{chapter.uri}/followers", ada.uri])
    assert note["context"] == f"{root}/context"
    keys = await chapter.run(chapter.house.keyring.get(chapter.uri))
    assert verify_proof(create, keys.ed25519.public_key())
    served = await chapter.get_json(note["id"])
    assert {name: value for name, value in served.items() if name != "@context"} == note
    place = f"{root.removeprefix(chapter.settings.origin)}#comment-{note['id'].rpartition('/')[2]}"
    assert posted.headers["location"] == place
    page = await chapter.client().get(note["id"])
    assert (page.status_code, page.headers["location"]) == (303, place)
    assert note["id"] in await members_of(chapter, f"{root}/context")
    assert await members_of(chapter, f"{note['id']}/replies") == []


async def test_an_answer_to_another_chapter_arrives_there(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    root = await announced(hillside)
    await announced_elsewhere(riverside, root, hillside)
    await answer(riverside, root, "We come too")
    await each_world.settle()
    [row] = await hillside.rows("SELECT state, reason FROM inbox_item WHERE verb = 'Create'")
    assert row["state"] == "held"
    [there] = await hillside.rows("SELECT uri, root_uri FROM known_object WHERE kind = 'comment'")
    assert there["root_uri"] == root
    own = await riverside.get_json(there["uri"])
    assert "context" not in own, "the thread is theirs, and so is its context"
    assert own["tag"][0]["href"] == hillside.uri


async def announced_elsewhere(chapter: Chapter, uri: str, author: Chapter) -> None:
    """The chapter knows the other's announcement, and its actor."""
    await chapter.run(fetch_actor(chapter.house, author.uri))
    await chapter.unit(
        lambda unit: know(
            unit, Known(uri, "announcement", unit.new_id(), author.uri, unit.now, html="<p>x</p>")
        )
    )


async def test_an_edit_is_sent_as_an_update(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await meet(chapter, ada)
    asked = await comments(chapter, ada, await announced(chapter))
    await answer(chapter, asked)
    uri = posts_of(ada, "Create")[0]["object"]["id"]
    client = await chapter.signed_in(Role.MODERATOR)
    form = await client.get(f"{uri}/edit")
    assert "At **three**" in form.text
    world.move(minutes=5)
    assert (await client.post(f"{uri}/edit", data={"text": "At four"})).status_code == 303
    await chapter.settle()
    [update] = posts_of(ada, "Update")
    assert update["object"]["content"] == "<p>At four</p>"
    assert update["object"]["updated"] > update["object"]["published"]
    empty = await client.post(f"{uri}/edit", data={"text": " "})
    assert (empty.status_code, "Write something first" in empty.text) == (422, True)


async def test_a_deleted_answer_is_410_and_its_text_is_nowhere(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await meet(chapter, ada)
    root = await announced(chapter)
    asked = await comments(chapter, ada, root)
    await answer(chapter, asked, "secretwords")
    create = posts_of(ada, "Create")[0]
    uri = create["object"]["id"]
    client = await chapter.signed_in(Role.MODERATOR)
    assert (await client.post(f"{uri}/delete")).status_code == 303
    await chapter.settle()
    [delete] = posts_of(ada, "Delete")
    assert delete["object"] == {"id": uri, "type": "Tombstone", "formerType": "Note"}
    outside = chapter.client()
    gone = await outside.get(uri, headers={"Accept": "application/activity+json"})
    assert (gone.status_code, gone.json()["type"]) == (410, "Tombstone")
    assert (await outside.get(uri)).status_code == 410
    assert (await outside.get(create["id"])).status_code == 404
    assert (await known(chapter, root)).replies == 1
    for table, column in (("known_object", "html"), ("outbox_item", "body"), ("comment", "source")):
        assert await chapter.count(table, f"{column} LIKE '%secretwords%'") == 0


async def test_only_staff_answer_for_the_chapter(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    member = await chapter.signed_in(Role.MEMBER)
    form = {"reply_to": root, "text": "hello"}
    assert (await member.post("/comments", data=form)).status_code == 403
    assert (await chapter.client().post("/comments", data=form)).status_code == 403
    assert await chapter.count("comment") == 0


async def test_an_answer_to_what_is_not_shown_is_refused(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    await chapter.unit(lambda unit: change(unit, root, state="hidden"))
    client = await chapter.signed_in(Role.ADMIN)
    for uri in (root, "https://elsewhere.test/unknown", ""):
        assert (await client.post("/comments", data={"reply_to": uri, "text": "x"})).status_code == 404
        assert (await client.get("/comments/new", params={"uri": uri})).status_code == 404


async def test_somebody_named_in_an_answer_gets_it(world: World) -> None:
    chapter, ada, bob = await world.chapter(), world.stranger(), world.stranger("bob", "far.test")
    await meet(chapter, ada, bob)
    root = await announced(chapter)
    draft = CommentDraft(root, "Ask @bob@far.test and @nobody@far.test about <b>it</b> #Räume")
    written = await chapter.unit(lambda unit: service.write(unit, draft))
    await chapter.settle()
    [create] = posts_of(bob, "Create")
    hashtag = f"{chapter.settings.origin}/tags/r%C3%A4ume"
    assert create["object"]["tag"] == [
        {"type": "Mention", "href": bob.uri, "name": "@bob@far.test"},
        {"type": "Hashtag", "href": hashtag, "name": "#Räume"},
    ]
    assert f'href="{hashtag}"' in written.html
    assert 'href="https://far.test/@bob"' in written.html
    assert "<b>" not in written.html
    assert posts_of(ada, "Create") == []


async def test_the_form_shows_what_is_answered(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await meet(chapter, ada)
    asked = await comments(chapter, ada, await announced(chapter))
    client = await chapter.signed_in(Role.MODERATOR)
    page = await client.get("/comments/new", params={"uri": asked})
    assert page.status_code == 200
    assert "When?" in page.text
    assert f'value="{asked}"' in page.text

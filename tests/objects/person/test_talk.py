"""Comments under a public handle: at one's own chapter, at others, and what comes back."""

from typing import Any

from fedchapter.members import Role
from fedchapter.moderation.turning import SHOWN, turn
from fedchapter.policy import set_mark
from fedchapter.signatures import verify_proof
from tests.objects.announcement.support import announce
from tests.support.network import PUBLIC, Chapter, Stranger, World
from tests.support.persons import Bearer, bearer, choose_handle
from tests.support.threads import announced, known


async def publish(chapter: Chapter, text: str = "We **meet** on Sunday.") -> str:
    """A real announcement of the chapter, sent to its followers; its id."""
    client = await chapter.signed_in(Role.MODERATOR)
    answer = await client.post("/write", data={"text": text, "do": "publish", "visibility": "public"})
    assert answer.status_code == 303, answer.text
    await chapter.settle()
    [row] = await chapter.rows(
        "SELECT uri FROM known_object WHERE kind = 'announcement' AND local ORDER BY uri DESC"
    )
    return str(row["uri"])


async def follow(chapter: Chapter, other: Chapter) -> None:
    client = await chapter.signed_in(Role.ADMIN)
    name = other.settings.username
    assert (
        await client.post("/admin/following", data={"handle": f"@{name}@{other.host}"})
    ).status_code == 303
    await chapter.settle()


async def trust(chapter: Chapter, uri: str) -> None:
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=uri, decision="approved"))


async def notices(chapter: Chapter) -> list[str]:
    await chapter.settle()
    return [
        row["text"] for row in await chapter.rows("SELECT text FROM notice WHERE kind = 'reply' ORDER BY id")
    ]


def of(who: Stranger, verb: str) -> list[dict[str, Any]]:
    return [activity for activity in who.received if activity["type"] == verb]


async def test_a_comment_on_another_chapters_post_shows_on_both_sides(each_world: World) -> None:
    riverside, hillside = await each_world.chapter("riverside"), await each_world.chapter("hillside")
    await follow(riverside, hillside)
    await each_world.settle()
    root = await publish(hillside)
    await each_world.settle()
    ana = await bearer(riverside)
    await trust(hillside, ana.uri)
    uri = await ana.comment(root, "We come **too**")
    await each_world.settle()
    for chapter in (riverside, hillside):
        found = await known(chapter, uri)
        assert (found.owner_uri, found.state, found.root_uri) == (ana.uri, "shown", root)
        assert found.html == "<p>We come <strong>too</strong></p>"
    note = await riverside.get_json(uri)
    assert (note["attributedTo"], note["inReplyTo"]) == (ana.uri, root)
    assert note["to"] == [PUBLIC]
    assert note["cc"] == [f"{ana.uri}/followers", hillside.uri]
    [create] = await riverside.rows("SELECT body FROM outbox_item WHERE object_uri = ?", uri)
    assert "Member ana" not in create["body"]
    page = await hillside.client().get(root.removeprefix("https://hillside.test"))
    assert "Ana from the river" in page.text
    assert "@ana@riverside.test" in page.text


async def test_the_first_comment_of_a_stranger_from_another_chapter_waits_there(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    await follow(riverside, hillside)
    await world.settle()
    root = await publish(hillside)
    await world.settle()
    ana = await bearer(riverside)
    uri = await ana.comment(root, "We come too")
    await world.settle()
    assert (await known(hillside, uri)).state == "held"


async def test_a_comment_at_home_reaches_the_followers_of_the_chapter(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    root = await publish(chapter)
    ana = await bearer(chapter)
    uri = await ana.comment(root, "I bring tea")
    create = of(ada, "Create")[-1]
    assert (create["actor"], create["object"]["id"]) == (ana.uri, uri)
    keys = await chapter.run(chapter.house.keyring.get(ana.uri))
    assert verify_proof(create, keys.ed25519.public_key())
    [delivery] = await chapter.rows("SELECT actor_uri FROM delivery ORDER BY id DESC LIMIT 1")
    assert delivery["actor_uri"] == ana.uri


async def edits(ana: Bearer, uri: str, text: str = "Changed") -> int:
    path = uri.removeprefix(ana.chapter.settings.origin)
    return (await ana.client.post(f"{path}/edit", data={"text": text})).status_code


async def deletes(ana: Bearer, uri: str) -> int:
    path = uri.removeprefix(ana.chapter.settings.origin)
    return (await ana.client.post(f"{path}/delete")).status_code


async def test_only_whoever_wrote_a_comment_changes_it_and_moderators_may_hide_it(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    root = await announce(chapter, "We meet on Sunday.")
    ana, ben = await bearer(chapter), await bearer(chapter, "ben")
    organizer = await bearer(chapter, "olga", Role.ORGANIZER)
    moderator = await bearer(chapter, "mia", Role.MODERATOR)
    first, second = await ana.comment(root, "Mine"), await ana.comment(root, "Mine too")
    for other in (ben, organizer, moderator):
        assert await edits(other, first) == 403
        assert (
            await other.client.get(first.removeprefix(chapter.settings.origin) + "/edit")
        ).status_code == 403
    for other in (ben, organizer):
        assert await deletes(other, first) == 403
    assert await edits(ana, first) == 303
    assert (await known(chapter, first)).html == "<p>Changed</p>"
    await chapter.settle()
    assert await deletes(ana, first) == 303
    assert await deletes(moderator, second) == 403, "that could not be taken back"
    page = (await moderator.client.get(root)).text
    assert "Hide it" in page and "Hide it" not in (await ben.client.get(root)).text
    form = {"action": "hide", "target": second, "reason": "insults", "next": "/"}
    assert (await moderator.client.post("/admin/queue/thread/act", data=form)).status_code == 303
    await chapter.settle()
    assert [(await known(chapter, uri)).state for uri in (first, second)] == ["gone", "hidden"]
    assert await chapter.count("comment") == 1
    verbs = [
        (activity["type"], activity["actor"]) for activity in ada.received if activity["actor"] == ana.uri
    ]
    assert [verb for verb, _ in verbs] == ["Create", "Create", "Update", "Delete", "Update"]


async def test_a_person_cannot_change_what_the_chapter_wrote(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    ana = await bearer(chapter)
    staff = await chapter.signed_in(Role.MODERATOR)
    assert (
        await staff.post("/comments", data={"reply_to": root, "as": "chapter", "text": "Ours"})
    ).status_code == 303
    [row] = await chapter.rows("SELECT uri FROM known_object WHERE kind = 'comment'")
    assert await edits(ana, row["uri"]) == 403
    assert await deletes(ana, row["uri"]) == 403
    forged = await ana.client.post("/comments", data={"reply_to": root, "as": "chapter", "text": "As you"})
    assert forged.status_code == 303
    assert await chapter.count("known_object", "kind = 'comment' AND owner_uri = ?", chapter.uri) == 1


async def test_a_member_without_a_handle_is_told_how_to_take_part(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    client = await chapter.signed_in(Role.MEMBER)
    page = await client.get("/comments/new", params={"uri": root})
    assert page.status_code == 200
    assert "/me/handle?next=" in page.text
    assert "<textarea" not in page.text
    refused = await client.post("/comments", data={"reply_to": root, "text": "Hello"})
    assert refused.status_code == 403
    assert "public handle" in refused.text
    assert await chapter.count("outbox_item") == 0
    back = await choose_handle(client, "ana", next=f"/comments/new?uri={root}")
    assert back.headers["location"] == f"/comments/new?uri={root}"
    assert "@ana@riverside.test" in (await client.get("/comments/new", params={"uri": root})).text


async def test_answers_and_mentions_from_elsewhere_become_notices(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    root = await announced(chapter)
    ana, ben = await bearer(chapter), await bearer(chapter, "ben")
    uri = await ana.comment(root, "Who comes?")
    await ada.tell(chapter, ada.activity("Follow", ana.uri))
    await trust(chapter, ada.uri)
    note = ada.note("<p>I do</p>", reply_to=uri, cc=[ana.uri, ben.uri])
    assert (await ada.tell(chapter, ada.create(note), inbox=f"{ana.uri}/inbox"))[0] == "done"
    assert set(await notices(chapter)) >= {
        "%(name)s answered what you wrote.",
        "%(name)s mentioned you.",
    }
    told = await chapter.rows(
        "SELECT account.handle, notice.text FROM told JOIN notice ON notice.id = told.notice_id "
        "JOIN account ON account.id = told.account_id WHERE notice.kind = 'reply' AND notice.path LIKE '/comments/%'"
    )
    assert {(row["handle"], row["text"]) for row in told} == {
        ("ana", "%(name)s answered what you wrote."),
        ("ben", "%(name)s mentioned you."),
    }


async def test_a_held_answer_is_told_once_it_is_shown(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    ana = await bearer(chapter)
    uri = await ana.comment(root, "Who comes?")
    note = ada.note("<p>I do</p>", reply_to=uri, cc=[ana.uri])
    assert (await ada.tell(chapter, ada.create(note)))[0] == "held"
    assert await notices(chapter) == []
    staff = await chapter.signed_in(Role.MODERATOR)
    await staff.post("/admin/queue", data={"act": "approve", "uri": note["id"]})
    assert await notices(chapter) == ["%(name)s answered what you wrote."]


async def test_a_mention_in_a_held_answer_is_told_once_it_is_shown(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    ana = await bearer(chapter)
    words = f'<p><a href="{ana.uri}" class="u-url mention">@<span>ana</span></a> knows</p>'
    note = ada.note(words, reply_to=root, cc=[ana.uri], tag=[{"type": "Mention", "href": ana.uri}])
    assert (await ada.tell(chapter, ada.create(note)))[0] == "held"
    assert await notices(chapter) == []
    held = await known(chapter, note["id"])
    await chapter.unit(lambda unit: turn(unit, held, SHOWN))
    assert await notices(chapter) == ["%(name)s mentioned you."]


async def test_members_answer_each_other_and_hear_of_it(world: World) -> None:
    chapter = await world.chapter()
    root = await announced(chapter)
    ana, ben = await bearer(chapter), await bearer(chapter, "ben")
    uri = await ana.comment(root, "Who comes?")
    await ana.comment(uri, "Nobody?")
    assert await notices(chapter) == []
    answer = await ben.comment(uri, "I do, and @ana@riverside.test knows it")
    assert await notices(chapter) == ["%(name)s answered what you wrote."]
    note = await chapter.get_json(answer)
    assert {"type": "Mention", "href": ana.uri, "name": "@ana@riverside.test"} in note["tag"]


async def test_a_private_message_to_a_person_is_read_by_nobody_here(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    ana = await bearer(chapter)
    note = ada.note("<p>psst secret</p>", public=False, to=[ana.uri])
    state, reason = await ada.tell(chapter, ada.create(note), inbox=f"{ana.uri}/inbox")
    assert (state, "no private messages" in reason) == ("ignored", True)
    assert await chapter.count("message") == 0
    assert await chapter.count("inbox_item", "body LIKE '%psst%'") == 0
    assert [text for text in await notices(chapter) if "private message" in text]


async def test_somebody_elsewhere_who_claims_to_be_our_person_is_refused(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    root = await announced(chapter)
    ana = await bearer(chapter)
    note = ada.note("<p>As Ana</p>", reply_to=root, attributedTo=ana.uri)
    lie = ada.create(note) | {"actor": ana.uri, "id": f"{chapter.settings.origin}/activities/forged"}
    assert (await ada.send(chapter, lie)).status_code in (400, 401)
    state, _ = await ada.tell(chapter, ada.create(note))
    assert state == "refused"
    update = ada.activity(
        "Update", {"id": ana.uri, "type": "Person", "name": "Owned", "inbox": ada.uri + "/inbox"}
    )
    await ada.tell(chapter, update)
    assert (await chapter.get_json(ana.uri))["name"] == "Ana from the river"
    comment = await ana.comment(root, "Mine")
    for verb in ("Update", "Delete"):
        await ada.tell(chapter, ada.activity(verb, {"id": comment, "type": "Note", "content": "<p>Hers</p>"}))
    assert (await known(chapter, comment)).html == "<p>Mine</p>"

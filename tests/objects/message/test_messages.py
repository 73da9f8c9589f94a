"""Messages between the chapter and one other: stored apart, held from strangers, opened with a line in the log."""

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from fedchapter.actors import find_actor
from fedchapter.federation import Claim
from fedchapter.members import Role
from fedchapter.objects.message import service
from fedchapter.policy import set_mark
from fedchapter.signatures import HttpMessage, sign_cavage
from fedchapter.vocab.context import ACTIVITY_JSON
from fedchapter.vocab.normalise import normalise
from tests.support.network import Chapter, Stranger, World

PEERS = Path(__file__).parents[2] / "peers"
SECRET = "the landlord has my address"


def message(name: str) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode((PEERS / name).read_bytes())
    return found


def direct(chapter: Chapter, who: Stranger, text: str = SECRET, **fields: Any) -> dict[str, Any]:
    """Create of a Note to the chapter alone."""
    note = who.note(f"<p>{text}</p>", public=False, to=[chapter.uri], **fields)
    return who.create(note)


async def approve(chapter: Chapter, who: Stranger) -> None:
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=who.uri, decision="approved"))


async def page_of(chapter: Chapter, who: Stranger) -> str:
    [row] = await chapter.rows("SELECT id FROM actor WHERE uri = ?", who.uri)
    return f"/admin/messages/{row['id']}"


async def write(chapter: Chapter, who: Stranger, text: str) -> str:
    actor = await chapter.run(find_actor(chapter.house.database, who.uri))
    assert actor is not None
    return await chapter.unit(lambda unit: service.send(unit, actor, text, account_id=""))


async def texts_everywhere(chapter: Chapter) -> str:
    """Every text outside the table of messages that could show one."""
    found = ""
    for table in ("known_object", "inbox_item"):
        found += "".join(str(row) for row in await chapter.rows(f"SELECT * FROM {table}"))
    return found


async def test_a_message_from_mastodon_is_stored_for_staff_and_nowhere_else(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger("ada", "social.example")
    await approve(chapter, ada)
    state, reason = await ada.tell(chapter, message("mastodon/create-direct-note.json"))
    assert (state, reason) == ("done", "a message for the chapter: approved before")
    assert await chapter.count("message", "html LIKE ?", f"%{SECRET}%") == 1
    assert SECRET not in await texts_everywhere(chapter)
    async with chapter.client() as visitor:
        assert SECRET not in (await visitor.get("/")).text
    outbox = await chapter.get_json(f"{chapter.uri}/outbox?page=1")
    assert SECRET not in str(outbox)


async def test_a_strangers_message_from_gotosocial_waits(each_world: World) -> None:
    chapter, ben = await each_world.chapter(), each_world.stranger("ben", "gts.example")
    state, _ = await ben.tell(chapter, message("gotosocial/create-direct-note.json"))
    assert state == "held"
    moderator = await chapter.signed_in(Role.MODERATOR)
    listing = (await moderator.get("/admin/messages")).text
    assert "@ben@gts.example" in listing
    assert "can we talk" not in listing
    held = (await moderator.get("/admin/queue")).text
    assert "can we talk" not in held
    answer = await moderator.post(f"{await page_of(chapter, ben)}/decide", data={"act": "accept"})
    assert answer.status_code == 303
    assert (await ben.tell(chapter, direct(chapter, ben)))[0] == "done"


async def test_what_is_discarded_does_not_come_back(world: World) -> None:
    chapter, ben = await world.chapter(), world.stranger("ben", "gts.example")
    create = direct(chapter, ben)
    await ben.tell(chapter, create)
    moderator = await chapter.signed_in(Role.MODERATOR)
    await moderator.post(f"{await page_of(chapter, ben)}/decide", data={"act": "discard"})
    assert await chapter.count("message") == 0
    again = create | {"id": f"{create['id']}-again"}
    assert (await ben.tell(chapter, again))[0] == "ignored"
    assert await chapter.count("message") == 0


async def test_opening_a_conversation_leaves_a_line(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await approve(chapter, ada)
    await ada.tell(chapter, direct(chapter, ada))
    moderator = await chapter.signed_in(Role.MODERATOR, "Maya")
    assert await chapter.count("message_opened") == 0
    listing = (await moderator.get("/admin/messages")).text
    assert SECRET not in listing
    assert "1 unread" in listing
    page = (await moderator.get(await page_of(chapter, ada))).text
    assert SECRET in page
    assert "Maya, " in page
    [line] = await chapter.rows("SELECT actor_uri, account_id FROM message_opened")
    assert line["actor_uri"] == ada.uri
    assert "unread" not in (await moderator.get("/admin/messages")).text
    await moderator.get(await page_of(chapter, ada))
    assert await chapter.count("decision", "what = 'read-message'") == 1, "one line for each reader and hour"
    each_world.move(hours=2)
    await moderator.get(await page_of(chapter, ada))
    assert await chapter.count("decision", "what = 'read-message'") == 2
    log = (await moderator.get("/admin/decisions?what=read-message")).text
    assert "Read messages" in log
    assert SECRET not in log


@pytest.mark.parametrize("role", [None, Role.MEMBER])
async def test_members_and_visitors_see_no_messages(world: World, role: Role | None) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await approve(chapter, ada)
    await ada.tell(chapter, direct(chapter, ada))
    client = await chapter.signed_in(role) if role else chapter.client()
    for path in ("/admin/messages", await page_of(chapter, ada)):
        answer = await client.get(path)
        assert answer.status_code in (303, 403)
        assert SECRET not in answer.text
    assert await chapter.count("message_opened") == 0


async def test_the_chapter_answers_to_the_personal_inbox_alone(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await approve(chapter, ada)
    first = direct(chapter, ada)
    await ada.tell(chapter, first)
    moderator = await chapter.signed_in(Role.MODERATOR)
    answer = await moderator.post(await page_of(chapter, ada), data={"text": "We *help* you."})
    assert answer.status_code == 303
    await chapter.settle()
    [create] = ada.received
    note = create["object"]
    assert (create["to"], note["to"]) == ([ada.uri], [ada.uri])
    assert "cc" not in create
    assert "proof" not in create
    assert note["inReplyTo"] == first["object"]["id"]
    assert note["tag"] == [{"type": "Mention", "href": ada.uri, "name": "@ada@elsewhere.test"}]
    assert "<em>help</em>" in note["content"]


async def get_signed(chapter: Chapter, uri: str, who: Stranger) -> httpx.Response:
    """The document as `who` gets it with a signed request."""
    headers = sign_cavage(HttpMessage("GET", uri, ()), key_id=who.key_id, key=who.key, now=who.clock.now())
    async with chapter.client() as client:
        return await client.get(uri, headers={**dict(headers), "Accept": ACTIVITY_JSON})


async def test_only_the_one_addressed_can_get_the_message_by_its_id(each_world: World) -> None:
    chapter, ada, ben = (
        await each_world.chapter(),
        each_world.stranger(),
        each_world.stranger("ben", "gts.example"),
    )
    for one in (ada, ben):
        await one.tell(chapter, one.activity("Follow", chapter.uri))
    message_id = await write(chapter, ada, "Only for you")
    uri = chapter.settings.uri("messages", message_id)
    await chapter.settle()
    activity = ada.received[-1]["id"]
    assert (await get_signed(chapter, uri, ada)).json()["to"] == [ada.uri]
    assert (await get_signed(chapter, activity, ada)).json()["type"] == "Create"
    async with chapter.client() as visitor:
        for address in (uri, activity):
            assert (await get_signed(chapter, address, ben)).status_code == 404
            assert (await visitor.get(address, headers={"Accept": ACTIVITY_JSON})).status_code == 404
        assert (await visitor.get(uri)).status_code == 404
    moderator = await chapter.signed_in(Role.MODERATOR)
    assert (await moderator.get(uri)).headers["location"] == await page_of(chapter, ada)


async def test_a_message_to_a_handle_is_sent(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    moderator = await chapter.signed_in(Role.MODERATOR)
    page = await moderator.post("/admin/messages/new", data={"to": "@nobody@elsewhere.test", "text": "Hello"})
    assert page.status_code == 400
    assert "Hello" in page.text
    page = await moderator.post("/admin/messages/new", data={"to": "@ada@elsewhere.test", "text": "  "})
    assert (page.status_code, "There is no text yet" in page.text) == (400, True)
    page = await moderator.post("/admin/messages/new", data={"to": "@ada@elsewhere.test", "text": "Hello"})
    assert page.headers["location"] == await page_of(chapter, ada)
    await chapter.settle()
    assert ada.received[-1]["object"]["content"].strip() == "<p>Hello</p>"


async def test_a_message_of_ours_can_be_taken_back(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    message_id = await write(chapter, ada, "A mistake")
    moderator = await chapter.signed_in(Role.MODERATOR)
    path = f"{await page_of(chapter, ada)}/withdraw/{message_id}"
    assert (await moderator.post(path)).status_code == 303
    await chapter.settle()
    assert [one["type"] for one in ada.received] == ["Accept", "Create", "Delete"]
    assert await chapter.count("message") == 0
    assert (await moderator.post(path)).status_code == 404


async def test_what_was_sent_is_erased_from_the_log_once_it_arrived(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    await write(chapter, ada, "Only for you")
    await chapter.settle()
    admin = await chapter.signed_in(Role.ADMIN)
    assert "Only for you" not in (await admin.get("/admin/log?way=out")).text
    assert await chapter.count("outbox_item", "body LIKE '%Only for you%'") == 1
    each_world.move(days=6)
    await chapter.settle()
    assert await chapter.count("outbox_item", "body LIKE '%Only for you%'") == 0
    assert await chapter.count("message", "html LIKE '%Only for you%'") == 1


async def test_what_has_not_arrived_yet_is_kept_for_another_day(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    message_id = await write(chapter, ada, "Only for you")
    uri = chapter.settings.uri("messages", message_id)
    assert await chapter.unit(lambda unit: service.erase_sent(unit, uri)) is False
    await chapter.settle()
    assert await chapter.unit(lambda unit: service.erase_sent(unit, uri)) is True


async def test_the_sender_changes_and_deletes_a_message(each_world: World) -> None:
    chapter, ada, mallory = await each_world.chapter(), each_world.stranger(), each_world.stranger("mallory")
    for one in (ada, mallory):
        await approve(chapter, one)
    create = direct(chapter, ada)
    await ada.tell(chapter, create)
    note = create["object"] | {"content": "<p>never mind</p>"}
    forged = mallory.activity("Update", note | {"content": "<p>forged</p>"}, to=[chapter.uri])
    assert (await mallory.tell(chapter, forged))[0] == "refused"
    assert (await ada.tell(chapter, ada.activity("Update", note, to=[chapter.uri])))[0] == "done"
    [row] = await chapter.rows("SELECT html FROM message")
    assert row["html"].strip() == "<p>never mind</p>"
    assert "never mind" not in await texts_everywhere(chapter)
    assert (await mallory.tell(chapter, mallory.activity("Delete", note["id"])))[0] == "refused"
    assert (await ada.tell(chapter, ada.activity("Delete", note["id"])))[0] == "done"
    assert await chapter.count("message") == 0


async def test_a_delete_that_overtakes_its_create_wins(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await approve(chapter, ada)
    create = direct(chapter, ada)
    await ada.tell(chapter, create)
    await ada.tell(chapter, ada.activity("Delete", create["object"]["id"]))
    again = create | {"id": f"{create['id']}-again"}
    assert (await ada.tell(chapter, again))[0] == "ignored"
    assert await chapter.count("message") == 0


async def test_a_refused_actor_leaves_no_text(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=ada.uri, decision="refuse"))
    assert (await ada.tell(chapter, direct(chapter, ada)))[0] == "refused"
    assert await chapter.count("message") == 0
    assert SECRET not in await texts_everywhere(chapter)


async def test_the_messages_of_a_deleted_account_are_gone(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await approve(chapter, ada)
    await ada.tell(chapter, direct(chapter, ada))
    await ada.tell(chapter, ada.activity("Delete", ada.uri))
    assert await chapter.count("message") == 0


ME, ADA = "https://riverside.test/@riverside", "https://social.example/users/ada"
FOLLOWERS, PUBLIC = f"{ADA}/followers", "https://www.w3.org/ns/activitystreams#Public"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"to": [ME]}, ["message"]),
        ({"to": ME}, ["message"]),
        ({"to": [ME], "type": "ChatMessage"}, ["message"]),
        ({"to": [PUBLIC], "cc": [ME]}, ["announcement"]),
        ({"to": [FOLLOWERS], "cc": [PUBLIC, ME]}, ["announcement"]),
        ({"to": [FOLLOWERS], "cc": [ME]}, []),
        ({"to": ["https://social.example/users/ben"]}, []),
        ({"to": [ME], "name": "Yes", "content": None, "inReplyTo": f"{ME}/poll"}, ["vote"]),
        ({"to": [ME], "inReplyTo": "https://riverside.test/announcements/1"}, ["message"]),
    ],
)
async def test_who_is_addressed_decides_what_it_is(
    world: World, fields: dict[str, Any], expected: list[str]
) -> None:
    chapter = await world.chapter()
    note = {"id": f"{ADA}/1", "type": "Note", "attributedTo": ADA, "content": "<p>Hello</p>"} | fields
    create = {"id": f"{ADA}/1/activity", "type": "Create", "actor": ADA, "object": note}
    activity = normalise(create | {name: note[name] for name in ("to", "cc") if name in note})
    addressed = {*activity.to, *activity.cc}
    claim = Claim(activity, note, None, frozenset(addressed & {ME}), PUBLIC in addressed)
    assert chapter.instance.types.registry.kinds_of(claim) == expected


async def test_a8_a_neighbours_delete_silences_no_message_before_it_comes(each_world: World) -> None:
    chapter = await each_world.chapter()
    ada, mallory = each_world.stranger("ada", "shared.test"), each_world.stranger("mallory", "shared.test")
    await approve(chapter, ada)
    create = direct(chapter, ada)
    uri = create["object"]["id"]
    await mallory.tell(chapter, mallory.activity("Delete", uri))
    assert (await ada.tell(chapter, create))[0] == "done"
    assert await chapter.count("message", "uri = ?", uri) == 1

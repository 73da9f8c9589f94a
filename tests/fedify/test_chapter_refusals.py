"""No between a chapter and Fedify, from either side: blocks, refused servers and refused actors."""

from fedchapter.members import Role
from fedchapter.moderation.grouping import group_of_actor
from tests.fedify.steps import announce, followed_by, follows, known
from tests.support.fedify import FedifyPeer, PeerSays
from tests.support.network import AS2, PUBLIC
from tests.support.on_tcp import OpenChapter, Street


async def refuse_server(chapter: OpenChapter, fedify: FedifyPeer) -> None:
    """An admin refuses dan's whole server."""
    host = fedify.origin.removeprefix("http://")
    async with await chapter.signed_in(Role.ADMIN) as admin:
        form = {"host": host, "decision": "refuse", "reason": "spam", "confirmed": "yes"}
        answer = await admin.post("/admin/peers", data=form)
        assert answer.status_code == 303, answer.text


async def test_after_a_block_by_dan_nothing_goes_to_him(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    await followed_by(chapter, fedify)
    await follows(chapter, fedify)
    await chapter.hears()
    await fedify.forget()
    await fedify.block(chapter.uri)
    await chapter.hears()
    assert await chapter.count("follow") == 0
    await announce(chapter, "Not for dan.")
    assert await fedify.received() == []


async def test_after_an_unfollow_nothing_goes_to_dan(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    follow = await fedify.follow(chapter.uri)
    await chapter.hears()
    await fedify.undo(follow, to=chapter.uri)
    await chapter.hears()
    await fedify.forget()
    await announce(chapter, "Not for dan.")
    assert await fedify.received() == []


async def test_a_refused_server_gets_a_no_and_nothing_else(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    await followed_by(chapter, fedify)
    root = await announce(chapter, "Everybody is welcome.")
    await fedify.forget()
    await refuse_server(chapter, fedify)
    before = len(await chapter.log())
    try:
        await fedify.reply(root, "<p>Buy pills.</p>")
    except PeerSays as error:
        assert "403" in str(error)
    else:
        raise AssertionError("the inbox took it")
    [call] = await chapter.hears()
    assert call.status == 403
    assert len(await chapter.log()) == before
    await announce(chapter, "Not for dan.")
    assert await fedify.received() == []
    assert await chapter.rows("SELECT id FROM delivery WHERE state = 'due'") == []
    assert [row["state"] for row in await chapter.rows("SELECT state FROM follow")] == ["paused"]


async def test_a_refused_server_reads_nothing_under_authorized_fetch(
    fedify: FedifyPeer, street: Street
) -> None:
    chapter = await street.chapter(authorized_fetch=True)
    uri = await announce(chapter, "For readers with a good name.")
    assert (await fedify.get(uri)).status == 200
    await refuse_server(chapter, fedify)
    assert (await fedify.get(uri)).status == 401
    assert (await fedify.get(chapter.uri)).status == 401
    assert (await fedify.get(chapter.settings.server_uri)).status == 200


async def test_a_refused_actor_is_not_heard_and_gets_nothing(fedify: FedifyPeer, street: Street) -> None:
    chapter = await street.chapter(authorized_fetch=True)
    await followed_by(chapter, fedify)
    root = await announce(chapter, "Everybody is welcome.")
    reply = await fedify.reply(root, "<p>Buy pills.</p>")
    await chapter.hears()
    async with await chapter.signed_in(Role.MODERATOR) as moderator:
        form = {"act": "refuse-suspend", "seen": chapter.clock.now().isoformat(), "reason": "spam"}
        path = f"/admin/queue/{group_of_actor(fedify.actor_uri)}"
        assert (await moderator.post(path, data=form)).status_code == 303
    assert (await known(chapter, reply)).state == "hidden"
    await fedify.forget()
    for read in (root, chapter.uri):
        assert (await fedify.get(read)).status == 401
    said = (
        {"type": "Like", "object": root},
        {"type": "Follow", "object": chapter.uri},
        {
            "type": "Create",
            "object": {"id": f"{reply}-more", "type": "Note", "content": "Pills", "inReplyTo": root},
        },
    )
    for number, activity in enumerate(said):
        whole = {
            "@context": AS2,
            "id": f"{fedify.actor_uri}#{number}",
            "actor": fedify.actor_uri,
            "to": PUBLIC,
        }
        assert (await fedify.send(f"{chapter.uri}/inbox", whole | activity)).status == 202
    await chapter.hears(3)
    assert [state for _verb, state, _reason in await chapter.log()][-3:] == ["refused"] * 3
    assert await chapter.count("known_object", "uri = ?", f"{reply}-more") == 0
    assert (await known(chapter, root)).likes == 0
    await announce(chapter, "Not for dan.")
    assert await fedify.received() == []

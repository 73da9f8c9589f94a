"""A member with a public handle as Fedify sees her: found, verified, answered, liked, and gone."""

from fedchapter.members import Role
from fedchapter.policy import set_mark
from tests.fedify.steps import announce, counts, followed_by, known
from tests.support.fedify import FedifyPeer
from tests.support.on_tcp import OpenChapter

FORM = {"name": "Ana from the river", "source": "I **paddle**.", "read": "yes", "handle": "ana"}


async def test_fedify_verifies_what_a_person_writes_and_she_hears_what_it_answers(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    await followed_by(chapter, fedify)
    root = await announce(chapter, "We meet on Sunday.")
    await fedify.wait_for("Create")
    await fedify.forget()
    uri = f"{chapter.settings.origin}/@ana"
    async with await chapter.signed_in(Role.MEMBER) as ana:
        assert (await ana.post("/me/handle", data=FORM)).status_code == 303
        posted = await ana.post("/comments", data={"reply_to": root, "as": "me", "text": "I bring **tea**"})
        assert posted.status_code == 303, posted.text
        await chapter.settle()
        [create] = await fedify.wait_for("Create")
        assert (create.verified, create.proof, create.key_id) == (True, True, f"{uri}#main-key")
        comment = create.body["object"]["id"]
        assert (create.body["actor"], create.body["object"]["inReplyTo"]) == (uri, root)
        seen = await fedify.lookup(f"@ana@{chapter.host}")
        assert (seen["id"], seen["type"], seen["name"]) == (uri, "Person", "Ana from the river")
        assert (await fedify.lookup(comment))["attributedTo"] == uri
        await chapter.unit(
            lambda unit: set_mark(unit, scope="actor", subject=fedify.actor_uri, decision="approved")
        )
        await fedify.forget()
        reply = await fedify.reply(comment, "<p>And I cake.</p>")
        await chapter.hears()
        assert (await known(chapter, reply)).reply_to_uri == comment
        await fedify.like(comment)
        await chapter.hears()
        assert await counts(chapter, comment) == (1, 1, 0)
        answered = "SELECT 1 AS yes FROM notice WHERE text = '%(name)s answered what you wrote.'"
        assert await chapter.run(chapter.house.database.row(answered))
        assert (await ana.post("/me/handle/give-up", data={"sure": "yes"})).status_code == 303
        await chapter.settle()
    [delete] = await fedify.wait_for("Delete")
    assert (delete.body["actor"], delete.body["object"], delete.key_id) == (uri, uri, f"{uri}#main-key")
    assert (await fedify.get(uri)).status == 410
    assert (await fedify.get(comment)).status == 410


async def test_fedify_follows_a_person_who_decides_about_it(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    uri = f"{chapter.settings.origin}/@ana"
    async with await chapter.signed_in(Role.MEMBER) as ana:
        await ana.post("/me/handle", data=FORM | {"approves_followers": "yes"})
        await fedify.follow(f"@ana@{chapter.host}")
        await chapter.hears()
        assert await fedify.received("Accept") == []
        page = await ana.get("/me/handle/followers")
        assert fedify.handle in page.text
        row = await chapter.run(
            chapter.house.database.row("SELECT id FROM follow WHERE followed_uri = ?", uri)
        )
        assert row
        async with await chapter.signed_in(Role.ADMIN) as admin:
            refused = await admin.post(f"/admin/followers/{row['id']}", data={"act": "approve"})
            assert refused.status_code == 404
        answer = await ana.post(f"/me/handle/followers/{row['id']}", data={"act": "approve"})
        assert answer.status_code == 303
        await chapter.settle()
    [accept] = await fedify.wait_for("Accept")
    assert (accept.verified, accept.key_id) == (True, f"{uri}#main-key")

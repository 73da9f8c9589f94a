"""Flags between a chapter and Fedify, both ways: verified there, understood here, and nobody named."""

from fedchapter.members import Role
from tests.fedify.steps import announce, follows
from tests.support.fedify import FedifyPeer
from tests.support.network import AS2
from tests.support.on_tcp import OpenChapter


async def test_a_report_by_fedify_waits_for_a_moderator(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    root = await announce(chapter, "We meet on Sunday.")
    flag = await fedify.flag("<p>This is <b>not</b> true</p>", chapter.uri, root)
    [call] = await chapter.hears()
    assert call.status == 202
    [report] = await chapter.rows("SELECT id, uri, text, target_uri, host FROM report")
    assert (report["uri"], report["text"]) == (flag, "This is not true")
    assert (report["target_uri"], report["host"]) == (chapter.uri, fedify.origin.removeprefix("http://"))
    [item] = await chapter.rows("SELECT uri, evidence FROM report_item")
    assert item["uri"] == root
    assert "We meet on Sunday." in item["evidence"]
    async with await chapter.signed_in(Role.MODERATOR) as moderator:
        page = await moderator.get(f"/admin/reports/{report['id']}")
        assert "This is not true" in page.text
        assert fedify.actor_uri not in page.text
        closed = {"act": "close", "outcome": "acted"}
        assert (await moderator.post(f"/admin/reports/{report['id']}", data=closed)).status_code == 303
    await chapter.settle()
    assert await fedify.received("Accept") == [], "the outcome is for sister chapters"


async def test_fedify_verifies_our_report_and_its_answer_counts(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    await follows(chapter, fedify)
    await chapter.hears()
    note = await fedify.post("<p>Buy watches</p>", to=chapter.uri)
    await chapter.hears()
    async with await chapter.signed_in(Role.MODERATOR, "Mona") as moderator:
        form = {"target": fedify.actor_uri, "posts": note, "text": "Spam, we think."}
        sent = await moderator.post("/admin/reports/send", data=form)
        assert sent.status_code == 303, sent.text
        await chapter.settle()
        [flag] = await fedify.wait_for("Flag")
        assert (flag.status, flag.verified) == (202, True)
        server = f"{chapter.settings.origin}/actor"
        assert (flag.body["actor"], flag.key_id) == (server, f"{server}#main-key")
        assert flag.body["object"] == [fedify.actor_uri, note]
        assert flag.body["content"] == "Spam, we think."
        assert flag.path == "/users/dan/inbox"
        assert "Mona" not in str(flag.body)
        accept = {
            "@context": [AS2, {"fc": "https://w3id.org/fedchapter/ns#"}],
            "id": f"{fedify.origin}/answers/1",
            "type": "Accept",
            "actor": fedify.actor_uri,
            "object": {"id": flag.body["id"], "type": "Flag", "actor": server},
            "fc:reportOutcome": "acted",
        }
        assert (await fedify.send(f"{server}/inbox", accept)).status == 202
        await chapter.hears()
        page = await moderator.get(sent.headers["location"])
        assert "They say: Something was done about it" in page.text

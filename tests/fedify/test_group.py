"""A group of a chapter as Fedify sees it: an actor beside the chapter, with its own key and followers."""

from fedchapter.objects.group import service
from tests.fedify.steps import announce
from tests.objects.group.made import found
from tests.support.fedify import FedifyPeer
from tests.support.on_tcp import OpenChapter


async def test_fedify_follows_a_group_and_verifies_what_it_announces(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    group = await found(chapter)
    seen = await fedify.lookup(f"@harbour@{chapter.host}")
    assert (seen["id"], seen["type"]) == (group.actor_uri, "Group")
    await fedify.follow(f"@harbour@{chapter.host}")
    await chapter.hears()
    [accept] = await fedify.wait_for("Accept")
    assert (accept.verified, accept.key_id) == (True, f"{group.actor_uri}#main-key")
    await announce(chapter, "Of the chapter, for others.")
    uri = await announce(chapter, "The pier is open again.", author_uri=group.actor_uri)
    [create] = await fedify.wait_for("Create")
    assert (create.verified, create.proof, create.key_id) == (True, True, f"{group.actor_uri}#main-key")
    assert (create.body["actor"], create.body["object"]["id"]) == (group.actor_uri, uri)
    assert (await fedify.lookup(uri))["attributedTo"] == group.actor_uri


async def test_fedify_is_told_when_a_group_is_closed(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    group = await found(chapter)
    await fedify.follow(group.actor_uri)
    await chapter.hears()
    await fedify.wait_for("Accept")
    await chapter.unit(lambda unit: service.close_group(unit, group, by=""))
    await chapter.settle()
    [delete] = await fedify.wait_for("Delete")
    # Who kept the key of the group verifies with it; who asks for it gets 410, which says the same.
    assert (delete.status, delete.reason, delete.key_id) == (
        202,
        "keyFetchError",
        f"{group.actor_uri}#main-key",
    )
    assert delete.body["object"] == group.actor_uri
    assert (await fedify.get(group.actor_uri)).status == 410

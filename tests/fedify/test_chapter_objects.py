"""Events, proposals and polls of a chapter as Fedify reads them, and dan's answer to a poll."""

from tests.fedify.steps import followed_by
from tests.objects.event.made import publish, states
from tests.objects.proposal.votes import proposed
from tests.support.fedify import FedifyPeer
from tests.support.network import AS2
from tests.support.on_tcp import OpenChapter

_ACTORS = ("Group", "Application")


async def test_an_event_arrives_and_reads_as_an_event(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    await followed_by(chapter, fedify)
    event = await publish(chapter)
    await chapter.settle()
    [create] = await fedify.wait_for("Create")
    assert (create.verified, create.status, create.body["object"]["type"]) == (True, 202, "Event")
    assert create.proof is not False
    found = await fedify.lookup(event.uri)
    assert (found["id"], found["type"]) == (event.uri, "Event")
    assert (found["name"], found["attributedTo"]) == ("Tenants' assembly", chapter.uri)
    assert {"startTime", "endTime", "location"} <= found.keys()


async def test_dan_joins_an_event_and_is_told_that_he_may(fedify: FedifyPeer, chapter: OpenChapter) -> None:
    event = await publish(chapter)
    await chapter.settle()
    join = {
        "@context": AS2,
        "id": f"{fedify.origin}/joins/1",
        "type": "Join",
        "actor": fedify.actor_uri,
        "object": event.uri,
        "to": [chapter.uri],
    }
    answer = await fedify.send(f"{chapter.uri}/inbox", join, scheme="rfc9421")
    assert answer.status == 202, answer.text
    await chapter.hears()
    [accept] = await fedify.wait_for("Accept")
    assert (accept.verified, accept.status) == (True, 202)
    assert accept.body["object"]["id"] == join["id"]
    assert await states(chapter) == {fedify.actor_uri: "going"}


async def test_a_proposal_and_its_poll_read_as_article_and_question(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    await followed_by(chapter, fedify)
    case = await proposed(chapter, "Bea")
    await chapter.settle()
    [create] = await fedify.wait_for("Create")
    assert (create.verified, create.body["object"]["type"]) == (True, "Article")
    article = await fedify.lookup(f"{chapter.settings.origin}{case.path}")
    assert (article["type"], article["name"]) == ("Article", "Rent the old depot")
    await case.open()
    await chapter.settle()
    _, create = await fedify.wait_for("Create", count=2)
    assert (create.verified, create.body["object"]["type"]) == (True, "Question")
    assert create.proof is not False
    question = await fedify.lookup(case.poll)
    assert (question["type"], [one["name"] for one in question["oneOf"]]) == (
        "Question",
        ["Yes", "No", "Abstain"],
    )
    vote = await fedify.vote(case.poll, "Yes")
    await chapter.hears()
    assert (await chapter.log())[-1] == ("Create", "done", "an answer to our poll, counted as public opinion")
    assert await case.totals() == ((0, 0, 0), (1, 0, 0))
    assert await chapter.count("known_object", "uri = ?", vote) == 0
    again = await fedify.lookup(case.poll)
    assert (again["votersCount"], again["oneOf"][0]["replies"]["totalItems"]) == (1, 1)


async def test_every_public_document_of_the_chapter_can_be_read(
    fedify: FedifyPeer, chapter: OpenChapter
) -> None:
    for uri, type_ in zip((chapter.uri, chapter.settings.server_uri), _ACTORS, strict=True):
        found = await fedify.lookup(uri)
        assert (found["id"], found["type"]) == (uri, type_)
        assert found["publicKey"]["owner"] == uri
        kinds = [key["type"] for key in found["assertionMethod"]]
        assert set(kinds) == {"Multikey"}
    for name in ("outbox", "followers", "following", "featured"):
        collection = await fedify.lookup((await chapter.get_json(chapter.uri))[name])
        assert collection["type"] == "OrderedCollection"
        assert collection["totalItems"] == 0

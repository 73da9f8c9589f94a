"""A chapter with something of everything, whom to talk about, and what must hold of its rows whatever was sent."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from fedchapter.federation.fetch import fetch_actor
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.follow import service as following
from tests.objects.event.made import publish
from tests.objects.proposal.votes import proposed, vote_of
from tests.support.network import AS2, PUBLIC, Chapter, Stranger, World

PEERS = Path(__file__).parents[1] / "peers"
Json = dict[str, Any]


class Stage:
    """The chapter, an actor whom it follows, and the addresses that mean something there."""

    def __init__(self, world: World, chapter: Chapter, ada: Stranger) -> None:
        self.world, self.chapter, self.ada = world, chapter, ada
        self.ours: list[str] = []
        self.theirs: list[str] = []

    @property
    def uris(self) -> list[str]:
        """All of them."""
        return [*self.ours, *self.theirs, self.chapter.uri, self.ada.uri, self.chapter.settings.server_uri]

    async def furnish(self) -> None:
        """Something of every kind is there: an announcement, an event, an open vote of ours, and theirs."""
        chapter, ada = self.chapter, self.ada
        ada.put(ada.uri, ada.document(featured=f"{ada.uri}/featured"))
        await self.befriend()
        post = await chapter.unit(lambda unit: announcements.write(unit, Draft("We meet on Sunday.")))
        event = await publish(chapter, capacity=3)
        case = await proposed(chapter, "Bo", "Cy")
        await case.open(hours=500)
        await chapter.settle()
        self.ours = [chapter.settings.uri("announcements", post), event.uri, case.poll]
        self.ours.append(chapter.settings.origin + case.path)
        for message in self._theirs():
            await ada.tell(chapter, message)
        self.theirs = [
            row["uri"] for row in await chapter.rows("SELECT uri FROM known_object WHERE NOT local")
        ]

    async def befriend(self) -> None:
        """The two follow each other, whatever was sent before."""
        chapter, ada = self.chapter, self.ada
        actor = await chapter.run(fetch_actor(chapter.house, ada.uri))
        await chapter.unit(lambda unit: following.ask(unit, chapter.uri, actor))
        await chapter.settle()
        follow = [one for one in ada.received if one["type"] == "Follow"][-1]
        await ada.tell(chapter, ada.activity("Accept", follow))
        await ada.tell(chapter, ada.activity("Follow", chapter.uri))
        both = "(follower_uri = ? OR followed_uri = ?) AND state = 'accepted'"
        assert await chapter.count("follow", both, chapter.uri, chapter.uri) >= 2

    def _theirs(self) -> list[Json]:
        ada = self.ada
        post, reply = ada.note("<p>Mine</p>"), ada.note("<p>Yes</p>", reply_to=self.ours[0])
        return [
            ada.create(post),
            ada.create(reply),
            ada.activity("Like", self.ours[0]),
            self.event(),
            self.proposal(),
        ]

    def event(self) -> Json:
        """Create{Event}, Mobilizon's shape."""
        ada, start = self.ada, self.chapter.clock.now() + timedelta(days=3)
        event = ada.note(
            "<p>Come</p>",
            type="Event",
            name="Picnic",
            startTime=start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            endTime=(start + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            location={
                "type": "Place",
                "name": "Park",
                "address": {"type": "PostalAddress", "streetAddress": "1"},
            },
            joinMode="free",
            timezone="Europe/Lisbon",
            maximumAttendeeCapacity=9,
            participantCount=2,
            category="MEETING",
            uuid="2ae7fbcb-1a43-4b71-9a2c-0d2f0c2a9a01",
        )
        return ada.create(event)

    def proposal(self) -> Json:
        """Create{Article}, a chapter's shape."""
        article = self.ada.note("<p>Shall we?</p>", type="Article", name="A tree", summary="<p>One</p>")
        return self.ada.create(article | {"fc:stage": "discussion", "fc:versionHash": "sha-256:0"})

    def messages(self) -> list[Json]:
        """One proper message of each kind, of this actor and of other servers' shapes."""
        ada, chapter = self.ada, self.chapter
        tags = [{"type": "Hashtag", "name": "#trees"}]
        note = ada.note("<p>Hello #trees</p>", reply_to=self.ours[0], tag=tags)
        article = ada.note("<p>Long</p>", type="Article", name="Long", contentMap={"pt": "<p>Longo</p>"})
        direct = ada.note("<p>Psst</p>", public=False, to=[chapter.uri])
        own = [
            *(ada.create(one) for one in (note, article, direct)),
            ada.activity("Announce", ada.create(note)),
            ada.activity("QuoteRequest", self.ours[0], instrument=note["id"]),
            vote_of(ada, self.ours[2], "Yes", chapter),
            self.event(),
            self.proposal(),
            self._poll(),
        ]
        adopted = [self._adopt(path) for path in sorted(PEERS.glob("*/*.json"))]
        return [*own, *self._changes(), *self._relations(), *adopted]

    def _changes(self) -> list[Json]:
        ada, known = self.ada, [uri for uri in self.theirs if "/notes/" in uri]
        edited = ada.note("<p>Better</p>", updated="2027-01-01T00:00:00Z") | {"id": known[0]}
        return [
            ada.activity("Update", edited, to=[PUBLIC]),
            ada.activity("Update", ada.document(name="Ada L", summary="<p>Hi</p>")),
            ada.activity("Delete", {"id": known[-1], "type": "Tombstone"}),
            ada.activity("Delete", ada.uri + "/statuses/404"),
            ada.activity("Announce", known[0]),
            ada.activity("Add", known[0], target=f"{ada.uri}/featured"),
            ada.activity("Remove", known[0], target=f"{ada.uri}/featured"),
            ada.activity("Move", ada.uri, target="https://elsewhere.test/users/new"),
        ]

    def _relations(self) -> list[Json]:
        ada, chapter = self.ada, self.chapter
        return [
            ada.activity("Undo", ada.activity("Like", self.ours[0])),
            ada.activity("Undo", ada.activity("Follow", chapter.uri)),
            ada.activity("Follow", chapter.uri),
            ada.activity("Block", chapter.uri),
            ada.activity("Announce", self.ours[0]),
            ada.activity("Join", self.ours[1], participationMessage="two of us"),
            ada.activity("Leave", self.ours[1]),
            ada.activity("Accept", self.ours[1]),
            ada.activity("Accept", ada.activity("Follow", chapter.uri)),
            ada.activity("Reject", {"type": "Follow", "actor": chapter.uri, "object": ada.uri}),
            ada.activity("Flag", [chapter.uri, self.ours[0]], content="rude"),
            ada.activity("Offer", {"type": "Relationship", "subject": ada.uri, "object": chapter.uri}),
        ]

    def _poll(self) -> Json:
        ada = self.ada
        article = next(uri for uri in reversed(self.theirs) if "/notes/" in uri)
        figures = {"yes": 1, "no": 2, "abstain": 0}
        poll = ada.note("<p>Vote</p>", type="Question", oneOf=[{"type": "Note", "name": "Yes"}])
        return ada.create(poll | {"fc:stage": "voting", "fc:proposal": article, "fc:members": figures})

    def _adopt(self, path: Path) -> Json:
        """The message of another server's shape, as this actor would send it to this chapter."""
        text = path.read_text()
        places = {
            "{ACTOR}": self.ada.uri,
            "{PERSON}": self.ada.uri,
            "{GROUP}": self.ada.uri,
            "{HOST}": f"https://{self.ada.host}",
            "{EVENT}": self.ours[1],
            "{VERB}": "Create",
            "THE-POST": self.ours[0],
            "https://chapter.example/announcements/1": self.ours[0],
            "https://chapter.example/@chapter": self.chapter.uri,
        }
        for place, value in places.items():
            text = text.replace(place, value)
        actor = str(msgspec.json.decode(text)["actor"])
        host = actor.split("/")[2]
        text = text.replace(actor, self.ada.uri).replace(f"https://{host}/", f"https://{self.ada.host}/")
        adopted: Json = msgspec.json.decode(text)
        return {"@context": AS2} | adopted


async def broken_rows(chapter: Chapter) -> list[str]:
    """What is wrong with the chapter's rows, in words; nothing when all is well."""
    found = []
    for words, query in _RULES.items():
        rows = await chapter.rows(query.replace("{here}", f"'{chapter.settings.origin}/%'"))
        found += [f"{words}: {row}" for row in rows]
    return found


_RULES = {
    "not ended": "SELECT id, verb, state, reason FROM inbox_item WHERE state NOT IN "
    "('done', 'held', 'ignored', 'refused') AND reason NOT LIKE 'will be tried again: %'",
    "our own fault": "SELECT id, verb, reason FROM inbox_item WHERE reason LIKE '%fault%' OR reason LIKE '%Error%'",
    "somebody else's object on our host": "SELECT uri FROM known_object WHERE NOT local AND uri LIKE {here}",
    "ours on another host": "SELECT uri FROM known_object WHERE local AND uri NOT LIKE {here}",
    "somebody else's actor on our host": "SELECT uri FROM actor WHERE NOT local AND uri LIKE {here}",
    "a count below zero": "SELECT uri FROM known_object WHERE likes < 0 OR boosts < 0 OR replies < 0",
    "likes miscounted": "SELECT uri, likes FROM known_object AS one WHERE likes <> "
    "(SELECT count(*) FROM reaction WHERE object_uri = one.uri AND sort = 'like')",
    "replies miscounted": "SELECT uri, replies FROM known_object AS one WHERE local AND kind <> 'comment' AND "
    "replies <> (SELECT count(*) FROM known_object AS two WHERE two.root_uri = one.uri AND two.kind = 'comment' "
    "AND two.state = 'shown')",
    "an event nobody knows": "SELECT uri FROM event WHERE NOT EXISTS "
    "(SELECT 1 FROM known_object WHERE known_object.uri = event.uri AND known_object.ref = event.id)",
    "an announcement nobody knows": "SELECT uri FROM announcement WHERE state <> 'scheduled' AND NOT EXISTS "
    "(SELECT 1 FROM known_object WHERE known_object.uri = announcement.uri)",
    "a proposal nobody knows": "SELECT uri FROM remote_proposal WHERE NOT EXISTS "
    "(SELECT 1 FROM known_object WHERE known_object.uri = remote_proposal.uri)",
    "a shown thing without its row": "SELECT uri FROM known_object WHERE kind = 'event' AND state <> 'gone' "
    "AND NOT EXISTS (SELECT 1 FROM event WHERE event.id = known_object.ref)",
    "a comment on nothing": "SELECT uri FROM known_object WHERE kind = 'comment' AND NOT EXISTS "
    "(SELECT 1 FROM known_object AS above WHERE above.uri = known_object.reply_to_uri)",
    "an answer counted wrongly": "SELECT uri, going FROM event WHERE local AND going <> "
    "(SELECT count(*) FROM answer WHERE answer.event_id = event.id AND answer.state = 'going')",
    "gone but not emptied": "SELECT uri FROM known_object WHERE state = 'gone' AND (html <> '' OR title <> '')",
}

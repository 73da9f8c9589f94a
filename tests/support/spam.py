"""A wave of spam as it was seen in February 2024, made anew from a seed, with genuine posts among it.

operations.md §1.4: automated accounts on hundreds of small servers, a few texts with small variations, mentions, links
and pictures. Everything goes into the inbox as rows, since signatures are not what is tried here.
"""

import asyncio
import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from fedchapter.actors import ActorFacts, store_actor
from fedchapter.federation.inlet import Arrival
from fedchapter.policy import set_mark
from fedchapter.store import Unit
from tests.support.chapter import Chapter

AS2 = "https://www.w3.org/ns/activitystreams"
PUBLIC = f"{AS2}#Public"
WORDS = (
    "join", "our", "great", "new", "server", "now", "free", "gifts", "for", "everybody", "best",
    "friends", "online", "chat", "all", "day", "win", "prizes", "fast", "easy", "money", "click",
    "here", "today", "only", "limited", "offer", "trusted", "by", "thousands", "come", "and", "see",
    "what", "we", "have", "made", "for", "you", "never", "again", "so", "cheap", "lovely", "pictures",
    "waiting", "crew", "rules", "the", "night", "tell", "your", "friends", "about", "this", "place",
    "honest", "deal",
)  # fmt: skip
GENUINE = (
    "meeting", "agenda", "tenants", "rent", "minutes", "library", "bus", "strike", "picket", "union",
    "clinic", "garden", "school", "budget", "council", "river", "hall", "ward", "petition", "ramp",
    "kitchen", "speaker", "banner", "childcare", "notes", "motion", "treasurer", "vote", "delegate",
    "neighbours", "heating", "repair", "bridge", "flood", "harvest", "seeds", "choir", "rehearsal",
    "bicycle", "lane", "crossing", "market", "bakery", "workshop", "archive", "photographs",
)  # fmt: skip
SHOPS = tuple(f"shop{number}.example" for number in range(5))
INVISIBLE = ("\u200b", "\u200d", "\u2060", "")


@dataclass(frozen=True, slots=True)
class Post:
    """One post on its way: of whom, what it says, and whether it is spam."""

    uri: str
    actor: str
    body: dict[str, Any]
    sort: str
    minute: int


def actor_of(name: str, host: str) -> str:
    """The actor's URI."""
    return f"https://{host}/users/{name}"


class Wave:
    """Posts in answer to one announcement: `spam` of them from `hosts` servers in `texts` texts, and `genuine` ones."""

    def __init__(
        self, seed: int, root: str, *, spam: int, hosts: int, texts: int, genuine: dict[str, int]
    ) -> None:
        self.random = random.Random(seed)
        self.root = root
        self._texts = [self._text(WORDS, 14) for _ in range(texts)]
        self.posts = [self._spam(number, hosts) for number in range(spam)]
        for sort, total in genuine.items():
            self.posts += [self._genuine(sort, number) for number in range(total)]
        self.posts.sort(key=lambda post: (post.minute, post.uri))

    def uris(self, *sorts: str) -> list[str]:
        """The posts of those sorts."""
        return [post.uri for post in self.posts if post.sort in sorts]

    def actors(self, *sorts: str) -> list[str]:
        """The authors of those sorts, each once."""
        return list(dict.fromkeys(post.actor for post in self.posts if post.sort in sorts))

    def _text(self, words: Sequence[str], length: int) -> str:
        return " ".join(self.random.choice(words) for _ in range(length))

    def _spam(self, number: int, hosts: int) -> Post:
        host = f"small{self.random.randrange(hosts)}.test"
        actor = actor_of(f"{self.random.choice('abcdefgh')}{self.random.randrange(1000)}", host)
        text = self._varied(self.random.choice(self._texts))
        if self.random.random() < 0.7:
            path = self.random.randrange(10**9)
            link = f"https://{self.random.choice(SHOPS)}/{path}?ref={number}"
            text += f' <a href="{link}">{link}</a>'
        return self._post(actor, f"https://{host}/notes/{number}", text, "spam", media=number % 2)

    def _varied(self, text: str) -> str:
        """The same text to people, another one to machines."""
        words = text.split()
        if self.random.random() < 0.3:
            words[self.random.randrange(len(words))] = self.random.choice(WORDS)
        if self.random.random() < 0.5:
            words = [word.upper() if self.random.random() < 0.3 else word for word in words]
        words.append(str(self.random.randrange(10_000)))
        return " ".join(word + self.random.choice(INVISIBLE) for word in words)

    def _genuine(self, sort: str, number: int) -> Post:
        host = f"{sort}{number % 3}.test"
        name = f"{sort}{number}" if sort == "stranger" else f"{sort}{number % 3}"
        text = self._text(GENUINE, 16)
        return self._post(actor_of(name, host), f"https://{host}/notes/{sort}{number}", text, sort)

    def _post(self, actor: str, uri: str, text: str, sort: str, media: int = 0) -> Post:
        note = {
            "id": uri,
            "type": "Note",
            "attributedTo": actor,
            "inReplyTo": self.root,
            "content": f"<p>{text}</p>",
            "to": [PUBLIC],
            "cc": [f"{actor}/followers"],
            "tag": [
                {"type": "Mention", "href": self.root.partition("/announcements")[0], "name": "@riverside"}
            ],
            "attachment": [{"type": "Document", "mediaType": "image/png", "url": f"{uri}.png"}] * media,
        }
        return Post(uri, actor, note, sort, self.random.randrange(60))


async def know_authors(chapter: Chapter, wave: Wave) -> None:
    """All authors are known, as whoever sent a signed message is; those approved were approved."""

    async def store(unit: Unit) -> None:
        for uri in dict.fromkeys(post.actor for post in wave.posts):
            await store_actor(unit, ActorFacts(uri, "Person", uri.rpartition("/")[2], f"{uri}/inbox"))
        for uri in wave.actors("approved"):
            await set_mark(unit, scope="actor", subject=uri, decision="approved")
        for uri in wave.actors("followed", "sister"):
            await _follow(unit, unit.settings.chapter_uri, uri)
        for uri in wave.actors("sister"):
            await _follow(unit, uri, unit.settings.chapter_uri)
            await unit.execute(
                "INSERT INTO sister (id, actor_uri, state, our_offer_uri, their_offer_uri, changed_at) "
                "VALUES (?, ?, 'sisters', '', '', ?)",
                unit.new_id(),
                uri,
                unit.now,
            )

    await chapter.unit(store)


async def _follow(unit: Unit, follower: str, followed: str) -> None:
    await unit.execute(
        "INSERT INTO follow (id, uri, follower_uri, followed_uri, state, created_at, decided_at) "
        "VALUES (?, ?, ?, ?, 'accepted', ?, ?)",
        unit.new_id(),
        f"{follower}#follow-{followed}",
        follower,
        followed,
        unit.now,
        unit.now,
    )


async def arrive(chapter: Chapter, posts: Sequence[Post]) -> None:
    """These came in, and were worked off."""
    inlet, now = chapter.instance.state.inlet, chapter.clock.now()

    async def work() -> None:
        await asyncio.gather(*(inlet.put(arrival(post, now)) for post in posts))
        while await chapter.instance.processor.work():
            pass

    await chapter.run(work())


def arrival(post: Post, now: datetime) -> Arrival:
    """The post's Create as the inbox stores it."""
    activity = {
        "@context": AS2,
        "id": f"{post.uri}/activity",
        "type": "Create",
        "actor": post.actor,
        "object": post.body,
        "to": post.body["to"],
        "cc": post.body["cc"],
    }
    body = msgspec.json.encode(activity).decode()
    return Arrival(
        fingerprint=hashlib.sha256(body.encode()).hexdigest(),
        actor_uri=post.actor,
        activity_uri=activity["id"],
        verb="Create",
        host=post.actor.split("/")[2],
        object_uri=post.uri,
        body=body,
        signed_by=f"{post.actor}#main-key",
        received_at=now,
    )

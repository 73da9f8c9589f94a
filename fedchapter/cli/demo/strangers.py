"""People on servers that do not exist, so that one sees how strangers look.

What they say is given to the services as if it had come over the wire. Nobody follows from there, and no chapter
answers in a thread after one of them has: nothing is sent to a name that nobody answers for.
"""

from dataclasses import dataclass

from ...actors import ActorFacts, store_actor
from ...objects.comment.draft import RemoteComment
from ...objects.comment.service import receive
from ...objects.reaction.draft import ReactionDraft
from ...objects.reaction.service import react
from ...policy import set_mark
from ...store import Unit, find_known
from ...text import clean
from .stage import Chapter


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody elsewhere."""

    username: str
    name: str
    host: str

    @property
    def uri(self) -> str:
        """Their id, of the form that Mastodon gives."""
        return f"https://{self.host}/users/{self.username}"


ADA = Stranger("ada", "Ada Lindqvist", "social.example")
BELA = Stranger("bela", "Béla", "photos.example")
RIO = Stranger("rio_88", "Rio", "new-here.example")
CHEAP = Stranger("best_offers", "Best Offers", "shop-now.example")


async def arrive(chapter: Chapter, *strangers: Stranger) -> None:
    """The chapter knows them as actors."""

    async def service(unit: Unit) -> None:
        for one in strangers:
            inbox = f"{one.uri}/inbox"
            url = f"https://{one.host}/@{one.username}"
            await store_actor(
                unit, ActorFacts(one.uri, "Person", one.username, inbox, name=one.name, url=url)
            )

    await chapter.unit(service)


async def approve(chapter: Chapter, stranger: Stranger) -> None:
    """What they write is shown at once."""

    async def service(unit: Unit) -> None:
        await set_mark(
            unit, scope="actor", subject=stranger.uri, decision="approved", reason="known from the mill"
        )

    await chapter.unit(service)


async def reply(chapter: Chapter, stranger: Stranger, to_uri: str, html: str) -> str:
    """Their answer is under what it answers; returns its id."""

    async def service(unit: Unit) -> str:
        parent = await find_known(unit, to_uri)
        assert parent is not None
        uri = f"{stranger.uri}/statuses/{unit.new_id()}"
        comment = RemoteComment(uri, stranger.uri, clean(html), "", uri, "en", "public", unit.now, None)
        await receive(unit, comment, parent, held=False)
        return uri

    return await chapter.unit(service)


async def like(chapter: Chapter, uri: str, *strangers: Stranger) -> None:
    """They like what has that URI."""

    async def service(unit: Unit) -> None:
        for one in strangers:
            await react(unit, ReactionDraft(f"{one.uri}#likes/{unit.new_id()}", one.uri, uri, "like"))

    await chapter.unit(service)


async def boost(chapter: Chapter, uri: str, stranger: Stranger) -> None:
    """They boost what has that URI."""

    async def service(unit: Unit) -> None:
        await react(unit, ReactionDraft(f"{stranger.uri}/boosts/{unit.new_id()}", stranger.uri, uri, "boost"))

    await chapter.unit(service)

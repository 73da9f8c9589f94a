"""What leaves when something happens to an announcement.

DESIGN §3 (the server actor announces ids, the chapter the objects); wire.md §2.5, §3.2; FEP-8b32 (Create, Update and
Delete of an announcement carry a proof, so that they hold whoever passes them on).
"""

from ...actors import Keyring
from ...federation import Audience, publish, publishes
from ...federation.audience import find_talking
from ...federation.publish import actor_keys, erase_sent
from ...moderation import GivenAway
from ...moderation.turning import BackInView, LooksOtherwise, TakenFromView
from ...store import Unit
from ...store.choices import find_choice
from ...store.kinds import find_known
from ...words import mark, say
from ..profile.draft import ActorGone, PostGone
from . import wire
from .draft import (
    AnnouncementDeleted,
    AnnouncementEdited,
    AnnouncementPinned,
    AnnouncementPublished,
    PostShared,
    PostUnshared,
    QuoteAnswered,
    QuoteWithdrawn,
)
from .service import PostRow, cancel, delete, find_scheduled, get_post, receive_deletion
from .service.shares import recount

KIND = "announcement"
HIDDEN = mark("The moderators of this chapter have hidden this.")


@publishes(GivenAway)
async def given_away(unit: Unit, happening: GivenAway) -> None:
    """What we published that gives somebody away is deleted wherever it went, with its earlier versions."""
    if happening.known.kind == KIND:
        await delete(unit, happening.known.ref)


@publishes(AnnouncementPublished)
async def published(unit: Unit, happening: AnnouncementPublished) -> None:
    """Create to our followers and who is mentioned; the server actor announces the id to its own."""
    post = await get_post(unit, happening.id)
    activity = wire.to_activity("Create", await _document(unit, post))
    audience = Audience(post.visibility, tuple(one.uri for one in post.mentions))
    access = "addressed" if post.visibility == "followers" else "public"
    keys = await actor_keys(unit, post.author_uri)
    await publish(unit, activity, audience, kind=KIND, access=access, keys=keys)
    if post.visibility == "public":
        await _relay(unit, post.uri)


async def _relay(unit: Unit, uri: str) -> None:
    server_uri = unit.settings.server_uri
    activity = {"type": "Announce", "actor": server_uri, "object": uri, "published": wire.stamp(unit.now)}
    keys = await Keyring(unit).get(server_uri)
    await publish(unit, activity, Audience("public"), kind=KIND, access="public", keys=keys)


@publishes(TakenFromView)
async def hidden(unit: Unit, happening: TakenFromView) -> None:
    """Update that says so instead of the text: a Delete could not be taken back, and this may be."""
    if happening.known.local and happening.known.kind == KIND:
        await _say_anew(unit, happening.known.ref, words=say(HIDDEN))
    elif happening.known.kind == "boost":
        await recount(unit, happening.known.ref, -1)


@publishes(BackInView, LooksOtherwise)
async def back(unit: Unit, happening: BackInView | LooksOtherwise) -> None:
    """Update with the text again, or with its warning, or that it takes no comments."""
    if happening.known.local and happening.known.kind == KIND:
        await _say_anew(unit, happening.known.ref)
    elif happening.known.kind == "boost" and isinstance(happening, BackInView):
        await recount(unit, happening.known.ref, 1)


@publishes(AnnouncementEdited)
async def edited(unit: Unit, happening: AnnouncementEdited) -> None:
    """Update to everybody who may hold a copy."""
    await _say_anew(unit, happening.id, edited=True)


async def _say_anew(unit: Unit, id_: str, *, words: str = "", edited: bool = False) -> None:
    post = await get_post(unit, id_)
    document = await _document(unit, post)
    if words:
        document = wire.to_hidden(document, words)
    if not edited:
        # Newer than what went before, or other servers leave that in place.
        document["updated"] = wire.stamp(unit.now)
    activity = wire.to_activity("Update", document)
    named = Audience(post.visibility, tuple(one.uri for one in post.mentions))
    access = "addressed" if post.visibility == "followers" else "public"
    await publish(
        unit,
        activity,
        named,
        kind=KIND,
        access=access,
        keys=await actor_keys(unit, post.author_uri),
        copies=await _holders(unit, post.uri, post.visibility),
    )


@publishes(AnnouncementDeleted)
async def deleted(unit: Unit, happening: AnnouncementDeleted) -> None:
    """Delete to everybody who may hold a copy; what we sent before says nothing any more."""
    await erase_sent(unit, happening.uri)
    await publish(
        unit,
        wire.to_delete(happening.author_uri, happening.uri, happening.type),
        Audience(happening.visibility, happening.mentioned),
        kind=KIND,
        keys=await actor_keys(unit, happening.author_uri),
        copies=await _holders(unit, happening.uri, happening.visibility),
    )


async def _holders(unit: Unit, uri: str, visibility: str) -> tuple[Audience, ...]:
    talking = Audience("direct", await find_talking(unit, uri))
    if visibility != "public":
        return (talking,)
    # The chapter's own followers may have a group's post, which the chapter shared.
    others = (unit.settings.server_uri, unit.settings.chapter_uri)
    return (talking, *(Audience("public", followers_of=uri) for uri in others))


@publishes(AnnouncementPinned)
async def pinned(unit: Unit, happening: AnnouncementPinned) -> None:
    """Add or Remove on our featured collection."""
    activity = wire.to_pin(happening.author_uri, happening.uri, pinned=happening.pinned)
    await publish(unit, activity, Audience("public"), kind=KIND)


@publishes(PostShared)
async def shared(unit: Unit, happening: PostShared) -> None:
    """Announce to our followers and the post's author."""
    activity = wire.to_announce(happening, unit.settings.chapter_uri)
    activity["published"] = wire.stamp(unit.now)
    await publish(unit, activity, Audience("public", (happening.author_uri,)), kind="boost")


@publishes(PostUnshared)
async def unshared(unit: Unit, happening: PostUnshared) -> None:
    """Undo{Announce} to the same."""
    share = happening.share
    await unit.execute("UPDATE outbox_item SET access = 'by-id' WHERE uri = ?", share.uri)
    activity = wire.to_undo(wire.to_announce(share, unit.settings.chapter_uri))
    authors = (share.author_uri,) if share.author_uri else ()
    await publish(unit, activity, Audience("public", authors), kind="boost")


@publishes(QuoteAnswered)
async def quote_answered(unit: Unit, happening: QuoteAnswered) -> None:
    """Accept with the stamp, or Reject, to the quoter."""
    activity = wire.to_quote_answer(happening, happening.owner_uri)
    audience = Audience(actors=(happening.quoter_uri,), personal=True)
    await publish(unit, activity, audience, kind="quote", access="by-id")


@publishes(QuoteWithdrawn)
async def quote_withdrawn(unit: Unit, happening: QuoteWithdrawn) -> None:
    """Delete of the stamp, to the quoter and to our followers, whose servers may show the quote."""
    activity = wire.to_delete(happening.owner_uri, happening.stamp_uri, "QuoteAuthorization")
    await publish(unit, activity, Audience("public", (happening.quoter_uri,)), kind="quote")


async def _document(unit: Unit, post: PostRow) -> dict[str, object]:
    known = await find_known(unit, post.uri)
    return wire.to_object(
        post,
        origin=unit.settings.origin,
        quotes=await find_choice(unit, "quotes"),
        known=known,
    )


@publishes(PostGone)
async def author_gone(unit: Unit, happening: PostGone) -> None:
    """The author of a post left the fediverse: its text and versions go too."""
    if happening.known.kind == "announcement":
        await receive_deletion(unit, happening.known.uri)


@publishes(ActorGone)
async def speaker_gone(unit: Unit, happening: ActorGone) -> None:
    """A group of ours was closed: what it had still to say is not said."""
    for post in await find_scheduled(unit):
        if post.author_uri == happening.uri:
            await cancel(unit, post.id)

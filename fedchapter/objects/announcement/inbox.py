"""Posts coming in: written, edited, deleted, shared and pinned by those we follow; requests to quote ours.

wire.md §1.3 (what is not for us is dropped, with a reason), §2.5, §2.6; operations.md §3 row A8 (only the owner changes
a post, checked before it comes here); FEP-044f, FEP-1b12.
"""

from dataclasses import dataclass

from ...actors import ActorRow, find_actor, find_follow
from ...errors import PeerRefused
from ...federation import Incoming, Outcome, done, handles, held, ignored
from ...federation.resolve import NO_KIND
from ...house import House
from ...store import Unit, forget
from ...vocab.read import first_of, id_of, type_of
from ...vocab.uris import same_origin
from ..person.draft import PersonNamed
from . import service, wire
from .draft import RemotePost
from .service import Arrival
from .service.rows import URI_MAX

KIND = "announcement"


@dataclass(frozen=True, slots=True)
class Judged:
    """A post's author, and whether we follow them and who sent it (a sharer, perhaps)."""

    author: ActorRow
    followed: bool
    sender_followed: bool


async def judge(house: House, incoming: Incoming) -> Judged:
    """Who wrote the object, and whom of those concerned we follow."""
    author_uri = id_of(incoming.object.get("attributedTo")) or incoming.actor.uri
    author = incoming.actor
    if author_uri != author.uri:
        author = await find_actor(house.database, author_uri) or author
    followed = await _follows(house, author.uri)
    sender = incoming.activity.actor
    sender_followed = followed if sender == author.uri else await _follows(house, sender)
    return Judged(author, followed, sender_followed)


async def _follows(house: House, actor_uri: str) -> bool:
    for ours in (house.settings.chapter_uri, house.settings.server_uri):
        follow = await find_follow(house.database, follower_uri=ours, followed_uri=actor_uri)
        if follow is not None and follow["state"] == "accepted":
            return True
    return False


@handles("Create", kind=KIND, needs=judge)
async def create(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody wrote something that answers nothing."""
    judged: Judged = incoming.fetched
    reason = _not_for_us(incoming, judged)
    if reason:
        return ignored(reason)
    post = _read(unit, incoming, judged)
    if post is None:
        return ignored("there is nothing in it to show")
    outcome = await _take_in(unit, post, incoming)
    if outcome.state == "done" and incoming.ours:
        unit.record(PersonNamed(post.uri, tuple(sorted(incoming.ours))))
    return outcome


def _not_for_us(incoming: Incoming, judged: Judged) -> str:
    if incoming.object.get("inReplyTo") and not wire.is_own_thread(incoming.object, judged.author.uri):
        return "answers something that is not known here"
    if not judged.followed and not incoming.ours:
        return "nobody here follows its author, and it speaks to nobody here"
    return ""


def _read(unit: Unit, incoming: Incoming, judged: Judged) -> RemotePost | None:
    return wire.from_object(incoming.object, judged.author.uri, now=unit.now)


async def _take_in(unit: Unit, post: RemotePost, incoming: Incoming) -> Outcome:
    judged: Judged = incoming.fetched
    waits = incoming.verdict.holds
    result = await service.receive_post(unit, post, Arrival(listed=judged.followed, held=waits))
    if result == "deleted":
        return ignored("it was deleted before it arrived")
    if result == "known":
        return ignored("it is known already")
    return held(incoming.verdict.reason) if waits and result == "stored" else done("the post is here")


@handles("Update", kind=KIND, needs=judge)
async def update(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody says it anew; an Update that overtook its Create brings the post itself."""
    judged: Judged = incoming.fetched
    if incoming.known is None:
        return await create(unit, incoming)
    post = _read(unit, incoming, judged)
    if post is None:
        return ignored("there is nothing in it to show")
    return _edited(await service.receive_edit(unit, post))


def _edited(result: str) -> Outcome:
    if result == "edited":
        return done("the post was edited; the earlier version is kept")
    words = {"same": "nothing visible changed", "older": "a newer version is here already"}
    return ignored(words.get(result, "the post is not here any more"))


@handles("Delete", kind=KIND)
async def delete(unit: Unit, incoming: Incoming) -> Outcome:
    """Its author deleted it."""
    if not await service.receive_deletion(unit, incoming.object_uri):
        return ignored("it was not here")
    return done("the post is gone")


@handles("Delete", kind=NO_KIND)
async def delete_unknown(unit: Unit, incoming: Incoming) -> Outcome:
    """Something we never had was deleted: a Create that comes late, by another way, must not bring it back."""
    uri, sender = incoming.object_uri, incoming.activity.actor
    if not uri or len(uri) > URI_MAX or not same_origin(uri, sender):
        return ignored("nothing is known here that this Delete is about")
    former_type = str(incoming.object.get("formerType") or "")[:32]
    await forget(unit, uri, owner_uri=sender, former_type=former_type)
    await service.forget_quotes_of(unit, uri, quoter_uri=sender)
    return ignored("it is not known here; if it still comes, it will not be shown")


@handles("Announce", kind=KIND, needs=judge)
async def announce(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody we follow shares a post."""
    judged: Judged = incoming.fetched
    known, uri = incoming.known, incoming.object_uri
    if known is not None and type_of(incoming.object) == "Tombstone":
        await service.receive_deletion(unit, known.uri)
        return done("the post is gone")
    if not judged.sender_followed:
        return ignored("nobody here follows who shares it")
    if incoming.object and wire.visibility_of(incoming.object) == "direct":
        return ignored("the shared post is not for everybody")
    if known is None and incoming.object:
        post = _read(unit, incoming, judged)
        if post is None:
            return ignored("there is nothing in it to show")
        uri = post.uri
        waits = incoming.verdict.holds
        arrival = Arrival(listed=True, held=waits, shared_by_uri=incoming.actor.uri)
        if await service.receive_post(unit, post, arrival) == "deleted":
            return ignored("it was deleted before it was shared")
    elif incoming.object:
        await _refresh(unit, incoming, judged)
    return await _share(unit, incoming, uri)


async def _refresh(unit: Unit, incoming: Incoming, judged: Judged) -> None:
    post = _read(unit, incoming, judged)
    if post is not None and post.author_uri == (incoming.known.owner_uri if incoming.known else ""):
        await service.receive_edit(unit, post)


async def _share(unit: Unit, incoming: Incoming, uri: str) -> Outcome:
    share_uri = incoming.activity.id or ""
    if not share_uri or len(share_uri) > URI_MAX:
        return ignored("the Announce has no id")
    fresh = await service.receive_share(unit, share_uri, actor_uri=incoming.actor.uri, object_uri=uri)
    return done("shared by somebody we follow") if fresh else ignored("they shared it before")


@handles("Undo", kind="boost")
async def undo_share(unit: Unit, incoming: Incoming) -> Outcome:
    """They share it no longer."""
    assert incoming.known is not None
    await service.receive_unshare(unit, incoming.known.ref)
    return done("shared no longer")


@handles("Add", "Remove", kind=KIND)
async def pin(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody we follow pinned a post to their profile, or took it down."""
    activity = incoming.activity
    if not incoming.actor.featured or activity.target != incoming.actor.featured:
        return ignored("this collection means nothing here")
    if incoming.known is None or incoming.known.kind != KIND:
        return ignored("the post is not here")
    await service.receive_pin(unit, incoming.known.uri, pinned=activity.type == "Add")
    return done("pinned" if activity.type == "Add" else "pinned no longer")


@handles("QuoteRequest", kind="quote")
async def quote_request(unit: Unit, incoming: Incoming) -> Outcome:
    """Somebody asks to quote a post of ours."""
    quoted, quoter_uri = incoming.known, incoming.activity.actor
    instrument = incoming.activity.raw.get("instrument")
    quote_uri = id_of(first_of(instrument)) or ""
    if quoted is None or not quoted.local:
        return ignored("the quoted post is not ours")
    if not quote_uri or len(quote_uri) > URI_MAX or not same_origin(quote_uri, quoter_uri):
        raise PeerRefused("instrument", "the quoting post is not on the server of who asks")
    request_uri = incoming.activity.id or ""
    allowed = await service.answer_quote(
        unit, request_uri=request_uri, quoter_uri=quoter_uri, quoted=quoted, quote_uri=quote_uri
    )
    return done("may quote it" if allowed else "may not quote it")

"""What leaves when an event is published, changed or deleted, and when somebody is answered.

events.md §1.6. Those who said that they come get every change in their own inbox, and are named to nobody.
"""

from ...federation import Audience, publish, publishes
from ...federation.audience import find_talking
from ...federation.fleeting import erase_once_sent
from ...federation.publish import actor_keys, erase_sent
from ...members import MemberLeft
from ...moderation.turning import BackInView, TakenFromView
from ...store import Unit
from ...store.choices import find_choice
from ..profile.draft import ActorGone, PostGone
from . import wire
from .draft import (
    EventChanged,
    EventDeleted,
    EventPublished,
    JoinAnswered,
    JoinAsked,
    JoinLeft,
    NoticeDeleted,
    NoticeGiven,
)
from .service.answers import forget_answers, leave_coming, recount_for
from .service.remote import drop_event

EVERYBODY = Audience(visibility="public")


async def _shown(unit: Unit) -> dict[str, str]:
    return {"hashtag_url": unit.settings.uri("tags", ""), "quotes": await find_choice(unit, "quotes")}


async def _holders(unit: Unit, uri: str, going: tuple[str, ...]) -> tuple[Audience, ...]:
    """Who may hold a copy besides our followers: those who come or talk about it, and the server actor's followers."""
    actors = tuple(dict.fromkeys((*going, *await find_talking(unit, uri))))
    # The chapter's own followers may have a group's event, which the chapter passed on.
    others = (unit.settings.server_uri, unit.settings.chapter_uri)
    return Audience(actors=actors), *(Audience("public", followers_of=uri) for uri in others)


@publishes(TakenFromView, BackInView)
async def places(unit: Unit, happening: TakenFromView | BackInView) -> None:
    """Nothing leaves; the answer of somebody suspended holds no place."""
    if happening.known.kind == "answer":
        await recount_for(unit, happening.known.ref)


@publishes(EventPublished)
async def published(unit: Unit, happening: EventPublished) -> None:
    """Create to followers, and the server actor's Announce to its own, which is how Mobilizon lists it."""
    event = happening.event
    activity = wire.to_create(event, **await _shown(unit))
    await publish(unit, activity, EVERYBODY, kind="event", keys=await actor_keys(unit, event.owner_uri))
    passes_on = (unit.settings.server_uri, *((unit.settings.chapter_uri,) if happening.shared else ()))
    for uri in passes_on:
        announce = wire.to_announce(uri, event.uri, event.published_at)
        await publish(unit, announce, EVERYBODY, kind="event", keys=await actor_keys(unit, uri))


@publishes(EventChanged)
async def changed(unit: Unit, happening: EventChanged) -> None:
    """Update to followers and to everybody else who may hold a copy."""
    event = happening.event
    activity = wire.to_update(event, **await _shown(unit))
    copies = await _holders(unit, event.uri, happening.going)
    keys = await actor_keys(unit, event.owner_uri)
    await publish(unit, activity, EVERYBODY, kind="event", keys=keys, copies=copies)


@publishes(EventDeleted)
async def deleted(unit: Unit, happening: EventDeleted) -> None:
    """Delete to everybody who may hold a copy; what we sent before says nothing any more."""
    await erase_sent(unit, happening.uri)
    activity = wire.to_delete(happening.uri, happening.owner_uri, happening.deleted_at)
    copies = await _holders(unit, happening.uri, happening.going)
    keys = await actor_keys(unit, happening.owner_uri)
    await publish(unit, activity, EVERYBODY, kind="event", keys=keys, copies=copies)


@publishes(NoticeGiven)
async def noticed(unit: Unit, happening: NoticeGiven) -> None:
    """A Note, because Mastodon ignores the Update of an event (events.md §1.5)."""
    note = wire.to_notice(happening.notice, quotes=await find_choice(unit, "quotes"))
    owner_uri = happening.notice.owner_uri
    keys = await actor_keys(unit, owner_uri)
    activity = {"type": "Create", "actor": owner_uri, "published": note["published"], "object": note}
    copies = (Audience(actors=happening.going),)
    await publish(unit, activity, EVERYBODY, kind="notice", keys=keys, copies=copies)


@publishes(NoticeDeleted)
async def notice_deleted(unit: Unit, happening: NoticeDeleted) -> None:
    """Delete of a notice."""
    await erase_sent(unit, happening.uri)
    activity = wire.to_notice_delete(happening.uri, happening.owner_uri, happening.deleted_at)
    copies = (Audience(actors=happening.going),)
    keys = await actor_keys(unit, happening.owner_uri)
    await publish(unit, activity, EVERYBODY, kind="notice", keys=keys, copies=copies)


@publishes(JoinAnswered)
async def answered(unit: Unit, happening: JoinAnswered) -> None:
    """Accept, Reject or Ignore to the one who asked, and to nobody else (Mobilizon tells all participants)."""
    join = happening.join
    if happening.verdict == "ignore" and not join.uri:
        return
    activity = wire.to_answer(join, happening.owner_uri, happening.verdict)
    audience = Audience(actors=(join.actor_uri,), personal=True)
    await publish(unit, activity, audience, kind="event", access="addressed")


@publishes(PostGone)
async def organizer_gone(unit: Unit, happening: PostGone) -> None:
    """The organizer of an event left the fediverse: the event goes too."""
    if happening.known.kind == "event":
        await drop_event(unit, happening.known.uri, owner_uri=happening.known.owner_uri)


@publishes(MemberLeft)
async def member_left(unit: Unit, happening: MemberLeft) -> None:
    """Whoever leaves the chapter does not come to what is still ahead: the place is free."""
    await leave_coming(unit, happening.account_id)


@publishes(ActorGone)
async def guest_gone(unit: Unit, happening: ActorGone) -> None:
    """Somebody who answered left the fediverse: their answers go too."""
    await forget_answers(unit, happening.uri)


@publishes(JoinAsked)
async def asked(unit: Unit, happening: JoinAsked) -> None:
    """Join to the organizer alone; what was written with it is not kept here."""
    audience = Audience(actors=(happening.owner_uri,), personal=True)
    uri = await publish(unit, wire.to_join(happening), audience, kind="answer", access="addressed")
    await erase_once_sent(unit, uri)


@publishes(JoinLeft)
async def left(unit: Unit, happening: JoinLeft) -> None:
    """Leave to the organizer alone."""
    audience = Audience(actors=(happening.owner_uri,), personal=True)
    uri = await publish(unit, wire.to_leave(happening), audience, kind="answer", access="addressed")
    await erase_once_sent(unit, uri)

"""What leaves when an event is published, changed or deleted, and when somebody is answered.

events.md §1.6. Those who said that they come get every change in their own inbox, and are named to nobody.
"""

from ...federation import Audience, publish, publishes
from ...federation.publish import chapter_keys
from ...store import Unit
from . import wire
from .draft import EventChanged, EventDeleted, EventPublished, JoinAnswered, NoticeDeleted, NoticeGiven

EVERYBODY = Audience(visibility="public")


def _hashtags(unit: Unit) -> str:
    return unit.settings.uri("tags", "")


@publishes(EventPublished)
async def published(unit: Unit, happening: EventPublished) -> None:
    """Create to followers, and the server actor's Announce to its own, which is how Mobilizon lists it."""
    event = happening.event
    activity = wire.to_create(event, hashtag_url=_hashtags(unit))
    await publish(unit, activity, EVERYBODY, kind="event", keys=await chapter_keys(unit))
    announce = wire.to_announce(unit.settings.server_uri, event.uri, event.published_at)
    await publish(unit, announce, EVERYBODY, kind="event")


@publishes(EventChanged)
async def changed(unit: Unit, happening: EventChanged) -> None:
    """Update to followers and to those who come."""
    activity = wire.to_update(happening.event, hashtag_url=_hashtags(unit))
    copies = (Audience(actors=happening.going),)
    await publish(unit, activity, EVERYBODY, kind="event", keys=await chapter_keys(unit), copies=copies)


@publishes(EventDeleted)
async def deleted(unit: Unit, happening: EventDeleted) -> None:
    """Delete to followers and to those who would have come."""
    activity = wire.to_delete(happening.uri, happening.owner_uri, happening.deleted_at)
    copies = (Audience(actors=happening.going),)
    await publish(unit, activity, EVERYBODY, kind="event", copies=copies)


@publishes(NoticeGiven)
async def noticed(unit: Unit, happening: NoticeGiven) -> None:
    """A Note, because Mastodon ignores the Update of an event (events.md §1.5)."""
    note = wire.to_notice(happening.notice)
    activity = {
        "type": "Create",
        "actor": happening.notice.owner_uri,
        "published": note["published"],
        "object": note,
    }
    copies = (Audience(actors=happening.going),)
    await publish(unit, activity, EVERYBODY, kind="notice", keys=await chapter_keys(unit), copies=copies)


@publishes(NoticeDeleted)
async def notice_deleted(unit: Unit, happening: NoticeDeleted) -> None:
    """Delete of a notice."""
    activity = wire.to_notice_delete(happening.uri, happening.owner_uri, happening.deleted_at)
    await publish(unit, activity, EVERYBODY, kind="notice")


@publishes(JoinAnswered)
async def answered(unit: Unit, happening: JoinAnswered) -> None:
    """Accept, Reject or Ignore to the one who asked, and to nobody else (Mobilizon tells all participants)."""
    join = happening.join
    if happening.verdict == "ignore" and not join.uri:
        return
    activity = wire.to_answer(join, happening.owner_uri, happening.verdict)
    audience = Audience(actors=(join.actor_uri,), personal=True)
    await publish(unit, activity, audience, kind="event", access="addressed")

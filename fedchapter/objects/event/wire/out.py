"""Our events as everybody can read them.

events.md §1.2 (what breaks Mobilizon), §1.3 (Gancio), §1.6; FEP-8a8e; peers.md (omit nulls and empty lists).
Two lists decided by the readers' sources: an empty `contacts` is left out, since Mobilizon takes a missing one as none
and only fails on null; an empty `attachment` is sent, since Gancio's Update reads its length without looking whether
it is there (and sends an empty one itself).
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urljoin
from zoneinfo import ZoneInfo

import msgspec

from ....text import find_hashtags
from ....vocab.context import compact
from ....vocab.policy import interaction_policy
from ....vocab.uris import PUBLIC
from ....words import mark, say, speaking
from ..draft import EXTERNAL, Event, JoinAsked, JoinLeft, JoinRef, Notice
from ..service.rows import ends_at, line

_EVENT_STATUS = {
    "CONFIRMED": "EventScheduled",
    "TENTATIVE": "EventTentative",
    "CANCELLED": "EventCancelled",
}
_VERBS = {"accept": "Accept", "reject": "Reject"}
_CANCELLED_TEXT = mark("<p>CANCELLED: this event will not take place.</p>")


def to_event(event: Event, *, hashtag_url: str, quotes: str) -> dict[str, Any]:
    """The Event object; `hashtag_url` is what a hashtag is appended to, `quotes` the chapter's choice of who may."""
    with speaking(event.language):
        return _to_event(event, hashtag_url, quotes)


def _to_event(event: Event, hashtag_url: str, quotes: str) -> dict[str, Any]:
    document = {
        "id": event.uri,
        "type": "Event",
        "url": event.url,
        "uuid": event.uuid,
        "actor": event.owner_uri,
        "attributedTo": event.owner_uri,
        **_text(event),
        **_times(event),
        "category": event.category,
        "isOnline": bool(event.online_url) and not event.place_name,
        "draft": False,
        "location": _location(event),
        "tag": [_hashtag(tag, hashtag_url) for tag in find_hashtags(event.text)],
        **_joining(event),
        "organizers": {"type": "Collection", "totalItems": 1, "items": [event.owner_uri]},
        "to": [PUBLIC],
        "cc": [f"{event.owner_uri}/followers"],
        "replies": f"{event.uri}/replies",
        "likes": f"{event.uri}/likes",
        "shares": f"{event.uri}/shares",
        "context": f"{event.uri}/context",
        "interactionPolicy": interaction_policy(quotes, owner_uri=event.owner_uri),
    }
    return {**compact(document), "attachment": _attachments(event)}


def _text(event: Event) -> dict[str, Any]:
    html = f"{say(_CANCELLED_TEXT)}{event.html}" if event.cancelled else event.html
    return {
        "name": event.shown_title,
        "nameMap": {event.language: event.shown_title},
        "summary": line(event),
        "content": html,
        "contentMap": {event.language: html},
        "mediaType": "text/html",
        "inLanguage": event.language,
    }


def _times(event: Event) -> dict[str, Any]:
    zone = ZoneInfo(event.zone)
    return {
        "startTime": event.start_at.astimezone(zone).isoformat(),
        "endTime": ends_at(event).astimezone(zone).isoformat(),
        "displayEndTime": None if event.end_at else False,
        "timezone": event.zone,
        "published": stamp(event.published_at),
        "updated": stamp(event.updated_at) if event.sequence else None,
        "status": event.status,
        "ical:status": event.status,
        "eventStatus": _EVENT_STATUS[event.status],
    }


def _joining(event: Event) -> dict[str, Any]:
    return {
        "joinMode": event.join_mode,
        "externalParticipationUrl": event.join_url if event.join_mode == EXTERNAL else None,
        "maximumAttendeeCapacity": event.capacity,
        "remainingAttendeeCapacity": event.remaining,
        "participantCount": event.going,
        "anonymousParticipationEnabled": False,
        "repliesModerationOption": "allow_all",
        "commentsEnabled": True,
    }


def _location(event: Event) -> dict[str, Any]:
    # One Place, never a list: Mobilizon has no clause for one. Gancio wants a name and a street in every Place.
    if not event.place_name and not event.street and not event.town:
        where = say("Online") if event.online_url else say("To be announced")
        return {"id": f"{event.uri}#place", "type": "Place", "name": where, "address": where}
    name = event.place_name or event.street or event.town
    address = {
        "type": "PostalAddress",
        "streetAddress": event.street or event.town or name,
        "addressLocality": event.town or None,
    }
    return {"id": f"{event.uri}#place", "type": "Place", "name": name, "address": address}


def _attachments(event: Event) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if event.picture:
        picture = msgspec.json.decode(event.picture)
        facts = {"width": picture.get("width"), "height": picture.get("height")}
        found.append(
            {
                "type": "Document",
                "mediaType": picture["media_type"],
                "url": urljoin(event.uri, picture["full_url"]),
                "name": picture["alt"],
            }
            | {name: value for name, value in facts.items() if value}
        )
    if event.online_url:
        found.append(
            {"type": "Link", "href": event.online_url, "mediaType": "text/html", "name": say("Website")}
        )
    return found


def _hashtag(tag: str, hashtag_url: str) -> dict[str, str]:
    return {"type": "Hashtag", "name": f"#{tag}", "href": f"{hashtag_url}{quote(tag.casefold(), safe='')}"}


def stamp(moment: datetime) -> str:
    """A moment in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_create(event: Event, *, hashtag_url: str, quotes: str) -> dict[str, Any]:
    """Create{Event}."""
    return {
        "type": "Create",
        "actor": event.owner_uri,
        "published": stamp(event.published_at),
        "object": to_event(event, hashtag_url=hashtag_url, quotes=quotes),
    }


def to_update(event: Event, *, hashtag_url: str, quotes: str) -> dict[str, Any]:
    """Update{Event}; its id is minted anew each time."""
    return {
        "type": "Update",
        "actor": event.owner_uri,
        "published": stamp(event.updated_at),
        "object": to_event(event, hashtag_url=hashtag_url, quotes=quotes),
    }


def to_delete(uri: str, owner_uri: str, deleted_at: datetime, former_type: str = "Event") -> dict[str, Any]:
    """Delete{Tombstone}."""
    tombstone = {"id": uri, "type": "Tombstone", "formerType": former_type, "deleted": stamp(deleted_at)}
    return {"type": "Delete", "actor": owner_uri, "object": tombstone}


def to_announce(server_uri: str, event_uri: str, published_at: datetime) -> dict[str, Any]:
    """The server actor's Announce of the bare id: how Mobilizon lists an event (events.md §1.2)."""
    return {
        "type": "Announce",
        "actor": server_uri,
        "published": stamp(published_at),
        "object": event_uri,
    }


def to_notice(notice: Notice, *, quotes: str) -> dict[str, Any]:
    """The Note that says what changed. It has no `name`: Mobilizon would make a discussion of it."""
    return {
        "id": notice.uri,
        "type": "Note",
        "url": notice.uri,
        "attributedTo": notice.owner_uri,
        "inReplyTo": notice.event_uri,
        "content": notice.html,
        "contentMap": {notice.language: notice.html},
        "published": stamp(notice.published_at),
        "to": [PUBLIC],
        "cc": [f"{notice.owner_uri}/followers"],
        "context": f"{notice.event_uri}/context",
        "interactionPolicy": interaction_policy(quotes, owner_uri=notice.owner_uri),
    }


def to_notice_delete(uri: str, owner_uri: str, deleted_at: datetime) -> dict[str, Any]:
    """Delete{Tombstone} of a notice."""
    return to_delete(uri, owner_uri, deleted_at, "Note")


def to_answer(join: JoinRef, owner_uri: str, verdict: str) -> dict[str, Any]:
    """Accept or Reject with the Join inside, or Ignore with its id (FEP-8a8e).

    What was written with the Join is not repeated: it was for the organizers.
    """
    if verdict == "ignore":
        return {"type": "Ignore", "actor": owner_uri, "object": join.uri}
    inner = {"id": join.uri, "type": "Join", "actor": join.actor_uri, "object": join.event_uri}
    return {
        "type": _VERBS[verdict],
        "actor": owner_uri,
        "object": {name: value for name, value in inner.items() if value},
    }


def to_join(asked: JoinAsked) -> dict[str, Any]:
    """Join, with what the person wrote for the organizers."""
    said = {"participationMessage": asked.message} if asked.message else {}
    return {
        "id": asked.join.uri,
        "type": "Join",
        "actor": asked.join.actor_uri,
        "object": asked.join.event_uri,
    } | said


def to_leave(left: JoinLeft) -> dict[str, Any]:
    """Leave: Mobilizon knows no Undo of a Join."""
    return {"type": "Leave", "actor": left.join.actor_uri, "object": left.join.event_uri}

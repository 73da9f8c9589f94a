"""Events of the chapter: published, edited, cancelled, deleted.

events.md §1.6: cancelling is an Update and a Note besides, since Mastodon ignores Updates of events and Gancio their
status; the same for a new time or place.
"""

from dataclasses import dataclass, replace
from html import escape
from urllib.parse import quote
from uuid import uuid4

from ....errors import Refusal
from ....store import Known, Unit, know
from ....store.kinds import change, find_where, forget
from ....text import link_entities, render_markdown, zones
from ....text.sanitise import is_honest
from ....words import say, speaking
from ..draft import (
    CANCELLED,
    CONFIRMED,
    EXTERNAL,
    FREE,
    RESTRICTED,
    TENTATIVE,
    Event,
    EventChanged,
    EventDeleted,
    EventDraft,
    EventPublished,
    Notice,
    NoticeDeleted,
    NoticeGiven,
)
from . import answers, pictures, rows

# Mobilizon wants 3 to 200 characters, and the mark of a cancelled event must still fit.
TITLE_MIN, TITLE_MAX = 3, 180
TEXT_MAX = 50_000
PLACE_MAX = 200
CAPACITY_MAX = 1_000_000
# Codes of Mobilizon's closed list that a chapter is likely to need; it reads any other as MEETING.
CATEGORIES = ("MOVEMENTS_POLITICS", "MEETING", "COMMUNITY", "CAUSES", "LEARNING", "PARTY")
NEWS = ("start_at", "end_at", "zone", "place_name", "street", "town", "online_url")
_FIELDS = (
    "title", "text", "start_at", "end_at", "zone", "status", "place_name", "street", "town", "online_url",
    "category", "language", "join_mode", "join_url", "capacity", "picture",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of a draft, in a sentence."""

    field: str
    text: str


def find_problems(draft: EventDraft) -> list[Problem]:
    """Everything that keeps the draft from being published; nothing when it is fine."""
    found = (*_in_words(draft), *_in_answers(draft), *_in_place(draft))
    return [problem for problem in found if problem is not None]


def _in_words(draft: EventDraft) -> list[Problem | None]:
    return [
        _unless(
            TITLE_MIN <= len(draft.title) <= TITLE_MAX and draft.title.isprintable(),
            "title",
            say("A title has %(min)s to %(max)s characters.", min=TITLE_MIN, max=TITLE_MAX),
        ),
        _unless(
            len(draft.text) <= TEXT_MAX,
            "text",
            say("Shorten the text to %(max)s characters.", max=f"{TEXT_MAX:,}"),
        ),
        _unless(draft.zone in zones.zone_names(), "zone", say("Choose a time zone from the list.")),
        _unless(
            draft.end_at is None or draft.end_at > draft.start_at,
            "end",
            say("The end must come after the start."),
        ),
        _unless(draft.category in CATEGORIES, "category", say("Choose a category from the list.")),
        _unless(draft.status in (CONFIRMED, TENTATIVE), "status", say("Choose whether it is certain.")),
    ]


def _in_answers(draft: EventDraft) -> list[Problem | None]:
    return [
        _unless(
            draft.join_mode in (FREE, RESTRICTED, EXTERNAL), "join_mode", say("Choose how people answer.")
        ),
        _unless(
            draft.capacity is None or 1 <= draft.capacity <= CAPACITY_MAX,
            "capacity",
            say("Give a number of places, or leave it empty for no limit."),
        ),
        _unless(
            _is_link(draft.join_url) and (draft.join_mode != EXTERNAL or bool(draft.join_url)),
            "join_url",
            say("Give the whole address of the page where people answer, beginning with https://."),
        ),
    ]


def _in_place(draft: EventDraft) -> list[Problem | None]:
    whole = say("Give a whole address that begins with https://.")
    found = [_unless(_is_link(draft.online_url), "online_url", whole)]
    for field in ("place_name", "street", "town"):
        text = str(getattr(draft, field))
        short = len(text) <= PLACE_MAX and (not text or text.isprintable())
        found.append(_unless(short, field, say("Shorten this to %(max)s characters.", max=PLACE_MAX)))
    return found


def _unless(fine: bool, field: str, text: str) -> Problem | None:
    return None if fine else Problem(field, text)


def _is_link(url: str) -> bool:
    return not url or (url.startswith(("https://", "http://")) and len(url) <= 1000 and is_honest(url))


def check_draft(draft: EventDraft) -> None:
    """Raises Refusal with the first problem."""
    for problem in find_problems(draft):
        raise Refusal(problem.field, problem.text)


async def publish_event(unit: Unit, draft: EventDraft) -> Event:
    """The event is published, as the chapter's unless the draft names a group; raises Refusal."""
    check_draft(draft)
    event_id = unit.new_id()
    uri = unit.settings.uri("events", event_id)
    values = {name: getattr(draft, name) for name in _FIELDS} | {
        "id": event_id,
        "uri": uri,
        "owner_uri": draft.owner_uri or unit.settings.chapter_uri,
        "local": True,
        "uuid": str(uuid4()),
        "url": uri,
        "html": _html(unit, draft.text),
        "going": 0,
        "sequence": 0,
        "published_at": unit.now,
        "updated_at": unit.now,
    }
    event = Event(**values)
    await insert(unit, event)
    await know(unit, _known(event))
    await pictures.use(unit, event)
    unit.record(EventPublished(event, draft.shared and event.owner_uri != unit.settings.chapter_uri))
    return event


async def insert(unit: Unit, event: Event) -> None:
    """The row stands."""
    await unit.execute(
        f"INSERT INTO event ({', '.join(rows.COLUMNS)}) VALUES ({', '.join('?' * len(rows.COLUMNS))})",
        *(getattr(event, name) for name in rows.COLUMNS),
    )


def _html(unit: Unit, text: str) -> str:
    def hashtag_url(tag: str) -> str:
        return unit.settings.uri("tags", quote(tag.casefold(), safe=""))

    return link_entities(render_markdown(text), hashtag_url=hashtag_url, mentions={})


def _known(event: Event) -> Known:
    return Known(
        event.uri,
        "event",
        event.id,
        event.owner_uri,
        event.published_at,
        local=True,
        listed=True,
        url=event.url,
        title=event.shown_title,
        note=rows.line(event),
        html=event.html,
        pictures=pictures.known_pictures(event),
        language=event.language,
        root_uri=event.uri,
    )


async def edit_event(unit: Unit, event_id: str, draft: EventDraft) -> Event:
    """The event is as the draft says, and followers hear of it if anything changed; raises Refusal and NotFound."""
    check_draft(draft)
    await lock(unit, event_id)
    before = await rows.get_own(unit, event_id)
    if before.cancelled:
        raise Refusal("cancelled", "This event is cancelled. Publish a new one instead.")
    if draft.capacity is not None and draft.capacity < before.going:
        raise Refusal(
            "capacity",
            "%(count)s people said that they come: there must be room for them.",
            count=before.going,
        )
    wanted = {name: getattr(draft, name) for name in _FIELDS}
    if all(getattr(before, name) == value for name, value in wanted.items()):
        return before
    after = replace(
        before, **wanted, html=_html(unit, draft.text), sequence=before.sequence + 1, updated_at=unit.now
    )
    await _save(unit, after)
    await pictures.use(unit, after, before.picture)
    if any(getattr(before, name) != getattr(after, name) for name in NEWS):
        await _notify(unit, after, _what_changed(before, after))
    return after


def _what_changed(before: Event, after: Event) -> str:
    with speaking(after.language):
        return say(
            "<p>Changed: %(event)s is now on %(now)s.</p><p>Before: %(before)s.</p>",
            event=_link(after),
            now=escape(rows.line(after)),
            before=escape(rows.line(before)),
        )


async def lock(unit: Unit, event_id: str) -> None:
    """Nobody else changes the event or answers it until this unit ends (a row lock on PostgreSQL)."""
    await unit.execute("UPDATE event SET sequence = sequence WHERE id = ?", event_id)


async def _save(unit: Unit, event: Event) -> None:
    names = [*_FIELDS, "html", "sequence", "updated_at"]
    sets = ", ".join(f"{name} = ?" for name in names)
    await unit.execute(
        f"UPDATE event SET {sets} WHERE id = ?", *(getattr(event, name) for name in names), event.id
    )
    await change(
        unit,
        event.uri,
        title=event.shown_title,
        note=rows.line(event),
        html=event.html,
        pictures=pictures.known_pictures(event),
        language=event.language,
        updated_at=event.updated_at,
    )
    unit.record(EventChanged(event, await answers.find_going(unit, event.id)))


async def cancel_event(unit: Unit, event_id: str) -> Event:
    """The event will not take place: it stays visible and says so; raises NotFound and Refusal."""
    await lock(unit, event_id)
    before = await rows.get_own(unit, event_id)
    if before.cancelled:
        raise Refusal("cancelled", "This event is cancelled already.")
    after = replace(before, status=CANCELLED, sequence=before.sequence + 1, updated_at=unit.now)
    await _save(unit, after)
    with speaking(before.language):
        html = say(
            "<p>Cancelled: %(event)s (%(when)s) will not take place.</p>",
            event=_link(before),
            when=escape(rows.line(before)),
        )
    await _notify(unit, after, html)
    return after


def _link(event: Event) -> str:
    return f'<a href="{escape(event.url)}">{escape(event.title)}</a>'


async def _notify(unit: Unit, event: Event, html: str) -> None:
    uri = f"{event.uri}/notices/{event.sequence}"
    notice = Notice(uri, event.uri, event.owner_uri, html, event.language, unit.now)
    known = Known(
        uri,
        "notice",
        event.id,
        event.owner_uri,
        unit.now,
        local=True,
        url=uri,
        html=html,
        language=event.language,
        reply_to_uri=event.uri,
        root_uri=event.uri,
    )
    await know(unit, known)
    unit.record(NoticeGiven(notice, await answers.find_going(unit, event.id)))


async def delete_event(unit: Unit, event_id: str) -> None:
    """The event is gone with its answers and notices; its address says so for good. Raises NotFound."""
    await lock(unit, event_id)
    event = await rows.get_own(unit, event_id)
    going = await answers.find_going(unit, event.id)
    await answers.forget_all(unit, event.id)
    for notice in await find_where(unit, "kind = 'notice' AND ref = ? AND state <> 'gone'", event.id):
        await forget(unit, notice.uri, owner_uri=event.owner_uri, former_type="Note")
        unit.record(NoticeDeleted(notice.uri, event.owner_uri, unit.now, going))
    await pictures.drop(unit, event.picture)
    await unit.execute("DELETE FROM event WHERE id = ?", event.id)
    await forget(unit, event.uri, owner_uri=event.owner_uri, former_type="Event")
    unit.record(EventDeleted(event.uri, event.owner_uri, unit.now, going))

"""Events and answers as these tests need them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from fedchapter.federation.fetch import fetch_actor
from fedchapter.objects.event.draft import Event, EventDraft
from fedchapter.objects.event.service import ours
from fedchapter.objects.follow import service as following
from tests.support.network import Chapter, Stranger

PEERS = Path(__file__).parents[2] / "peers"


def draft(chapter: Chapter, **changes: Any) -> EventDraft:
    """A meeting in ten days, two hours long."""
    start_at = chapter.clock.now().replace(microsecond=0) + timedelta(days=10)
    values: dict[str, Any] = {
        "title": "Tenants' assembly",
        "text": "Bring your neighbours. #housing",
        "start_at": start_at,
        "end_at": start_at + timedelta(hours=2),
        "zone": "Europe/Lisbon",
        "place_name": "Community hall",
        "street": "Mill Lane 4",
        "town": "Riverside",
    }
    return EventDraft(**(values | changes))


async def publish(chapter: Chapter, **changes: Any) -> Event:
    """An event of the chapter, not yet sent."""
    wanted = draft(chapter, **changes)
    return await chapter.unit(lambda unit: ours.publish_event(unit, wanted))


async def edit(chapter: Chapter, event: Event, **changes: Any) -> Event:
    """The event edited: as it was but for the changes."""
    wanted = EventDraft(
        **{name: getattr(event, name) for name in EventDraft.__slots__ if hasattr(event, name)} | changes
    )
    return await chapter.unit(lambda unit: ours.edit_event(unit, event.id, wanted))


def join(stranger: Stranger, event: Event | dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A Join as Mobilizon sends it."""
    return stranger.activity("Join", event.uri if isinstance(event, Event) else event, **fields)


async def states(chapter: Chapter) -> dict[str, str]:
    """The state of each answer, by actor or account."""
    rows = await chapter.rows("SELECT actor_uri, account_id, state FROM answer")
    return {row["actor_uri"] or row["account_id"]: row["state"] for row in rows}


def kinds_of(received: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Verb and type of the object of each activity that came."""
    return [(one["type"], _type(one["object"])) for one in received]


def _type(object_: Any) -> str:
    return str(object_["type"]) if isinstance(object_, dict) else "id"


async def follow(stranger: Stranger, chapter: Chapter, uri: str = "") -> None:
    """The stranger follows the chapter (or another of its actors), and has forgotten the Accept."""
    assert (await stranger.tell(chapter, stranger.activity("Follow", uri or chapter.uri)))[0] == "done"
    stranger.received.clear()


def peer_message(software: str, name: str, stranger: Stranger, **replaced: str) -> dict[str, Any]:
    """A message of that software's shape, said by the stranger: ACTOR, HOST and the given words are filled in."""
    text = (PEERS / software / f"{name}.json").read_text(encoding="utf-8")
    for word, value in {"ACTOR": stranger.uri, "HOST": f"https://{stranger.host}", **replaced}.items():
        text = text.replace(f"{{{word}}}", value)
    return dict(msgspec.json.decode(text))


async def follow_chapter(one: Chapter, other_uri: str) -> None:
    """The chapter has asked to follow somebody."""
    actor = await one.run(fetch_actor(one.house, other_uri))
    await one.unit(lambda unit: following.ask(unit, one.uri, actor))

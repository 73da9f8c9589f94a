"""Events that other chapters and servers publish: kept as they tell them, for our members to see.

events.md §1.6; operations.md §3 row A8 (the core has checked who may say so). A deleted one never comes back.
"""

from ....store import Known, Unit, know
from ....store.choices import find_choice
from ....store.kinds import change, find_known, forget, was_deleted
from ..draft import Event, RemoteEvent
from . import rows
from .answers import forget_all
from .ours import insert

_CHANGING = (
    "uuid", "url", "title", "html", "start_at", "end_at", "zone", "status", "place_name", "street", "town",
    "online_url", "category", "language", "join_mode", "join_url", "capacity", "going",
)  # fmt: skip


async def keep_event(unit: Unit, told: RemoteEvent, *, owner_uri: str, shared_by: str = "") -> str:
    """The event stands as told: returns `new`, `changed`, `old` (told later than a newer version) or `gone`."""
    if await was_deleted(unit, told.uri, owner_uri=owner_uri):
        return "gone"
    before = await rows.find_event_at(unit, told.uri)
    if before is not None and before.local:
        return "old"
    if before is None:
        await _add(unit, told, owner_uri, shared_by)
        return "new"
    if told.updated_at is not None and told.updated_at < before.updated_at:
        return "old"
    await _change(unit, told, before)
    return "changed"


async def _add(unit: Unit, told: RemoteEvent, owner_uri: str, shared_by: str) -> None:
    published_at = min(told.published_at or unit.now, unit.now)
    values = {name: getattr(told, name) for name in _CHANGING} | {
        "id": unit.new_id(),
        "uri": told.uri,
        "owner_uri": owner_uri,
        "local": False,
        "text": "",
        "sequence": 0,
        "picture": "",
        "published_at": published_at,
        "updated_at": min(told.updated_at or published_at, unit.now),
    }
    event = Event(**values)
    await insert(unit, event)
    known = Known(
        event.uri,
        "event",
        event.id,
        owner_uri,
        published_at,
        listed=True,
        url=event.url,
        title=event.shown_title,
        note=rows.line(event, await find_choice(unit, "timezone")),
        html=event.html,
        pictures=told.pictures,
        language=event.language,
        root_uri=event.uri,
        boosted_by_uri=shared_by,
        sort_at=unit.now if shared_by else published_at,
    )
    if not await know(unit, known):
        await change(unit, event.uri, kind="event", ref=event.id, title=known.title, note=known.note)


async def _change(unit: Unit, told: RemoteEvent, before: Event) -> None:
    values = {name: getattr(told, name) for name in _CHANGING}
    changed = any(getattr(before, name) != value for name, value in values.items())
    values["sequence"] = before.sequence + int(changed)
    values["updated_at"] = min(told.updated_at or unit.now, unit.now)
    sets = ", ".join(f"{name} = ?" for name in values)
    await unit.execute(f"UPDATE event SET {sets} WHERE id = ?", *values.values(), before.id)
    after = await rows.find_event(unit, before.id)
    assert after is not None
    await change(
        unit,
        after.uri,
        title=after.shown_title,
        note=rows.line(after, await find_choice(unit, "timezone")),
        html=after.html,
        pictures=told.pictures,
        url=after.url,
        language=after.language,
        updated_at=after.updated_at,
    )


async def share_event(unit: Unit, uri: str, shared_by: str) -> bool:
    """Somebody we follow announced an event that we know; False when it stood on the home page already."""
    known = await find_known(unit, uri)
    if known is None or known.listed or known.state != "shown":
        return False
    await change(unit, uri, listed=True, boosted_by_uri=shared_by, sort_at=unit.now)
    return True


async def drop_event(unit: Unit, uri: str, *, owner_uri: str) -> bool:
    """The event is gone, or will be ignored when it comes late; False when we did not have it."""
    row = await unit.row("SELECT id FROM event WHERE uri = ? AND local = false", uri)
    if row is not None:
        await forget_all(unit, row["id"])
    had = await unit.execute("DELETE FROM event WHERE uri = ? AND local = false", uri) > 0
    await forget(unit, uri, owner_uri=owner_uri, former_type="Event")
    return had

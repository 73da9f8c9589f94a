"""The one picture of an event: a row of media, named in the event, gone with it.

operations.md §3 row D2; media.uploads (the file lies on the shelf before the row, and goes after it).
"""

from typing import Any

import msgspec

from ....jobs.schedule import schedule
from ....media.uploads import Stored, drop_uploads, keep_upload, use_upload
from ....store import Unit
from ..draft import Event

FILES_JOB = "event-files"


async def attach(unit: Unit, stored: Stored, *, account_id: str, alt: str) -> str:
    """The picture as a draft carries it; it belongs to an event once that is saved in the same unit."""
    upload = await keep_upload(unit, stored, account_id=account_id, alt=alt)
    facts = {
        "id": upload.id,
        "url": upload.thumbnail_path,
        "full_url": upload.path,
        "alt": " ".join(upload.alt.split()),
        "media_type": upload.media_type,
        "width": upload.width,
        "height": upload.height,
    }
    return msgspec.json.encode(facts).decode()


def facts_of(picture: str) -> dict[str, Any]:
    """What the column says; empty without a picture."""
    return dict(msgspec.json.decode(picture)) if picture else {}


def described(picture: str, alt: str) -> str:
    """The same picture with that description."""
    facts = facts_of(picture)
    return msgspec.json.encode(facts | {"alt": " ".join(alt.split())}).decode() if facts else ""


def known_pictures(event: Event) -> str:
    """The pictures as `known_object` keeps them."""
    return f"[{event.picture}]" if event.picture else ""


async def use(unit: Unit, event: Event, before: str = "") -> None:
    """The event's picture is its own, and the one it had before is dropped if it is another."""
    facts, old = facts_of(event.picture), facts_of(before)
    if facts:
        await use_upload(unit, facts["id"], uri=event.uri, alt=facts["alt"])
    if old and old["id"] != facts.get("id"):
        await drop(unit, before)


async def drop(unit: Unit, picture: str) -> None:
    """The row is gone; the files go after the commit, since a unit that is rolled back must find them in place."""
    if not picture:
        return
    names = await drop_uploads(unit, [facts_of(picture)["id"]])
    if names:
        key = f"{FILES_JOB}:{unit.new_id()}"
        await schedule(unit, FILES_JOB, {"names": names}, due_at=unit.now, key=key)

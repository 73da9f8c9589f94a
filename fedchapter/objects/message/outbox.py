"""What leaves when the chapter writes to somebody, or takes it back: to the personal inbox, readable by them alone."""

from html import escape

from ...actors import get_actor
from ...federation import Audience, publish, publishes
from ...store import Unit
from ..profile.draft import ActorGone
from . import service, wire
from .draft import MessageSent, MessageWithdrawn, PingWanted


@publishes(MessageSent)
async def sent(unit: Unit, happening: MessageSent) -> None:
    """Create{Note} to the one addressed."""
    row = await service.get_sent(unit, happening.message_id)
    note = wire.to_note(row, await get_actor(unit, row.actor_uri), author_uri=unit.settings.chapter_uri)
    audience = Audience(actors=(row.actor_uri,), personal=True)
    await publish(unit, wire.to_create(note), audience, kind="message", access="addressed")


@publishes(PingWanted)
async def ping(unit: Unit, happening: PingWanted) -> None:
    """Create{Note} to a member's own account. By the shared inbox where there is one: the log names inboxes."""
    url = escape(happening.url)
    html = escape(happening.text).replace(url, f'<a href="{url}">{url}</a>')
    row = await service.write_ping(unit, happening.actor_uri, f"<p>{html}</p>")
    note = wire.to_note(row, await get_actor(unit, row.actor_uri), author_uri=unit.settings.chapter_uri)
    create = wire.to_create(note | {"contentMap": {happening.language: row.html}})
    await publish(unit, create, Audience(actors=(row.actor_uri,)), kind="message", access="addressed")


@publishes(MessageWithdrawn)
async def withdrawn(unit: Unit, happening: MessageWithdrawn) -> None:
    """Delete to the one who got it."""
    activity = wire.to_delete(happening.uri, unit.settings.chapter_uri)
    audience = Audience(actors=(happening.actor_uri,), personal=True)
    await publish(unit, activity, audience, kind="message", access="addressed")


@publishes(ActorGone)
async def gone(unit: Unit, happening: ActorGone) -> None:
    """What an actor wrote to us goes with it; nothing is sent."""
    await service.erase_all(unit, happening.uri)

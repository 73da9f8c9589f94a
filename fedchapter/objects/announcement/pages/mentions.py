"""Whom a text names: handles resolved to actors before anything is written, since that asks other servers.

operations.md §3 row C1 (a handle counts only when its server leads to the actor).
"""

import asyncio

import structlog

from ....actors import ActorRow, find_actor_by_handle
from ....errors import PeerError, Refusal
from ....federation.finger import find_or_fetch_handle
from ....house import House
from ....text import Handle, find_mentions
from ..draft import Mentioned

log = structlog.get_logger()
MENTIONS_MAX = 20


async def resolve_mentions(house: House, text: str) -> tuple[tuple[Mentioned, ...], tuple[str, ...]]:
    """Who is named in the Markdown, and the handles that lead nowhere (they stay plain text). May take seconds."""
    handles = find_mentions(text)[:MENTIONS_MAX]
    actors = await asyncio.gather(*(_find(house, handle) for handle in handles))
    found = tuple(
        Mentioned(key=handle.key, uri=actor.uri, url=actor.url or actor.uri, name=actor.username)
        for handle, actor in zip(handles, actors, strict=True)
        if actor is not None
    )
    lost = tuple(str(handle) for handle, actor in zip(handles, actors, strict=True) if actor is None)
    return found, lost


async def _find(house: House, handle: Handle) -> ActorRow | None:
    known = await find_actor_by_handle(house.database, handle.username, handle.host)
    if known is not None:
        return known
    try:
        return await find_or_fetch_handle(house, str(handle))
    except (PeerError, Refusal) as error:
        log.info("mention-not-found", handle=str(handle), code=error.code)
        return None

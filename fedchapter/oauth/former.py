"""Somebody comes with a new account: did one that we know move to it?

wire.md §2.5: a move counts when both ends say so. That the new one names the old is only its own word; so the old one
is asked, and must name the new.
"""

from ..actors import from_document
from ..errors import PeerError
from ..federation.fetch import fetch_document
from ..house import House
from ..members.identities import Identity, Proved, find_identity
from ..policy import is_refused_host
from ..vocab.uris import host_of

FORMER_MAX = 10


async def find_former(house: House, proved: Proved) -> Identity | None:
    """The linked account that moved to this one, as both of them say; None when there is none, or it is silent."""
    for uri in proved.also_known_as[:FORMER_MAX]:
        identity = await find_identity(house.database, uri)
        if identity is None or is_refused_host(house.marks, identity.host):
            continue
        if await _moved_to(house, uri) == proved.actor_uri:
            return identity
    return None


async def _moved_to(house: House, uri: str) -> str:
    if host_of(uri) == house.settings.domain:
        return ""
    try:
        return from_document(await fetch_document(house, uri), uri).moved_to
    except PeerError:
        return ""

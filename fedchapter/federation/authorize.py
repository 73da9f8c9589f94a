"""Who asks for a document: verified signatures on GETs, required in authorized-fetch mode and for non-public objects.

wire.md §3.3 (secure mode: any actor of an acceptable host; the server actor stays open); operations.md §3 row C3 (the
same 404 for absent and forbidden).
"""

from starlette.requests import Request

from ..errors import Forbidden, NotFound, PeerError
from ..house import House, house_of
from ..policy import find_mark, is_refused_host
from ..policy.marks import REFUSE
from ..signatures import HttpMessage, read_signature, verify
from ..vocab.uris import domain_of, host_of, is_uri
from .keys import Held


async def signer_of(request: Request) -> str | None:
    """The actor that validly signed this GET, or None; PeerError when a signature is there and wrong."""
    if "signature" not in request.headers:
        return None
    house, keys = house_of(request), request.app.state.keys
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]
    )
    message = HttpMessage("GET", house.settings.origin + path, headers)
    parsed = read_signature(message, now=house.clock.now(), hosts=(house.settings.domain,))
    if not is_uri(parsed.key_id) or is_refused_host(house.marks, host_of(parsed.key_id)):
        return None
    known = await keys.find(parsed.key_id)
    if known is None and not house.limits.admit("key-stranger", domain_of(parsed.key_id)):
        return None
    held = known or await keys.get(parsed.key_id)
    if not verify(parsed, held.key):
        fresh = await keys.refresh(parsed.key_id)
        if fresh is None or not verify(parsed, fresh.key):
            return None
        held = fresh
    return str(held.actor_uri) if await _is_welcome(house, held) else None


async def _is_welcome(house: House, held: Held) -> bool:
    """Whether nobody here refused the actor or its server."""
    if held.actor_state != "active" or is_refused_host(house.marks, host_of(held.actor_uri)):
        return False
    return await find_mark(house.database, scope="actor", subject=held.actor_uri) != REFUSE


def needs_signer(house: House) -> bool:
    """Whether only those who sign are answered: authorized fetch, which a closed network brings along."""
    return house.settings.authorized_fetch or house.marks.closed


async def check_fetch(request: Request) -> None:
    """A public document may be given to this request; in authorized-fetch mode raises Unsigned without a signer."""
    if not needs_signer(house_of(request)):
        return
    if await _signer(request) is None:
        raise Unsigned


async def check_addressed(request: Request, addressed: set[str]) -> None:
    """A non-public document is given only to those it was sent to; raises NotFound for everybody else."""
    signer = await _signer(request)
    if signer is None or signer not in addressed:
        raise NotFound


async def _signer(request: Request) -> str | None:
    try:
        return await signer_of(request)
    except PeerError:
        return None


class Unsigned(Forbidden):
    """Authorized fetch: the request carries no valid signature of an acceptable server."""

    status = 401

    def __init__(self) -> None:
        super().__init__("unsigned", "This server answers only signed requests here (authorized fetch).")

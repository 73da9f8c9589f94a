"""Who holds a token: the actor's id, from the server that gave it, which is believed about its own accounts only.

wire.md §6.7–§6.8 (userinfo since Mastodon 4.4; else verify_credentials and WebFinger); Pleroma and Akkoma name the
actor in `pleroma.ap_id`; operations.md §3 row A10 (a handle counts when both ends agree).
"""

from typing import Any

from ..actors import from_document
from ..errors import PeerError, PeerRefused
from ..federation.fetch import fetch_document
from ..federation.finger import Handle, fetch_jrd, self_link, to_handle
from ..house import House
from ..members.identities import Proved
from ..policy import find_mark
from ..policy.marks import REFUSE
from ..vocab.uris import host_of, is_uri, same_origin
from .places import Place, origin_of_host
from .talk import get_as, text_in

CREDENTIALS = "/api/v1/accounts/verify_credentials"
PEOPLE = frozenset({"Person", "Service"})


async def identify(house: House, place: Place, token: str) -> Proved:
    """Whose token it is; raises PeerRefused when the server speaks for an account that is not its own."""
    uri = await _userinfo(house, place, token) if place.userinfo else await _credentials(house, place, token)
    if host_of(uri) != place.host:
        raise PeerRefused("wrong-host", f"{place.host} speaks for an account on another server")
    if await find_mark(house.database, scope="actor", subject=uri) == REFUSE:
        raise PeerRefused("actor-refused", "an admin refused this account")
    document = await fetch_document(house, uri)
    facts = from_document(document, uri)
    if facts.type not in PEOPLE:
        raise PeerRefused("not-a-person", f"{uri} is a {facts.type}")
    handle = await _handle(house, Handle(facts.username, place.host), uri)
    return Proved(uri, f"{handle.name}@{handle.host}", place.host, facts.name[:100], facts.also_known_as)


async def _userinfo(house: House, place: Place, token: str) -> str:
    answer = await get_as(house, place.userinfo, token)
    issuer, uri = text_in(answer, "iss"), text_in(answer, "sub")
    if issuer and not same_origin(issuer, origin_of_host(place.host)):
        raise PeerRefused("issuer", f"{place.host} says that it is somebody else")
    if not is_uri(uri):
        raise PeerRefused("no-identity", f"{place.host} does not say who it is")
    return uri


async def _credentials(house: House, place: Place, token: str) -> str:
    answer = await get_as(house, origin_of_host(place.host) + CREDENTIALS, token)
    extension = answer.get("pleroma")
    named = text_in(extension, "ap_id") if isinstance(extension, dict) else ""
    if is_uri(named):
        return named
    # Its id is a number of the server's own and its url a page: only WebFinger leads to the actor.
    name = text_in(answer, "username") or text_in(answer, "acct").partition("@")[0]
    handle = to_handle(f"{name}@{place.host}")
    return self_link(await fetch_jrd(house, place.host, handle.acct))


async def _handle(house: House, own: Handle, uri: str) -> Handle:
    """How the account is called: by its handle's domain if that one agrees, else by its server."""
    try:
        named = _subject(await fetch_jrd(house, own.host, own.acct))
        if named is None or named.same(own):
            return own
        jrd = await fetch_jrd(house, named.host, named.acct)
        return named if self_link(jrd) == uri else own
    except PeerError:
        return own


def _subject(jrd: dict[str, Any]) -> Handle | None:
    subject = jrd.get("subject")
    return to_handle(subject) if isinstance(subject, str) and subject.startswith("acct:") else None

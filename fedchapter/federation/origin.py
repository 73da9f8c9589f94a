"""Who may say what about which object: checked once for all types, before any handler runs.

Sources: FEP-fe34; operations.md §3 rows A5, A7, A8, C2; events.md §1.6 (Mobilizon: actor is a person, attributedTo a
Group of the same server, and then the object is fetched and that copy is used).
"""

from typing import Any

from ..errors import PeerRefused
from ..vocab.normalise import Activity
from ..vocab.read import id_of, ids_of
from ..vocab.uris import host_of, same_origin
from .incoming import Incoming

OWNED = frozenset({"Create", "Update", "Delete", "Undo", "Accept", "Reject", "Add", "Remove"})


def check_object(activity: Activity, document: dict[str, Any], own_host: str) -> None:
    """An embedded object may be created or updated by this actor; raises PeerRefused."""
    uri = id_of(document)
    if uri is None:
        raise PeerRefused("no-id", "the object has no id")
    if host_of(uri) == own_host:
        raise PeerRefused("local-id", "the object's id is on this server")
    if not same_origin(uri, activity.actor):
        raise PeerRefused("foreign-object", "the object is not on its actor's server")
    authors = ids_of(document.get("attributedTo"))
    if document.get("attributedTo") and not authors:
        # A number, or a name: NodeBB took one for the id of a local account (row A7).
        raise PeerRefused("unknown-author", "the object is attributed to something that is no address")
    if len(authors) > 1:
        raise PeerRefused("many-authors", "the object is attributed to several actors")


def author_of(document: dict[str, Any]) -> str | None:
    """The one actor the object is attributed to, or None."""
    authors = ids_of(document.get("attributedTo"))
    return authors[0] if len(authors) == 1 else None


def needs_own_copy(activity: Activity, document: dict[str, Any]) -> bool:
    """Whether the object must be fetched from its id because its author is not the sender (row A7)."""
    return author_of(document) not in (None, activity.actor)


def _check_own_id(activity: Activity) -> None:
    """What is taken back or deleted is remembered, so that it is ignored if it still comes: only by its own server."""
    uri = activity.object_id
    if activity.type in ("Undo", "Delete") and uri and not same_origin(uri, activity.actor):
        raise PeerRefused("foreign-object", f"{uri} is not on the server of {activity.actor}")


def check_owner(incoming: Incoming) -> None:
    """Who speaks owns what is changed; raises PeerRefused (row A8). Our own objects are nobody else's to change.

    `incoming.actor` is the sender, or the owner whose own server confirmed what the sender said (resolve).
    """
    known, activity = incoming.known, incoming.activity
    if known is None:
        _check_own_id(activity)
        return
    if activity.type not in OWNED:
        return
    if activity.type in ("Accept", "Reject"):
        return
    if known.owner_uri != incoming.actor.uri:
        raise PeerRefused("not-owner", f"{activity.actor} does not own {known.uri}")

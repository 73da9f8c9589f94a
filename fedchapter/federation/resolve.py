"""What an activity is about: the known object, the embedded or fetched one, and the kind that will handle it.

DESIGN §2: bare ids and the targets of Undo, Accept, Reject, Delete and Announce by look-up among known objects (ours,
theirs, and the activities we sent); Note, Article, Question and the rest by `claims`, one per type, in INSTALLED order.
"""

from dataclasses import replace
from typing import Any

from ..actors import ActorRow
from ..errors import PeerRefused
from ..house import House
from ..policy import is_refused_host
from ..store import Known
from ..vocab.normalise import Activity
from ..vocab.read import id_of, ids_of, type_of
from ..vocab.uris import host_of, is_public, same_origin
from .fetch import fetch_document, find_or_fetch_actor
from .incoming import Claim, Incoming
from .lookup import Lookup
from .origin import author_of, check_object, needs_own_copy
from .registry import Registry

# What an embedded target says by its type when we do not know its id (peers.md: Undo and Accept embed).
BY_TYPE = {
    "Follow": "follow",
    "Block": "follow",
    "Like": "reaction",
    "Dislike": "reaction",
    "EmojiReact": "reaction",
    "Announce": "reaction",
    "Join": "answer",
    "Event": "event",
    "QuoteRequest": "quote",
    "Offer": "sister",
}
BY_VERB = {
    "Follow": "follow",
    "Block": "follow",
    "Like": "reaction",
    "Dislike": "reaction",
    "EmojiReact": "reaction",
    "Move": "profile",
    "QuoteRequest": "quote",
    "Offer": "sister",
    "Add": "announcement",
    "Remove": "announcement",
    "Flag": "report",
}
TARGETED = frozenset({"Undo", "Accept", "TentativeAccept", "Reject", "Delete", "Ignore"})
NO_KIND = "unknown"
# A group passes these on about a post; it does not share the post with them.
NO_SHARES = frozenset({"Update", "Delete", "Undo", "Like", "Dislike", "Add", "Remove"})


class Resolver:
    """Turns one stored activity into an Incoming with its kind."""

    def __init__(self, house: House, registry: Registry) -> None:
        self._house = house
        self._registry = registry

    async def resolve(self, activity: Activity, actor: ActorRow, lookup: Lookup) -> Incoming:
        """The activity with everything a handler needs; may fetch; raises PeerRefused or PeerFailed."""
        ours = frozenset(
            uri for uri in (*activity.to, *activity.cc) if host_of(uri) == self._house.settings.domain
        )
        public = any(is_public(uri) for uri in (*activity.to, *activity.cc))
        incoming = Incoming(activity, actor, NO_KIND, ours=ours, public=public)
        if activity.type in ("Create", "Update"):
            return await self._written(incoming, lookup)
        if activity.type == "Announce":
            return await self._announced(incoming, lookup)
        known = await lookup.known(activity.object_id or "")
        incoming = replace(incoming, known=known, object=activity.embedded or {})
        if activity.type in TARGETED:
            incoming = await self._confirmed(incoming)
            return replace(incoming, kind=self._target_kind(incoming))
        kind = BY_VERB.get(activity.type) or (known.kind if known else NO_KIND)
        return replace(incoming, kind=kind)

    async def _confirmed(self, incoming: Incoming) -> Incoming:
        """A Delete by another actor of the same server counts when that server says that the object is gone.

        Mobilizon sends the Delete of a group's event as the person who did it (events.md §1.1; row A8).
        """
        known, activity = incoming.known, incoming.activity
        if known is None or activity.type != "Delete" or known.owner_uri == activity.actor or known.local:
            return incoming
        if not same_origin(known.owner_uri, activity.actor):
            return incoming
        try:
            await fetch_document(self._house, known.uri)
        except PeerRefused as error:
            if error.code in ("gone", "not-found"):
                owner = await find_or_fetch_actor(self._house, known.owner_uri)
                return replace(incoming, actor=owner)
        return incoming

    def _target_kind(self, incoming: Incoming) -> str:
        if incoming.known is not None:
            return incoming.known.kind
        if incoming.activity.type == "Delete" and incoming.object_uri == incoming.activity.actor:
            return "profile"
        return BY_TYPE.get(type_of(incoming.object) or "", NO_KIND)

    async def _written(self, incoming: Incoming, lookup: Lookup) -> Incoming:
        activity = incoming.activity
        if activity.object_id == activity.actor:
            return replace(incoming, kind="profile", object=activity.embedded or {})
        document = activity.embedded or await self._named(activity)
        check_object(activity, document, self._house.settings.domain)
        if needs_own_copy(activity, document):
            incoming, document = await self._own_copy(incoming, document)
        known = await lookup.known(str(id_of(document)))
        return await self._claimed(replace(incoming, known=known, object=document), lookup)

    async def _named(self, activity: Activity) -> dict[str, Any]:
        uri = activity.object_id
        # Before it is fetched, or anybody could have us ask any server for anything (row B5).
        if uri is None or not same_origin(uri, activity.actor):
            raise PeerRefused("foreign-object", "the object is not on its actor's server")
        return await fetch_document(self._house, uri)

    async def _own_copy(
        self, incoming: Incoming, document: dict[str, Any]
    ) -> tuple[Incoming, dict[str, Any]]:
        author = author_of(document)
        if author is None or not same_origin(author, incoming.activity.actor):
            raise PeerRefused("not-author", f"{incoming.activity.actor} is not the author of the object")
        owner = await find_or_fetch_actor(self._house, author)
        if owner.type != "Group":
            raise PeerRefused("not-author", f"{incoming.activity.actor} is not the author of the object")
        fetched = await fetch_document(self._house, str(id_of(document)))
        if author_of(fetched) != author:
            raise PeerRefused("not-author", "the object on its own server has another author")
        return replace(incoming, actor=owner), fetched

    async def _announced(self, incoming: Incoming, lookup: Lookup) -> Incoming:
        activity = incoming.activity
        inner = activity.embedded or {}
        wrapped = type_of(inner) or ""
        if wrapped == "Create" or wrapped in NO_SHARES:
            # FEP-1b12: a group announces activities. The object itself counts, fetched from its own server.
            activity = replace(activity, object=id_of(inner.get("object")))
            incoming = replace(incoming, activity=activity)
        uri = activity.object_id
        if uri is None:
            raise PeerRefused("no-object", "the Announce names no object")
        known = await lookup.known(uri)
        incoming = replace(incoming, known=known)
        followed = await lookup.is_followed(incoming.actor.uri)
        if known is not None:
            # Known already: nothing is fetched, or every boost would cost us a request (row B5).
            boosts = followed and not known.local and ("Announce", known.kind) in self._registry.handlings
            if boosts and wrapped in ("Update", "Delete"):
                return await self._announced_change(incoming, known)
            if wrapped in NO_SHARES:
                return incoming
            return replace(incoming, kind=known.kind if boosts else "reaction")
        ours = host_of(uri) == self._house.settings.domain
        if wrapped in NO_SHARES:
            return incoming
        if not followed or ours:
            return replace(incoming, kind="reaction")
        if is_refused_host(self._house.marks, host_of(uri)):
            raise PeerRefused("host-refused", "the announced post is from a server that is refused here")
        return await self._fetched_announce(incoming, uri, lookup)

    async def _announced_change(self, incoming: Incoming, known: Known) -> Incoming:
        """The post as its own server has it now, or a Tombstone when that says 410 (FEP-1b12)."""
        incoming = replace(incoming, kind=known.kind)
        try:
            document = await fetch_document(self._house, known.uri)
        except PeerRefused as error:
            if error.code != "gone":
                raise
            return replace(incoming, object={"id": known.uri, "type": "Tombstone"})
        if author_of(document) != known.owner_uri:
            raise PeerRefused("not-author", "the announced object has another author than before")
        return replace(incoming, object=document, public=_is_public(document))

    async def _fetched_announce(self, incoming: Incoming, uri: str, lookup: Lookup) -> Incoming:
        document = await fetch_document(self._house, uri)
        author = author_of(document)
        if author is None or not same_origin(author, str(id_of(document))):
            raise PeerRefused("not-author", "the announced object has no author on its own server")
        await find_or_fetch_actor(self._house, author)
        return await self._claimed(replace(incoming, object=document, public=_is_public(document)), lookup)

    async def _claimed(self, incoming: Incoming, lookup: Lookup) -> Incoming:
        if incoming.known is not None:
            parent = await lookup.known(incoming.known.reply_to_uri)
            return replace(incoming, kind=incoming.known.kind, reply_to=parent)
        answered = id_of(incoming.object.get("inReplyTo"))
        parent = await lookup.known(answered or "")
        claim = Claim(
            activity=incoming.activity,
            object=incoming.object,
            reply_to=parent,
            ours=incoming.ours,
            public=incoming.public or _is_public(incoming.object),
        )
        kind = self._registry.kind_of(claim) or NO_KIND
        return replace(incoming, kind=kind, reply_to=parent, public=claim.public)


def _is_public(document: dict[str, Any]) -> bool:
    return any(is_public(uri) for uri in (*ids_of(document.get("to")), *ids_of(document.get("cc"))))

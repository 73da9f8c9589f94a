"""Actors: who has an inbox, with which keys, on which server, and who follows whom.

May import mail, media, jobs' neighbours below: store, signatures, vocab, text. Decision: one table for local and remote
actors, so that a local author and a remote one are shown, followed and delivered to by the same code; a remote actor
can never become local, because `local` is set only by `keyring.create_actor` and its host is checked on the way in.
"""

from .keyring import Keyring, SigningKeys, create_actor
from .own import change_actor, close_actor, find_own
from .peers import note_failures, note_successes, see_peer
from .rows import (
    ActorRow,
    find_actor,
    find_actor_by_handle,
    find_actors,
    find_follow,
    get_actor,
    handle_of,
    store_actor,
)
from .wire import ActorFacts, KeyFacts, actor_document, from_document

__all__ = [
    "ActorFacts",
    "ActorRow",
    "KeyFacts",
    "Keyring",
    "SigningKeys",
    "actor_document",
    "change_actor",
    "close_actor",
    "create_actor",
    "find_actor",
    "find_actor_by_handle",
    "find_actors",
    "find_follow",
    "find_own",
    "from_document",
    "get_actor",
    "handle_of",
    "note_failures",
    "note_successes",
    "see_peer",
    "store_actor",
]

"""Whose key is this: cached, stored or fetched; refreshed once on failure; remembered when it can't be had.

Sources: wire.md §1.2 (Mastodon's lookup and refresh); operations.md §3 rows A1, A3, B2, B5, E2; peers.md (GoToSocial's
key id is a path whose document is a stub actor; NodeBB expects actors served within 5 s).
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..actors import ActorRow, get_actor
from ..errors import NotFound, PeerError, PeerFailed, PeerRefused
from ..house import House
from ..signatures import PublicKey, public_from_pem
from ..vocab.read import id_of, type_of
from ..vocab.uris import host_of, same_origin, strip_fragment
from .fetch import fetch_actor, fetch_json, keep_actor, note_gone

CACHED_KEYS = 20_000
HELD_FOR = timedelta(minutes=1)
MISSING_FOR = timedelta(minutes=15)
FAILED_FOR = timedelta(minutes=5)
FETCHES_PER_HOST = 2
# Codes of PeerFailed for which the host was there: what it answered was no good for now.
_ANSWERED = frozenset({"status", "encoding", "cut-off", "protocol"})
_ACTORS = frozenset({"Person", "Group", "Organization", "Service", "Application"})


@dataclass(frozen=True, slots=True)
class Held:
    """A usable key with its owner."""

    key: PublicKey
    actor_uri: str
    actor_state: str
    read_at: datetime


class KeyCache:
    """The public keys of others, for one instance. What is held is read again from the database every minute, so that
    a key replaced or an actor suspended in another process is noticed here."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._missing: OrderedDict[str, tuple[datetime, PeerError]] = OrderedDict()
        self._fetching: dict[str, asyncio.Task[Held]] = {}
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._using: Counter[str] = Counter()

    async def get(self, key_uri: str) -> Held:
        """The key and its owner, fetched if unknown; raises PeerRefused (no such key) or PeerFailed (try later)."""
        found = await self.find(key_uri)
        return found or await self._fetch_once(key_uri)

    async def find(self, key_uri: str) -> Held | None:
        """The key and its owner as far as known here, without asking anybody."""
        held = self._held.get(key_uri)
        if held is not None and self._house.clock.now() - held.read_at < HELD_FOR:
            self._held.move_to_end(key_uri)
            return held
        return await self._read(key_uri)

    async def _read(self, key_uri: str) -> Held | None:
        row = await self._house.database.row(
            "SELECT actor_key.public, actor_key.actor_uri, actor.state FROM actor_key "
            "JOIN actor ON actor.uri = actor_key.actor_uri WHERE actor_key.uri = ?",
            key_uri,
        )
        self._held.pop(key_uri, None)
        if row is None:
            return None
        now = self._house.clock.now()
        return self._keep(key_uri, Held(public_from_pem(row["public"]), row["actor_uri"], row["state"], now))

    async def refresh(self, key_uri: str) -> Held | None:
        """The key as stored, when that differs from what is held, or else fetched anew; None when it was fetched
        within the last five minutes."""
        before = self._held.get(key_uri)
        stored = await self._read(key_uri)
        if stored is not None and before is not None and stored.key != before.key:
            return stored
        if not self._house.limits.admit("key-refresh", key_uri):
            return None
        self._held.pop(key_uri, None)
        return await self._fetch_once(key_uri)

    async def owner(self, held: Held) -> ActorRow:
        """The actor who owns the key."""
        try:
            return await get_actor(self._house.database, held.actor_uri)
        except NotFound as error:
            raise PeerRefused("no-owner", f"{held.actor_uri} is not known any more") from error

    def _keep(self, key_uri: str, held: Held) -> Held:
        self._held[key_uri] = held
        if len(self._held) > CACHED_KEYS:
            self._held.popitem(last=False)
        return held

    async def _fetch_once(self, key_uri: str) -> Held:
        self._check_missing(key_uri)
        task = self._fetching.get(key_uri)
        if task is None:
            task = self._house.database.spawn(self._fetch(key_uri), "fetch-key")
            self._fetching[key_uri] = task
            task.add_done_callback(lambda _task: self._fetching.pop(key_uri, None))
        return await asyncio.shield(task)

    def _check_missing(self, key_uri: str) -> None:
        # By key and by host: a host that is down must not cost one attempt for each of its keys.
        now = self._house.clock.now()
        for name in (key_uri, host_of(key_uri)):
            until_at, error = self._missing.get(name, (now, None))
            if error is not None and until_at > now:
                raise error

    async def _fetch(self, key_uri: str) -> Held:
        try:
            async with self._slot(host_of(key_uri)):
                # Those who waited for the same dead host learn from the first that failed.
                self._check_missing(key_uri)
                return await self._fetch_and_keep(key_uri)
        except PeerRefused as error:
            if error.code == "gone":
                await note_gone(self._house, key_uri)
            self._miss(key_uri, error, MISSING_FOR)
            raise
        except PeerFailed as error:
            # A host that gave an answer is up: one address of it that breaks must not shut out all its actors, or
            # anybody could name such an address as a key.
            answered = error.code in _ANSWERED
            self._miss(key_uri if answered else host_of(key_uri), error, FAILED_FOR)
            raise

    @asynccontextmanager
    async def _slot(self, host: str) -> AsyncIterator[None]:
        """One of the few places for fetching keys from that host at the same time (row B5)."""
        slots = self._slots.setdefault(host, asyncio.Semaphore(FETCHES_PER_HOST))
        self._using[host] += 1
        try:
            async with slots:
                yield
        finally:
            self._using[host] -= 1
            if not self._using[host]:
                del self._using[host], self._slots[host]

    def _miss(self, name: str, error: PeerError, time: timedelta) -> None:
        self._missing[name] = (self._house.clock.now() + time, error)
        if len(self._missing) > CACHED_KEYS:
            self._missing.popitem(last=False)

    async def _fetch_and_keep(self, key_uri: str) -> Held:
        document = await fetch_json(self._house, key_uri)
        owner_uri = owner_in(document)
        if owner_uri is None or not same_origin(owner_uri, key_uri):
            raise PeerRefused("key-owner", f"the document at {key_uri} names no owner on its own server")
        if id_of(document) == owner_uri == strip_fragment(key_uri):
            await keep_actor(self._house, document)
        else:
            confirmed = key_uri if id_of(document) == key_uri else ""
            await fetch_actor(self._house, owner_uri, confirmed_key=confirmed)
        held = await self._read(key_uri)
        if held is None:
            raise PeerRefused("key-not-listed", f"{owner_uri} does not list the key {key_uri}")
        return held


def owner_in(document: dict[str, Any]) -> str | None:
    """Whose key a fetched key document (or actor, or stub actor) says it is."""
    if type_of(document) in _ACTORS:
        return id_of(document)
    return id_of(document.get("owner") or document.get("controller"))

"""Reading and storing actor rows.

A remote document is stored only by `store_actor`, after `wire.from_document` checked it; wire.md §1.7.
"""

from dataclasses import dataclass
from datetime import datetime

from ..errors import NotFound, PeerRefused
from ..store import Row, Unit, marks, new_id
from ..store.kinds import Reads
from ..vocab.uris import host_of
from .wire import ActorFacts


@dataclass(frozen=True, slots=True)
class ActorRow:
    """A row of `actor`."""

    id: str
    uri: str
    type: str
    username: str
    host: str
    name: str
    summary: str
    url: str
    icon: str
    inbox: str
    shared_inbox: str
    outbox: str
    followers: str
    featured: str
    local: bool
    approves_followers: bool
    discoverable: bool
    indexable: bool
    state: str
    moved_to: str
    also_known_as: str
    published_at: datetime | None
    first_seen_at: datetime
    fetched_at: datetime

    @property
    def handle(self) -> str:
        """`@name@host`, as people write it."""
        return f"@{self.username}@{self.host}"

    @property
    def display_name(self) -> str:
        """The name to show: never empty."""
        return self.name or self.username


COLUMNS = tuple(ActorRow.__slots__)
_BOOLEANS = ("local", "approves_followers", "discoverable", "indexable")
_SELECT = f"SELECT {', '.join(COLUMNS)} FROM actor"


def from_row(row: Row) -> ActorRow:
    """A row of the table as an ActorRow."""
    return ActorRow(**{**row, **{name: bool(row[name]) for name in _BOOLEANS}})


def handle_of(actor: ActorRow | None, uri: str) -> str:
    """The actor's handle, or its address when we know no more."""
    return actor.handle if actor else uri


async def find_actor(reads: Reads, uri: str) -> ActorRow | None:
    """The actor with that URI, whatever its state, or None."""
    row = await reads.row(f"{_SELECT} WHERE uri = ?", uri)
    return from_row(row) if row else None


async def get_actor(reads: Reads, uri: str) -> ActorRow:
    """The actor with that URI; raises NotFound."""
    found = await find_actor(reads, uri)
    if found is None:
        raise NotFound("no-actor", "No actor is known at %(uri)s.", uri=uri)
    return found


async def find_actors(reads: Reads, uris: list[str]) -> dict[str, ActorRow]:
    """The known ones among those URIs, by URI."""
    wanted = list(dict.fromkeys(uri for uri in uris if uri))
    if not wanted:
        return {}
    rows = await reads.rows(f"{_SELECT} WHERE uri IN ({marks(len(wanted))})", *wanted)
    return {row["uri"]: from_row(row) for row in rows}


async def find_actor_by_handle(reads: Reads, username: str, host: str) -> ActorRow | None:
    """The active actor known under that handle, or None; case does not matter."""
    row = await reads.row(
        f"{_SELECT} WHERE host = ? AND lower(username) = ? AND state = 'active' ORDER BY first_seen_at LIMIT 1",
        host,
        username.lower(),
    )
    return from_row(row) if row else None


async def find_follow(reads: Reads, *, follower_uri: str, followed_uri: str) -> Row | None:
    """The follow between two actors (id, uri, state, created_at), or None."""
    return await reads.row(
        "SELECT id, uri, state, created_at FROM follow WHERE follower_uri = ? AND followed_uri = ?",
        follower_uri,
        followed_uri,
    )


async def store_actor(unit: Unit, facts: ActorFacts) -> ActorRow:
    """The remote actor is stored as its document says, its keys replaced; raises PeerRefused for one of ours."""
    if host_of(facts.uri) == unit.settings.domain:
        raise PeerRefused("local-id", f"{facts.uri} is on this server; a remote document cannot define it")
    values = _columns(facts, unit.now)
    await unit.execute(
        f"INSERT INTO actor (id, uri, local, state, first_seen_at, {', '.join(values)}) "
        f"VALUES (?, ?, ?, 'active', ?, {marks(len(values))}) "
        f"ON CONFLICT (uri) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in values)}, "
        # What an admin suspended here stays so, whatever its own server says of it.
        "state = CASE WHEN actor.state = 'suspended' THEN 'suspended' ELSE 'active' END",
        new_id(unit.now),
        facts.uri,
        False,
        unit.now,
        *values.values(),
    )
    await _store_keys(unit, facts)
    return await get_actor(unit, facts.uri)


def _columns(facts: ActorFacts, now: datetime) -> dict[str, object]:
    return {
        "type": facts.type,
        "username": facts.username,
        "host": host_of(facts.uri),
        "name": facts.name,
        "summary": facts.summary,
        "url": facts.url,
        "icon": facts.icon,
        "inbox": facts.inbox,
        "shared_inbox": facts.shared_inbox,
        "outbox": facts.outbox,
        "followers": facts.followers,
        "featured": facts.featured,
        "approves_followers": facts.approves_followers,
        "moved_to": facts.moved_to,
        "also_known_as": "\n".join(facts.also_known_as),
        "published_at": facts.published_at,
        "fetched_at": now,
    }


async def _store_keys(unit: Unit, facts: ActorFacts) -> None:
    await unit.execute("DELETE FROM actor_key WHERE actor_uri = ? AND private = ''", facts.uri)
    for key in facts.keys:
        await unit.execute(
            "INSERT INTO actor_key (uri, actor_uri, kind, public, private, fetched_at) VALUES (?, ?, ?, ?, '', ?) "
            "ON CONFLICT (uri) DO NOTHING",
            key.uri,
            facts.uri,
            key.kind,
            key.pem,
            unit.now,
        )

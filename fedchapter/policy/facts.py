"""What is known of a message and its author without fetching anything: what the rules ask.

operations.md §1.4 (score by cheap facts). Rows of many actors are read together, in one query for a whole batch; what
the text looks like is read only when a rule asks for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from ..actors import ActorRow
from ..settings import Settings
from ..store import marks
from ..store.kinds import Reads
from .hosts import parents
from .shape import Shape, read_shape

OWN, MEMBER, SISTER, FOLLOWED, CIRCLE = "own", "member", "sister", "followed", "circle"
APPROVED_BEFORE, LIMITED, STRANGER = "approved", "limited", "stranger"
RELATIONS: Final = (OWN, MEMBER, SISTER, FOLLOWED, CIRCLE, APPROVED_BEFORE, LIMITED, STRANGER)
KNOWN: Final = frozenset({OWN, MEMBER, SISTER, FOLLOWED, CIRCLE, APPROVED_BEFORE})
REPLY, POST, SHARE, EVENT, PROPOSAL = "reply", "post", "share", "event", "proposal"
MESSAGE, NEED, REACTION, ANSWER, VOTE = "message", "need", "reaction", "answer", "vote"
FOLLOW, SISTER_OFFER, QUOTE, REPORT = "follow", "sister", "quote", "report"
SORTS: Final = (
    REPLY, POST, SHARE, EVENT, PROPOSAL, MESSAGE, NEED, REACTION, ANSWER, VOTE, FOLLOW, SISTER_OFFER, QUOTE, REPORT,
)  # fmt: skip
CONTENT: Final = frozenset({REPLY, POST, SHARE, EVENT, PROPOSAL, MESSAGE, NEED})
# The mark that speaks when the actor's and its server's differ.
MARK_RANKS: Final = ("", "approved", "limit", "hold", "refuse")


@dataclass(frozen=True, slots=True)
class Standing:
    """How an actor stands with us: what was decided about it, how it is related to us, whether we have shown
    anything of it, and since when we have known its server."""

    mark: str = ""
    relation: str = STRANGER
    has_shown: bool = False
    host_seen_at: datetime | None = None


@dataclass(frozen=True, eq=False)
class Facts:
    """One message as the rules see it. `what` is one of SORTS, `relation` one of RELATIONS; ages are whole days as we
    saw them (`account_days` as the actor says); `copies` counts the unknown actors who sent the like within the hour;
    `vouched`: somebody we know shared it, or it changes what is on our pages by choice; `first`: nothing of this actor
    was shown here before."""

    what: str
    relation: str
    actor: str
    host: str
    mark: str = ""
    host_mark: str = ""
    actor_days: int = 0
    host_days: int = 0
    account_days: int = 0
    first: bool = False
    reply: bool = False
    vouched: bool = False
    robot: bool = False
    storm: bool = False
    copies: int = 0
    wave: bool = False
    document: dict[str, Any] = field(default_factory=dict, repr=False)
    given: Shape | None = field(default=None, repr=False)

    @cached_property
    def shape(self) -> Shape:
        """What it looks like, read at the first question."""
        return self.given if self.given is not None else read_shape(self.document)

    @cached_property
    def host_names(self) -> frozenset[str]:
        """The server's name and the domains above it."""
        return frozenset(parents(self.host))

    @cached_property
    def link_names(self) -> frozenset[str]:
        """The same of the servers that it links to."""
        return frozenset(name for host in self.shape.hosts for name in parents(host))

    @property
    def seen(self) -> Shape | None:
        """The shape, if a rule has asked for it."""
        return self.__dict__.get("shape", self.given)


def mark_of(standing: Standing, host_mark: str) -> str:
    """The stricter of what was decided about actor and server; approving an actor outdoes a limit of its server."""
    if standing.mark == "approved" and host_mark == "limit":
        return "approved"
    return max(standing.mark, host_mark if host_mark != "approved" else "", key=MARK_RANKS.index)


_STANDINGS = """
SELECT 'mark' AS sort, subject AS uri, decision AS value, expires_at AS moment_at FROM mark
    WHERE scope = 'actor' AND decision <> '' AND subject IN ({actors})
UNION ALL SELECT 'followed', followed_uri, state, NULL FROM follow
    WHERE follower_uri IN (?, ?) AND state = 'accepted' AND followed_uri IN ({actors})
UNION ALL SELECT 'member', actor_uri, '', NULL FROM identity WHERE actor_uri IN ({actors})
UNION ALL SELECT 'sister', sister.actor_uri, '', NULL FROM sister
    JOIN follow AS theirs ON theirs.follower_uri = sister.actor_uri AND theirs.followed_uri = ?
    AND theirs.state = 'accepted' WHERE sister.state = 'sisters' AND sister.actor_uri IN ({actors})
UNION ALL SELECT 'host', host, '', first_seen_at FROM peer WHERE host IN ({hosts})
"""


async def find_standings(
    reads: Reads, settings: Settings, actors: Iterable[ActorRow], *, circle: frozenset[str], now: datetime
) -> dict[str, Standing]:
    """How these actors stand with us, by URI, in two queries."""
    remote = {actor.uri: actor for actor in actors}
    if not remote:
        return {}
    uris = sorted(remote)
    hosts = sorted({actor.host for actor in remote.values()})
    statement = _STANDINGS.format(actors=marks(len(uris)), hosts=marks(len(hosts)))
    chapter, server = settings.chapter_uri, settings.server_uri
    rows = await reads.rows(statement, *uris, chapter, server, *uris, *uris, chapter, *uris, *hosts)
    return await _to_standings(reads, remote, rows, circle, now)


async def _to_standings(
    reads: Reads,
    actors: Mapping[str, ActorRow],
    rows: Sequence[Mapping[str, Any]],
    circle: frozenset[str],
    now: datetime,
) -> dict[str, Standing]:
    decided: dict[str, str] = {}
    seen: dict[str, datetime] = {}
    said: dict[str, set[str]] = {}
    for row in rows:
        if row["sort"] == "host":
            seen[row["uri"]] = row["moment_at"]
        elif row["sort"] != "mark":
            said.setdefault(row["uri"], set()).add(row["sort"])
        elif row["moment_at"] is None or row["moment_at"] > now:
            decided[row["uri"]] = row["value"]
    relations = {
        uri: _relation(actor, said.get(uri, set()), decided.get(uri, ""), circle)
        for uri, actor in actors.items()
    }
    shown = await _find_shown(reads, [uri for uri, relation in relations.items() if relation not in KNOWN])
    return {
        uri: Standing(decided.get(uri, ""), relations[uri], uri in shown, seen.get(actor.host))
        for uri, actor in actors.items()
    }


def _relation(actor: ActorRow, said: set[str], mark: str, circle: frozenset[str]) -> str:
    relations = (
        (actor.local, OWN),
        ("sister" in said and "followed" in said, SISTER),
        ("member" in said, MEMBER),
        ("followed" in said, FOLLOWED),
        (mark == "approved", APPROVED_BEFORE),
        (mark == "limit", LIMITED),
        (actor.host in circle, CIRCLE),
    )
    return next((relation for holds, relation in relations if holds), STRANGER)


async def _find_shown(reads: Reads, uris: Sequence[str]) -> frozenset[str]:
    """Those of whom something is shown here; asked about strangers only, who have few posts to look through."""
    if not uris:
        return frozenset()
    rows = await reads.rows(
        f"SELECT uri FROM actor WHERE uri IN ({marks(len(uris))}) AND EXISTS "
        "(SELECT 1 FROM known_object WHERE owner_uri = actor.uri AND state = 'shown')",
        *uris,
    )
    return frozenset(row["uri"] for row in rows)


def days_since(moment_at: datetime | None, now: datetime) -> int:
    """Whole days; none for a moment that is not known or is to come."""
    return max((now - moment_at).days, 0) if moment_at is not None else 0


async def find_sister_hosts(reads: Reads) -> frozenset[str]:
    """The servers of our sister chapters."""
    rows = await reads.rows(
        "SELECT DISTINCT actor.host FROM sister JOIN actor ON actor.uri = sister.actor_uri "
        "WHERE sister.state = 'sisters'"
    )
    return frozenset(row["host"] for row in rows)

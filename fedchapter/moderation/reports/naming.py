"""From the addresses that a report names to who is reported and what they wrote, with the words of this moment.

operations.md §1.2 (snapshot at arrival; unknown ids are ignored, the report is kept); wire.md §3.1 (several actors:
a report about each).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...actors import ActorRow, find_actors
from ...store import Known, Unit, marks
from ...store.kinds import Reads, find_where
from ..evidence import evidence_of, exact_hash
from .rows import Item
from .writing import redact

TARGETS_MAX = 5
URIS_MAX = 60
HTML_CHARS_MAX = 20_000
# Messages and ballots between two are nobody else's to name: who reports their id learns and shows nothing.
SEEN = frozenset({"public", "unlisted", "followers"})


@dataclass(slots=True)
class Case:
    """Who is reported (None where nobody here knows them), and for what."""

    target_uri: str
    actor: ActorRow | None = None
    items: list[Item] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)


async def sort_out(unit: Unit, uris: Sequence[str], *, redacted: bool = False) -> list[Case]:
    """One case for each actor that is named or wrote what is named, at most TARGETS_MAX, those named first.

    What nothing is known of stands with the first. Empty when nothing is named. `redacted`: no word of a text is kept.
    """
    wanted = list(dict.fromkeys(uris))[:URIS_MAX]
    if not wanted:
        return []
    actors = await find_actors(unit, wanted)
    known = {one.uri: one for one in await find_where(unit, f"uri IN ({marks(len(wanted))})", *wanted)}
    known = {uri: one for uri, one in known.items() if one.visibility in SEEN and uri not in actors}
    cases = {uri: Case(uri, actors[uri]) for uri in wanted if uri in actors}
    owners = await find_actors(unit, [one.owner_uri for one in known.values()])
    for uri in wanted:
        if uri in known:
            one = known[uri]
            case = cases.setdefault(one.owner_uri, Case(one.owner_uri, owners.get(one.owner_uri)))
            case.items.append(to_item(one, redacted=redacted))
            case.known.append(one)
    unknown = [Item(uri) for uri in wanted if uri not in actors and uri not in known]
    if not cases:
        return [Case(wanted[0], items=unknown)]
    found = list(cases.values())[:TARGETS_MAX]
    found[0].items += unknown
    return found


def to_item(known: Known, *, redacted: bool = False) -> Item:
    """The post as it is now, as a report keeps it; `redacted` without its words."""
    kept = evidence_of(known) | {"published_at": known.published_at.isoformat(), "state": known.state}
    # A Flag may name fifty of the longest posts; what a moderator reads of one is here.
    kept["html"] = known.html[:HTML_CHARS_MAX]
    return Item(known.uri, True, known.owner_uri, exact_hash(known), redact(kept) if redacted else kept)


def actor_hash(actor: ActorRow) -> str:
    """Another one when what an actor says of itself changes."""
    said = (actor.name, actor.summary, actor.icon, actor.url)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


async def is_case_fine(reads: Reads, case: Case) -> bool:
    """Whether moderators found all of it fine, and it says still the same."""
    now = {one.uri: exact_hash(one) for one in case.known}
    if not now and case.actor is not None and not case.items:
        now = {case.actor.uri: actor_hash(case.actor)}
    if not now or len(now) < len(case.items):
        return False
    rows = await reads.rows(f"SELECT uri, exact_hash FROM desk_fine WHERE uri IN ({marks(len(now))})", *now)
    return len(rows) == len(now) and all(now[row["uri"]] == row["exact_hash"] for row in rows)

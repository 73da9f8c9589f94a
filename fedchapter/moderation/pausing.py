"""Suspension without destruction: what an actor or host had here rests, and comes back as it was.

mastodon#25526 (defederation should pause follows, not destroy them); wire.md §3.3. Decision: nobody elsewhere is told,
because both sides keep their follow rows and a lifted suspension goes on where it stopped; after thirty days the purge
ends them for good. Large hosts are worked off in steps by a job, each in its own transaction; a step can be repeated.
"""

from dataclasses import dataclass

from ..jobs import job, schedule
from ..policy.marks import REFUSE
from ..store import Row, Unit, find_known, marks, publishes
from ..store.kinds import PicturesChanged, change, find_where
from .turning import HIDDEN, turn

STEP = 200
JOB = "pause-step"
LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose things are meant: one actor (by URI), or a host with its sub-domains. Exactly one of both is set."""

    actor_uri: str = ""
    host: str = ""

    @property
    def condition(self) -> str:
        """SQL over the table `actor`, with as many places as `values`."""
        return "actor.uri = ?" if self.actor_uri else "(actor.host = ? OR actor.host LIKE ?)"

    @property
    def values(self) -> tuple[str, ...]:
        """For the places of `condition`; a host name holds no wildcard of LIKE but perhaps `_`, which harms nobody."""
        return (self.actor_uri,) if self.actor_uri else (self.host, f"%.{self.host}")


def whom(scope: str, subject: str) -> Whom:
    """Whose things a mark of that scope (actor, host) is about."""
    return Whom(actor_uri=subject) if scope == "actor" else Whom(host=subject)


async def follow_marks(unit: Unit, theirs: Whom) -> None:
    """What those actors have here rests, or comes back, as the marks of this moment say: a first step at once, the
    rest by a job."""
    if await _step(unit, theirs):
        await _schedule(unit, theirs)


async def _schedule(unit: Unit, theirs: Whom) -> None:
    payload = {"actor_uri": theirs.actor_uri, "host": theirs.host}
    # A key of its own each time: one that has run does not run again.
    await schedule(unit, JOB, payload, due_at=unit.now, key=f"{JOB}:{unit.new_id()}")


@job(JOB)
async def go_on(unit: Unit, payload: dict[str, str]) -> None:
    """The next step, and another if there is more."""
    await follow_marks(unit, Whom(payload["actor_uri"], payload["host"]))


async def _step(unit: Unit, theirs: Whom) -> bool:
    """At most STEP things of each sort; returns whether there may be more."""
    rested = await _hide(unit, theirs)
    paused = await _rest_follows(unit, theirs)
    unlisted = await _unlist(unit, theirs)
    returned = await _restore(unit, theirs)
    return max(rested, paused, unlisted, returned) >= STEP


# An actor is suspended by its own mark, or by that of its host or the nearest marked parent of it.
_HOST_DECIDED = """
COALESCE((SELECT mark.decision FROM mark WHERE mark.scope = 'host' AND (actor.host = mark.subject
    OR actor.host LIKE '%.' || mark.subject) AND (mark.expires_at IS NULL OR mark.expires_at > ?)
ORDER BY length(mark.subject) DESC LIMIT 1), '')
"""
_REFUSED = f"""
(EXISTS (SELECT 1 FROM mark WHERE mark.scope = 'actor' AND mark.subject = actor.uri AND mark.decision = 'refuse'
    AND (mark.expires_at IS NULL OR mark.expires_at > ?)) OR {_HOST_DECIDED.strip()} = 'refuse')
"""


# Found by index from the actor on, or a chapter with 100,000 posts would be read through at each step.
_WRITTEN = "FROM actor JOIN known_object ON known_object.owner_uri = actor.uri"
_SHARED = (
    "FROM actor JOIN known_object AS boost ON boost.owner_uri = actor.uri AND boost.kind = 'boost' "
    "JOIN share ON share.id = boost.ref "
    "JOIN known_object ON known_object.uri = share.object_uri AND known_object.boosted_by_uri = actor.uri"
)
# What somebody shared is here because of the sharer, unless we follow its author ourselves.
_UNFOLLOWED = (
    "AND NOT EXISTS (SELECT 1 FROM follow WHERE follow.followed_uri = known_object.owner_uri "
    "AND follow.state = 'accepted' AND follow.follower_uri IN (?, ?))"
)


# Limited: by its own mark, or by that of its host unless the actor was approved.
_LIMITED = f"""
(EXISTS (SELECT 1 FROM mark WHERE mark.scope = 'actor' AND mark.subject = actor.uri AND mark.decision = 'limit'
    AND (mark.expires_at IS NULL OR mark.expires_at > ?)) OR ({_HOST_DECIDED.strip()} = 'limit'
AND NOT EXISTS (SELECT 1 FROM mark WHERE mark.scope = 'actor' AND mark.subject = actor.uri
    AND mark.decision = 'approved' AND (mark.expires_at IS NULL OR mark.expires_at > ?))))
"""


async def _unlist(unit: Unit, theirs: Whom) -> int:
    """What is of whoever is limited is on no list that anybody reads: the front page, tags, calendars."""
    rows = await unit.rows(
        f"SELECT known_object.uri, actor.uri AS actor_uri, actor.host {_WRITTEN} WHERE {theirs.condition} "
        "AND actor.local = false AND known_object.local = false AND known_object.listed = true "
        f"AND {_LIMITED} LIMIT ?",
        *theirs.values,
        *[unit.now] * 3,
        STEP,
    )
    for row in rows:
        await _remember(unit, LISTED, row["uri"], row, before=LISTED)
        await change(unit, row["uri"], listed=False)
    return len(rows)


@publishes(PicturesChanged)
async def arrived(unit: Unit, happening: PicturesChanged) -> None:
    """What comes from somebody limited, whom we follow perhaps, is on no such list either."""
    known = happening.known
    if known is not None and known.listed and not known.local:
        await _unlist(unit, Whom(actor_uri=known.owner_uri))


async def _hide(unit: Unit, theirs: Whom) -> int:
    ours = (unit.settings.chapter_uri, unit.settings.server_uri)
    shared = await _hide_those(unit, theirs, _SHARED, _UNFOLLOWED, ours)
    # Their shares go after what they brought, which is found by them.
    return max(shared, await _hide_those(unit, theirs, _WRITTEN) if shared < STEP else 0)


async def _hide_those(
    unit: Unit, theirs: Whom, which: str, condition: str = "", values: tuple[str, ...] = ()
) -> int:
    rows = await unit.rows(
        f"SELECT known_object.uri, actor.uri AS actor_uri, actor.host {which} "
        f"WHERE {theirs.condition} AND actor.local = false AND known_object.local = false "
        f"AND known_object.state IN ('shown', 'held') {condition} AND {_REFUSED} LIMIT ?",
        *theirs.values,
        *values,
        unit.now,
        unit.now,
        STEP,
    )
    for row in rows:
        known = await find_known(unit, row["uri"])
        if known is None or known.state == HIDDEN:
            continue
        await _remember(unit, "object", known.uri, row, before=known.state)
        await turn(unit, known, HIDDEN)
    return len(rows)


async def _rest_follows(unit: Unit, theirs: Whom) -> int:
    rows = await unit.rows(
        "SELECT follow.id, follow.state, actor.uri AS actor_uri, actor.host FROM follow JOIN actor ON "
        "actor.uri = follow.follower_uri OR actor.uri = follow.followed_uri "
        f"WHERE {theirs.condition} AND actor.local = false AND follow.state IN ('accepted', 'requested') "
        f"AND {_REFUSED} LIMIT ?",
        *theirs.values,
        unit.now,
        unit.now,
        STEP,
    )
    for row in rows:
        await _remember(unit, "follow", row["id"], row, before=row["state"])
        await unit.execute("UPDATE follow SET state = 'paused' WHERE id = ?", row["id"])
    return len(rows)


async def _remember(unit: Unit, sort: str, subject: str, row: Row, *, before: str) -> None:
    await unit.execute(
        "INSERT INTO pause (id, sort, subject, actor_uri, host, before, made_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (sort, subject) DO UPDATE SET before = excluded.before, made_at = excluded.made_at",
        unit.new_id(),
        sort,
        subject,
        row["actor_uri"],
        row["host"],
        before,
        unit.now,
    )


async def _restore(unit: Unit, theirs: Whom) -> int:
    rows = await unit.rows(
        "SELECT pause.id, pause.sort, pause.subject, pause.before FROM pause "
        f"JOIN actor ON actor.uri = pause.actor_uri WHERE {theirs.condition} AND "
        f"((pause.sort <> 'listed' AND NOT {_REFUSED}) OR (pause.sort = 'listed' AND NOT {_LIMITED})) "
        "ORDER BY pause.id LIMIT ?",
        *theirs.values,
        *[unit.now] * 5,
        STEP,
    )
    objects = [row["subject"] for row in rows if row["sort"] == "object"]
    known = await find_where(unit, f"uri IN ({marks(len(objects))})", *objects) if objects else []
    hidden = {one.uri: one for one in known if one.state == HIDDEN}
    for row in rows:
        # What was decided about it since, or is gone, stays so.
        if row["sort"] == "object" and row["subject"] in hidden:
            await turn(unit, hidden[row["subject"]], row["before"])
        elif row["sort"] == LISTED:
            await change(unit, row["subject"], listed=True)
        elif row["sort"] == "follow":
            await unit.execute(
                "UPDATE follow SET state = ? WHERE id = ? AND state = 'paused'", row["before"], row["subject"]
            )
        await unit.execute("DELETE FROM pause WHERE id = ?", row["id"])
    return len(rows)


async def is_resting(unit: Unit, uri: str) -> bool:
    """Whether that object is out of sight because of a suspension."""
    row = await unit.row("SELECT 1 AS yes FROM pause WHERE sort = 'object' AND subject = ?", uri)
    return row is not None


assert REFUSE == "refuse", "the statements above name it"
JOBS = (go_on,)

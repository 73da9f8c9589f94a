"""Who an activity is for: the `to` and `cc` of the wire, and the inboxes it goes to.

Sources: ActivityPub §5.6, §7.1; wire.md §2.3 (Mastodon's reading of visibility), §1.6 (shared inbox once per host;
votes, Flags, Accept and Reject go to the personal inbox).
"""

from dataclasses import dataclass
from typing import Any

from ..store import Unit
from ..vocab.uris import PUBLIC

TALKING_MAX = 1000


@dataclass(frozen=True, slots=True)
class Audience:
    """`visibility` is public, unlisted, followers or direct; `actors` are addressed (and notified) besides.

    `followers_of` is another actor of ours whose followers are meant, in place of the sender's. `everywhere` adds one
    inbox on each other server that anything of the sender arrived at before: for its last word.
    """

    visibility: str = "direct"
    actors: tuple[str, ...] = ()
    personal: bool = False
    followers_of: str = ""
    everywhere: bool = False

    def address(self, followers: str) -> dict[str, list[str]]:
        """`to` and `cc` for the wire; `followers` is the sender's collection."""
        if self.visibility == "public":
            return {"to": [PUBLIC], "cc": [followers, *self.actors]}
        if self.visibility == "unlisted":
            return {"to": [followers], "cc": [PUBLIC, *self.actors]}
        if self.visibility == "followers":
            return {"to": [followers], "cc": list(self.actors)}
        return {"to": list(self.actors)}

    @property
    def reaches_followers(self) -> bool:
        """Whether it goes to everybody who follows the sender."""
        return self.visibility != "direct"


_FOLLOWERS = """
INSERT INTO delivery (outbox_id, actor_uri, inbox, host, state, attempts, reason, created_at, due_at)
SELECT {outbox}, {actor}, reach.inbox, min(reach.host), 'due', 0, '', {now}, {now} FROM (
    SELECT CASE WHEN actor.shared_inbox <> '' THEN actor.shared_inbox ELSE actor.inbox END AS inbox, actor.host AS host
    FROM follow JOIN actor ON actor.uri = follow.follower_uri
    WHERE follow.followed_uri = ? AND follow.state = 'accepted' AND actor.state = 'active' AND actor.local = {no}
        AND NOT EXISTS (
            SELECT 1 FROM mark WHERE mark.scope = 'actor' AND mark.subject = actor.uri AND mark.decision = 'refuse'
        )
) AS reach WHERE true GROUP BY reach.inbox ON CONFLICT (outbox_id, inbox) DO NOTHING
"""
_ADDRESSED = """
INSERT INTO delivery (outbox_id, actor_uri, inbox, host, state, attempts, reason, created_at, due_at)
SELECT {outbox}, {actor}, CASE WHEN {shared} AND actor.shared_inbox <> '' THEN actor.shared_inbox ELSE actor.inbox END,
    actor.host, 'due', 0, '', {now}, {now} FROM actor
WHERE actor.uri = ? AND actor.state = 'active' AND actor.local = {no} ON CONFLICT (outbox_id, inbox) DO NOTHING
"""
_EVERYWHERE = """
INSERT INTO delivery (outbox_id, actor_uri, inbox, host, state, attempts, reason, created_at, due_at)
SELECT {outbox}, {actor}, before.inbox, before.host, 'due', 0, '', {now}, {now} FROM delivery AS before
WHERE before.id IN (
    SELECT max(id) FROM delivery WHERE actor_uri = ? AND state = 'done'
        AND host NOT IN (SELECT host FROM delivery WHERE outbox_id = ?) GROUP BY host
) ON CONFLICT (outbox_id, inbox) DO NOTHING
"""


def _statement(template: str, unit: Unit, *, shared: bool = True) -> str:
    typed = unit.postgres
    return template.format(
        outbox="CAST(? AS varchar)" if typed else "?",
        actor="CAST(? AS varchar)" if typed else "?",
        now="CAST(? AS timestamptz)" if typed else "?",
        shared="true" if shared else "false",
        no="false",
    )


async def deliver_to(unit: Unit, audience: Audience, *, outbox_id: str, actor_uri: str) -> int:
    """One delivery row for each distinct inbox of the audience; returns how many."""
    values: tuple[Any, ...] = (outbox_id, actor_uri, unit.now, unit.now)
    rows = 0
    if audience.reaches_followers:
        rows += await unit.execute(_statement(_FOLLOWERS, unit), *values, audience.followers_of or actor_uri)
    for uri in dict.fromkeys(audience.actors):
        statement = _statement(_ADDRESSED, unit, shared=not audience.personal)
        rows += await unit.execute(statement, *values, uri)
    if audience.everywhere:
        rows += await unit.execute(_statement(_EVERYWHERE, unit), *values, actor_uri, outbox_id)
    return rows


async def find_talking(unit: Unit, root_uri: str) -> tuple[str, ...]:
    """Who answered in that thread from elsewhere: they hold a copy of its root, and get its changes too."""
    rows = await unit.rows(
        "SELECT DISTINCT owner_uri FROM known_object WHERE root_uri = ? AND local = ? LIMIT ?",
        root_uri,
        False,
        TALKING_MAX,
    )
    return tuple(row["owner_uri"] for row in rows)

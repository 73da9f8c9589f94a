"""The rules about actors: how ours change, and what another's Update, Delete and Move do here.

wire.md §2.5 (Move: the new actor vouches for the old one, seven days between two moves), §3.2 (Delete of an actor).
"""

from datetime import timedelta

from ...actors import ActorFacts, ActorRow, get_actor, store_actor
from ...errors import Refusal
from ...jobs import schedule
from ...store import Unit, forget
from ...store.choices import choose
from ...store.kinds import Reads, find_where
from ...text import clean
from .draft import ActorGone, ActorMoved, ChapterChanged, PostGone

NAME_MAX = 100
SUMMARY_MAX = 20_000
MOVES_AFTER = timedelta(days=7)
FORGOTTEN_AT_ONCE = 200
FORGET_JOB = "forget-posts"


async def update_chapter(
    unit: Unit, *, name: str, summary: str, icon: str | None = None, approves_followers: bool = False
) -> None:
    """The chapter presents itself so, and its followers are told. `summary` is HTML; no `icon` leaves the old one.

    Raises Refusal for a name or text that is empty or too long.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MAX or not name.isprintable():
        raise Refusal(
            "chapter-name", "The chapter's name has 1 to %(max)s characters, on one line.", max=NAME_MAX
        )
    summary = clean(summary)
    if len(summary) > SUMMARY_MAX:
        raise Refusal(
            "chapter-text", "This text is too long: %(max)s characters are the most.", max=SUMMARY_MAX
        )
    uri = unit.settings.chapter_uri
    before = await get_actor(unit, uri)
    await unit.execute(
        "UPDATE actor SET name = ?, summary = ?, icon = ?, approves_followers = ? WHERE uri = ?",
        name,
        summary,
        before.icon if icon is None else icon,
        approves_followers,
        uri,
    )
    await choose(unit, "approve_followers", "yes" if approves_followers else "no")
    unit.record(ChapterChanged(uri))


async def receive_update(unit: Unit, facts: ActorFacts) -> ActorRow:
    """The remote actor is as it says now, keys included."""
    return await store_actor(unit, facts)


async def receive_move(unit: Unit, old: ActorRow, new: ActorRow) -> bool:
    """Follows of the old actor go on to the new one; False within seven days of its last move."""
    row = await unit.row("SELECT moved_at FROM actor_move WHERE old_uri = ?", old.uri)
    if row is not None and unit.now - row["moved_at"] < MOVES_AFTER:
        return False
    await unit.execute(
        "INSERT INTO actor_move (old_uri, new_uri, moved_at) VALUES (?, ?, ?) "
        "ON CONFLICT (old_uri) DO UPDATE SET new_uri = excluded.new_uri, moved_at = excluded.moved_at",
        old.uri,
        new.uri,
        unit.now,
    )
    await unit.execute("UPDATE actor SET moved_to = ? WHERE uri = ?", new.uri, old.uri)
    unit.record(ActorMoved(old.uri, new.uri))
    return True


async def receive_gone(unit: Unit, uri: str) -> bool:
    """The remote actor is gone, with what it said of itself and its follows; its posts follow by and by.

    False when there is no such actor, or not any more.
    """
    row = await unit.row(
        "UPDATE actor SET state = 'gone', name = '', summary = '', icon = '', also_known_as = '' "
        "WHERE uri = ? AND local = false AND state <> 'gone' RETURNING id",
        uri,
    )
    if row is None:
        return False
    await unit.execute("DELETE FROM actor_key WHERE actor_uri = ? AND private = ''", uri)
    unit.record(ActorGone(uri))
    await _schedule_forgetting(unit, row["id"], uri)
    return True


async def forget_posts(unit: Unit, actor_id: str, uri: str) -> int:
    """Up to two hundred posts of the actor are forgotten, and a job for the rest is on its way; returns how many."""
    found = await find_where(
        unit,
        "owner_uri = ? AND local = false AND state <> 'gone' ORDER BY uri LIMIT ?",
        uri,
        FORGOTTEN_AT_ONCE,
    )
    for known in found:
        await forget(unit, known.uri, owner_uri=uri, former_type="")
        unit.record(PostGone(known))
    if len(found) == FORGOTTEN_AT_ONCE:
        await _schedule_forgetting(unit, actor_id, uri)
    return len(found)


async def _schedule_forgetting(unit: Unit, actor_id: str, uri: str) -> None:
    payload = {"actor_id": actor_id, "uri": uri}
    await schedule(unit, FORGET_JOB, payload, due_at=unit.now, key=f"{FORGET_JOB}:{actor_id}:{unit.new_id()}")


async def is_followed_here(reads: Reads, uri: str) -> bool:
    """Whether one of our actors follows that one, or has asked to."""
    row = await reads.row(
        "SELECT 1 AS yes FROM follow JOIN actor ON actor.uri = follow.follower_uri "
        "WHERE follow.followed_uri = ? AND follow.state IN ('requested', 'accepted') AND actor.local = true LIMIT 1",
        uri,
    )
    return row is not None

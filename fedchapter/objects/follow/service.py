"""The rules of following; the only writer of follow rows.

operations.md §3 row A9: the state of a follow changes only by the actor whose decision it is. wire.md §3.2: Block ends
follows both ways; Reject also ends an established follow.
"""

from ...actors import ActorRow, find_follow, find_own
from ...errors import NotFound, Refusal
from ...store import Known, Row, Unit, find_known, know
from .draft import FollowAnswered, FollowAsked, FollowEnded, FollowRef, FollowRequested, FollowWithdrawn

REQUESTED, ACCEPTED, REJECTED, PAUSED = "requested", "accepted", "rejected", "paused"


async def receive_follow(
    unit: Unit, follower: ActorRow, followed: ActorRow, uri: str, *, waits: bool = False
) -> str:
    """The follow is stored and answered: returns requested (it `waits`, or whoever may decides) or accepted."""
    approves = followed.approves_followers or waits
    before = await find_follow(unit, follower_uri=follower.uri, followed_uri=followed.uri)
    state = ACCEPTED if not approves or (before and before["state"] == ACCEPTED) else REQUESTED
    ref = FollowRef(uri, follower.uri, followed.uri)
    await _store(unit, ref, state)
    unit.record(FollowAnswered(ref, accepted=True) if state == ACCEPTED else FollowRequested(ref))
    return state


async def ask(unit: Unit, follower_uri: str, followed: ActorRow) -> None:
    """Our actor asks to follow; asking again sends the question again. Raises Refusal for oneself."""
    if followed.local:
        raise Refusal("follow-self", "That is on this server; there is nothing to follow.")
    before = await find_follow(unit, follower_uri=follower_uri, followed_uri=followed.uri)
    if before is not None and before["state"] == PAUSED:
        raise Refusal("suspended", "This account or its server is suspended here. Lift that first.")
    uri = before["uri"] if before else unit.settings.uri("activities", unit.new_id())
    follow = FollowRef(uri, follower_uri, followed.uri)
    if before is None or before["state"] != ACCEPTED:
        await _store(unit, follow, REQUESTED)
    unit.record(FollowAsked(follow))


async def receive_answer(unit: Unit, answerer_uri: str, follow_uri: str, *, accepted: bool) -> str | None:
    """The followed actor answered our Follow; returns the new state, or None when we never asked that of them."""
    row = await unit.row(
        "SELECT id, follower_uri, state FROM follow WHERE uri = ? AND followed_uri = ?",
        follow_uri,
        answerer_uri,
    )
    if row is None or not row["follower_uri"].startswith(f"{unit.settings.origin}/"):
        return None
    if row["state"] == PAUSED and accepted:
        # It rests while they are suspended, and is accepted when that is lifted.
        await unit.execute(
            "UPDATE pause SET before = ? WHERE sort = 'follow' AND subject = ?", ACCEPTED, row["id"]
        )
        return ACCEPTED
    await _decide(unit, row["id"], ACCEPTED if accepted else REJECTED)
    if not accepted:
        unit.record(FollowEnded(row["follower_uri"], answerer_uri))
    return ACCEPTED if accepted else REJECTED


async def withdraw(unit: Unit, follower_uri: str, followed_uri: str) -> None:
    """Our actor follows that one no longer; raises NotFound when it did not."""
    row = await find_follow(unit, follower_uri=follower_uri, followed_uri=followed_uri)
    if row is None:
        raise NotFound("no-follow", "There is no such follow.")
    follow = FollowRef(row["uri"], follower_uri, followed_uri)
    await _remove(unit, row["id"], follow)
    unit.record(FollowWithdrawn(follow))


async def receive_withdrawal(unit: Unit, follower_uri: str, followed_uri: str, follow_uri: str = "") -> bool:
    """The follower is gone; False when it was none, or when `follow_uri` is an earlier Follow than that one."""
    row = await find_follow(unit, follower_uri=follower_uri, followed_uri=followed_uri)
    if row is None or await _was_replaced(unit, follow_uri, by=row["uri"]):
        return False
    await _remove(unit, row["id"], FollowRef(row["uri"], follower_uri, followed_uri))
    return True


async def _was_replaced(unit: Unit, follow_uri: str, *, by: str) -> bool:
    # Race: an Undo that comes after the next Follow. Ids never seen here pass: some servers make up new ones.
    if follow_uri == by:
        return False
    known = await find_known(unit, follow_uri)
    return known is not None and known.kind == "follow"


async def answer(unit: Unit, follow_id: str, *, accepted: bool, own_uri: str = "") -> None:
    """A follower of ours was accepted or rejected (rejecting also ends an accepted follow).

    With `own_uri` as that actor of ours (a person, a group), else as the chapter or the server. Raises NotFound.
    """
    row = await unit.row(
        "SELECT id, uri, follower_uri, followed_uri, state FROM follow WHERE id = ?", follow_id
    )
    followed = await find_own(unit, row["followed_uri"]) if row else None
    decides = (own_uri,) if own_uri else (unit.settings.chapter_uri, unit.settings.server_uri)
    if row is None or followed is None or followed.uri not in decides:
        raise NotFound("no-follow", "There is no such request; perhaps it was withdrawn.")
    follow = FollowRef(row["uri"], row["follower_uri"], row["followed_uri"])
    if accepted:
        await _decide(unit, follow_id, ACCEPTED)
    else:
        await _remove(unit, follow_id, follow)
    unit.record(FollowAnswered(follow, accepted=accepted))


async def receive_block(unit: Unit, blocker_uri: str, blocked_uri: str) -> None:
    """Follows between the two have ended, both ways; ours are not undone, since the blocker knows."""
    for follower, followed in ((blocker_uri, blocked_uri), (blocked_uri, blocker_uri)):
        await receive_withdrawal(unit, follower, followed)


async def forget_actor(unit: Unit, uri: str) -> None:
    """Nobody here follows that actor, and it follows nobody here: it is gone."""
    rows = await unit.rows(
        "SELECT id, uri, follower_uri, followed_uri FROM follow WHERE follower_uri = ? OR followed_uri = ?",
        uri,
        uri,
    )
    for row in rows:
        await _remove(unit, row["id"], FollowRef(row["uri"], row["follower_uri"], row["followed_uri"]))


async def end_for_good(unit: Unit, uri: str) -> None:
    """Nobody here follows that actor any more, nor it us, and its server is told, as far as it still listens."""
    rows = await unit.rows(
        "SELECT id, uri, follower_uri, followed_uri FROM follow WHERE follower_uri = ? OR followed_uri = ?",
        uri,
        uri,
    )
    for row in rows:
        follow = FollowRef(row["uri"], row["follower_uri"], row["followed_uri"])
        await _remove(unit, row["id"], follow)
        theirs = row["follower_uri"] == uri
        unit.record(FollowAnswered(follow, accepted=False) if theirs else FollowWithdrawn(follow))


async def move_follows(unit: Unit, old_uri: str, new: ActorRow) -> int:
    """Our actors that followed `old_uri` ask to follow `new`; returns how many."""
    rows = await _followers_here(unit, old_uri)
    for row in rows:
        await withdraw(unit, row["follower_uri"], old_uri)
        await ask(unit, row["follower_uri"], new)
    return len(rows)


async def _followers_here(unit: Unit, followed_uri: str) -> list[Row]:
    return await unit.rows(
        "SELECT follower_uri FROM follow WHERE followed_uri = ? AND follower_uri IN (?, ?) "
        "AND state IN ('requested', 'accepted')",
        followed_uri,
        unit.settings.chapter_uri,
        unit.settings.server_uri,
    )


async def _store(unit: Unit, follow: FollowRef, state: str) -> None:
    row_id = unit.new_id()
    await unit.execute(
        "INSERT INTO follow (id, uri, follower_uri, followed_uri, state, created_at, decided_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (follower_uri, followed_uri) DO UPDATE SET uri = excluded.uri, "
        "state = excluded.state, decided_at = excluded.decided_at",
        row_id,
        follow.uri,
        follow.follower_uri,
        follow.followed_uri,
        state,
        unit.now,
        unit.now if state == ACCEPTED else None,
    )
    if follow.uri:
        known = Known(
            follow.uri,
            "follow",
            row_id,
            follow.follower_uri,
            unit.now,
            local=follow.follower_uri.startswith(f"{unit.settings.origin}/"),
            visibility="direct",
        )
        await know(unit, known)


async def _decide(unit: Unit, follow_id: str, state: str) -> None:
    await unit.execute("UPDATE follow SET state = ?, decided_at = ? WHERE id = ?", state, unit.now, follow_id)


async def _remove(unit: Unit, follow_id: str, follow: FollowRef) -> None:
    await unit.execute("DELETE FROM follow WHERE id = ?", follow_id)
    await unit.execute("DELETE FROM known_object WHERE uri = ? AND kind = 'follow'", follow.uri)
    unit.record(FollowEnded(follow.follower_uri, follow.followed_uri))

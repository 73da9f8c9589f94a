"""The one question: is a post from that actor shown, held or refused?

operations.md §1.4: hold instead of drop; known relations are shown, a stranger's first post waits; approval remembers
the actor. The first rule that speaks wins, and its name goes into the log.
"""

from dataclasses import dataclass

from ..actors import ActorRow, find_follow
from ..store.kinds import Reads
from .hosts import HostMarks
from .marks import APPROVED, HOLD, REFUSE, find_mark


@dataclass(frozen=True, slots=True)
class Verdict:
    """`decision` is show, hold or refuse; `rule` names what decided, `reason` says it in words."""

    decision: str
    rule: str
    reason: str


async def decide(reads: Reads, marks: HostMarks, actor: ActorRow, *, chapter_uri: str) -> Verdict:
    """What happens to a post of that actor."""
    mark = await find_mark(reads, scope="actor", subject=actor.uri)
    if mark == REFUSE or actor.state == "suspended":
        return Verdict("refuse", "actor-refused", "an admin refused this actor")
    if mark == HOLD or marks.decision(actor.host) == HOLD:
        return Verdict("hold", "marked-hold", "an admin wants to see what comes from there first")
    if actor.local or mark == APPROVED:
        return Verdict("show", "approved", "approved before")
    follow = await find_follow(reads, follower_uri=chapter_uri, followed_uri=actor.uri)
    if follow is not None and follow["state"] == "accepted":
        return Verdict("show", "followed", "the chapter follows this actor")
    return Verdict("hold", "stranger", "the first post of somebody new here")

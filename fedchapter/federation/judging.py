"""From a resolved message to a verdict: over whoever sent it and whoever wrote it, the stricter of the two.

Issue "Hold, don't drop": one policy for everything that brings something. What ends, withdraws or answers something
(Undo, Delete, Accept of a Follow …) is not judged: it takes away, and a refused actor may leave, too.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from ..actors import ActorRow, find_actor
from ..house import House
from ..policy import facts as the
from ..policy.facts import Facts, Standing, days_since, mark_of
from ..policy.judged import Judgement
from ..policy.verdict import UNJUDGED, Verdict, worst
from ..vocab.normalise import Activity
from ..vocab.read import type_of
from .incoming import Incoming
from .lookup import Lookup
from .origin import author_of

_WRITTEN: Final = {
    "comment": the.REPLY,
    "announcement": the.POST,
    "event": the.EVENT,
    "proposal": the.PROPOSAL,
    "poll": the.PROPOSAL,
    "message": the.MESSAGE,
    "board": the.NEED,
    "board-answer": the.NEED,
    "vote": the.VOTE,
}
_BY_VERB: Final = {
    "Like": the.REACTION,
    "Dislike": the.REACTION,
    "EmojiReact": the.REACTION,
    "Join": the.ANSWER,
    "Follow": the.FOLLOW,
    "Offer": the.SISTER_OFFER,
    "QuoteRequest": the.QUOTE,
    "Flag": the.REPORT,
}
# What cannot wait is not taken, where a rule would hold it: nothing of it could be shown later.
UNHOLDABLE: Final = frozenset({the.REACTION, the.VOTE, the.QUOTE, the.SISTER_OFFER})


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of a message, and what is written down of it (None: it brings nothing)."""

    verdict: Verdict
    judgement: Judgement | None = None


def what_it_brings(incoming: Incoming) -> str:
    """One of policy.facts.SORTS, or an empty string when it brings nothing."""
    verb, kind = incoming.activity.type, incoming.kind
    if verb in ("Create", "Update"):
        return _WRITTEN.get(kind, "")
    if verb == "Announce":
        if type_of(incoming.object) == "Tombstone":
            return ""
        return the.REACTION if kind == "reaction" else the.REPLY if kind == "comment" else the.SHARE
    if verb == "Accept":
        return the.ANSWER if kind == "event" else ""
    return _BY_VERB.get(verb, "")


async def judge(house: House, incoming: Incoming, lookup: Lookup) -> Judged:
    """What the rules say of that message, and why."""
    what = what_it_brings(incoming)
    if not what:
        return Judged(UNJUDGED)
    now = house.clock.now()
    sender = await _sender(lookup, incoming)
    author = await _author(house, incoming, lookup)
    standing = await lookup.standing(author)
    if author.uri == sender.uri:
        return _judged(house, incoming, _facts(house, incoming, what, author, standing), now)
    sent = await lookup.standing(sender)
    shared = incoming.activity.type == "Announce"
    about_author = _facts(house, incoming, what, author, standing)
    if shared:
        about_author = replace(about_author, vouched=sent.relation in the.KNOWN)
    # Somebody of a group's server sends what the group publishes: only what was decided about that person counts.
    sent = sent if shared else replace(sent, relation=standing.relation, has_shown=True)
    about_sender = _facts(house, incoming, the.SHARE if shared else what, sender, sent)
    author_judged = _judged(house, incoming, about_author, now)
    _, verdict = house.policy.judge(replace(about_sender, vouched=about_author.vouched), _uri(incoming), now)
    strictest = worst(author_judged.verdict, verdict)
    assert author_judged.judgement is not None
    return Judged(strictest, replace(author_judged.judgement, verdict=strictest))


async def _sender(lookup: Lookup, incoming: Incoming) -> ActorRow:
    return await lookup.actor(incoming.activity.actor) or incoming.actor


async def _author(house: House, incoming: Incoming, lookup: Lookup) -> ActorRow:
    """Who wrote what an Announce shows; whoever acts otherwise."""
    if incoming.activity.type != "Announce" or incoming.kind == "reaction":
        return incoming.actor
    uri = author_of(incoming.object) or (incoming.known.owner_uri if incoming.known else "")
    # Its row may have been fetched a moment ago, after this batch's look-ups.
    return await lookup.actor(uri) or await find_actor(house.database, uri) or incoming.actor


def _facts(house: House, incoming: Incoming, what: str, actor: ActorRow, standing: Standing) -> Facts:
    now = house.clock.now()
    host_mark = house.policy.marks.decision(actor.host) or ""
    mark = "refuse" if actor.state == "suspended" else mark_of(standing, host_mark)
    return Facts(
        what,
        standing.relation,
        actor.uri,
        actor.host,
        mark=mark,
        host_mark=host_mark,
        actor_days=days_since(actor.first_seen_at, now),
        host_days=days_since(standing.host_seen_at, now),
        account_days=days_since(actor.published_at or actor.first_seen_at, now),
        first=not standing.has_shown and standing.relation not in the.KNOWN,
        reply=incoming.reply_to is not None,
        vouched=incoming.activity.type == "Update" and incoming.known is not None and incoming.known.listed,
        robot=actor.type in ("Service", "Application"),
        storm=house.policy.is_storm(now),
        document=incoming.object,
    )


def _judged(house: House, incoming: Incoming, facts: Facts, now: datetime) -> Judged:
    uri = _uri(incoming)
    facts, verdict = house.policy.judge(facts, uri, now)
    return Judged(verdict, Judgement(uri, facts, verdict))


def _uri(incoming: Incoming) -> str:
    return incoming.object_uri or incoming.activity.id or ""


async def judge_actor(house: House, actor: ActorRow) -> Verdict:
    """What the rules would say of a plain post of that actor."""
    standing = await Lookup(house).standing(actor)
    now = house.clock.now()
    activity = Activity(actor.uri, "Create", actor.uri, None, None, (), (), None, {})
    incoming = Incoming(activity, actor, "announcement")
    return house.policy.judge(_facts(house, incoming, the.POST, actor, standing), actor.uri, now)[1]

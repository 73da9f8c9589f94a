"""What is known here of whoever wrote something and of their server, and what was decided about them before.

operations.md §1.4 (facts known without fetching). Asked when a group is opened, for its few authors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...actors import ActorRow, find_actors
from ...actors.sisters import find_sisters
from ...house import House
from ...policy import find_marking
from ...store import Row
from ...store.kinds import Reads
from ...words import mark, say
from ..audit import VERBS
from ..lists.sisters import said_by_sisters

AUTHORS_MAX = 3
EARLIER_MAX = 6
MARKS = {
    "approved": mark("approved"),
    "hold": mark("always held"),
    "limit": mark("limited"),
    "refuse": mark("suspended"),
}


# What lists call what was decided about a server.
SEVERITIES = {
    "noop": mark("noted"),
    "silence": mark("limited"),
    "suspend": mark("suspended"),
    "allow": mark("approved"),
}


@dataclass(frozen=True, slots=True)
class About:
    """One author: since when we and their server know them, what of theirs is shown, follows, marks, their server."""

    actor: ActorRow
    shown: int
    waiting: int
    relations: tuple[str, ...]
    marks: tuple[str, ...]
    host_since_at: datetime | None
    host_shown: int
    host_marks: tuple[str, ...]
    earlier: tuple[Mapping[str, Any], ...]
    sisters: tuple[Mapping[str, str], ...]


async def find_about(house: House, uris: Sequence[str]) -> list[About]:
    """Those of them that we know, at most three, in the same order."""
    wanted = list(dict.fromkeys(uri for uri in uris if uri))[:AUTHORS_MAX]
    actors = await find_actors(house.database, wanted)
    return [await _about(house, actors[uri]) for uri in wanted if uri in actors]


async def _about(house: House, actor: ActorRow) -> About:
    reads = house.database
    peer = await reads.row("SELECT first_seen_at FROM peer WHERE host = ?", actor.host)
    counts = await reads.rows(
        "SELECT state, count(*) AS total FROM known_object WHERE owner_uri = ? AND kind <> 'follow' GROUP BY state",
        actor.uri,
    )
    there = await reads.row(
        "SELECT count(*) AS total FROM known_object JOIN actor ON actor.uri = known_object.owner_uri "
        "WHERE actor.host = ? AND known_object.state = 'shown' AND known_object.local = false",
        actor.host,
    )
    by_state = {row["state"]: row["total"] for row in counts}
    marking = await find_marking(reads, scope="actor", subject=actor.uri, now=house.clock.now())
    on_host = house.marks.find(actor.host)
    return About(
        actor,
        shown=by_state.get("shown", 0),
        waiting=by_state.get("held", 0),
        relations=await _relations(house, actor),
        marks=_words(marking),
        host_since_at=peer["first_seen_at"] if peer else None,
        host_shown=int(there["total"]) if there else 0,
        host_marks=_words(on_host),
        earlier=tuple(await find_earlier(reads, actor)),
        sisters=tuple(await _said_by_sisters(house, actor.host)),
    )


async def _said_by_sisters(house: House, host: str) -> list[dict[str, str]]:
    found = await said_by_sisters(house.database, house.settings.chapter_uri, host)
    return [{**one, "words": say(SEVERITIES.get(one["severity"], one["severity"]))} for one in found]


def _words(marking: Any) -> tuple[str, ...]:
    if marking is None:
        return ()
    flags = [
        say("no pictures") if marking.reject_media else "",
        say("no reports") if marking.reject_reports else "",
        say("behind a warning") if marking.sensitive else "",
    ]
    words = [say(MARKS[marking.decision])] if marking.decision in MARKS else []
    return (*words, *(flag for flag in flags if flag))


async def _relations(house: House, actor: ActorRow) -> tuple[str, ...]:
    ours = house.settings.chapter_uri
    rows = await house.database.rows(
        "SELECT follower_uri FROM follow WHERE state = 'accepted' AND "
        "((follower_uri = ? AND followed_uri = ?) OR (follower_uri = ? AND followed_uri = ?))",
        *(ours, actor.uri, actor.uri, ours),
    )
    followers = {row["follower_uri"] for row in rows}
    sisters = await find_sisters(house.database, ours)
    found = [
        say("one of ours") if actor.local else "",
        say("a sister chapter") if actor.uri in sisters else "",
        say("the chapter follows them") if ours in followers else "",
        say("follows the chapter") if actor.uri in followers else "",
    ]
    return tuple(word for word in found if word)


async def find_earlier(reads: Reads, actor: ActorRow) -> list[dict[str, Any]]:
    """What was decided about the actor, their posts and their server before, newest first: words, who, reason, at."""
    rows = await reads.rows(
        "SELECT decision.what, decision.undo_of, decision.reason, decision.rule, decision.made_at, "
        "decision.made_by, account.display_name AS name FROM decision "
        "LEFT JOIN account ON account.id = decision.made_by "
        "WHERE decision.actor_uri = ? OR decision.target_uri IN (?, ?) ORDER BY decision.id DESC LIMIT ?",
        *(actor.uri, actor.uri, actor.host, EARLIER_MAX),
    )
    return [to_words(row) for row in rows]


async def find_same_text(reads: Reads, text_hash: str) -> list[Row]:
    """What became of earlier copies of the same words: outcome, total."""
    if not text_hash:
        return []
    return await reads.rows(
        "SELECT outcome, count(*) AS total FROM desk_item WHERE text_hash = ? AND state <> 'open' GROUP BY outcome",
        text_hash,
    )


def to_words(row: Row) -> dict[str, Any]:
    """A line of the log for people: words, who, reason, at."""
    return {
        "words": line_words(row["what"], bool(row["undo_of"])),
        "who": who_decided(row),
        "reason": row["reason"],
        "at": row["made_at"],
    }


def line_words(what: str, undone: bool) -> str:
    """What a verb of the log is called."""
    found = VERBS.get(what)
    return say(found.undone if undone else found.words) if found else what


def who_decided(row: Row) -> str:
    """Who or what decided, for staff."""
    if row["rule"]:
        return say("the rule “%(rule)s”", rule=say(row["rule"]))
    return (
        str(row["name"]) if row["name"] else say("somebody who left") if row["made_by"] else say("the shell")
    )

"""What can be done about a server, and what it would cut, shown before it is done.

wire.md §3.3; operations.md §1.5.7; mastodon#27511 (people want to know which relations a block severs).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...actors.sisters import find_sisters
from ...errors import Refusal
from ...house import House
from ...members import Permission
from ...policy import Marking, find_marking
from ...policy.marks import APPROVED, HOLD, LIMIT, REFUSE
from ...store import Unit
from ...store.kinds import Reads
from ...words import mark, say
from ..audit import Judge, verb
from .marking import ends_at, place, take_off, unplace
from .purging import plan_purge
from .registry import HOST, Action, install

NAMED_MAX = 20


@dataclass(frozen=True, slots=True)
class Cut:
    """What suspending a host (with its sub-domains) cuts now: how many follow us, whom we follow there (at most 20
    named), which sister chapters live there, answers to events and comments from there, and members who sign in or are
    linked from there."""

    followers: int = 0
    followed: int = 0
    followed_names: tuple[str, ...] = ()
    sisters: tuple[str, ...] = ()
    answers: int = 0
    posts: int = 0
    linked_members: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nobody here would notice."""
        return not any((self.followers, self.followed, self.sisters, self.answers, self.linked_members))


async def preview_host(reads: Reads, host: str, *, chapter_uri: str, server_uri: str) -> Cut:
    """What is between us and that host right now."""
    there = "(actor.host = ? OR actor.host LIKE ?)"
    values = (host, f"%.{host}")
    followers = await reads.row(
        "SELECT count(*) AS total FROM follow JOIN actor ON actor.uri = follow.follower_uri "
        f"WHERE {there} AND actor.local = false AND follow.state = 'accepted'",
        *values,
    )
    followed = await reads.rows(
        "SELECT DISTINCT actor.username, actor.host FROM follow JOIN actor ON actor.uri = follow.followed_uri "
        f"WHERE {there} AND actor.local = false AND follow.state IN ('accepted', 'requested') "
        "ORDER BY actor.host, actor.username",
        *values,
    )
    known = await reads.rows(
        "SELECT kind, count(*) AS total FROM known_object JOIN actor ON actor.uri = known_object.owner_uri "
        f"WHERE {there} AND actor.local = false AND known_object.state = 'shown' GROUP BY kind",
        *values,
    )
    linked = await reads.row(
        "SELECT count(DISTINCT account_id) AS total FROM identity WHERE host = ? OR host LIKE ?", *values
    )
    counts = {row["kind"]: int(row["total"]) for row in known}
    sisters = await find_sisters(reads, chapter_uri)
    return Cut(
        followers=int(followers["total"]) if followers else 0,
        followed=len(followed),
        followed_names=tuple(f"@{row['username']}@{row['host']}" for row in followed[:NAMED_MAX]),
        sisters=tuple(uri for uri in sisters if _is_there(uri, host)),
        answers=counts.pop("answer", 0),
        posts=sum(total for kind, total in counts.items() if kind not in ("follow", "reaction")),
        linked_members=int(linked["total"]) if linked else 0,
    )


def _is_there(uri: str, host: str) -> bool:
    authority = uri.split("/")[2] if uri.count("/") >= 2 else ""
    return authority == host or authority.endswith(f".{host}")


async def set_host(unit: Unit, house: House, host: str, marking: Marking, judge: Judge) -> str:
    """The mark on the host stands (verb by its decision), follows rest or come back; returns the id of its line.

    The caller reloads `house.marks` after the unit.
    """
    if host == house.settings.domain:
        raise Refusal("own-host", "That is this server.")
    what = WHAT[marking.decision]
    line = await place(unit, scope="host", subject=host, marking=marking, what=what, judge=judge)
    if marking.decision == REFUSE:
        await plan_purge(unit, scope="host", subject=host)
    return line


async def lift_host(unit: Unit, host: str, judge: Judge) -> str:
    """Nothing is decided about the host any more; returns the id of its line."""
    return await take_off(unit, scope="host", subject=host, judge=judge)


async def _marking(unit: Unit, host: str, judge: Judge, options: Mapping[str, str]) -> Marking:
    before = await find_marking(unit, scope="host", subject=host) or Marking("")
    return replace(
        before,
        reason=judge.reason,
        made_by=judge.account_id,
        public_reason=options.get("public_reason", before.public_reason)[:500],
        obfuscate=options.get("obfuscate", "yes" if before.obfuscate else "") == "yes",
        reject_media=options.get("reject_media", "yes" if before.reject_media else "") == "yes",
        reject_reports=options.get("reject_reports", "yes" if before.reject_reports else "") == "yes",
        expires_at=ends_at(options, unit.now),
        source="",
    )


async def hold(unit: Unit, house: House, host: str, judge: Judge, options: Mapping[str, str]) -> str:
    """What comes from there waits for a moderator."""
    marking = replace(await _marking(unit, host, judge, options), decision=HOLD)
    await set_host(unit, house, host, marking, judge)
    return say("What comes from %(host)s waits for a moderator from now on.", host=host)


async def limit(unit: Unit, house: House, host: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Nobody of theirs is on public pages; who follows them still sees them."""
    marking = replace(await _marking(unit, host, judge, options), decision=LIMIT)
    await set_host(unit, house, host, marking, judge)
    return say("%(host)s is limited from now on.", host=host)


async def suspend(unit: Unit, house: House, host: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Nothing goes there or comes from there; follows rest."""
    marking = replace(await _marking(unit, host, judge, options), decision=REFUSE)
    await set_host(unit, house, host, marking, judge)
    return say(
        "%(host)s is suspended. Follows rest, and come back if this is undone within 30 days.", host=host
    )


async def allow(unit: Unit, house: House, host: str, judge: Judge, options: Mapping[str, str]) -> str:
    """The host is allowed whatever lists or its parent domain say."""
    marking = replace(await _marking(unit, host, judge, options), decision=APPROVED)
    await set_host(unit, house, host, marking, judge)
    return say("%(host)s is allowed, whatever any list says.", host=host)


async def no_media(unit: Unit, house: House, host: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Pictures from there are not shown."""
    marking = replace(await _marking(unit, host, judge, options), reject_media=True)
    await place(unit, scope="host", subject=host, marking=marking, what=NO_MEDIA, judge=judge)
    return say("Pictures from %(host)s are not shown any more.", host=host)


async def no_reports(unit: Unit, house: House, host: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Reports from there are dropped."""
    marking = replace(await _marking(unit, host, judge, options), reject_reports=True)
    await place(unit, scope="host", subject=host, marking=marking, what=NO_REPORTS, judge=judge)
    return say("Reports from %(host)s are not taken any more.", host=host)


async def flags(unit: Unit, house: House, host: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Only what is noted about it stands: pictures, reports, what everybody reads."""
    marking = replace(await _marking(unit, host, judge, options), decision="")
    await set_host(unit, house, host, marking, judge)
    return say("Saved for %(host)s.", host=host)


async def lift(unit: Unit, house: House, host: str, judge: Judge, options: Mapping[str, str]) -> str:
    """Nothing is decided about it any more."""
    await lift_host(unit, host, judge)
    return say("Nothing is decided about %(host)s any more.", host=host)


HOLD_HOST = verb(
    "hold-host", mark("Everything from a server waits"), mark("Undone: everything waits"), undo=unplace
)
LIMIT_HOST = verb("limit-host", mark("Limited a server"), mark("Undone: limited a server"), undo=unplace)
SUSPEND_HOST = verb(
    "suspend-host", mark("Suspended a server"), mark("Undone: suspended a server"), undo=unplace
)
ALLOW_HOST = verb("allow-host", mark("Allowed a server"), mark("Undone: allowed a server"), undo=unplace)
NO_MEDIA = verb(
    "no-media-host", mark("Shows no pictures of a server"), mark("Undone: shows no pictures"), undo=unplace
)
NO_REPORTS = verb(
    "no-reports-host", mark("Takes no reports of a server"), mark("Undone: takes no reports"), undo=unplace
)
FLAGS_HOST = verb(
    "flags-host", mark("Changed what is noted about a server"), mark("Undone: changed"), undo=unplace
)
WHAT = {HOLD: HOLD_HOST, LIMIT: LIMIT_HOST, REFUSE: SUSPEND_HOST, APPROVED: ALLOW_HOST, "": FLAGS_HOST}
_MORE = ("days", "public_reason", "obfuscate", "reject_media", "reject_reports")

for _action in (
    Action(
        "hold-host",
        mark("Hold"),
        mark("What comes from there waits for a moderator, each time."),
        HOST,
        Permission.HOSTS,
        hold,
        _MORE,
    ),
    Action(
        "no-media-host",
        mark("No pictures"),
        mark("Pictures from there are not shown."),
        HOST,
        Permission.HOSTS,
        no_media,
        _MORE,
    ),
    Action(
        "no-reports-host",
        mark("No reports"),
        mark("Reports from there are not taken."),
        HOST,
        Permission.HOSTS,
        no_reports,
        _MORE,
    ),
    Action(
        "limit-host",
        mark("Limit"),
        mark("On no public page; only who follows somebody there sees them."),
        HOST,
        Permission.HOSTS,
        limit,
        _MORE,
    ),
    Action(
        "suspend-host",
        mark("Suspend"),
        mark("Nothing goes there or comes from there."),
        HOST,
        Permission.HOSTS,
        suspend,
        _MORE,
        danger=True,
    ),
    Action(
        "allow-host",
        mark("Allow"),
        mark("Treated as any other, whatever lists say."),
        HOST,
        Permission.HOSTS,
        allow,
        _MORE,
    ),
    Action(
        "flags-host",
        mark("None of these"),
        mark("Only what is ticked below."),
        HOST,
        Permission.HOSTS,
        flags,
        _MORE,
    ),
    Action(
        "lift-host", mark("Lift"), mark("Nothing is decided about it any more."), HOST, Permission.HOSTS, lift
    ),
):
    install(_action)

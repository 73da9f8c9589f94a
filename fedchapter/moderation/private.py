"""Someone's private information: hidden at once everywhere with its copies, and nothing of its text is kept.

Issue "Someone's private information"; operations.md §1.5. What somebody elsewhere wrote is forgotten here and refused
when it is sent again; what one of ours wrote is deleted, here and on the servers that got it. What is left says who,
where, when and how long, for whoever answers for it. Undoing lets it come again; it never brings the text back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from typing import Any

import msgspec

from ..errors import Refusal
from ..house import House
from ..members import Permission
from ..notices import Notice, find_staff, tell
from ..notices.tell import forget_notice
from ..policy.private import words_of
from ..policy.state import note_change
from ..store import Known, Unit, find_known, marks
from ..store.kinds import find_where
from ..text import plain
from ..vocab.uris import is_uri, same_origin
from ..words import mark, say
from .actions.purging import Purged
from .actions.registry import POST, Action, install
from .audit import Entry, Judge, Line, verb, write
from .ballots import find_ballots_about
from .desk import close_item
from .reports.draft import PRIVATE as REPORTED_PRIVATE
from .reports.draft import Sending
from .reports.sending import send_report
from .turning import HIDDEN, turn

COPIES_MAX = 500
# Of ours; anything else of ours is deleted on its own page.
DELETABLE = ("announcement", "comment")
WORD_CHARS_MIN = 5
ALERT = mark("Somebody’s private information was hidden. Please look now whether more is to be done.")


@dataclass(frozen=True, slots=True)
class GivenAway:
    """One of ours wrote what gives somebody away: it is to be deleted, here and wherever it went."""

    known: Known


async def hide_private(unit: Unit, uri: str, judge: Judge) -> int:
    """The post and its copies are nowhere any more; returns how many posts that were, 0 when it was not here yet.

    Every moderator hears of it at once. Raises Refusal for what is no address, or is kept away already.
    """
    if not is_uri(uri) and not uri.startswith(unit.settings.origin):
        raise Refusal("no-post", "This is not the address of a post.")
    if await unit.row("SELECT uri FROM private_text WHERE uri = ?", uri) is not None:
        raise Refusal("decided", "This is kept away already.")
    known = await find_known(unit, uri)
    if known is not None and known.local and known.kind not in DELETABLE:
        raise Refusal("own-post", "This was written here. Delete it, or change its words, on its own page.")
    posts = [known] if known is not None and known.state != "gone" else []
    words = words_of(known.title, known.html) if known is not None else ""
    posts += await _find_copies(unit, known, words) if known is not None else []
    on_a_ballot = bool(await find_ballots_about(unit, posts, unit.now))
    await _remember(unit, uri, words, "", judge)
    for copy in posts:
        if copy.uri != uri:
            await _remember(unit, copy.uri, "", uri, judge)
        await _put_away(unit, copy)
    await _erase_traces(unit, [uri, *(one.uri for one in posts)], posts)
    kept = [redacted(one) for one in posts]
    owner = known.owner_uri if known is not None else ""
    # What two moderators decide otherwise cannot wait here; so all members read that it was done during a vote.
    entry = Entry(PRIVATE, uri, owner, before={"posts": kept}, public=on_a_ballot)
    await write(unit, entry, judge)
    await note_change(unit)
    notice = Notice("moderation", f"private:{uri}"[:255], ALERT, "/admin/queue", by=judge.account_id)
    await tell(unit, notice, to=await find_staff(unit, Permission.MODERATE))
    return len(posts)


def redacted(known: Known) -> dict[str, Any]:
    """What may be kept of it: who, where, when and how long, without a word of it."""
    return {
        "uri": known.uri,
        "kind": known.kind,
        "owner_uri": known.owner_uri,
        "published_at": known.published_at.isoformat(),
        "chars": len(plain(known.html)),
        "pictures": len(msgspec.json.decode(known.pictures)) if known.pictures else 0,
    }


async def _remember(unit: Unit, uri: str, words: str, copy_of: str, judge: Judge) -> None:
    await unit.execute(
        "INSERT INTO private_text (uri, words_hash, copy_of, made_by, made_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (uri) DO NOTHING",
        uri,
        words,
        copy_of,
        judge.account_id,
        unit.now,
    )


async def _find_copies(unit: Unit, known: Known, words: str) -> list[Known]:
    """What says the same words, or shows it by a link (a quote)."""
    found = await _find_links(unit, known)
    # The longest word narrows it down; the fingerprint decides.
    longest = max(plain(known.html).split(), key=len, default="")
    if not words or len(longest) < WORD_CHARS_MIN or not longest.isalpha():
        longest = max((word for word in plain(known.html).split() if word.isalpha()), key=len, default="")
    if not words or len(longest) < WORD_CHARS_MIN:
        return found
    alike = await find_where(
        unit,
        "state <> 'gone' AND uri <> ? AND html LIKE ? ESCAPE '!' ORDER BY sort_at DESC LIMIT ?",
        *(known.uri, _containing(longest), 10 * COPIES_MAX),
    )
    there = {one.uri for one in found}
    return found + [one for one in alike if one.uri not in there and words_of(one.title, one.html) == words]


async def _find_links(unit: Unit, known: Known) -> list[Known]:
    # What its server calls its page counts only on that server, or its author could have any link taken away.
    page = known.url if is_uri(known.url) and same_origin(known.url, known.uri) else known.uri
    found = await find_where(
        unit,
        "state <> 'gone' AND uri <> ? AND (html LIKE ? ESCAPE '!' OR html LIKE ? ESCAPE '!') LIMIT ?",
        *(known.uri, _containing(escape(known.uri)), _containing(escape(page)), COPIES_MAX),
    )
    # .../1 is not .../12, and the page of a whole server is no post.
    address = re.compile("|".join(rf"{re.escape(one)}(?![\w/%~-])" for one in {known.uri, page}))
    return [one for one in found if address.search(unescape(one.html))]


def _containing(text: str) -> str:
    return f"%{text.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"


async def _put_away(unit: Unit, known: Known) -> None:
    await close_item(unit, sort="held", subject_uri=known.uri, outcome=PRIVATE)
    if known.local:
        if known.kind not in DELETABLE:
            return
        unit.record(GivenAway(known))
        return
    await turn(unit, known, HIDDEN)
    unit.record(Purged((known,)))
    await unit.execute("DELETE FROM known_object WHERE uri = ?", known.uri)


async def _erase_traces(unit: Unit, uris: Sequence[str], posts: Sequence[Known]) -> None:
    """What came in, what of ours points there, what moderators kept and what members were told says no word of it."""
    among, values = marks(len(uris)), list(uris)
    await unit.execute(
        f"UPDATE inbox_item SET body = '', has_body = false, body_bytes = 0 "
        f"WHERE object_uri IN ({among}) OR activity_uri IN ({among})",
        *values,
        *values,
    )
    elsewhere = [one.uri for one in posts if not one.local]
    if elsewhere:
        # Our own sharing of it: others know the post from its own server anyway.
        await unit.execute(
            f"UPDATE outbox_item SET body = '', access = 'by-id' WHERE object_uri IN ({marks(len(elsewhere))})",
            *elsewhere,
        )
    for known in posts:
        evidence = msgspec.json.encode(redacted(known)).decode()
        await unit.execute(
            "UPDATE desk_item SET evidence = ?, text_hash = '', exact_hash = '' WHERE subject_uri = ?",
            evidence,
            known.uri,
        )
        await _redact_reports(unit, known, evidence)
        for row in await unit.rows("SELECT id FROM notice WHERE path LIKE ?", f"%{known.ref}%"):
            await forget_notice(unit, row["id"])


async def _redact_reports(unit: Unit, known: Known, evidence: str) -> None:
    """Reports that name it say who and when, not what, and not in whose words."""
    rows = await unit.rows("SELECT DISTINCT report_id FROM report_item WHERE uri = ?", known.uri)
    if not rows:
        return
    ids = [row["report_id"] for row in rows]
    among = marks(len(ids))
    await unit.execute(
        "UPDATE report_item SET evidence = ?, exact_hash = '' WHERE uri = ?", evidence, known.uri
    )
    await unit.execute(f"UPDATE report SET text = '' WHERE id IN ({among})", *ids)
    await unit.execute(
        f"UPDATE desk_item SET evidence = ? WHERE sort = 'report' AND subject_uri IN ({among})",
        evidence,
        *ids,
    )


async def _let_come(unit: Unit, line: Line, judge: Judge) -> None:
    """It may come again, and is judged like anything else then."""
    await unit.execute(
        "DELETE FROM private_text WHERE uri = ? OR copy_of = ?", line.target_uri, line.target_uri
    )
    await note_change(unit)


async def _run(unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]) -> str:
    count = await hide_private(unit, uri, judge)
    return say(
        "Gone from here at once, with its copies: %(count)s. Its text is not kept; undoing lets it come again from its "
        "server, and it waits then.",
        count=count,
    )


async def _run_and_report(
    unit: Unit, house: House, uri: str, judge: Judge, options: Mapping[str, str]
) -> str:
    known = await find_known(unit, uri)
    if known is None or known.local:
        raise Refusal("no-post", "Only what is on another server can be reported there.")
    # While it is still known here: of it only the address is sent, with words that say no more.
    await send_report(unit, Sending(known.owner_uri, (uri,), category=REPORTED_PRIVATE), judge)
    return await _run(unit, house, uri, judge, options)


PRIVATE = verb(
    "private",
    mark("Kept somebody’s private information away"),
    mark("Undone: it may come again"),
    undo=_let_come,
)
install(
    Action(
        "private",
        mark("Someone’s private information"),
        mark("Gone everywhere at once with its copies, text and all; stays away."),
        POST,
        Permission.MODERATE,
        _run,
        danger=True,
    )
)
install(
    Action(
        "private-report",
        mark("Private information: also tell its server"),
        mark("The same, and a report to its server with the address alone, in the name of this server."),
        POST,
        Permission.REPORTS,
        _run_and_report,
        danger=True,
    )
)

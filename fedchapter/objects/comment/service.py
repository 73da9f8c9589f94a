"""The rules of threads; the only writer of comments.

operations.md §3 rows A4 (a Delete wins over a late Create), B5 (nothing is fetched to complete a thread), C3 (what is
held or private is in no page, collection or count). Sources: FEP-7888 (context), FEP-7458 (replies).
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from ...actors import find_actor, find_actor_by_handle
from ...errors import Forbidden, NotFound, Refusal
from ...store import Known, Unit, find_known, forget, know
from ...store.kinds import Reads, change, count_reply, find_where, was_deleted
from ...text import find_mentions, link_entities, render_markdown
from .draft import (
    CommentDeleted,
    CommentDraft,
    CommentEdited,
    CommentPublished,
    CommentShown,
    RemoteComment,
)

SHOWN, HELD, HIDDEN = "shown", "held", "hidden"
TEXT_CHARS_MAX = 10_000
READERS_MAX = 200
DEPTH_MAX = 100
OPEN = frozenset({"public", "unlisted"})


@dataclass(frozen=True, slots=True)
class Written:
    """One of our comments: the known object, its Markdown, and who is named in it (uri, handle)."""

    known: Known
    source: str
    mentions: tuple[tuple[str, str], ...]


def root_of(parent: Known) -> str:
    """The URI of what a thread is about, by any part of it."""
    return parent.root_uri or parent.uri


async def receive(
    unit: Unit, comment: RemoteComment, parent: Known, *, held: bool, mentions: tuple[str, ...] = ()
) -> str:
    """The comment is stored; returns shown or held, `known` when it was here already, `gone` when it was deleted.

    `mentions` are the actors of ours that it names.
    """
    if await was_deleted(unit, comment.uri, owner_uri=comment.owner_uri):
        return "gone"
    state = HELD if held or parent.state == HELD else SHOWN
    known = Known(
        comment.uri,
        "comment",
        unit.new_id(),
        comment.owner_uri,
        min(comment.published_at, unit.now),
        visibility=comment.visibility,
        state=state,
        url=comment.url,
        note=comment.note,
        html=comment.html,
        pictures=comment.pictures,
        language=comment.language,
        reply_to_uri=parent.uri,
        root_uri=root_of(parent),
        updated_at=comment.updated_at,
    )
    if not await know(unit, known):
        return "known"
    if state == SHOWN:
        await _count(unit, known, 1)
        unit.record(CommentShown(known.uri, mentions))
    return state


async def revise(unit: Unit, known: Known, comment: RemoteComment) -> bool:
    """The comment says what its author now says; False when that is older than what is stored, or it is gone."""
    edited_at = comment.updated_at or unit.now
    if known.state == "gone" or is_erased(known):
        return False
    if known.updated_at is not None and edited_at < known.updated_at:
        return False
    if comment.visibility not in OPEN and known.state in (SHOWN, HELD):
        await change(unit, known.uri, state=HIDDEN, visibility=comment.visibility)
        await _count(unit, known, -1)
        return True
    await change(
        unit,
        known.uri,
        html=comment.html,
        pictures=comment.pictures,
        note=comment.note,
        url=comment.url,
        language=comment.language,
        updated_at=edited_at,
    )
    return True


def is_erased(known: Known) -> bool:
    """Whether moderators erased our copy for good."""
    return known.state == HIDDEN and not known.local and not known.html


async def is_locked(reads: Reads, parent: Known) -> bool:
    """Whether moderators closed what is below `parent`, or anything above it, to more comments."""
    if parent.locked or not parent.root_uri:
        return parent.locked
    # Bounded: a hostile thread may be a thousand deep, and so many are looked at.
    row = await reads.row(
        "WITH RECURSIVE above(uri, reply_to_uri, locked, depth) AS ("
        "SELECT uri, reply_to_uri, locked, 0 FROM known_object WHERE uri = ? UNION ALL "
        "SELECT one.uri, one.reply_to_uri, one.locked, above.depth + 1 FROM known_object AS one "
        "JOIN above ON one.uri = above.reply_to_uri WHERE above.depth < ?) "
        "SELECT 1 AS yes FROM above WHERE locked = true LIMIT 1",
        parent.uri,
        DEPTH_MAX,
    )
    if row is not None:
        return True
    root = await find_known(reads, parent.root_uri)
    return root is not None and root.locked


async def erase(unit: Unit, known: Known) -> None:
    """The comment is gone for good, its text erased; what answers it stays."""
    if known.state == "gone":
        return
    await forget(unit, known.uri, owner_uri=known.owner_uri, former_type="Note")
    await uncount(unit, known)


async def uncount(unit: Unit, known: Known) -> None:
    """A comment that was like this is counted nowhere any more."""
    await _count(unit, known, -1)


async def _count(unit: Unit, known: Known, by: int) -> None:
    # The thread's root counts all comments, a comment its direct answers; held and hidden ones count nowhere.
    if by < 0 and known.state != SHOWN:
        return
    await count_reply(unit, known, by)


async def write(unit: Unit, draft: CommentDraft) -> Known:
    """One of our actors has answered; raises Refusal for an empty or endless text or what is not shown here."""
    parent = await find_known(unit, draft.reply_to_uri)
    if parent is None or parent.state != SHOWN or parent.visibility not in OPEN:
        raise Refusal("no-parent", "What this answers is not here any more.")
    if await is_locked(unit, parent):
        raise Refusal("locked", "The moderators have closed this to more comments.")
    owner_uri = draft.owner_uri or unit.settings.chapter_uri
    html, mentions = await _render(unit, draft.text, parent, owner_uri)
    comment_id = unit.new_id()
    uri = unit.settings.uri("comments", comment_id)
    known = Known(
        uri,
        "comment",
        comment_id,
        owner_uri,
        unit.now,
        local=True,
        url=uri,
        html=html,
        reply_to_uri=parent.uri,
        root_uri=root_of(parent),
    )
    await know(unit, known)
    await unit.execute(
        "INSERT INTO comment (id, source, mentions, account_id, created_at) VALUES (?, ?, ?, ?, ?)",
        comment_id,
        draft.text,
        _to_lines(mentions),
        draft.account_id,
        unit.now,
    )
    await _count(unit, known, 1)
    unit.record(CommentPublished(uri))
    unit.record(CommentShown(uri, tuple(mentions)))
    return known


def check_owner(written: Written, owners: Collection[str]) -> None:
    """Raises Forbidden unless the comment is by one of those actors."""
    if written.known.owner_uri not in owners:
        raise Forbidden("not-yours", "Only whoever wrote this can change it.")


async def edit(unit: Unit, comment_id: str, text: str, *, owners: Collection[str]) -> Known:
    """The comment by one of those actors has another text; raises NotFound, Forbidden, or Refusal as `write`."""
    written = await get_written(unit, comment_id)
    check_owner(written, owners)
    if written.known.state == HIDDEN:
        raise Refusal("hidden", "The moderators have hidden this. It can be edited when it is shown again.")
    parent = await find_known(unit, written.known.reply_to_uri)
    html, mentions = await _render(unit, text, parent, written.known.owner_uri)
    await unit.execute(
        "UPDATE comment SET source = ?, mentions = ? WHERE id = ?", text, _to_lines(mentions), comment_id
    )
    await change(unit, written.known.uri, html=html, updated_at=unit.now)
    unit.record(CommentEdited(written.known.uri))
    return written.known


async def delete(unit: Unit, comment_id: str, *, owners: Collection[str]) -> Known:
    """The comment by one of those actors is gone for good, its text erased; raises NotFound and Forbidden."""
    written = await get_written(unit, comment_id)
    check_owner(written, owners)
    known = written.known
    mentions = tuple(uri for uri, _ in written.mentions)
    readers = await find_readers(unit, known)
    await erase(unit, known)
    await forget_source(unit, known)
    unit.record(CommentDeleted(known.uri, known.owner_uri, known.root_uri, mentions, readers))
    return known


async def forget_source(unit: Unit, known: Known) -> None:
    """What one of ours wrote is not kept as it was written either."""
    if known.local:
        await unit.execute("DELETE FROM comment WHERE id = ?", known.ref)


async def find_written(reads: Reads, comment_id: str) -> Written | None:
    """One of our comments that is not gone, or None."""
    found = await find_where(reads, "kind = 'comment' AND ref = ?", comment_id)
    row = await reads.row("SELECT source, mentions FROM comment WHERE id = ?", comment_id)
    if not found or row is None or found[0].state == "gone":
        return None
    pairs = (line.partition(" ") for line in row["mentions"].splitlines())
    return Written(found[0], row["source"], tuple((uri, handle) for uri, _, handle in pairs))


async def get_written(reads: Reads, comment_id: str) -> Written:
    """One of our comments; raises NotFound."""
    written = await find_written(reads, comment_id)
    if written is None:
        raise NotFound
    return written


async def find_readers(reads: Reads, known: Known) -> tuple[str, ...]:
    """Who takes part in the comment's thread on other servers: they get the answer too. At most 200."""
    rows = await reads.rows(
        "SELECT owner_uri FROM known_object WHERE uri IN (?, ?) OR (root_uri = ? AND state = 'shown') "
        "GROUP BY owner_uri ORDER BY max(sort_at) DESC LIMIT ?",
        known.root_uri,
        known.reply_to_uri,
        known.root_uri,
        READERS_MAX,
    )
    return tuple(row["owner_uri"] for row in rows if row["owner_uri"] != known.owner_uri)


def tag_url(origin: str, tag: str) -> str:
    """Where everything with that hashtag is listed."""
    return f"{origin}/tags/{quote(tag.lower())}"


async def find_host(reads: Reads, root_uri: str, owner_uri: str) -> str:
    """Which other actor of ours the thread belongs to: its followers have the root, and get answers to it too."""
    root = await find_known(reads, root_uri)
    return root.owner_uri if root is not None and root.local and root.owner_uri != owner_uri else ""


async def _render(unit: Unit, text: str, parent: Known | None, owner_uri: str) -> tuple[str, dict[str, str]]:
    if not text.strip():
        raise Refusal("no-text", "Write something first.")
    if len(text) > TEXT_CHARS_MAX:
        raise Refusal("text-too-long", "A comment has at most %(max)s characters.", max=f"{TEXT_CHARS_MAX:,}")
    named: dict[str, str] = {}
    links: dict[str, tuple[str, str]] = {}
    answered = await find_actor(unit, parent.owner_uri) if parent else None
    if (
        answered is not None
        and answered.uri != owner_uri
        and (not answered.local or answered.type == "Person")
    ):
        named[answered.uri] = answered.handle
    for handle in find_mentions(text)[:20]:
        actor = await find_actor_by_handle(unit, handle.username, handle.host)
        if actor is not None and actor.uri != owner_uri:
            named[actor.uri] = actor.handle
            links[handle.key] = (actor.url or actor.uri, actor.username)
    html = link_entities(
        render_markdown(text), hashtag_url=partial(tag_url, unit.settings.origin), mentions=links
    )
    return html, named


def _to_lines(mentions: dict[str, str]) -> str:
    return "\n".join(f"{uri} {handle}" for uri, handle in mentions.items())

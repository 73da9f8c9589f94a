"""The rules of messages; the only writer of their rows.

operations.md §1.4 (a stranger's first message waits), §1.6 (nobody reads private messages without a line in the log).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ...actors import ActorRow
from ...errors import NotFound, Refusal
from ...jobs import schedule
from ...policy import set_mark
from ...policy.marks import APPROVED
from ...store import Known, Row, Unit, forget, know
from ...store.kinds import Reads, was_deleted
from ...text import MAX_SOURCE_CHARS, render_markdown
from .draft import MessageReceived, MessageSent, MessageWithdrawn, RemoteMessage

IN, OUT = "in", "out"
SHOWN, HELD = "shown", "held"
PAGE = 50
CONVERSATION_MAX = 200
ERASE_JOB = "erase-sent-message"
# Longer than a delivery is tried (federation.retry).
SENT_KEPT_FOR = timedelta(days=5)
_COLUMNS = "id, uri, direction, actor_uri, html, warning, in_reply_to, state, sent_by, created_at, updated_at, read_at"


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A row of `message`."""

    id: str
    uri: str
    direction: str
    actor_uri: str
    html: str
    warning: str
    in_reply_to: str
    state: str
    sent_by: str
    created_at: datetime
    updated_at: datetime | None
    read_at: datetime | None


async def receive(unit: Unit, sender_uri: str, draft: RemoteMessage, *, held: bool) -> bool:
    """The message is stored, for staff only; False when it is known already or was deleted before it came."""
    # Only its sender's own deletion counts: a neighbour could silence a message before it comes (row A8).
    if await was_deleted(unit, draft.uri, owner_uri=sender_uri):
        return False
    message_id = unit.new_id()
    if not await know(
        unit, Known(draft.uri, "message", message_id, sender_uri, unit.now, visibility="direct")
    ):
        return False
    await _insert(unit, message_id, draft, (IN, sender_uri, HELD if held else SHOWN, ""))
    unit.record(MessageReceived(sender_uri, held))
    return True


async def revise(unit: Unit, draft: RemoteMessage) -> bool:
    """The message says something else now; False when it is not here."""
    changed = await unit.execute(
        "UPDATE message SET html = ?, warning = ?, updated_at = ? WHERE uri = ? AND direction = 'in'",
        draft.html,
        draft.warning,
        unit.now,
        draft.uri,
    )
    return changed > 0


async def erase(unit: Unit, uri: str, owner_uri: str) -> None:
    """The message is gone, and will not come back."""
    await unit.execute("DELETE FROM message WHERE uri = ?", uri)
    await forget(unit, uri, owner_uri=owner_uri, former_type="Note")


async def erase_all(unit: Unit, actor_uri: str) -> None:
    """Nothing that the actor wrote to us is kept; what we wrote to it stays."""
    await unit.execute("DELETE FROM message WHERE actor_uri = ? AND direction = 'in'", actor_uri)


async def send(unit: Unit, to: ActorRow, text: str, *, account_id: str) -> str:
    """The chapter's message (Markdown) is on its way to the actor; returns its id. Raises Refusal."""
    if not text.strip():
        raise Refusal("message-empty", "There is no text yet. Write a few words.")
    if len(text) > MAX_SOURCE_CHARS:
        raise Refusal(
            "message-long", "This is too long: %(max)s characters are the most.", max=MAX_SOURCE_CHARS
        )
    if to.local or to.state != "active":
        raise Refusal("message-to", "Messages can be sent to accounts on other servers that still exist.")
    message_id = unit.new_id()
    last = await _last_of(unit, to.uri)
    draft = RemoteMessage(unit.settings.uri("messages", message_id), render_markdown(text), "", last)
    await _insert(unit, message_id, draft, (OUT, to.uri, SHOWN, account_id))
    await know(
        unit,
        Known(
            draft.uri,
            "message",
            message_id,
            unit.settings.chapter_uri,
            unit.now,
            local=True,
            visibility="direct",
        ),
    )
    await forget_later(unit, message_id, draft.uri)
    unit.record(MessageSent(message_id))
    return message_id


async def forget_later(unit: Unit, message_id: str, uri: str) -> None:
    """What was sent of that message will be erased once nobody needs it any more."""
    due_at = unit.now + SENT_KEPT_FOR
    await schedule(unit, ERASE_JOB, {"uri": uri}, due_at=due_at, key=f"{ERASE_JOB}:{message_id}")


async def write_ping(unit: Unit, actor_uri: str, html: str) -> MessageRow:
    """A message that is sent and not kept: nobody who reads the chapter's messages learns whose account this is."""
    message_id = unit.new_id()
    uri = unit.settings.uri("messages", message_id)
    await forget_later(unit, message_id, uri)
    return MessageRow(message_id, uri, OUT, actor_uri, html, "", "", SHOWN, "", unit.now, None, None)


async def withdraw(unit: Unit, message_id: str) -> MessageRow:
    """A message of ours is taken back, also from whoever got it; raises NotFound."""
    row = await get_sent(unit, message_id)
    await erase(unit, row.uri, unit.settings.chapter_uri)
    unit.record(MessageWithdrawn(row.uri, row.actor_uri))
    return row


async def accept(unit: Unit, actor_uri: str, *, account_id: str) -> None:
    """What the actor wrote waits no longer, and what it writes from now on is shown at once."""
    await set_mark(unit, scope="actor", subject=actor_uri, decision=APPROVED, made_by=account_id)
    await unit.execute("UPDATE message SET state = 'shown' WHERE actor_uri = ? AND state = 'held'", actor_uri)


async def discard(unit: Unit, actor_uri: str) -> int:
    """What the actor wrote and waits is gone; returns how many that were."""
    rows = await unit.rows("SELECT uri FROM message WHERE actor_uri = ? AND state = 'held'", actor_uri)
    for row in rows:
        await erase(unit, row["uri"], actor_uri)
    return len(rows)


async def open_conversation(unit: Unit, actor_uri: str, account_id: str) -> list[MessageRow]:
    """The conversation, oldest first, its newest 200; that this account read it is written down."""
    rows = await unit.rows(
        f"SELECT {_COLUMNS} FROM message WHERE actor_uri = ? ORDER BY id DESC LIMIT ?",
        actor_uri,
        CONVERSATION_MAX,
    )
    if not any(row["direction"] == IN for row in rows):
        return [MessageRow(**row) for row in reversed(rows)]
    await unit.execute(
        "INSERT INTO message_opened (id, actor_uri, account_id, opened_at) VALUES (?, ?, ?, ?)",
        unit.new_id(),
        actor_uri,
        account_id,
        unit.now,
    )
    await unit.execute(
        "UPDATE message SET read_at = ? WHERE actor_uri = ? AND direction = 'in' AND read_at IS NULL",
        unit.now,
        actor_uri,
    )
    return [MessageRow(**row) for row in reversed(rows)]


async def find_openings(reads: Reads, actor_uri: str, limit: int = 20) -> list[Row]:
    """Who read the conversation (name, opened_at), newest first."""
    return await reads.rows(
        "SELECT account.display_name AS name, message_opened.opened_at FROM message_opened "
        "LEFT JOIN account ON account.id = message_opened.account_id "
        "WHERE message_opened.actor_uri = ? ORDER BY message_opened.id DESC LIMIT ?",
        actor_uri,
        limit,
    )


async def find_conversations(reads: Reads, state: str, before_at: datetime | None = None) -> list[Row]:
    """With whom (actor_uri, last_at, total, unread), latest first, one page; `state` is shown or held."""
    cut, values = ("HAVING max(created_at) < ?", [before_at]) if before_at else ("", [])
    return await reads.rows(
        "SELECT actor_uri, max(created_at) AS last_at, count(*) AS total, "
        "sum(CASE WHEN direction = 'in' AND read_at IS NULL THEN 1 ELSE 0 END) AS unread "
        "FROM message WHERE state = ? AND NOT EXISTS (SELECT 1 FROM known_object WHERE known_object.uri = message.uri "
        f"AND known_object.state = 'hidden') GROUP BY actor_uri {cut} ORDER BY last_at DESC LIMIT {PAGE}",
        state,
        *values,
    )


async def get_sent(reads: Reads, message_id: str) -> MessageRow:
    """A message of ours; raises NotFound."""
    row = await reads.row(f"SELECT {_COLUMNS} FROM message WHERE id = ? AND direction = 'out'", message_id)
    if row is None:
        raise NotFound
    return MessageRow(**row)


async def erase_sent(unit: Unit, uri: str) -> bool:
    """The sent activities of that message are empty in the log; False while some are still on their way."""
    waiting = await unit.row(
        "SELECT 1 AS yes FROM delivery JOIN outbox_item ON outbox_item.id = delivery.outbox_id "
        "WHERE outbox_item.object_uri = ? AND delivery.state = 'due' LIMIT 1",
        uri,
    )
    if waiting is not None:
        return False
    await unit.execute("UPDATE outbox_item SET body = '' WHERE object_uri = ? AND kind = 'message'", uri)
    return True


async def _last_of(unit: Unit, actor_uri: str) -> str:
    row = await unit.row(
        "SELECT uri FROM message WHERE actor_uri = ? AND direction = 'in' ORDER BY id DESC LIMIT 1", actor_uri
    )
    return str(row["uri"]) if row else ""


async def _insert(unit: Unit, message_id: str, draft: RemoteMessage, rest: tuple[str, str, str, str]) -> None:
    direction, actor_uri, state, sent_by = rest
    await unit.execute(
        "INSERT INTO message (id, uri, direction, actor_uri, html, warning, in_reply_to, state, sent_by, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        message_id,
        draft.uri,
        direction,
        actor_uri,
        draft.html,
        draft.warning,
        draft.in_reply_to,
        state,
        sent_by,
        unit.now,
    )

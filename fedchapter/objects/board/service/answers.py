"""Answers: somebody can help, or wants to; the one who posted writes back, once, and then they know each other.

Decision: it goes through the site, so that nobody has to show an address before they want to.
"""

from datetime import timedelta

from ....errors import NotFound, Refusal
from ....store import Known, Unit, forget, know
from ..draft import Answered, Replied, SharedGone
from .rows import ANSWER, Answer, find_answer, find_entry, get_entry, get_own

ANSWER_MAX = 1_000
SENT_JOB = "board-sent"
# Longer than a delivery is tried (federation.retry).
SENT_KEPT_FOR = timedelta(days=5)


async def answer(unit: Unit, entry_id: str, account_id: str, text: str) -> str:
    """Whoever posted the entry reads this; returns the answer's id. Raises NotFound or Refusal."""
    entry = await get_entry(unit, entry_id)
    if entry.account_id == account_id:
        raise Refusal("own", "This is your own entry.")
    mine = await unit.row(
        "SELECT 1 AS yes FROM board_answer WHERE entry_id = ? AND account_id = ?", entry_id, account_id
    )
    if mine is not None:
        raise Refusal("answered", "You answered this already. Wait for what comes back.")
    answer_id = unit.new_id()
    uri = unit.settings.uri("board", "answers", answer_id)
    await insert_answer(
        unit, (answer_id, uri, entry_id, account_id), unit.settings.chapter_uri, check_text(text)
    )
    if not entry.ours:
        await know_answer(unit, uri, answer_id, local=True, owner_uri=unit.settings.chapter_uri)
    unit.record(Answered(answer_id))
    return answer_id


async def reply(unit: Unit, answer_id: str, account_id: str, text: str) -> Answer:
    """The one who posted writes back, once; raises NotFound, Forbidden or Refusal."""
    found = await find_answer(unit, id_=answer_id)
    if found is None:
        raise NotFound("no-answer", "This answer is not there any more.")
    await get_own(unit, found.entry_id, account_id)
    if found.replied_at is not None:
        raise Refusal("replied", "You wrote back already.")
    away = found.owner_uri != unit.settings.chapter_uri
    uri = unit.settings.uri("board", "replies", answer_id) if away else ""
    await store_reply(unit, answer_id, check_text(text), uri)
    if away:
        await know_answer(unit, uri, answer_id, local=True, owner_uri=unit.settings.chapter_uri)
    unit.record(Replied(answer_id))
    return found


def check_text(text: str) -> str:
    """The text without surrounding spaces; raises Refusal `answer-text`."""
    text = text.strip()
    if not 0 < len(text) <= ANSWER_MAX:
        raise Refusal("answer-text", "Write at least a word and at most %(max)s characters.", max=ANSWER_MAX)
    return text


async def erase_answer(unit: Unit, answer: Answer) -> None:
    """An answer is gone; what of it was sent to a sister chapter is taken back there."""
    entry = await find_entry(unit, id_=answer.entry_id)
    chapter = unit.settings.chapter_uri
    await unit.execute("DELETE FROM board_answer WHERE id = ?", answer.id)
    if answer.owner_uri == chapter and entry is not None and not entry.ours:
        await recall(unit, answer.uri, [entry.owner_uri])
    elif answer.reply_uri and answer.owner_uri != chapter:
        await recall(unit, answer.reply_uri, [answer.owner_uri])


async def recall(unit: Unit, uri: str, to: list[str]) -> None:
    """What others hold of it is to be deleted there."""
    await forget(unit, uri, owner_uri=unit.settings.chapter_uri, former_type="Article")
    unit.record(SharedGone(uri, tuple(to)))


async def know_answer(unit: Unit, uri: str, answer_id: str, *, local: bool, owner_uri: str) -> bool:
    """The answer can be referred to by its id; False when it could before."""
    known = Known(uri, ANSWER, answer_id, owner_uri, unit.now, local=local, visibility="direct")
    return await know(unit, known)


async def insert_answer(unit: Unit, ids: tuple[str, str, str, str], owner_uri: str, text: str) -> None:
    """The answer is stored; `ids` are id, uri, entry and account."""
    await unit.execute(
        "INSERT INTO board_answer (id, uri, entry_id, account_id, owner_uri, text, reply, reply_uri, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, '', '', ?)",
        *ids,
        owner_uri,
        text,
        unit.now,
    )


async def store_reply(unit: Unit, answer_id: str, text: str, uri: str) -> None:
    """What came back is stored; `uri` is ours to send."""
    await unit.execute(
        "UPDATE board_answer SET reply = ?, reply_uri = ?, replied_at = ? WHERE id = ?",
        text,
        uri,
        unit.now,
        answer_id,
    )

"""What leaves for sister chapters: shared entries, answers to theirs, and that something is gone.

DESIGN §4.6: the chapter speaks; whose entry it is stays here. Nothing carries a proof: a
neighbour's need is no evidence. What was sent is erased from the log after some days.
"""

from ...actors.sisters import find_sisters
from ...federation import Audience, publish, publishes
from ...federation.publish import erase_sent
from ...jobs import schedule
from ...members import MemberLeft
from ...store import Unit
from . import service, wire
from .draft import Answered, EntryShared, Replied, SharedGone


@publishes(EntryShared)
async def shared(unit: Unit, happening: EntryShared) -> None:
    """Create (or Update) to every sister chapter's own inbox."""
    entry = await service.find_entry(unit, id_=happening.entry_id)
    to = tuple(await find_sisters(unit, unit.settings.chapter_uri))
    if entry is None or not to:
        return
    activity = wire.to_activity("Create" if happening.fresh else "Update", wire.to_article(entry, to))
    await publish(unit, activity, Audience(actors=to, personal=True), kind=service.ENTRY, access="addressed")


@publishes(Answered)
async def answered(unit: Unit, happening: Answered) -> None:
    """Our member's answer goes to the chapter whose entry it is; one to our own entry goes nowhere."""
    found = await service.find_answer(unit, id_=happening.answer_id)
    entry = await service.find_entry(unit, id_=found.entry_id) if found else None
    if found is None or entry is None or entry.ours or not found.account_id:
        return
    chapter = unit.settings.chapter_uri
    note = wire.to_answer(found, entry.uri, author_uri=chapter, to=entry.owner_uri)
    await _send(unit, note, entry.owner_uri)


@publishes(Replied)
async def replied(unit: Unit, happening: Replied) -> None:
    """What our member wrote back goes to the chapter that answered."""
    found = await service.find_answer(unit, id_=happening.answer_id)
    if found is None or not found.reply_uri:
        return
    await _send(unit, wire.to_reply(found, author_uri=unit.settings.chapter_uri), found.owner_uri)


async def _send(unit: Unit, note: dict[str, object], to: str) -> None:
    audience = Audience(actors=(to,), personal=True)
    activity = wire.to_activity("Create", note)
    await publish(unit, activity, audience, kind=service.ANSWER, access="addressed")
    uri = str(note["id"])
    key = f"{service.SENT_JOB}:{uri}"[-120:]
    await schedule(unit, service.SENT_JOB, {"uri": uri}, due_at=unit.now + service.SENT_KEPT_FOR, key=key)


@publishes(SharedGone)
async def gone(unit: Unit, happening: SharedGone) -> None:
    """Delete to those who hold it; what we sent before says nothing any more."""
    await erase_sent(unit, happening.uri)
    if not happening.to:
        return
    activity = wire.to_delete(happening.uri, unit.settings.chapter_uri)
    audience = Audience(actors=happening.to, personal=True)
    await publish(unit, activity, audience, kind=service.ENTRY, access="addressed")


@publishes(MemberLeft)
async def member_left(unit: Unit, happening: MemberLeft) -> None:
    """What they posted and answered is taken down, here and there."""
    await service.forget_member(unit, happening.account_id)

"""Who is told of answers on the board, and of an entry whose time is over. What was written is not in the notice."""

from ...notices import Notice, tell
from ...store import Unit, publishes
from ...words import mark
from . import service
from .draft import Answered, EntryOver, Replied


@publishes(Answered)
async def answered(unit: Unit, happening: Answered) -> None:
    """Whoever posted the entry hears that there is an answer."""
    found = await service.find_answer(unit, id_=happening.answer_id)
    entry = await service.find_entry(unit, id_=found.entry_id) if found else None
    if found is None or entry is None or not entry.ours:
        return
    text = mark("Somebody answers what you posted on the board.")
    notice = Notice("reply", f"board-answer:{found.id}", text, f"/board/{entry.id}")
    await tell(unit, notice, to=[entry.account_id])


@publishes(Replied)
async def replied(unit: Unit, happening: Replied) -> None:
    """Whoever answered hears that something came back."""
    found = await service.find_answer(unit, id_=happening.answer_id)
    if found is None or not found.account_id:
        return
    text = mark("There is word back on what you answered on the board.")
    notice = Notice("reply", f"board-reply:{found.id}", text, f"/board/{found.entry_id}")
    await tell(unit, notice, to=[found.account_id])


@publishes(EntryOver)
async def over(unit: Unit, happening: EntryOver) -> None:
    """Whoever posted it can do so again."""
    text = mark("What you posted on the board was taken down after 60 days. Post it again if it still holds.")
    notice = Notice("reply", f"board-over:{happening.entry_id}", text, "/board")
    await tell(unit, notice, to=[happening.account_id])

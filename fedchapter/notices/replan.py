"""What waits for somebody, planned anew after they chose otherwise; what has left does not leave again."""

from collections import defaultdict

from ..store import Unit
from .errands import MESSAGE, put_out
from .readers import Reader, errands_for, find_among


async def replan(unit: Unit, account_id: str) -> None:
    """Every errand of theirs that waits goes by the channel and at the time that they want now, or is dropped."""
    rows = await unit.rows(
        "SELECT errand.id, errand.notice_id, errand.channel, notice.kind FROM errand "
        "JOIN notice ON notice.id = errand.notice_id WHERE errand.account_id = ? AND errand.attempts >= 0",
        account_id,
    )
    # Below zero stands what was sent.
    await unit.execute("DELETE FROM errand WHERE account_id = ? AND attempts >= 0", account_id)
    waiting: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for row in rows:
        waiting[row["notice_id"], row["kind"]].add(row["channel"] == MESSAGE)
    readers: dict[str, Reader | None] = {}
    for (notice_id, kind), sorts in sorted(waiting.items()):
        if kind not in readers:
            found = await find_among(unit, kind, [account_id])
            readers[kind] = found[0] if found else None
        reader = readers[kind]
        if reader is not None:
            wanted = [one for one in errands_for(reader, kind, unit.now) if (one[0] == MESSAGE) in sorts]
            await put_out(unit, [(notice_id, account_id, channel, due_at) for channel, due_at in wanted])

"""Reading and setting marks; host marks are also kept in memory, because they are asked for at every door.

wire.md §3.3: a mark on a host covers its sub-domains, the longest match wins.
"""

from ..store import Row, Unit
from ..store.kinds import Reads

APPROVED, HOLD, REFUSE = "approved", "hold", "refuse"


async def set_mark(
    unit: Unit, *, scope: str, subject: str, decision: str, reason: str = "", made_by: str = ""
) -> None:
    """The mark stands, in place of an earlier one."""
    await unit.execute(
        "INSERT INTO mark (id, scope, subject, decision, reason, made_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (scope, subject) DO UPDATE SET decision = excluded.decision, reason = excluded.reason, "
        "made_by = excluded.made_by, created_at = excluded.created_at",
        unit.new_id(),
        scope,
        subject,
        decision,
        reason,
        made_by,
        unit.now,
    )


async def lift_mark(unit: Unit, *, scope: str, subject: str) -> bool:
    """The mark is gone; False when there was none."""
    return await unit.execute("DELETE FROM mark WHERE scope = ? AND subject = ?", scope, subject) > 0


async def find_mark(reads: Reads, *, scope: str, subject: str) -> str | None:
    """The decision on exactly that subject, or None."""
    row = await reads.row("SELECT decision FROM mark WHERE scope = ? AND subject = ?", scope, subject)
    return str(row["decision"]) if row else None


async def find_marks(reads: Reads, scope: str) -> list[Row]:
    """All marks of a scope, newest first."""
    return await reads.rows(
        "SELECT subject, decision, reason, made_by, created_at FROM mark WHERE scope = ? ORDER BY created_at DESC",
        scope,
    )


def parents(host: str) -> list[str]:
    """The host itself and its parent domains, longest first; a port belongs to the host alone."""
    name = host.partition(":")[0]
    labels = name.split(".")
    chain = [".".join(labels[index:]) for index in range(len(labels))]
    return [host, *chain] if host != name else chain


class HostMarks:
    """The decisions on hosts, in memory; `load` after every change."""

    def __init__(self) -> None:
        self._decisions: dict[str, str] = {}

    async def load(self, reads: Reads) -> None:
        """The decisions as they stand in the database."""
        self._decisions = {row["subject"]: row["decision"] for row in await find_marks(reads, "host")}

    def decision(self, host: str) -> str | None:
        """What was decided about the host or its nearest parent domain."""
        if not self._decisions:
            return None
        return next((self._decisions[name] for name in parents(host) if name in self._decisions), None)

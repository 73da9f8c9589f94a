"""The row that tells every process that rules, marks or the storm have changed, and the storm itself.

Issue "Hold, don't drop": storm mode is one switch that ends by itself. A process compares the stamp each second or so
(policy.policy) and reads everything anew when it differs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ..errors import Refusal
from ..store import Row, Unit
from ..store.kinds import Reads

LOOP: Final = "policy"
STORM_HOURS: Final = (1, 6, 24, 72)
# Choices that are also held in memory here.
CHOICES: Final = ("hold_first_replies", "closed_network", "wave_actors")
_STAMP = f"""
SELECT COALESCE(max(version), 0) AS version, max(storm_from_at) AS storm_from_at, max(storm_until_at) AS storm_until_at,
    max(storm_by) AS storm_by,
    (SELECT max(changed_at) FROM choice WHERE name IN ({", ".join(f"'{name}'" for name in CHOICES)})) AS chosen_at
FROM policy_state WHERE id = 1
"""


@dataclass(frozen=True, slots=True)
class Storm:
    """Everything from strangers is held from then until then; `by` is the account that said so."""

    from_at: datetime
    until_at: datetime
    by: str


async def find_stamp(reads: Reads) -> Row:
    """What differs after any change: version, storm_from_at, storm_until_at, storm_by, chosen_at."""
    row = await reads.row(_STAMP)
    assert row is not None
    return row


def storm_of(stamp: Row) -> Storm | None:
    """The storm that the stamp tells of, whether it is over or not."""
    if stamp["storm_from_at"] is None or stamp["storm_until_at"] is None:
        return None
    return Storm(stamp["storm_from_at"], stamp["storm_until_at"], stamp["storm_by"] or "")


async def note_change(unit: Unit) -> None:
    """Every process reads rules and marks anew within seconds, this one at once."""
    await unit.execute(
        "INSERT INTO policy_state (id, version, storm_by) VALUES (1, 1, '') "
        "ON CONFLICT (id) DO UPDATE SET version = policy_state.version + 1"
    )
    unit.wake(LOOP)


async def set_storm(unit: Unit, storm: Storm | None) -> None:
    """The storm stands like that, or there is none."""
    await note_change(unit)
    await unit.execute(
        "UPDATE policy_state SET storm_from_at = ?, storm_until_at = ?, storm_by = ? WHERE id = 1",
        storm.from_at if storm else None,
        storm.until_at if storm else None,
        storm.by if storm else "",
    )


def to_storm(hours: int, by: str, now: datetime) -> Storm:
    """A storm of that length from now on; raises Refusal for another length than those offered."""
    if hours not in STORM_HOURS:
        raise Refusal("storm-hours", "Choose one of the lengths that are offered.")
    return Storm(now, now + timedelta(hours=hours), by)

"""What the policy held back waits in the queue from then on, with the evidence as it was at arrival.

operations.md §1.4. A held thing notifies nobody; moderators hear once a day that something waits (queue.digest).
"""

from typing import Any

from ...jobs import job, schedule
from ...policy.judged import HeldBack
from ...store import Known, Unit, find_known, publishes
from ...store.kinds import find_where
from ...vocab.uris import host_of
from ...words import mark
from ..desk import HELD as HELD_ITEM
from ..desk import Opening, open_item
from ..evidence import evidence_of, text_hash
from ..fine import is_fine
from ..grouping import WAVE, group_of_held
from ..turning import HELD, SHOWN, turn

# The gravity of what nobody has complained about, below any report.
LEAST, MOST = 10, 60
ADOPT_JOB, STEP = "adopt-held", 200
BEFORE = mark("It waited before there was a queue.")


@publishes(HeldBack)
async def held_back(unit: Unit, happening: HeldBack) -> None:
    """It is in the queue; what was found fine and says still the same is shown at once instead."""
    known = await find_known(unit, happening.uri)
    if known is None or known.state != HELD or known.visibility == "direct":
        # Messages wait on their own page, where opening one leaves a line.
        return
    if await is_fine(unit, known):
        await turn(unit, known, SHOWN)
        return
    verdict, words = happening.verdict, text_hash(known)
    wave = verdict.group if verdict.group.startswith(WAVE) else ""
    opening = Opening(
        HELD_ITEM,
        known.uri,
        gravity=min(LEAST + verdict.score // 2, MOST),
        reason=verdict.reason,
        actor_uri=known.owner_uri,
        host=_host(known.owner_uri) or happening.host,
        group_key=await group_of_held(unit, actor_uri=known.owner_uri, text_hash=words, wave=wave),
        rule=verdict.name or verdict.rule,
        evidence={**happening.evidence, **evidence_of(known)},
        expires_at=happening.expires_at,
        known=known,
    )
    await open_item(unit, opening)


def _host(uri: str) -> str:
    return host_of(uri) if uri.startswith("https://") else ""


@job(ADOPT_JOB)
async def adopt(unit: Unit, payload: dict[str, Any]) -> None:
    """What was held before there was a queue is in it, some at a time; planned by the migration that made the queue."""
    after = str(payload.get("after", ""))
    found = await find_where(
        unit,
        "state = 'held' AND visibility <> 'direct' AND uri > ? AND NOT EXISTS "
        "(SELECT 1 FROM desk_item WHERE desk_item.subject_uri = known_object.uri AND desk_item.sort = 'held') "
        "ORDER BY uri LIMIT ?",
        after,
        STEP,
    )
    for known in found:
        await _adopt(unit, known)
    if len(found) == STEP:
        last = found[-1].uri
        await schedule(unit, ADOPT_JOB, {"after": last}, due_at=unit.now, key=f"{ADOPT_JOB}:{unit.new_id()}")


async def _adopt(unit: Unit, known: Known) -> None:
    group_key = await group_of_held(unit, actor_uri=known.owner_uri, text_hash=text_hash(known))
    opening = Opening(
        HELD_ITEM,
        known.uri,
        gravity=LEAST,
        reason=BEFORE,
        actor_uri=known.owner_uri,
        host=_host(known.owner_uri),
        group_key=group_key,
        evidence=evidence_of(known),
        known=known,
    )
    await open_item(unit, opening)


JOBS = (adopt,)

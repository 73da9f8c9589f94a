"""What becomes of a message after its verdict: refused at once, handed on, or held; and what is written down of that.

operations.md §1.6: every automatic decision names its rule in the log. Issue "Hold, don't drop": an edit is judged
again, so that what was shown does not turn into something else.
"""

from collections.abc import Iterable
from dataclasses import replace

from ..policy import Policy, Verdict
from ..policy.facts import CONTENT, SHARE
from ..policy.judged import EXPIRES_AFTER, HeldBack, Judgement, WaveSeen, write_judged, write_wave
from ..policy.verdict import HOLD
from ..store import Unit
from .incoming import Incoming, Outcome, ignored
from .judging import UNHOLDABLE, Judged

DONE, HELD, REFUSED = "done", "held", "refused"
# What is said under something that waits, waits with it.
WITH_PARENT = "with-parent"


def before_handler(incoming: Incoming, judged: Judged) -> Outcome | None:
    """How the message ends without its handler, or None when the handler takes it."""
    verdict = judged.verdict
    if verdict.refuses:
        return Outcome(REFUSED, _named(verdict.reason, verdict))
    if not verdict.holds or judged.judgement is None:
        return None
    what = judged.judgement.facts.what
    if what in UNHOLDABLE or (what == SHARE and incoming.known is not None):
        return ignored(_named(f"not counted: {verdict.reason}", verdict))
    return None


def after_handler(incoming: Incoming, judged: Judged, outcome: Outcome) -> Outcome:
    """How the message ended: held, too, when the handler knows nothing of holding and the rules hold it."""
    if outcome.state == HELD:
        return Outcome(HELD, _named(outcome.reason, judged.verdict))
    if outcome.state != DONE or not judged.verdict.holds or judged.judgement is None:
        return outcome
    was_shown = incoming.known is None or incoming.known.state == "shown"
    if judged.judgement.facts.what not in CONTENT or not was_shown:
        return outcome
    return Outcome(HELD, _named(judged.verdict.reason, judged.verdict))


def _named(reason: str, verdict: Verdict) -> str:
    return f"{reason} (rule: {verdict.name})" if verdict.name and verdict.decision != "show" else reason


async def record(
    unit: Unit, policy: Policy, ended: Iterable[tuple[Incoming, Judged, Outcome]]
) -> list[WaveSeen]:
    """What was judged is written down, and whoever listens hears what is held. Returns the waves that were written."""
    waves: dict[str, int] = {}
    judgements: list[Judgement] = []
    for incoming, judged, outcome in ended:
        if judged.judgement is None or not _counts(judged.verdict, outcome):
            continue
        judgements.append(judged.judgement)
        if outcome.state != HELD:
            continue
        unit.record(_held_back(unit, incoming, judged, outcome))
        if wave := policy.recent.root(judged.verdict.wave):
            waves[wave] = waves.get(wave, 0) + 1
    await write_judged(unit, judgements)
    seen: list[WaveSeen] = []
    for wave, posts in waves.items():
        found = WaveSeen(wave, *policy.recent.unwritten(wave))
        await write_wave(unit, found, posts)
        seen.append(found)
    return seen


def _counts(verdict: Verdict, outcome: Outcome) -> bool:
    return outcome.state in (DONE, HELD) or (outcome.state == REFUSED and verdict.refuses)


def _held_back(unit: Unit, incoming: Incoming, judged: Judged, outcome: Outcome) -> HeldBack:
    assert judged.judgement is not None
    facts, verdict = judged.judgement.facts, judged.verdict
    if not verdict.holds:
        verdict = replace(verdict, decision=HOLD, rule=WITH_PARENT, name="", reason=outcome.reason)
    return HeldBack(
        judged.judgement.uri,
        incoming.kind,
        facts.actor,
        facts.host,
        verdict,
        expires_at=unit.now + EXPIRES_AFTER if verdict.expiring else None,
    )

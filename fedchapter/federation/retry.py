"""When a failed delivery is tried again, and when it is given up.

Source: wire.md §1.6: any 2xx is done; 501 and every 4xx except 401, 408 and 429 is final; everything else is tried
again for at least two days, with jitter so that a thousand deliveries do not knock in the same second.
"""

import random
from dataclasses import dataclass
from datetime import timedelta

PASSING = frozenset({401, 408, 425, 429})
# Sum: about 2 days 14 hours before jitter, which only adds.
STEPS_S = (30, 60, 180, 420, 1080, 2400, 4800, 9000, 15600, 25200, 39600, 57600, 68400)
ATTEMPTS_MAX = len(STEPS_S) + 1
RETRY_AFTER_MAX_S = 86_400


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means: `state` is done, gone, refused, due (again, after `wait`) or gave-up."""

    state: str
    wait: timedelta = timedelta()


def classify(status: int, attempts: int, retry_after_s: int | None, rng: random.Random) -> Verdict:
    """What to do after that HTTP status (0: no answer) on attempt number `attempts` (1 is the first)."""
    if 200 <= status < 300:
        return Verdict("done")
    if status == 410:
        return Verdict("gone")
    if status == 501 or (400 <= status < 500 and status not in PASSING):
        return Verdict("refused")
    if attempts >= ATTEMPTS_MAX:
        return Verdict("gave-up")
    step = STEPS_S[attempts - 1]
    wanted = min(retry_after_s or 0, RETRY_AFTER_MAX_S)
    return Verdict("due", timedelta(seconds=max(step, wanted) * (1 + rng.random() * 0.5)))

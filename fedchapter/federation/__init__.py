"""Federation: activities in and out, and the documents other servers read.

May import house and everything below. Decision (DESIGN §2): what comes in is stored before it is answered and handled
by workers; what goes out is rows written with the fact. Object types plug in through `registry`; nothing here knows
one of them by name.
"""

from ..store import publishes
from .audience import Audience
from .incoming import Claim, Incoming, Outcome, done, held, ignored
from .publish import publish
from .registry import Registry, claims, handles

__all__ = [
    "Audience",
    "Claim",
    "Incoming",
    "Outcome",
    "Registry",
    "claims",
    "done",
    "handles",
    "held",
    "ignored",
    "publish",
    "publishes",
]

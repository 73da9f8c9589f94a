"""What a handler is given, and what it answers.

DESIGN §2: every activity ends in an outcome with a reason in words, which admins see in the federation log.
"""

from dataclasses import dataclass, field
from typing import Any

from ..actors import ActorRow
from ..policy.verdict import UNJUDGED, Verdict
from ..store import Known
from ..vocab.normalise import Activity


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an activity ended: done, held, ignored, refused or failed; `reason` is for people."""

    state: str
    reason: str


def done(reason: str) -> Outcome:
    """It was acted on."""
    return Outcome("done", reason)


def held(reason: str) -> Outcome:
    """It was stored, and is not shown until somebody looks."""
    return Outcome("held", reason)


def ignored(reason: str) -> Outcome:
    """It is fine, and means nothing to us."""
    return Outcome("ignored", reason)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a type looks at to say "this is mine". Pure: everything that needs a look-up has been looked up.

    `object` is the embedded object, or the fetched one; `reply_to` is what it answers, if we know that;
    `ours` says which of the addressed actors are ours.
    """

    activity: Activity
    object: dict[str, Any]
    reply_to: Known | None
    ours: frozenset[str]
    public: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """One verified activity on its way to its handler.

    `actor` is the sender's row; `known` is the object (or the target of Undo, Accept, Reject, Delete) where we know
    it; `object` is the embedded or fetched object; `fetched` holds what a handler's `needs` fetched beforehand;
    `signed_by` is the key that vouches for it; `verdict` is what the rules say of it (federation.judging).
    """

    activity: Activity
    actor: ActorRow
    kind: str
    known: Known | None = None
    object: dict[str, Any] = field(default_factory=dict)
    reply_to: Known | None = None
    ours: frozenset[str] = frozenset()
    public: bool = False
    fetched: Any = None
    signed_by: str = ""
    verdict: Verdict = UNJUDGED

    @property
    def relayed(self) -> bool:
        """Whether another server passed it on, with a proof of its actor: it may be old, and sent again."""
        return self.signed_by.startswith("proof:")

    @property
    def object_uri(self) -> str:
        """The id of what the activity is about, or an empty string."""
        return self.activity.object_id or ""

"""What a check found: a state, a sentence, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from ...words import say


class Health(Enum):
    """How it stands, in the order of the exit status of the command."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"

    @property
    def rank(self) -> int:
        """0, 1 or 2: the exit status of the command."""
        return list(Health).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's answer. Sentences are English with `%(name)s`; `words` and `todo` say them to whoever reads."""

    health: Health
    sentence: str
    advice: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    label: str = ""

    @property
    def title(self) -> str:
        """What was looked at, in the language of whoever reads it."""
        return say(self.label)

    @property
    def words(self) -> str:
        """What was found."""
        return say(self.sentence, **self.values) if self.values else say(self.sentence)

    @property
    def todo(self) -> str:
        """What to do; empty when nothing is."""
        return say(self.advice, **self.values) if self.values else say(self.advice)


def ok(sentence: str, **values: Any) -> Finding:
    """All is well."""
    return Finding(Health.OK, sentence, values=values)


def warn(sentence: str, advice: str, **values: Any) -> Finding:
    """It works, but not for long or not for sure."""
    return Finding(Health.WARN, sentence, advice, values)


def fail(sentence: str, advice: str, **values: Any) -> Finding:
    """It does not work."""
    return Finding(Health.FAIL, sentence, advice, values)


def worst(findings: Iterable[Finding]) -> Health:
    """The worst of them."""
    return max((finding.health for finding in findings), key=lambda health: health.rank, default=Health.OK)

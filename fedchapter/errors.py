"""Every error that fedchapter raises on purpose, in one tree.

FedchapterError
├── Refusal          a person asked for what the rules forbid: shown to them as a sentence
│   ├── Forbidden    … and they may not (403)
│   ├── NotFound     … or it is not there for them (404: the same for absent and hidden, so nothing leaks)
│   └── TooMany      … or too often (429)
├── SettingsError    the configuration is wrong: names the setting, its place and the expected form
└── PeerError        another server misbehaved
    ├── PeerRefused  … for good: asking again is useless
    └── PeerFailed   … for now: ask again later

Anything else that is raised is a bug, and is caught only at the two loops (request and worker).
"""

from typing import Any

from .words import mark, say


class FedchapterError(Exception):
    """The root: everything raised on purpose."""


class Refusal(FedchapterError):
    """A person asked for what the rules forbid. `code` is stable, the sentence says what to do.

    Values stand as `%(name)s`, so that the catalogs know the sentence whole: `Refusal("x", "At most %(n)s.", n=5)`.
    """

    status = 400

    def __init__(self, code: str, sentence: str, **values: Any) -> None:
        super().__init__(sentence % values if values else sentence)
        self.code = code
        self._sentence, self._values = sentence, values

    @property
    def message(self) -> str:
        """The sentence in the language of whoever reads it."""
        return say(self._sentence, **self._values)


class Forbidden(Refusal):
    """The person is known, and may not do this."""

    status = 403


class NotFound(Refusal):
    """Not there, or not there for this person; the two are not told apart."""

    status = 404

    def __init__(
        self,
        code: str = "not-found",
        sentence: str = mark("There is nothing at this address."),
        **values: Any,
    ) -> None:
        super().__init__(code, sentence, **values)


class TooMany(Refusal):
    """Asked too often; `retry_after_s` says when to come back."""

    status = 429

    def __init__(self, code: str, sentence: str, retry_after_s: int, **values: Any) -> None:
        super().__init__(code, sentence, **values)
        self.retry_after_s = retry_after_s


class SettingsError(FedchapterError):
    """A setting is missing or malformed; the message names its place and the expected form."""


class PeerError(FedchapterError):
    """Another server misbehaved; `code` is stable and goes into the federation log."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class PeerRefused(PeerError):
    """The other server's answer or message is wrong, and will be wrong again."""


class PeerFailed(PeerError):
    """The other server could not be reached or was busy; `retry_after_s` is its own wish, if it gave one."""

    def __init__(self, code: str, message: str, retry_after_s: int | None = None) -> None:
        super().__init__(code, message)
        self.retry_after_s = retry_after_s

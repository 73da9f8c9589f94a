"""The rules of events: `ours` writes what the chapter publishes, `answers` who comes, `remote` what others publish,
`away` what our people answer there.

The only writers of `event` and `answer` rows. `pictures` keeps an event's picture, `rows` reads for everybody.
"""

from . import answers, away, ours, pictures, remote, rows

__all__ = ["answers", "away", "ours", "pictures", "remote", "rows"]

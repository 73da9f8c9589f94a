"""The rules of events: `ours` writes what the chapter publishes, `answers` who comes, `remote` what others publish.

The only writers of `event` and `answer` rows. `pictures` keeps an event's picture, `rows` reads for everybody, `zones`
turns a date and a time of day into a moment.
"""

from . import answers, ours, pictures, remote, rows, zones

__all__ = ["answers", "ours", "pictures", "remote", "rows", "zones"]

"""How long it is kept what members were told, and how they want to be told."""

from ..store.retention import Kept
from ..words import mark
from .tell import KEPT_FOR

KEPT = (
    Kept(
        "notices",
        mark("What members were told"),
        mark("So that nobody is told twice."),
        ("notice", "told", "errand"),
        days=KEPT_FOR.days,
    ),
    Kept(
        "wishes",
        mark("How members want to be told"),
        mark("They chose it."),
        ("notice_wish", "notice_manner"),
        until=mark("until they change it or leave"),
    ),
)

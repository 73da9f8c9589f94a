"""How long mail, and who gets it from outside, is kept."""

from ..store.retention import Kept
from ..words import mark
from .news import KEPT_FOR as NEWS_KEPT_FOR

KEPT = (
    Kept(
        "letters",
        mark("Letters on their way"),
        mark("Until the mail server takes them."),
        ("letter",),
        until=mark("three days at most"),
    ),
    Kept(
        "subscribers",
        mark("People outside who get news by mail, and addresses that want no more"),
        mark("To write to them, and not to write again. The latter as fingerprints."),
        ("subscriber", "unsubscribed"),
        until=mark("until they unsubscribe; the fingerprints for good"),
    ),
    Kept(
        "news",
        mark("What subscribers are told next"),
        mark("For letters once a week."),
        ("news",),
        days=NEWS_KEPT_FOR.days,
    ),
)

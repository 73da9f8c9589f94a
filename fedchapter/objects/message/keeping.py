"""How long private messages are kept."""

from ...store.retention import Kept
from ...words import mark

NAMES_ACTORS = ("message.actor_uri", "message_opened.actor_uri")
KEPT = (
    Kept(
        "messages",
        mark("Private messages to the chapter, its answers, and who here read them"),
        mark("To answer whoever writes. Reading one leaves a line that stays."),
        ("message", "message_opened"),
        until=mark("until the sender or the chapter takes it back"),
    ),
)

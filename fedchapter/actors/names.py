"""Names that our own actors may take: one space for the chapter, the server, groups and members' handles.

wire.md §1.7 (Mastodon reads letters, digits and underscores in a handle); RFC 2142 and operations.md §3 row D6 (names
that people trust because of what they mean are nobody's). A name is never given twice: whoever knew the former bearer
would take the next one for the same.
"""

import re

from ..errors import Refusal
from ..settings import Settings
from ..store.kinds import Reads, find_tombstone

NAME_MIN, NAME_MAX = 2, 30
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_]*[a-z0-9])?")
# What sounds like an office, like a part of the server, or like everybody.
RESERVED = frozenset(
    {
        "abuse", "account", "actor", "admin", "administrator", "all", "anonymous", "api", "bot", "chapter", "comments",
        "contact", "delegate", "everybody", "everyone", "events", "fedchapter", "group", "groups", "help", "here",
        "home", "hostmaster", "inbox", "info", "instance", "join", "mail", "me", "media", "member", "members", "mod",
        "moderation", "moderator", "news", "nobody", "noreply", "official", "organizer", "outbox", "owner",
        "postmaster", "press", "privacy", "proposals", "relay", "root", "security", "server", "staff", "static",
        "support", "system", "teller", "treasurer", "undefined", "webmaster", "www",
    }
)  # fmt: skip


def check_name(name: str) -> None:
    """The name has the right form and is reserved for nobody; raises Refusal `name-form` or `name-reserved`."""
    if not NAME_MIN <= len(name) <= NAME_MAX or not _NAME.fullmatch(name):
        raise Refusal(
            "name-form",
            "Use %(min)s to %(max)s small letters (a to z), digits or _, with a letter or digit at both ends.",
            min=NAME_MIN,
            max=NAME_MAX,
        )
    if name in RESERVED:
        raise Refusal(
            "name-reserved", "This name is kept free, because others would take it for an office here."
        )


async def check_free(reads: Reads, settings: Settings, name: str) -> None:
    """Nobody here has the name or ever had it; raises Refusal as `check_name`, and `name-taken`.

    Two who ask at the same moment both pass: only `create_actor` decides who gets it.
    """
    check_name(name)
    uri = settings.uri(f"@{name}")
    row = await reads.row(
        "SELECT 1 AS yes FROM actor WHERE host = ? AND lower(username) = ? LIMIT 1", settings.domain, name
    )
    if row is not None or name == settings.username.lower() or await find_tombstone(reads, uri) is not None:
        raise taken()


def taken() -> Refusal:
    """Somebody else has the name."""
    return Refusal("name-taken", "Somebody here has this name, or had it once. Choose another one.")

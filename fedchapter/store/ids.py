"""Database ids: 26 lower-case characters that sort by time (ULID, Crockford base 32).

Sorted as text they are in order of creation to the millisecond, on both databases and in a client API; 80 random bits
make an id unguessable, which `outbox_item.access = "by-id"` relies on. Ballots must not use them (DESIGN §3).
Source: github.com/ulid/spec.
"""

import secrets
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26


def new_id(now: datetime) -> str:
    """A fresh id whose first ten characters say the millisecond `now`."""
    number = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
    return "".join([_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5)])


def is_id(text: str) -> bool:
    """Whether `text` has the form of an id."""
    return len(text) == LENGTH and all(character in _ALPHABET for character in text)

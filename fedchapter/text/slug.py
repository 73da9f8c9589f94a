"""The part of an address that people can read, made from a title."""

import unicodedata
from typing import Final

# Letters that do not decompose into a base letter and an accent.
_LETTERS: Final = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "þ": "th",
        "ı": "i",
        "’": "",
        "'": "",
    }
)


def slug(title: str, *, fallback: str = "untitled", max_chars: int = 60) -> str:
    """Lower-case ASCII words joined by "-", cut between words; `fallback` if it has no Latin letters."""
    folded = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKC", title).casefold().translate(_LETTERS)
    )
    ascii_only = "".join(char if char.isascii() else "" for char in folded if not unicodedata.combining(char))
    words = "".join(char if char.isalnum() else " " for char in ascii_only).split()
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word[:max_chars]
        if len(longer) > max_chars:
            break
        made = longer
    return made or fallback

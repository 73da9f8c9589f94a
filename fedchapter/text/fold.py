"""A text as it is searched for and sorted by: without capitals and accents.

Unicode §5.18 (case folding), UAX 15 (NFKD). Not a collation: "ö" sorts as "o" in every language, the same on both
databases, which no collation of theirs does.
"""

import unicodedata
from typing import Final

# Letters that do not decompose into a base letter and an accent.
_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def fold(text: str) -> str:
    """Lower case, no accents, single spaces: "  Žofie ØRSTED" becomes "zofie orsted"."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())

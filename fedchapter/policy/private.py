"""What was somebody's private information stays away: the post however often it is sent, and copies of its words.

Issue "Someone's private information". Only addresses and a fingerprint of the words (without digits and links) are
kept, in memory for every message and as rows of moderation.private, which writes them.
"""

from dataclasses import dataclass
from typing import Final

from ..store.kinds import Reads
from ..text import fingerprint, plain
from ..vocab.read import Json, text_of
from .verdict import REFUSE, Verdict

RULE: Final = "private-information"
STAYS_AWAY: Final = Verdict(REFUSE, RULE, "it is somebody's private information, and stays away")
# Words of fewer letters than these say the same by chance ("Thank you very much!"), with or without links and names.
WORDS_CHARS_MIN: Final = 24


@dataclass(frozen=True, slots=True)
class PrivateTexts:
    """The addresses, and the fingerprints of words."""

    uris: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def is_private(self, uri: str, document: Json) -> bool:
        """Whether that object is such a post, or repeats its words."""
        if uri in self.uris:
            return True
        if not self.words:
            return False
        # Read as the types do: what stands in one language only is shown, too.
        return words_of(text_of(document, "name") or "", text_of(document, "content") or "") in self.words


def words_of(title: str, html: str) -> str:
    """The fingerprint that copies share; empty where the words are too few."""
    text = f"{title} {html}" if title else html
    if len(text) < WORDS_CHARS_MIN or _count_letters(text) < WORDS_CHARS_MIN:
        return ""
    return fingerprint(text)


def _count_letters(html: str) -> int:
    """How many letters its words have, without those of names and addresses."""
    words = (word for word in plain(html).split() if not word.startswith(("@", "#")) and "/" not in word)
    return sum(1 for word in words for sign in word if sign.isalpha())


async def find_private_texts(reads: Reads) -> PrivateTexts:
    """All of them."""
    rows = await reads.rows("SELECT uri, words_hash FROM private_text")
    return PrivateTexts(
        frozenset(row["uri"] for row in rows),
        frozenset(row["words_hash"] for row in rows if row["words_hash"]),
    )

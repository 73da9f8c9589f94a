"""How grave a report is, from its category and words: the order in the queue, never a decision.

operations.md §1.5. Whatever is reported goes before what merely waits (at most 60); private information goes first.
"""

from ...text import fold
from .draft import ABUSE, ILLEGAL, PRIVATE, RULE, SPAM

GRAVEST = 100
BY_CATEGORY = {PRIVATE: GRAVEST, ILLEGAL: 85, ABUSE: 78, RULE: 68, SPAM: 64}
OTHERWISE = 66
UNKNOWN_THING = 30
URGENT = 90
# Folded beginnings of words, in the languages of the catalogs: somebody may be in danger now.
URGENT_WORDS = tuple(
    fold(word)
    for word in (
        "suicid", "kill", "threat", "stalk", "dox", "child", "minor", "violen", "home address",
        "matar", "amenaz", "acos", "niño", "niña", "menor", "domicilio",
    )
)  # fmt: skip


def gravity_of(category: str, text: str, *, is_known: bool = True) -> int:
    """0 to 100; lower where nothing of what is named is known here."""
    if category == PRIVATE:
        return GRAVEST
    folded = f" {fold(text)}"
    grave = BY_CATEGORY.get(category, OTHERWISE)
    if any(f" {word}" in folded for word in URGENT_WORDS):
        grave = max(grave, URGENT)
    return grave if is_known else min(grave, UNKNOWN_THING)

"""Mail: letters, how they leave, and who does not want them any more.

May import store and below. Decision: without a mail server a chapter still works; its letters are then files in
data/outbox, which is also how one looks at them during development. What waits is a row of its own, deleted once it
has left, so that no link or text of a letter stays behind in the list of jobs.
"""

from .letter import Letter, to_message
from .post import Post
from .unsubscribe import is_unsubscribed, read_token, token_for, unsubscribe
from .waiting import drop_letter, find_letter, keep_letter

__all__ = [
    "Letter",
    "Post",
    "drop_letter",
    "find_letter",
    "is_unsubscribed",
    "keep_letter",
    "read_token",
    "to_message",
    "token_for",
    "unsubscribe",
]

"""The rules of the board: our members' entries, answers, and what sister chapters share.

Imports actors (who is a sister), jobs, store and text.
"""

from .answers import ANSWER_MAX, SENT_JOB, SENT_KEPT_FOR, answer, reply
from .ours import LASTS, OVER_JOB, TEXT_MAX, TITLE_MAX, close, edit, expire, forget_member, post
from .remote import drop_remote, receive, receive_answer
from .rows import (
    ANSWER,
    ENTRY,
    Answer,
    Entry,
    find_answer,
    find_answers,
    find_entries,
    find_entry,
    get_entry,
    get_own,
)

__all__ = [
    "ANSWER",
    "ANSWER_MAX",
    "ENTRY",
    "LASTS",
    "OVER_JOB",
    "SENT_JOB",
    "SENT_KEPT_FOR",
    "TEXT_MAX",
    "TITLE_MAX",
    "Answer",
    "Entry",
    "answer",
    "close",
    "drop_remote",
    "edit",
    "expire",
    "find_answer",
    "find_answers",
    "find_entries",
    "find_entry",
    "forget_member",
    "get_entry",
    "get_own",
    "post",
    "receive",
    "receive_answer",
    "reply",
]

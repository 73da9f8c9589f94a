"""The rules of announcements; the only writer of their rows.

`write` is for ours, `receive` for those of others, `shares` for boosts in both directions, `quotes` for FEP-044f.
"""

from .quotes import (
    StampRow,
    answer_quote,
    find_stamp,
    find_stamper,
    find_stamps,
    forget_quotes_of,
    withdraw_quote,
)
from .receive import (
    Arrival,
    receive_deletion,
    receive_edit,
    receive_pin,
    receive_post,
)
from .rows import PostRow, find_post, find_scheduled, find_tagged, find_versions, get_post, newest
from .shares import find_share, receive_share, receive_unshare, share, unshare
from .write import (
    attach,
    blank,
    cancel,
    delete,
    drop_unused,
    edit,
    pin,
    preview,
    publish_due,
    rendered,
    write,
)

__all__ = [
    "Arrival",
    "PostRow",
    "StampRow",
    "answer_quote",
    "attach",
    "blank",
    "cancel",
    "delete",
    "drop_unused",
    "edit",
    "find_post",
    "find_scheduled",
    "find_share",
    "find_stamp",
    "find_stamper",
    "find_stamps",
    "find_tagged",
    "find_versions",
    "forget_quotes_of",
    "get_post",
    "newest",
    "pin",
    "preview",
    "publish_due",
    "receive_deletion",
    "receive_edit",
    "receive_pin",
    "receive_post",
    "receive_share",
    "receive_unshare",
    "rendered",
    "share",
    "unshare",
    "withdraw_quote",
    "write",
]

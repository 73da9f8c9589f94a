"""Board: what members need and what they can offer, for the chapter and, without names, for its sister chapters.

Wire: Create, Update, Delete of an Article with `fc:board`, and of a Note that answers one, between sister chapters only
(FEDERATION.md "Board"). Decision: the chapter speaks for its member, so no name leaves; what is closed, over or left
behind is erased at once, here and there. What an entry says is in this type's table only, like a message.
"""

from ...store import Kind

KINDS = (Kind("board", "need or offer"), Kind("board-answer", "answer on the board"))

"""Reaction: likes and shares of what is known here, counted; nobody's name is shown for them.

Wire: Like, EmojiReact, Dislike, Announce and the Undo of each; `likes` and `shares` collections (FEDERATION.md
"Reaction"). Decision: one row for each actor, object and sort of reaction, so that no server can count twice.
"""

from ...store import Kind

KINDS = (Kind("reaction", "reaction"),)

"""Announcement: what a chapter tells everybody, short (Note) or long (Article), and what others tell it.

Wire: Create, Update, Delete, Announce, Undo, Add, Remove, QuoteRequest (FEDERATION.md "Announcement"). One table holds
ours and theirs, so that both are shown, edited and deleted by the same rules. Decision: a remote post is kept only when
somebody followed here wrote or shared it, or when it speaks to us.
"""

from ...store import Kind

KINDS = (
    Kind("announcement", "announcement", takes_comments=True, takes_reactions=True),
    Kind("boost", "share"),
    Kind("quote", "quote approval"),
)

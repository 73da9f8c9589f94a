"""Comment: what anybody anywhere answers to something known here, threaded, and the chapter's own answers.

Wire: Create, Update, Delete of a Note with inReplyTo; `replies` and `context` collections (FEDERATION.md "Comment").
Decision: a comment is its known_object row and nothing else, because a thousand of them a second should be possible;
only the chapter's own have a row here, with the text as it was written.
"""

from ...store import Kind

KINDS = (Kind("comment", "comment", takes_comments=True, takes_reactions=True),)

"""Follow: who gets what is published; both directions, with approval as an option, and Block.

Wire: Follow, Accept, Reject, Undo, Block (FEDERATION.md "Follow"). The rows are `actors.model.Follow`; only this type's
service writes them.
"""

from ...store import Kind

KINDS = (Kind("follow", "follow"),)

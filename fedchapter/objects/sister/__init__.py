"""Sister: chapters that vouch for each other: both follow the other, and both said yes to it.

Wire: Offer, Accept, Reject and Undo of a Relationship (FEDERATION.md "Sister chapters"), which other software ignores.
Decision: one chapter offers, the other answers, each may end it, and a follow that ends takes it along, so that nobody
is vouched for by having been forgotten.
"""

from ...store import Kind

KINDS = (Kind("sister", "sister chapter"),)
"""An offer between two chapters."""

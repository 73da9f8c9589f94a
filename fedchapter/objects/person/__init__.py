"""Person: a member who chose to be known outside, under a public handle with an actor of their own.

Wire: the `Person` actor at `/@handle`, its `Update` and `Delete` (FEDERATION.md "Person"). What somebody writes, likes
or answers under a handle is the business of the types of those things; follows are `follow`'s. Decision: opt-in, one
handle for each member, never given twice; members without one have no address that anything could be sent to, and
appear in no document, list or count that another server can ask for.
"""

from ...store import Kind

KINDS = (Kind("person", "person"),)
"""A person, as the object of what is said of it."""

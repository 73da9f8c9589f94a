"""Group: precincts and working groups of the chapter; a public one is an actor that can be followed.

Wire: the `Group` actor at `/@slug`, its `Update` and `Delete` (FEDERATION.md "Group"). What it publishes is the
business of announcement and event, who follows it that of follow. Rows and membership: members.groups. Decision: a
group without an actor publishes nothing; what is written there for its members (notes, meetings) is in a table of its
own, which no list, feed or document reads, so that it can leak nowhere.
"""

from ...store import Kind

KINDS = (Kind("group", "group"),)
"""A group, as the object of what is said of it."""

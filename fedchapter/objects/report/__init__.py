"""Report: a Flag as it comes from other servers, as we send one, and the word about what became of it.

Wire: Flag, and between chapters an Accept of it with `fc:reportOutcome` (FEDERATION.md "Report"). The rows and rules
are the moderation room's (moderation.reports): what may be reported, and by whom, needs no wire.
"""

from ...store import Kind

KINDS = (Kind("report", "report"),)

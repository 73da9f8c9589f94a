"""Event: what happens when and where, published by a chapter; who comes, told to its organizers only.

Wire: Event with Create, Update, Delete; Join, Leave and their answers (FEDERATION.md "Event"). Decision: events of
other servers stand in the same table as ours (`local` tells them apart), since pages and calendars show both alike;
who answered stands in a table of its own, is seen by staff only and never leaves this server but as the answer to the
one who asked.
"""

from ...store import Kind

KINDS = (
    Kind("event", "event", takes_comments=True, takes_reactions=True),
    Kind("notice", "notice", takes_comments=True, takes_reactions=True),
    Kind("answer", "answer"),
)

"""Message: what somebody writes to the chapter alone, and what the chapter answers; never public.

Wire: Create, Update and Delete of a Note (and its like) that is addressed to us and not to everybody (FEDERATION.md
"Message"). Decision: the text is in this type's table only; the table of kinds knows that a message exists, not what
it says, so that no list or search of other types can show one. Opening a conversation leaves a line that stays.
"""

from ...store import Kind

KINDS = (Kind("message", "message"),)
"""A message between the chapter and one actor."""

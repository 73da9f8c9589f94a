"""Profile: how our chapter presents itself, and what other actors say of themselves.

Wire: Update, Delete and Move whose object is the actor itself (FEDERATION.md "Profile"). The rows are `actors.model`;
who follows whom is `follow`'s, which listens to the happenings here.
"""

from ...store import Kind

KINDS = (Kind("profile", "profile"),)
"""An actor, as the object of what it says of itself."""

"""Signing in with an account that somebody has elsewhere: we are an OAuth client of every server of the fediverse.

May import federation, house and everything below; no pages. Sources: wire.md §6; RFC 6749, RFC 7636 (PKCE), RFC 8414
(metadata), RFC 9207 (iss), RFC 9700 §4.4 (mix-up). Decisions: a server is believed about its own accounts and nobody
else's, so an account counts only when its actor's id is on the host that was asked; each host gets an address of ours
to come back to that is its alone, so that no other host is ever handed its code; the token is given back at once, since
we only wanted to know who it was.
"""

from .flow import Beginning, Callback, Finished, begin, finish
from .former import find_former

__all__ = ["Beginning", "Callback", "Finished", "begin", "find_former", "finish"]

"""Proposal: a text put to the chapter, discussed in versions, voted on, with a result that anybody can count again.

Wire: `Article` (the proposal), `Question` (the vote, as a poll that Mastodon can answer), `Note` (the outcome), and two
signed statements of our own, the opening and the result (FEDERATION.md "Proposal"; DESIGN §4). Decisions: only members
vote, on the page, by a roll frozen at the opening; whoever answers the poll from elsewhere is public opinion, counted
apart. The ballot is open among members (each sees how the others voted); no name and no ballot ever leaves the server.
"""

from ...store import Kind

KINDS = (
    Kind("proposal", "proposal", takes_comments=True, takes_reactions=True),
    Kind("poll", "vote", takes_comments=True, takes_reactions=True),
    Kind("outcome", "decision", takes_comments=True, takes_reactions=True),
)

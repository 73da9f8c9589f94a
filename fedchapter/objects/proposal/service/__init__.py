"""The rules of proposals: writing and versions, the vote, its end, and what other chapters tell of theirs.

Imports evidence and tally (pure), actors for the chapter's key, members' account rows by SQL, jobs, store. Decision:
the row of the proposal is locked by whoever changes its stage and shared by whoever votes, so that a vote and the close
have an order on both databases, and a vote is either counted or refused.
"""

from .closing import CLOSE_JOB, close
from .remote import RemoteFacts, RemoteTotals, find_remote, forget_remote, receive_proposal, receive_totals
from .rows import ProposalRow, find_proposal, get_proposal
from .voting import TALLY_JOB, cast, open_vote, receive_vote
from .words import stage_line
from .writing import create, delete, edit, publish, withdraw

__all__ = [
    "CLOSE_JOB",
    "TALLY_JOB",
    "ProposalRow",
    "RemoteFacts",
    "RemoteTotals",
    "cast",
    "close",
    "create",
    "delete",
    "edit",
    "find_proposal",
    "find_remote",
    "forget_remote",
    "get_proposal",
    "open_vote",
    "publish",
    "receive_proposal",
    "receive_totals",
    "receive_vote",
    "stage_line",
    "withdraw",
]

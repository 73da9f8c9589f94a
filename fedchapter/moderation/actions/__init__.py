"""What moderators can do to a post, an actor, a host or a member: one list, from which every page draws its buttons.

Decision: an action is a function in a unit that writes its own line of the log, so that pages, keyboard and shell
cannot do anything that the log does not know.
"""

from . import actors, hosts, marking, members, posts, purging
from .hosts import Cut, lift_host, preview_host, set_host
from .purging import FollowsPurged, Purged
from .registry import ACTIONS, Action, actions_on

JOBS = (*marking.JOBS, *purging.JOBS)

__all__ = [
    "ACTIONS",
    "JOBS",
    "Action",
    "Cut",
    "FollowsPurged",
    "Purged",
    "actions_on",
    "actors",
    "hosts",
    "lift_host",
    "members",
    "posts",
    "preview_host",
    "set_host",
]

"""Policy: show, hold or refuse what comes from elsewhere, by rules over facts known without fetching.

May import members, actors, store and below. Decision: policy answers a question and changes nothing; what is held is
stored by the type that owns it, with the outcome `held` and the rule's reason.
"""

from .hosts import HostMarks, check_host, check_outward, is_refused_host
from .marks import Marking, find_mark, find_marking, find_marks, lift_mark, put_mark, set_mark
from .policy import Policy
from .verdict import Verdict

__all__ = [
    "HostMarks",
    "Marking",
    "Policy",
    "Verdict",
    "check_host",
    "check_outward",
    "find_mark",
    "find_marking",
    "find_marks",
    "is_refused_host",
    "lift_mark",
    "put_mark",
    "set_mark",
]

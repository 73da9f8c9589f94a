"""Whether a server may talk to us at all; asked before any cryptography.

operations.md §3 rows C3 and E2.
"""

from ..errors import PeerRefused
from .marks import REFUSE, HostMarks


def is_refused_host(marks: HostMarks, host: str) -> bool:
    """Whether messages from that host are turned away."""
    return marks.decision(host) == REFUSE


def check_host(marks: HostMarks, host: str) -> None:
    """Raises PeerRefused when messages from that host are turned away."""
    if is_refused_host(marks, host):
        raise PeerRefused("host-refused", "messages from your server are not accepted here")

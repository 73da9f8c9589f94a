"""What was decided about hosts, in memory: asked at every door, before any cryptography.

wire.md §3.3: a mark covers the host's sub-domains and the longest match wins, while in a closed network only the exact
hosts that were allowed may speak; operations.md §3 rows C3 and E2.
"""

from datetime import datetime

from ..errors import PeerRefused
from ..store.choices import find_choice
from ..store.kinds import Reads
from .marks import APPROVED, REFUSE, Marking, find_marks, has_ended


def parents(host: str) -> list[str]:
    """The host itself and its parent domains, longest first; a port belongs to the host alone."""
    name = host.partition(":")[0]
    labels = name.split(".")
    chain = [".".join(labels[index:]) for index in range(len(labels))]
    return [host, *chain] if host != name else chain


class HostMarks:
    """The marks on hosts; `load` after every change. `closed` is whether only allowed hosts may speak with us."""

    def __init__(self, own_host: str = "") -> None:
        self._marks: dict[str, Marking] = {}
        self._ends_at: datetime | None = None
        self._own_host = own_host
        self.closed = False

    async def load(self, reads: Reads, now: datetime | None = None) -> None:
        """The marks as they stand in the database, without those that ended before `now`, and whether we are closed."""
        found = await find_marks(reads, "host")
        self.closed = await find_choice(reads, "closed_network") == "yes"
        self._marks = {one.subject: one for one in found if now is None or not has_ended(one, now)}
        self._ends_at = min((one.expires_at for one in self._marks.values() if one.expires_at), default=None)

    def has_ended(self, now: datetime) -> bool:
        """Whether a mark that is in memory has ended meanwhile."""
        return self._ends_at is not None and self._ends_at <= now

    def find(self, host: str) -> Marking | None:
        """The mark on the host or its nearest parent domain."""
        if not self._marks:
            return None
        return next((self._marks[name] for name in parents(host) if name in self._marks), None)

    def decision(self, host: str) -> str | None:
        """What was decided about the host or its nearest parent domain; in a closed network refuse by default."""
        if self.closed and host != self._own_host:
            exact = self._marks.get(host)
            return APPROVED if exact is not None and exact.decision == APPROVED else REFUSE
        found = self.find(host)
        return (found.decision or None) if found else None

    def rejects_media(self, host: str) -> bool:
        """Whether pictures from there are not shown."""
        found = self.find(host)
        return found is not None and (found.reject_media or found.decision == REFUSE)

    def rejects_reports(self, host: str) -> bool:
        """Whether reports from there are dropped."""
        found = self.find(host)
        return found is not None and (found.reject_reports or found.decision == REFUSE)


def is_refused_host(marks: HostMarks, host: str) -> bool:
    """Whether messages from that host are turned away."""
    return marks.decision(host) == REFUSE


def check_host(marks: HostMarks, host: str) -> None:
    """Raises PeerRefused when messages from that host are turned away."""
    if is_refused_host(marks, host):
        raise PeerRefused("host-refused", "messages from your server are not accepted here")


def check_outward(marks: HostMarks, host: str) -> None:
    """Raises PeerRefused for a host that is not asked for anything, being refused here or outside a closed network."""
    if is_refused_host(marks, host):
        raise PeerRefused("host-refused", f"{host} is refused here, so it is not asked either")

"""Which hosts deserve that their connection is kept open.

A connection to a host that is seen once a day is closed after its answer: a post to two thousand hosts must
not leave two thousand idle sockets, which is more than a process may have open. A busy host keeps its
connection, since a TLS handshake costs more than all else in a delivery (performance.md, "Out").
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

KEPT_HOSTS: Final = 100
REMEMBERED_HOSTS: Final = 5000
IDLE_S: Final = 30.0


class Busy:
    """Remembers when each host was last used."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._kept: OrderedDict[str, float] = OrderedDict()

    def use(self, host: str) -> bool:
        """Notes one use of the host; whether its connection is to be kept open afterwards."""
        now = self._monotonic()
        before = self._seen.pop(host, None)
        self._seen[host] = now
        if len(self._seen) > REMEMBERED_HOSTS:
            self._seen.popitem(last=False)
        while self._kept and next(iter(self._kept.values())) <= now - IDLE_S:
            self._kept.popitem(last=False)
        is_frequent = before is not None and before > now - IDLE_S
        is_kept = self._kept.pop(host, None) is not None or (is_frequent and len(self._kept) < KEPT_HOSTS)
        if is_kept:
            self._kept[host] = now
        return is_kept

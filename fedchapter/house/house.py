"""House: settings, clock, database, network, keys, kinds and limits of one instance."""

import asyncio
from dataclasses import dataclass, field

from ..actors import Keyring
from ..clock import Clock
from ..media import Shelf
from ..net import Net
from ..policy import HostMarks, Policy
from ..settings import Settings
from ..store import Database, Kinds
from .limits import Limits


@dataclass(slots=True)
class House:
    """One instance's parts. `wakes` hold an event for each worker loop, set when there is work;
    `schemes` remembers which signature scheme a host understood (peer.scheme is the lasting copy)."""

    settings: Settings
    clock: Clock
    database: Database
    net: Net
    shelf: Shelf
    kinds: Kinds
    limits: Limits
    keyring: Keyring
    policy: Policy
    secret: bytes = field(repr=False)
    wakes: dict[str, asyncio.Event] = field(default_factory=dict)
    schemes: dict[str, str] = field(default_factory=dict)

    @property
    def marks(self) -> HostMarks:
        """What was decided about hosts."""
        return self.policy.marks

    def wake(self, loop: str) -> None:
        """The worker loop of that name looks for work at once."""
        if loop in self.wakes:
            self.wakes[loop].set()

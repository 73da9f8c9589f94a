"""Activities whose servers answer slowly, set apart so that nobody else's wait for them.

operations.md §3 row B5: one message that names a slow server, sent twice a minute, must not hold up a whole inbox. Few
are kept at a time, and fewer of one domain; what is over that is put back and tried again later.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

ALL_MAX = 64
PER_DOMAIN_MAX = 4
Spawn = Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]]


class Stragglers:
    """What is still being prepared after its wave went on."""

    def __init__(self, spawn: Spawn) -> None:
        self._spawn = spawn
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._domains: Counter[str] = Counter()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._tasks

    def has_room(self, domain: str) -> bool:
        """Whether one more of that domain may be kept."""
        return len(self._tasks) < ALL_MAX and self._domains[domain] < PER_DOMAIN_MAX

    def keep(self, work: Coroutine[Any, Any, None], domain: str) -> None:
        """The work goes on by itself."""
        task = self._spawn(work, "straggler")
        self._tasks[task] = domain
        self._domains[domain] += 1
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        domain = self._tasks.pop(task)
        self._domains[domain] -= 1
        if not self._domains[domain]:
            del self._domains[domain]

    async def pause(self) -> None:
        """Until one of them has ended."""
        if self._tasks:
            await asyncio.wait(list(self._tasks), return_when=asyncio.FIRST_COMPLETED)

    async def stop(self) -> None:
        """None is under way any more; their rows come back when their lease ends."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks))

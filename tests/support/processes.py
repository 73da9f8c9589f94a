"""Real `fedchapter` processes: started with an environment of their own, awaited until ready, stopped or killed.

`running(...)` gives a process that is gone when its block ends. Readiness is what systemd is told (sd_notify), so no
test polls for it; lines of output are awaited as they come.
"""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 90
LOWEST_PORT, EPHEMERAL_PORT = 10_000, 32_000
FEDCHAPTER = (sys.executable, "-m", "fedchapter")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


@dataclass(slots=True)
class Running:
    """A process with everything it has said so far; `told` are its datagrams to systemd."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def output(self) -> str:
        """Standard output and standard error, as they came."""
        return "".join(self.lines)

    @property
    def ended(self) -> bool:
        """Whether the process is gone."""
        return self.process.returncode is not None

    async def ready(self) -> None:
        """It serves, or works; raises AssertionError with its output when it ended instead."""
        await self._until(lambda: "READY=1" in self.told, "it was ready")

    async def says(self, words: str) -> None:
        """A line with these words has come; raises AssertionError when it ended without it."""
        await self._until(lambda: words in self.output, f"it said {words!r}")

    async def tells(self, state: str) -> None:
        """It told systemd that (`WATCHDOG=1`, say), anew from now on."""
        before = self.told.count(state)
        await self._until(lambda: self.told.count(state) > before, f"it told {state}")

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """The signal was sent and the process has ended by itself; returns its exit status."""
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE_S):
            return await self.process.wait()

    async def kill(self) -> None:
        """kill -9: the process is gone, whatever it was doing."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def _until(self, true: Callable[[], bool], wish: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not true():
                assert not self.ended, f"ended with {self.process.returncode} before {wish}:\n{self.output}"
                self.news.clear()
                await self.news.wait()


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without what would lead a fedchapter elsewhere, and with the changes."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FEDCHAPTER_") and name not in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "PYTHONPATH")
    }
    return kept | dict(changes or {})


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on, all different.

    Below those that the system gives to outgoing connections: one of these could take a port between here and its use.
    """
    found: set[int] = set()
    while len(found) < count:
        port = LOWEST_PORT + secrets.randbelow(EPHEMERAL_PORT - LOWEST_PORT)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            found.add(port)
    return list(found)


async def command(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    text: str = "",
    program: Sequence[str] = FEDCHAPTER,
) -> Ended:
    """Runs a command to its end, `text` being its standard input."""
    process = await asyncio.create_subprocess_exec(
        *program,
        *arguments,
        cwd=cwd,
        env=environment(env),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE_S):
        out, err = await process.communicate(text.encode())
    return Ended(process.returncode or 0, out.decode(), err.decode())


@asynccontextmanager
async def running(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    program: Sequence[str] = FEDCHAPTER,
) -> AsyncIterator[Running]:
    """A process that was just started; whatever is left of it at the end of the block is killed."""
    with (
        tempfile.TemporaryDirectory(prefix="notify-") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear,
    ):
        address = f"{folder}/socket"
        ear.bind(address)
        ear.setblocking(False)
        process = await asyncio.create_subprocess_exec(
            *program,
            *arguments,
            cwd=cwd,
            env=environment({"NOTIFY_SOCKET": address, "PYTHONUNBUFFERED": "1", **(env or {})}),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        started = Running(process)
        tasks = [asyncio.create_task(_read(started)), asyncio.create_task(_hear(started, ear))]
        try:
            yield started
        finally:
            await started.kill()
            tasks[1].cancel()
            await asyncio.wait(tasks)


async def _read(started: Running) -> None:
    assert started.process.stdout is not None
    async for line in started.process.stdout:
        started.lines.append(line.decode(errors="replace"))
        started.news.set()
    await started.process.wait()
    started.news.set()


async def _hear(started: Running, ear: socket.socket) -> None:
    while True:
        datagram = await asyncio.get_running_loop().sock_recv(ear, 4096)
        started.told.append(datagram.decode())
        started.news.set()

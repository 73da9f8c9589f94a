"""Running opened instances: under uvicorn, or as a worker without a door, until a signal ends them.

uvloop and httptools are worth three times plain asyncio (performance.md). Proxy headers are read by `web.address`,
which knows the trusted proxies, so uvicorn's own reading of them is off. Sockets are bound here, because uvicorn exits
the process when it cannot.
"""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from typing import Any

import structlog
import uvicorn
import uvloop

from ..errors import SettingsError
from ..settings import Settings
from .instance import Instance
from .notify import keep_watchdog, notify
from .protocol import Protocol

log = structlog.get_logger()
GRACE_S = 8
BACKLOG = 2048
_ANY = asyncio.FIRST_COMPLETED
Then = Callable[[], Awaitable[None]]


class Server(uvicorn.Server):
    """A uvicorn server that says when it answers, and leaves signals to whoever runs all servers of the process."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answers = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """The server answers, and has said so."""
        await super().startup(sockets)
        self.answers.set()

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        """Leaves signals alone."""
        yield


def server_for(instance: Instance) -> Server:
    """A server for that instance, which is opened and closed by others."""
    config = uvicorn.Config(
        instance,
        loop="uvloop",
        http=Protocol,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_S,
    )
    return Server(config)


def listen(settings: Settings) -> socket.socket:
    """A socket that listens at the settings' address; raises SettingsError when that is not possible."""
    host, port = settings.listen_host, settings.listen_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise SettingsError(
            f"listen_port: cannot listen on {host}, port {port}: {error.strerror or error}. "
            "Is another server running there?"
        ) from error


def run(work: Coroutine[Any, Any, None]) -> None:
    """Awaits it on uvloop, in a loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


async def serve(instances: Sequence[Instance], *, then: Then | None = None) -> None:
    """The opened instances answer until SIGTERM or SIGINT; then they finish what is under way. `then` is awaited once
    they answer."""
    sockets = [listen(instance.settings) for instance in instances]
    servers = [server_for(instance) for instance in instances]
    async with _until_signal(servers) as stopping:
        running = [
            asyncio.create_task(server.serve(sockets=[one]))
            for server, one in zip(servers, sockets, strict=True)
        ]
        for server in servers:
            await asyncio.wait({asyncio.create_task(server.answers.wait()), *running}, return_when=_ANY)
        for instance in instances:
            log.info("listening", host=instance.settings.listen_host, port=instance.settings.listen_port)
        try:
            await _first(stopping.wait(), *running, begun=then)
        finally:
            for server in servers:
                server.should_exit = True
            await asyncio.gather(*running)


async def work(instance: Instance) -> None:
    """The opened instance works off its queues until SIGTERM or SIGINT, without a door."""
    instance.start_work()
    async with _until_signal(()) as stopping:
        await _first(stopping.wait())


async def _first(*ends: Awaitable[Any], begun: Then | None = None) -> None:
    """Ready is said, `begun` has run unless one of `ends` came first, and one of `ends` has come."""
    tasks = [asyncio.ensure_future(end) for end in ends]
    beginning = asyncio.create_task(_begin(begun))
    watchdog = asyncio.create_task(keep_watchdog())
    try:
        await asyncio.wait({beginning, *tasks}, return_when=_ANY)
        if beginning.done():
            beginning.result()
            await asyncio.wait(tasks, return_when=_ANY)
    finally:
        notify("STOPPING=1")
        for task in (beginning, watchdog, tasks[0]):
            task.cancel()
        await asyncio.wait({beginning, watchdog, tasks[0]})


async def _begin(begun: Then | None) -> None:
    notify("READY=1")
    if begun is not None:
        await begun()


@contextlib.asynccontextmanager
async def _until_signal(servers: Sequence[Server]) -> AsyncIterator[asyncio.Event]:
    """An event that the first SIGTERM or SIGINT sets; a second one does not wait for anybody's connection."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server in servers if stopping.is_set() else ():
            server.force_exit = True
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        yield stopping
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

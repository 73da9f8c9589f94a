"""One running chapter: built from settings, opened, served as an ASGI application, worked by loops, closed.

DESIGN §2: an instance has no globals; every request and worker runs in a copy of the database's context.
"""

import asyncio
import contextlib
import secrets
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from .. import __version__
from ..actors import Keyring
from ..clock import Clock, SystemClock
from ..continuity.nightly import begin
from ..federation.deliver import Deliverer
from ..federation.inlet import Inlet
from ..federation.keys import KeyCache
from ..federation.process import Processor
from ..federation.receive import shared_inbox
from ..house import House
from ..house.limits import Limits
from ..jobs import JobRunner
from ..media import Shelf
from ..moderation.beginning import begin as begin_moderation
from ..moderation.lists.circle import find_circle
from ..net import Net, NetRules
from ..pictures.fetcher import Fetcher
from ..policy import HostMarks, Policy
from ..policy.state import LOOP as POLICY_LOOP
from ..settings import Settings
from ..store import Database
from ..web import Templates
from ..web.chapter import IdentityCache
from .loops import run_loop
from .routes import application, static_folder, static_version
from .types import Types, find_types


class Instance:
    """One chapter. `house` holds its parts, `types` what the installed types registered."""

    def __init__(self, settings: Settings, house: House, types: Types) -> None:
        self.settings = settings
        self.house = house
        self.types = types
        self.processor = Processor(house, types.registry)
        self.deliverer = Deliverer(house)
        self.fetcher = Fetcher(house)
        self.jobs = JobRunner(house.database, house.clock, house, types.jobs)
        self._loops: list[asyncio.Task[None]] = []
        self._app = application(self._state(), types)

    def _state(self) -> dict[str, Any]:
        return {
            "house": self.house,
            "inlet": Inlet(self.house),
            "keys": KeyCache(self.house),
            "identity": IdentityCache(self.house),
            "templates": Templates(template_folders(self.types), static_version()),
            "static": static_folder(),
            "types": self.types,
        }

    @property
    def state(self) -> Any:
        """What requests find at `request.app.state`."""
        return self._app.state

    async def open(self) -> None:
        """The database is open, rules and marks are loaded; nothing runs yet."""
        await self.house.database.open()
        await self.house.database.run(self.house.policy.load(self.house.database, self.house.clock.now()))

    async def close(self) -> None:
        """Loops have stopped, what was under way is written down, connections are closed."""
        for task in self._loops:
            task.cancel()
        if self._loops:
            await asyncio.wait(self._loops)
        self._loops = []
        await self.house.database.run(self.processor.stop())
        await self.house.database.run(self.deliverer.stop())
        await self.house.database.run(self.fetcher.stop())
        await self.house.net.aclose()
        await self.house.database.close()

    def start_watch(self) -> None:
        """What another process changes about rules and marks is known here within seconds, until `close`."""
        work = self.house.database.spawn(run_loop(self.house, POLICY_LOOP, self._watch), POLICY_LOOP)
        self._loops.append(work)

    async def _watch(self) -> int:
        await self.house.policy.refresh(self.house.database, self.house.clock.now())
        return 0

    def start_work(self) -> None:
        """The worker loops run until `close`, and what a start has to see to is seen to."""
        self.start_watch()
        self._loops.append(self.house.database.spawn(begin(self.house), "begin"))
        self._loops.append(self.house.database.spawn(begin_moderation(self.house), "begin-moderation"))
        for name, work, pause in (
            ("process", self.processor.work, None),
            ("deliver", self.deliverer.work, self.deliverer.pause),
            ("jobs", self.jobs.work, None),
            ("pictures", self.fetcher.work, self.fetcher.pause),
        ):
            self.house.wakes.setdefault(name, asyncio.Event())
            self._loops.append(self.house.database.spawn(run_loop(self.house, name, work, pause), name))

    async def settle(self) -> None:
        """Everything that is due now has been processed, delivered and run; for tests and the CLI."""
        await self.house.database.run(self._settle())

    async def _settle(self) -> None:
        while True:
            worked = await self.processor.work() + await self.jobs.work() + await self.deliverer.work()
            worked += await self.fetcher.work()
            while not self.processor.idle:
                await self.processor.pause()
                worked += 1
            while not self.deliverer.idle:
                await self.deliverer.pause()
                worked += await self.deliverer.work()
            while not self.fetcher.idle:
                await self.fetcher.pause()
            if not worked:
                return

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: each request in a copy of the database's context."""
        if scope["type"] == "lifespan":
            await _lifespan(self, receive, send)
            return
        await self.house.database.run(self._answer(scope, receive, send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == "/inbox":
            # Most of all traffic, and it needs neither routing nor the layers of error pages: a third of its cost.
            scope["app"] = self._app
            scope["path_params"] = {}
            response = await shared_inbox(Request(scope, receive, send))
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)


async def _lifespan(instance: Instance, receive: Receive, send: Send) -> None:
    await receive()
    try:
        await instance.open()
        if instance.settings.work_in_serve:
            instance.start_work()
        else:
            instance.start_watch()
    except Exception as error:
        await send({"type": "lifespan.startup.failed", "message": str(error)})
        raise
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await instance.close()
    await send({"type": "lifespan.shutdown.complete"})


def template_folders(types: Types) -> dict[str, Path]:
    """Where the templates of the types, the moderation and the site are."""
    package = Path(__file__).parent.parent
    return {**types.templates, **{room: package / room / "templates" for room in ("moderation", "site")}}


def secret_of(settings: Settings) -> bytes:
    """The instance's secret for signed links, from its file (0600), made when it is missing."""
    path = settings.data / "secret.key"
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    settings.data.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_bytes(32)
    path.touch(mode=0o600)
    path.write_bytes(secret)
    return secret


def create_instance(
    settings: Settings,
    *,
    clock: Clock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    limits_scale: float = 1,
) -> Instance:
    """An instance, not yet open. Tests give a clock, a transport between instances, and wider limits."""
    types = find_types()
    clock = clock or SystemClock()
    database = Database(settings, clock, types.models)
    rules = NetRules(
        localhost_ports=frozenset(settings.localhost_ports),
        private_networks=settings.private_networks,
        extra_ca_file=settings.extra_ca_file,
        own_hosts=frozenset({settings.domain}),
        user_agent=f"fedchapter/{__version__} (+{settings.origin}/)",
    )
    house = House(
        settings=settings,
        clock=clock,
        database=database,
        net=Net(rules, transport=transport),
        shelf=Shelf(settings.data / "media"),
        kinds=types.kinds,
        limits=Limits(limits_scale),
        keyring=Keyring(database),
        policy=Policy(
            HostMarks(settings.domain),
            frozenset({settings.domain}),
            partial(find_circle, chapter_uri=settings.chapter_uri),
        ),
        secret=secret_of(settings),
    )
    database.publishers = types.registry.frozen_publishers()
    database.on_wake = house.wake
    return Instance(settings, house, types)

"""The wires between chapters and strangers of a test; they can be cut, slowed, made to lose, double or mix up."""

import asyncio
import itertools
import random
from typing import Any

import httpx


class Network(httpx.AsyncBaseTransport):
    """The wires. `log` has every request that was carried: (method, host, path, status)."""

    def __init__(self, seed: int = 1) -> None:
        self.apps: dict[str, Any] = {}
        self.strangers = itertools.count()
        self.log: list[tuple[str, str, str, int]] = []
        self.random = random.Random(seed)
        self.duplicates = 0.0
        self.losses = 0.0
        self.reorders = 0.0
        self._late: list[tuple[httpx.Request, str]] = []
        self._cut: set[str] = set()
        self._slow: dict[str, float] = {}
        self._answers: dict[str, tuple[int, dict[str, str]]] = {}

    def cut(self, host: str) -> None:
        """Connections to the host fail."""
        self._cut.add(host)

    def slow(self, host: str, seconds: float) -> None:
        """Answers from the host take that long."""
        self._slow[host] = seconds

    def answering(self, host: str, status: int, headers: dict[str, str] | None = None) -> None:
        """The host answers everything with that status."""
        self._answers[host] = (status, headers or {})

    def mend(self, host: str) -> None:
        """The host is as it was."""
        self._cut.discard(host)
        self._slow.pop(host, None)
        self._answers.pop(host, None)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """httpx's transport: one request carried, or not."""
        host = request.url.netloc.decode()
        await self._hinder(host)
        if host in self._answers:
            status, headers = self._answers[host]
            response = httpx.Response(status, headers=headers, content=b"")
        else:
            response = await self._carry(request, host)
        self.log.append((request.method, host, request.url.raw_path.decode(), response.status_code))
        return response

    async def _hinder(self, host: str) -> None:
        if host in self._slow:
            await asyncio.sleep(self._slow[host])
        if host in self._cut or host not in self.apps:
            raise httpx.ConnectError(f"no way to {host}")

    async def release(self) -> int:
        """What was held back arrives, in no order; returns how much that was."""
        late, self._late = self._late, []
        self.random.shuffle(late)
        for request, host in late:
            await self._carry_now(request, host)
        return len(late)

    async def _carry(self, request: httpx.Request, host: str) -> httpx.Response:
        if request.method == "POST" and self.random.random() < self.reorders:
            # The sender hears nothing and sends it again; this one comes when nobody thinks of it any more.
            await request.aread()
            self._late.append((request, host))
            raise httpx.ReadTimeout("no answer yet")
        response = await self._carry_now(request, host)
        if request.method == "POST" and self.random.random() < self.losses:
            raise httpx.ReadError("the answer was lost")
        return response

    async def _carry_now(self, request: httpx.Request, host: str) -> httpx.Response:
        body = await request.aread()
        transport = httpx.ASGITransport(app=self.apps[host])
        times = 2 if request.method == "POST" and self.random.random() < self.duplicates else 1
        for _ in range(times):
            again = httpx.Request(request.method, request.url, headers=request.headers, content=body)
            response = await transport.handle_async_request(again)
            content = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    def posts_to(self, host: str) -> list[tuple[str, int]]:
        """Path and status of every POST carried to the host."""
        return [(path, status) for method, to, path, status in self.log if method == "POST" and to == host]

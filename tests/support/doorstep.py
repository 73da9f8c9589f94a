"""What walks through the ways in share: a chapter on this machine, a server elsewhere beside it, windows of people."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.async_api import Browser, Page

from tests.support.browser import find_violations
from tests.support.databases import forget_sql
from tests.support.oauth_server import OAuthServer
from tests.support.on_tcp import OpenChapter, make_schema, open_chapter
from tests.support.processes import free_ports


@asynccontextmanager
async def open_doorstep(folder: Path) -> AsyncIterator[tuple[OpenChapter, OAuthServer]]:
    """The chapter Riverside without members, and a server where Ada has an account; both answer until the end."""
    forget_sql()
    chapter_port, server_port = free_ports(2)
    server = OAuthServer(f"localhost:{server_port}", scheme="http")
    server.settle("ada")
    async with AsyncExitStack() as stack:
        schema = await make_schema(folder)
        opening = open_chapter(folder, schema, chapter_port, [chapter_port, server_port], "riverside")
        chapter = await stack.enter_async_context(opening)
        await stack.enter_async_context(_answering(server, server_port))
        yield chapter, server


@asynccontextmanager
async def _answering(app: Any, port: int) -> AsyncIterator[None]:
    """The application answers at that port of loopback."""
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(20):
        while not server.started:
            await asyncio.sleep(0)
    yield
    server.should_exit = True
    await running


async def phone_of(browser: Browser) -> Page:
    """The window of one person's phone. A step that does not succeed within ten seconds fails."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(10_000)
    return await context.new_page()


async def check(page: Page) -> None:
    """The page as it stands shuts nobody out, and is no wider than the phone."""
    assert await find_violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

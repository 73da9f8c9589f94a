"""What tests of the ways in share: the walk to another server and back in a browser, and codes of an app."""

import re
from html import unescape

import httpx

from fedchapter.members.second_factor import code_at
from tests.site.letters import letters, link_in
from tests.support.network import Chapter
from tests.support.oauth_server import OAuthServer


def way_to(page: httpx.Response, server: OAuthServer) -> str:
    """The address of the other server on the page in between."""
    found = re.search(rf'href="({re.escape(server.origin)}/oauth/authorize[^"]+)"', page.text)
    assert found is not None, page.text
    return unescape(found[1])


async def go_there(client: httpx.AsyncClient, server: OAuthServer, username: str = "ada", **form: str) -> str:
    """The handle was typed, the other server said yes; the address that it sends the browser back to."""
    page = await client.post("/sign-in/fediverse", data={"account": f"@{username}@{server.host}"} | form)
    assert page.status_code == 200, page.text
    return await server.approve(way_to(page, server), username)


async def sign_in_from(
    client: httpx.AsyncClient, server: OAuthServer, username: str = "ada", **form: str
) -> httpx.Response:
    """The whole walk; the answer to the callback."""
    return await client.get(await go_there(client, server, username, **form))


async def link(client: httpx.AsyncClient, server: OAuthServer, username: str = "ada") -> httpx.Response:
    """Whoever is signed in links the account; the answer to the callback."""
    page = await client.post("/me/security/fediverse", data={"account": f"@{username}@{server.host}"})
    assert page.status_code == 200, page.text
    return await client.get(await server.approve(way_to(page, server), username))


async def add_app(client: httpx.AsyncClient, chapter: Chapter) -> tuple[str, list[str]]:
    """An app with codes is set up; its key, and the recovery codes."""
    page = await client.get("/me/security/code")
    key = page.text.split('class="handle-whole">')[1].partition("<")[0].replace(" ", "")
    setup = page.text.split('name="setup" value="')[1].partition('"')[0]
    code = code_at(key, chapter.house.clock.now())
    done = await client.post("/me/security/code", data={"setup": setup, "code": code, "label": "My phone"})
    assert done.status_code == 200, done.text
    return key, re.findall(r"<li><code>([a-z2-7-]+)</code>", done.text)


async def change_address(client: httpx.AsyncClient, chapter: Chapter, email: str) -> None:
    """Whoever is signed in (as Ana) has that address, once the link that was sent there is opened."""
    await client.post("/me/profile", data={"display_name": "Ana", "email": email})
    await chapter.settle()
    done = await client.post(link_in(letters(chapter, email)[-1], "/me/email/"))
    assert done.status_code == 303, done.text

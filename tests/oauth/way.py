"""What tests of OAuth share: the way to another server and back, one step at a time."""

from urllib.parse import parse_qs, urlsplit

from fedchapter.oauth import Beginning, begin, finish
from fedchapter.oauth.flow import Callback, Finished
from tests.support.chapter import Chapter
from tests.support.oauth_server import OAuthServer

BROWSER = "what the cookie of this browser says"


def query_of(url: str) -> dict[str, str]:
    """The query of an address, one value for each name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


async def start(chapter: Chapter, text: str, **more: str) -> Beginning:
    """Somebody typed that, and is told where to go."""
    return await chapter.run(begin(chapter.house, text, **({"browser": BROWSER} | more)))


async def come_back(chapter: Chapter, url: str, *, browser: str = BROWSER) -> Finished:
    """Their browser opens the address that the other server sent it to."""
    assert url.startswith(f"{chapter.settings.origin}/sign-in/fediverse/")
    query = query_of(url)
    callback = Callback(
        key=urlsplit(url).path.rpartition("/")[2],
        state=query.get("state", ""),
        code=query.get("code", ""),
        iss=query.get("iss", ""),
        error=query.get("error", ""),
    )
    return await chapter.run(finish(chapter.house, callback, browser=browser))


async def walk(chapter: Chapter, server: OAuthServer, text: str = "", username: str = "ada") -> Finished:
    """All the way, with a yes at the other server."""
    beginning = await start(chapter, text or f"@{username}@{server.host}")
    return await come_back(chapter, await server.approve(beginning.url, username))

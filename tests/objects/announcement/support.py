"""What the tests of announcements do again and again: follow, announce, look at what was kept."""

from pathlib import Path
from typing import Any

import httpx
import msgspec

from fedchapter.federation.fetch import find_or_fetch_actor
from fedchapter.objects.announcement import service
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.follow import service as follow
from fedchapter.store import Known
from fedchapter.store.kinds import find_known
from tests.support.network import Chapter, Stranger, World

PEERS = Path(__file__).parents[2] / "peers"


async def follows(chapter: Chapter, who: Stranger | Chapter) -> None:
    """The chapter follows them, and they accepted."""
    actor = await chapter.run(find_or_fetch_actor(chapter.house, who.uri))
    await chapter.unit(lambda unit: follow.ask(unit, chapter.uri, actor))
    await chapter.settle()
    if isinstance(who, Chapter):
        await who.settle()
        await chapter.settle()
        return
    asked = [one for one in who.received if one["type"] == "Follow"]
    assert (await who.tell(chapter, who.activity("Accept", asked[-1])))[0] == "done"


async def followed_by(chapter: Chapter, who: Stranger) -> None:
    """They follow the chapter; what they were sent so far is forgotten."""
    assert (await who.tell(chapter, who.activity("Follow", chapter.uri)))[0] == "done"
    who.received.clear()


async def announce(chapter: Chapter, text: str, **fields: Any) -> str:
    """An announcement is published and delivered; returns its URI."""
    id_ = await chapter.unit(lambda unit: service.write(unit, Draft(text, **fields)))
    await chapter.settle()
    return chapter.settings.uri("announcements", id_)


async def known(chapter: Chapter, uri: str) -> Known | None:
    """What the chapter knows under that URI."""
    return await chapter.run(find_known(chapter.house.database, uri))


async def shown(chapter: Chapter) -> list[str]:
    """The URIs on the home page, newest first."""
    rows = await chapter.rows(
        "SELECT uri FROM known_object WHERE listed = ? AND state = 'shown' ORDER BY sort_at DESC", True
    )
    return [row["uri"] for row in rows]


def id_in(uri: str) -> str:
    """The database id at the end of a URI of ours."""
    return uri.rpartition("/")[2]


def peer_message(name: str) -> dict[str, Any]:
    """A message of the shape that a real server sends, from tests/peers."""
    return dict(msgspec.json.decode((PEERS / f"{name}.json").read_bytes()))


def actor_at(world: World, uri: str, type_: str = "Person", **fields: Any) -> Stranger:
    """A stranger with an id of whatever form their server gives."""
    host = httpx.URL(uri).netloc.decode()
    one = world.stranger(f"peer{len(world.network.apps)}", host, type_)
    one.uri, one.key_id = uri, f"{uri}#main-key"
    document = one.document(**fields)
    # Their inbox need not lie below their id: WordPress has query strings there.
    document["inbox"] = f"https://{host}/users/{one.username}/inbox"
    document["outbox"] = f"https://{host}/users/{one.username}/outbox"
    one.put(uri, document)
    return one

"""A chapter whose pictures come from a real server on loopback, and posts that list some."""

from datetime import timedelta
from typing import Any, cast

from fedchapter.moderation.audit import Judge
from fedchapter.moderation.turning import turn
from fedchapter.net import Answer, Net, NetRules
from fedchapter.pictures.rows import shelf_of
from fedchapter.store import Known, Unit, find_known
from tests.media.pictures import jpeg
from tests.objects.announcement.support import follows
from tests.pictures.conftest import Origin
from tests.support.network import Chapter, Stranger, World

MODERATOR = Judge("someone")


class TwoNets:
    """Pictures go over real sockets, everything else over the wires of the test."""

    def __init__(self, wires: Net, origin: Origin) -> None:
        self._wires = wires
        self._real = Net(NetRules(user_agent="fedchapter test", localhost_ports=frozenset({origin.port})))

    async def get(self, url: str, **options: Any) -> Answer:
        net = self._real if url.startswith("http://localhost:") else self._wires
        return await net.get(url, **options)

    async def post(self, url: str, body: bytes, **options: Any) -> Answer:
        return await self._wires.post(url, body, **options)

    async def aclose(self) -> None:
        await self._real.aclose()
        await self._wires.aclose()


async def open_chapter(world: World, origin: Origin) -> Chapter:
    """A chapter that reaches the server of pictures."""
    chapter = await world.chapter()
    chapter.house.net = cast(Net, TwoNets(chapter.house.net, origin))
    return chapter


async def follow_ada(world: World, chapter: Chapter, **document: Any) -> Stranger:
    """Somebody whose posts the chapter shows."""
    ada = world.stranger("ada")
    ada.put(ada.uri, ada.document(**document))
    await follows(chapter, ada)
    return ada


def attachment(url: str, alt: str = "A march", **fields: Any) -> dict[str, Any]:
    """A picture as Mastodon attaches it."""
    return {"type": "Document", "mediaType": "image/jpeg", "url": url, "name": alt} | fields


async def post(chapter: Chapter, who: Stranger, *urls: str, **fields: Any) -> Known:
    """A post of theirs with those pictures has come in; as the chapter knows it."""
    note = who.note("<p>Look</p>", attachment=[attachment(url) for url in urls], **fields)
    await who.tell(chapter, who.create(note))
    known = await chapter.run(find_known(chapter.house.database, note["id"]))
    assert known is not None
    return known


async def post_with_picture(chapter: Chapter, who: Stranger, origin: Origin, **fields: Any) -> Known:
    """A post with a picture that is here by now."""
    known = await post(chapter, who, origin.put("/a.jpg", jpeg((1200, 600))), **fields)
    await come(chapter)
    return known


async def come(chapter: Chapter, **after: float) -> None:
    """A while later everything that was wanted has been asked for."""
    chapter.clock.move(timedelta(**(after or {"minutes": 2})))
    await chapter.settle()


async def rows(chapter: Chapter, what: str = "*") -> list[dict[str, Any]]:
    return await chapter.rows(f"SELECT {what} FROM remote_picture ORDER BY id")


async def only_row(chapter: Chapter) -> dict[str, Any]:
    found = await rows(chapter)
    assert len(found) == 1
    return found[0]


async def files(chapter: Chapter) -> int:
    """How many files lie on the shelf."""
    root = shelf_of(chapter.settings)._root
    return sum(path.is_file() for path in root.rglob("*")) if root.exists() else 0


async def status_of(chapter: Chapter, id_: str) -> tuple[int, str]:
    """What the door answers: status and type."""
    async with chapter.client() as client:
        answer = await client.get(f"/pictures/remote/{id_}", follow_redirects=False)
    return answer.status_code, answer.headers.get("content-type", "")


async def turn_to(chapter: Chapter, uri: str, state: str) -> None:
    """The moderators show, hold or hide it."""

    async def work(unit: Unit) -> None:
        known = await find_known(unit, uri)
        assert known is not None
        await turn(unit, known, state)

    await chapter.unit(work)
    await chapter.settle()

"""Two chapters that became sisters in the way chapters do."""

from typing import Any

from fedchapter.actors import get_actor
from fedchapter.federation.fetch import fetch_actor
from fedchapter.objects.follow import service as follow
from fedchapter.objects.sister import service
from tests.support.chapter import Chapter
from tests.support.network import World


async def ask_to_follow(chapter: Chapter, uri: str) -> None:
    """The chapter asks to follow that actor."""
    actor = await chapter.run(fetch_actor(chapter.house, uri))
    await chapter.unit(lambda unit: follow.ask(unit, chapter.uri, actor))


async def become_sisters(world: World, one: Chapter, other: Chapter) -> None:
    """Both follow each other, one offers, the other says yes."""
    await ask_to_follow(one, other.uri)
    await ask_to_follow(other, one.uri)
    await world.settle()

    async def offer(unit: Any) -> str:
        return str(await service.offer(unit, await get_actor(unit, other.uri)))

    await one.unit(offer)
    await world.settle()
    await other.unit(lambda unit: service.answer(unit, one.uri, accepted=True))
    await world.settle()

"""What the chapter does again and again beside the Fedify server."""

from typing import Any

from fedchapter.federation.fetch import find_or_fetch_actor
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.follow import service as following
from fedchapter.store import Known
from fedchapter.store.kinds import find_known
from tests.support.fedify import FedifyPeer
from tests.support.on_tcp import OpenChapter


async def followed_by(chapter: OpenChapter, dan: FedifyPeer) -> None:
    """Dan follows the chapter, was accepted, and has forgotten about it."""
    await dan.follow(chapter.uri)
    await chapter.hears()
    await dan.wait_for("Accept")
    await dan.forget()


async def announce(chapter: OpenChapter, text: str, **fields: Any) -> str:
    """An announcement is published and delivered; returns its URI."""
    id_ = await chapter.unit(lambda unit: announcements.write(unit, Draft(text, **fields)))
    await chapter.settle()
    return chapter.settings.uri("announcements", id_)


async def follows(chapter: OpenChapter, dan: FedifyPeer) -> None:
    """The chapter has asked dan whether it may follow him."""
    actor = await chapter.run(find_or_fetch_actor(chapter.house, dan.actor_uri))
    await chapter.unit(lambda unit: following.ask(unit, chapter.uri, actor))
    await chapter.settle()


async def known(chapter: OpenChapter, uri: str) -> Known:
    """What the chapter knows under that URI."""
    found = await chapter.run(find_known(chapter.house.database, uri))
    assert found is not None, uri
    return found


async def counts(chapter: OpenChapter, uri: str) -> tuple[int, int, int]:
    """(replies, likes, boosts) as the chapter counts them."""
    found = await known(chapter, uri)
    return found.replies, found.likes, found.boosts

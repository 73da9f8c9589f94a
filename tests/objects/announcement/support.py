"""What the tests of announcements do again and again: follow, announce, look at what was kept."""

from typing import Any

from fedchapter.federation.fetch import find_or_fetch_actor
from fedchapter.objects.announcement import service
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.follow import service as follow
from fedchapter.store import Known
from fedchapter.store.kinds import find_known
from tests.support.network import Chapter, Stranger


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

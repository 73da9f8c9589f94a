"""Things to talk about: an object of a chapter that takes comments, without the pages of its type."""

from typing import Any

from fedchapter.store import Known, Unit, find_known, know
from tests.support.network import Chapter


async def announced(chapter: Chapter, **columns: Any) -> str:
    """The URI of an announcement of the chapter, known and shown."""

    async def write(unit: Unit) -> str:
        ref = unit.new_id()
        uri = unit.settings.uri("announcements", ref)
        values: dict[str, Any] = {"local": True, "html": "<p>We meet on Sunday.</p>", "url": uri} | columns
        await know(unit, Known(uri, "announcement", ref, chapter.uri, unit.now, **values))
        return uri

    return await chapter.unit(write)


async def known(chapter: Chapter, uri: str) -> Known:
    """The known object at that URI."""
    found = await chapter.run(find_known(chapter.house.database, uri))
    assert found is not None, uri
    return found


async def members_of(chapter: Chapter, uri: str) -> list[str]:
    """All items of a collection of the chapter, page after page; its total must be their number."""
    document = await chapter.get_json(uri)
    items: list[str] = []
    page = await chapter.get_json(document["first"])
    items += page["orderedItems"]
    while "next" in page:
        page = await chapter.get_json(page["next"])
        items += page["orderedItems"]
    assert document["totalItems"] == len(items)
    return items

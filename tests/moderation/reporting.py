"""Steps of tests about reports."""

import re
from typing import Any

import httpx
import msgspec

from fedchapter.members import Role
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.policy import set_mark
from tests.support.network import Chapter, Stranger, World


async def shown(chapter: Chapter, who: Stranger, root: str, text: str = "<p>Look at this.</p>") -> str:
    """A comment of somebody elsewhere who is approved here; returns its URI."""
    await chapter.unit(lambda unit: set_mark(unit, scope="actor", subject=who.uri, decision="approved"))
    note = who.note(text, reply_to=root)
    assert (await who.tell(chapter, who.create(note)))[0] == "done"
    return str(note["id"])


async def written(chapter: Chapter) -> str:
    """An announcement of the chapter with a page of its own."""
    ref = await chapter.unit(lambda unit: announcements.write(unit, Draft("We meet on Sunday.")))
    return chapter.settings.uri("announcements", ref)


async def form_of(world: World, client: httpx.AsyncClient, uri: str) -> dict[str, str]:
    """The form for a visitor as a person fills it in: opened a while ago."""
    page = await client.get("/report", params={"uri": uri})
    assert page.status_code == 200, page.text
    world.move(seconds=20)
    found = re.search(r'name="since" value="([^"]*)"', page.text)
    return {"uri": uri, "category": "abuse", "text": "It is unkind.", "since": found[1] if found else ""}


async def reports(chapter: Chapter) -> list[dict[str, Any]]:
    return await chapter.rows("SELECT * FROM report ORDER BY id")


async def close(chapter: Chapter, outcome: str, client: httpx.AsyncClient | None = None) -> str:
    """The one report is closed by a moderator; returns the page that they see then."""
    client = client or await chapter.signed_in(Role.MODERATOR)
    [report] = await reports(chapter)
    url = f"/admin/reports/{report['id']}"
    answer = await client.post(url, data={"act": "close", "outcome": outcome, "text": "as agreed"})
    assert answer.status_code == 303, answer.text
    return (await client.get(url)).text


def flag(who: Stranger, *objects: str, **fields: Any) -> dict[str, Any]:
    return who.activity("Flag", list(objects), content="bad", **fields)


async def waiting(chapter: Chapter) -> list[dict[str, Any]]:
    """The letters that have not left yet."""
    rows = await chapter.rows("SELECT letter FROM letter ORDER BY id")
    return [msgspec.json.decode(row["letter"]) for row in rows]

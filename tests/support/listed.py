"""Lists of servers, so that no page about them is empty."""

from fedchapter.cli.demo.stage import Chapter
from fedchapter.moderation.audit import Judge
from fedchapter.moderation.lists import circle, rows
from fedchapter.moderation.lists.formats import Entry, read_list
from fedchapter.policy import set_mark
from fedchapter.store import Unit

_TEXT = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
spam.example,suspend,false,false,"Sells watches, to everybody",false
loud.example,silence,true,false,Thousands of posts a day,true
pictures.example,noop,true,false,,
192.0.2.7,suspend
"""


async def fill_lists(chapter: Chapter) -> str:
    """A list with proposals, one that cuts a follow among them, and a row that makes no sense; returns its path."""

    async def fill(unit: Unit) -> str:
        list_id = await rows.add_list(
            unit, sort=rows.BLOCKS, name="Tier 0", url="https://lists.example/tier0.csv", judge=Judge("")
        )
        reading = read_list(_TEXT)
        there = await unit.rows(
            "SELECT DISTINCT actor.host FROM follow JOIN actor ON actor.uri = follow.follower_uri "
            "WHERE actor.local = false AND follow.state = 'accepted' LIMIT 1"
        )
        followed = tuple(Entry(row["host"], comment="A quarrel") for row in there)
        reading = type(reading)((*reading.entries, *followed), reading.wrong)
        await rows.keep_reading(unit, await rows.get_list(unit, list_id), reading)
        await circle.vouch(unit, "friends.example", Judge(""))
        await set_mark(unit, scope="host", subject="refused.example", decision="refuse", reason="Threats")
        return list_id

    list_id = await chapter.unit(fill)
    await chapter.run(chapter.house.marks.load(chapter.house.database))
    return f"/admin/lists/{list_id}"

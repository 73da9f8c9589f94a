"""The audit log: found by filters, taken along as a file, and what of it every member may know."""

import csv
import io
import json

import pytest

from fedchapter.members import Role
from fedchapter.moderation.audit import Entry, Judge, write
from fedchapter.moderation.deciding import APPROVE, REFUSE_POST
from fedchapter.store import Unit
from tests.support.network import Chapter, World

LOG = "/admin/decisions"


async def _write(chapter: Chapter, what: str, target: str, judge: Judge, *, public: bool = False) -> str:
    async def work(unit: Unit) -> str:
        return await write(unit, Entry(what, target, public=public), judge)

    return await chapter.unit(work)


async def test_lines_are_found_by_verb_person_rule_target_and_day(each_world: World) -> None:
    chapter = await each_world.chapter()
    client = await chapter.signed_in(Role.MODERATOR, "Rosa")
    [rosa] = await chapter.rows("SELECT id FROM account WHERE display_name = 'Rosa'")
    await _write(chapter, APPROVE, "https://a.test/1", Judge(rosa["id"], "friendly"))
    each_world.move(days=3)
    await _write(chapter, REFUSE_POST, "https://b_b.test/2", Judge("", "loud", "a wave"))
    await _write(chapter, REFUSE_POST, "https://bxb.test/3", Judge("", "from the shell"))
    today = chapter.clock.now().date().isoformat()
    found = {
        f"what={APPROVE}": {"friendly"},
        f"who={rosa['id']}": {"friendly"},
        "who=rule:a wave": {"loud"},
        "who=shell": {"from the shell"},
        "target=b_b": {"loud"},
        f"since={today}": {"loud", "from the shell"},
        f"until={today}&what={APPROVE}": {"friendly"},
        "since=odd&what=odd&before=odd&batch=odd": {"friendly", "loud", "from the shell"},
        "target=nothing-like-it": set(),
    }
    for asked, reasons in found.items():
        page = (await client.get(f"{LOG}?{asked}")).text
        assert {one for one in ("friendly", "loud", "from the shell") if f">{one}<" in page} == reasons, asked


async def test_it_is_taken_along_as_a_table_and_as_lines(each_world: World) -> None:
    chapter = await each_world.chapter()
    client = await chapter.signed_in(Role.MODERATOR, "Rosa")
    for number in range(3):
        await _write(chapter, REFUSE_POST, f"https://a.test/{number}", Judge("", "=1+1", "a wave"))
    answer = await client.get(f"{LOG}/export/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(table) == 3
    assert table[0]["reason"] == "'=1+1", "no spreadsheet runs it"
    lines = [
        json.loads(line)
        for line in (await client.get(f"{LOG}/export/jsonl?what={REFUSE_POST}")).text.splitlines()
    ]
    assert {line["target_uri"] for line in lines} == {f"https://a.test/{number}" for number in range(3)}
    assert {line["rule"] for line in lines} == {"a wave"}
    assert (await client.get(f"{LOG}/export/jsonl?target=nothing")).text == ""
    assert (await client.get(f"{LOG}/export/xml")).status_code == 404


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.ORGANIZER, Role.TREASURER])
async def test_only_who_may_audit_reads_it(world: World, role: Role | None) -> None:
    chapter = await world.chapter()
    client = chapter.client() if role is None else await chapter.signed_in(role)
    for path in (LOG, f"{LOG}/export/csv"):
        assert (await client.get(path)).status_code in (303, 403)


async def test_members_read_what_is_told_to_them_without_a_name(each_world: World) -> None:
    chapter = await each_world.chapter()
    member = await chapter.signed_in(Role.MEMBER)
    await chapter.signed_in(Role.MODERATOR, "Rosa")
    [rosa] = await chapter.rows("SELECT id FROM account WHERE display_name = 'Rosa'")
    await _write(
        chapter, REFUSE_POST, "https://a.test/1", Judge(rosa["id"], "spoke over others"), public=True
    )
    await _write(chapter, REFUSE_POST, "https://a.test/2", Judge(rosa["id"], "not for all"))
    page = (await member.get("/moderation/decisions")).text
    assert "spoke over others" in page
    assert "the moderators" in page
    for hidden in ("not for all", "Rosa", "a.test"):
        assert hidden not in page
    assert (await chapter.client().get("/moderation/decisions")).status_code == 303

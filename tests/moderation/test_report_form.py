"""The form for members and visitors: what it takes and refuses, and how whoever reported hears the outcome."""

import re
from datetime import timedelta

import pytest

from fedchapter.house.limits import Limits
from fedchapter.members import Role
from tests.moderation.reporting import close, form_of, reports, shown, waiting, written
from tests.support.network import World
from tests.support.threads import announced, known


async def test_a_member_reports_by_the_form_and_hears_what_became_of_it(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    post = await shown(chapter, ada, root := await written(chapter))
    member = await chapter.signed_in(Role.MEMBER, "Mina")
    page = (await member.get(root)).text
    assert "/report?uri=" in page
    form = await form_of(each_world, member, post)
    assert (await member.post("/report", data=form)).headers["location"] == "/me/reports"
    assert "have not decided yet" in (await member.get("/me/reports")).text
    [report] = await reports(chapter)
    assert (report["source"], report["target_uri"], report["category"]) == ("member", ada.uri, "abuse")
    moderator = await chapter.signed_in(Role.MODERATOR)
    seen = (await moderator.get(f"/admin/reports/{report['id']}")).text
    assert "the member Mina" in seen
    assert "Look at this." in seen
    assert "It is unkind." in (await moderator.get("/admin/queue")).text
    closed = await close(chapter, "acted", moderator)
    assert "Closed. Whoever reported it is told" in closed
    assert "did something about it" in (await member.get("/me/reports")).text
    assert await chapter.count("notice", "text LIKE '%did something about it%'") == 1
    assert await chapter.count("desk_item", "state = 'open'") == 0
    assert ada.received == []
    [undo] = set(re.findall(r'action="(/admin/decisions/batch/\w+/undo)"', closed))
    assert (await moderator.post(undo)).status_code == 303
    assert [one["state"] for one in await reports(chapter)] == ["open"]
    assert await chapter.count("desk_item", "state = 'open' AND sort = 'report'") == 1
    assert "have not decided yet" in (await member.get("/me/reports")).text


async def test_a_visitor_reports_without_an_account_and_sees_the_answer_by_the_link(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    client = chapter.client()
    answer = await client.post("/report", data=await form_of(world, client, post))
    assert answer.status_code == 303
    mine = answer.headers["location"]
    assert mine.startswith("/report/mine/")
    assert "have not decided yet" in (await client.get(mine)).text
    await close(chapter, "none")
    page = (await client.get(mine)).text
    assert "nothing has to be done" in page
    assert "It is unkind." not in page
    assert (await client.get(mine + "x")).status_code == 404


async def test_a_visitor_hears_by_one_letter_if_the_address_was_confirmed(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    client = chapter.client()
    form = await form_of(world, client, post) | {"email": "Vera@mail.test"}
    await client.post("/report", data=form)
    [letter] = await waiting(chapter)
    assert letter["to"] == "vera@mail.test"
    assert "unkind" not in letter["text"]
    assert (await reports(chapter))[0]["email"] == "", "not before it is confirmed"
    path = re.search(r"https://riverside.test(/report/confirm/\S+)", letter["text"])
    assert path
    assert "Yes, write to me" in (await client.get(path[1])).text
    assert (await client.post(path[1])).status_code == 303
    assert (await client.post(path[1])).status_code == 404, "a link works once"
    moderator = await chapter.signed_in(Role.MODERATOR)
    assert "vera@" not in await close(chapter, "acted", moderator)
    assert "did something about it" in (await waiting(chapter))[-1]["text"]
    assert (await reports(chapter))[0]["email"] == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"website": "https://buy.test"}, "leave this field empty"),
        ({"since": "forged"}, "press the button once more"),
        ({"category": "nonsense"}, "choose what is wrong"),
        ({"text": "x" * 2001}, "shorten this"),
        ({"email": "no address"}, "like name@example.org"),
        ({"uri": "https://nowhere.test/1"}, "do not know this address"),
    ],
)
async def test_the_form_says_what_is_wrong_and_keeps_what_was_written(
    world: World, changes: dict[str, str], words: str
) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    client = chapter.client()
    form = await form_of(world, client, post)
    answer = await client.post("/report", data={"text": "Keep me."} | form | changes)
    assert answer.status_code == 400
    assert words in answer.text
    assert "x" * 2001 in answer.text or "It is unkind." in answer.text
    assert await chapter.count("report") == 0


async def test_a_form_sent_the_moment_it_was_opened_is_asked_for_again(world: World) -> None:
    chapter = await world.chapter()
    root, client = await announced(chapter), chapter.client()
    form = await form_of(world, client, root)
    world.clock.move(timedelta(seconds=-60))
    answer = await client.post("/report", data=form)
    assert answer.status_code == 400
    assert "press the button once more" in answer.text


async def test_what_is_not_shown_cannot_be_reported_by_a_visitor(world: World) -> None:
    chapter = await world.chapter()
    held = await announced(chapter, state="held")
    client = chapter.client()
    for uri in (held, "https://nowhere.test/1"):
        assert (await client.get("/report", params={"uri": uri})).status_code == 404


async def test_many_visitors_about_one_actor_become_one_number(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    post = await shown(chapter, ada, await announced(chapter))
    client = chapter.client()
    form = await form_of(world, client, post)
    for _ in range(23):
        assert (await client.post("/report", data=form)).status_code == 303
    rows = await reports(chapter)
    assert len(rows) == 20
    assert sum(row["times"] for row in rows) == 23
    assert (await known(chapter, post)).state == "shown", "no number of reports hides anything"


async def test_nobody_gets_more_than_three_letters_an_hour_by_the_form(world: World) -> None:
    chapter = await world.chapter()
    root, client = await announced(chapter), chapter.client()
    chapter.house.limits = Limits()
    form = await form_of(world, client, root) | {"email": "vera@mail.test"}
    codes = [(await client.post("/report", data=form)).status_code for _ in range(4)]
    assert codes == [303, 303, 303, 429]
    assert len(await waiting(chapter)) == 3


async def test_ten_reports_an_hour_are_taken_from_one_address(world: World) -> None:
    chapter = await world.chapter()
    root, client = await announced(chapter), chapter.client()
    chapter.house.limits = Limits()
    form = await form_of(world, client, root)
    codes = [(await client.post("/report", data=form)).status_code for _ in range(11)]
    assert codes == [303] * 10 + [429]

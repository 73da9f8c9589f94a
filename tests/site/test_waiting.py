"""A member's home: what waits, what is new and how one chooses to be told; and the page that a letter opens."""

from datetime import timedelta
from functools import partial

import httpx

from fedchapter.members import Role, start_session
from fedchapter.notices.channels import Channels
from fedchapter.notices.way_out import token_for
from fedchapter.notices.wishes import find_wishes
from fedchapter.objects.event.service import answers
from fedchapter.store import Unit
from tests.notices.people import choose, letters, member, notice, told
from tests.objects.event.made import publish
from tests.objects.proposal.votes import proposed
from tests.support.network import Chapter, World


async def browser(chapter: Chapter, account_id: str) -> httpx.AsyncClient:
    async def start(unit: Unit) -> str:
        return await start_session(unit, account_id, "test")

    return chapter.client(await chapter.unit(start))


async def test_home_shows_open_votes_dates_and_news_until_they_are_seen(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, "Ana")
    case = await proposed(chapter)
    case.members["Ana"] = ana.id
    await case.open(hours=72)
    event = await publish(chapter)
    await chapter.settle()
    client = await browser(chapter, ana.id)
    front = (await client.get("/")).text
    assert '<i class="unseen">, </i>3<i class="unseen"> new</i>' in front
    home = (await client.get("/me")).text
    assert "Votes you have not cast" in home
    assert "Do you come?" in home
    assert "New event: Tenants" in home
    assert "is open until" in home
    again = (await client.get("/me")).text
    assert "Nothing new." in again
    assert 'class="tab-count"' not in again
    assert "New event: Tenants" in (await client.get("/me/notices")).text
    await case.cast("Ana", "no")
    await chapter.unit(partial(answers.answer_here, event_id=event.id, account_id=ana.id, comes=True))
    done = (await client.get("/me")).text
    assert "Votes you have not cast" not in done
    assert "Do you come?" not in done
    assert "You come" in done


async def test_nobody_sees_what_another_was_told(world: World) -> None:
    chapter = await world.chapter()
    ana, ben = await member(chapter, "Ana"), await member(chapter, "Ben")
    await told(chapter, notice("for Ana alone"), to=[ana.id])
    client = await browser(chapter, ben.id)
    for path in ("/me", "/me/notices"):
        assert "for Ana alone" not in (await client.get(path)).text
    assert await chapter.count("told", "seen_at IS NOT NULL") == 0


async def test_many_notices_are_paged(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, "Ana", email=False)
    for number in range(35):
        await told(chapter, notice(f"number {number:02}"), to=[ana.id])
    client = await browser(chapter, ana.id)
    first = await client.get("/me/notices")
    older = first.text.partition('rel="next" href="')[2].partition('"')[0]
    second = await client.get(older)
    shown = [number for number in range(35) if f"number {number:02}" in first.text + second.text]
    assert len(shown) == 35
    assert (await client.get("/me/notices?before=' OR 1")).status_code == 200


async def test_staff_find_their_tasks_at_home_and_members_do_not(world: World) -> None:
    chapter = await world.chapter()
    staff = await chapter.signed_in(Role.ADMIN)
    other = await chapter.signed_in(Role.MEMBER)
    assert "You are the only admin." in (await staff.get("/me")).text
    assert "To do" not in (await other.get("/me")).text


async def test_one_chooses_what_one_is_told_and_how(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, "Ana", linked="https://elsewhere.test/users/ana")
    client = await browser(chapter, ana.id)
    page = (await client.get("/me/notifications")).text
    assert "For moderators" not in page
    sent = {
        "page_vote": "yes",
        "mail_vote": "digest",
        "message_vote": "yes",
        "mail_event": "none",
        "zone": "Europe/Berlin",
        "quiet_from": "22:00",
        "quiet_to": "07:00",
        "digest_every": "week",
        "digest_hour": "18",
        "digest_weekday": "0",
    }
    assert (await client.post("/me/notifications", data=sent)).status_code == 303
    wishes = await chapter.run(find_wishes(chapter.house.database, ana))
    assert wishes.channels["vote"] == Channels(True, "digest", True)
    assert wishes.channels["event"] == Channels(False, "none", False)
    assert wishes.channels["chapter"].page
    assert wishes.channels["account"] == Channels(True, "once", False)
    manner = wishes.manner
    assert (manner.zone, manner.quiet_from, manner.quiet_to) == ("Europe/Berlin", "22:00", "07:00")
    assert (manner.digest_every, manner.digest_hour, manner.digest_weekday) == ("week", 18, 0)
    shown = (await client.get("/me/notifications")).text
    assert '<option value="Europe/Berlin" selected>' in shown


async def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana")
    client = await browser(chapter, ana.id)
    wrong = {"mail_vote": "digest", "zone": "UTC", "quiet_from": "22:00", "quiet_to": ""}
    answer = await client.post("/me/notifications", data=wrong)
    assert answer.status_code == 400
    assert "Quiet hours have a beginning and an end" in answer.text
    assert 'value="22:00"' in answer.text
    assert await chapter.count("notice_manner") == 0
    day = await client.post("/me/notifications", data=wrong | {"quiet_to": "07:00", "paused_until": "soon"})
    assert "Give a day such as 2027-01-31" in day.text


async def test_a_pause_that_was_chosen_holds(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana")
    client = await browser(chapter, ana.id)
    until = (chapter.clock.now() + timedelta(days=30)).date().isoformat()
    await client.post(
        "/me/notifications", data={"mail_vote": "once", "page_vote": "yes", "paused_until": until}
    )
    await told(chapter, notice())
    assert letters(chapter) == []
    assert "The vote on “one” is open." in (await client.get("/me")).text


async def test_the_link_in_a_letter_opens_the_settings_of_mail_and_nothing_else(each_world: World) -> None:
    chapter = await each_world.chapter()
    zoltan = await member(chapter, "Zoltan")
    await choose(chapter, zoltan, reply=Channels(False, "once", True))
    path = f"/mail/{token_for(chapter.house.secret, zoltan.id)}"
    async with chapter.client() as client:
        page = (await client.get(path)).text
        assert "Zoltan" not in page
        assert "zoltan@mail.example" not in page
        saved = await client.post(path, data={"mail_vote": "none", "mail_reply": "digest"})
        assert (saved.status_code, saved.headers["location"]) == (303, path)
        wishes = await chapter.run(find_wishes(chapter.house.database, zoltan))
        assert wishes.channels["vote"] == Channels(True, "none", False)
        assert wishes.channels["reply"] == Channels(False, "digest", True)
        await client.post(path, data={"nothing": "yes"})
        wishes = await chapter.run(find_wishes(chapter.house.database, zoltan))
        mails = {kind: channels.mail for kind, channels in wishes.channels.items()}
        assert mails["announcement"] == mails["chapter"] == "none"
        assert mails["account"] == "once"
        for half in (
            path[:-1],
            path.replace("/mail/", "/mail/x"),
            f"{path}/stop/gossip",
            f"{path}/stop/account",
        ):
            assert (await client.get(half)).status_code == 404
            assert (await client.post(half)).status_code == 404
        assert (await client.get("/me")).status_code == 303

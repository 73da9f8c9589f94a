"""Letters with notices: at once, in quiet hours, in digests; over a real mail server; each with a way out."""

import asyncio
from datetime import UTC, date, datetime
from functools import partial

import pytest

from fedchapter.notices import carry
from fedchapter.notices.channels import Channels
from fedchapter.notices.errands import claim_digest, claim_letter
from fedchapter.notices.manner import Manner
from fedchapter.notices.wishes import stop_mail
from fedchapter.store.choices import choose as choose_setting
from tests.mail.conftest import MailServer
from tests.notices.people import addressees, choose, letters, member, notice, told
from tests.support.network import Chapter, World

BERLIN = "Europe/Berlin"


def move_to(world: World, text: str) -> None:
    """The clock shows that, in UTC."""
    world.clock.move(datetime.fromisoformat(text).replace(tzinfo=UTC) - world.clock.now())


async def test_a_letter_waits_for_the_end_of_the_quiet_hours(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana, _ = await member(chapter, "Ana"), await member(chapter, "Ben")
    await choose(chapter, ana, Manner(BERLIN, "22:00", "07:00"))
    move_to(each_world, "2027-01-15T23:00")
    await told(chapter, notice())
    assert addressees(chapter) == ["ben@mail.example"]
    move_to(each_world, "2027-01-16T05:58")
    await chapter.settle()
    assert addressees(chapter) == ["ben@mail.example"]
    move_to(each_world, "2027-01-16T06:01")
    await chapter.settle()
    assert addressees(chapter) == ["ana@mail.example", "ben@mail.example"]


async def test_ones_own_account_knows_no_quiet_hours_and_no_pause(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana")
    move_to(world, "2027-01-15T23:00")
    paused = Manner(BERLIN, "22:00", "07:00", paused_until=date(2027, 3, 1))
    await choose(chapter, ana, paused)
    await told(chapter, notice("password", "account"))
    assert addressees(chapter) == ["ana@mail.example"]


async def test_a_digest_has_everything_new_by_kind_and_comes_once(each_world: World) -> None:
    chapter = await each_world.chapter()
    await member(chapter, "Ana")
    await chapter.unit(partial(choose_setting, name="timezone", value=BERLIN))
    move_to(each_world, "2027-01-15T12:00")
    for number in range(17):
        await told(chapter, notice(f"number {number}", "announcement"))
        each_world.move(seconds=1)
    await told(chapter, notice("picnic", "event"))
    assert letters(chapter) == []
    move_to(each_world, "2027-01-16T07:01")
    await chapter.settle()
    [letter] = letters(chapter)
    text = letter.get_content()
    assert letter["Subject"] == "18 new things for you"
    assert text.index("Announcements of the chapter") < text.index("number 0") < text.index("number 14")
    assert "number 15" not in text
    assert "… and 2 more" in text
    assert text.index("Events: new, changed, cancelled") < text.index("picnic")
    each_world.move(days=3)
    await chapter.settle()
    assert len(letters(chapter)) == 1
    assert await chapter.count("errand") == 0


async def test_what_comes_in_a_pause_comes_in_one_letter_after_it(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, "Ana")
    move_to(each_world, "2027-01-15T12:00")
    await choose(chapter, ana, Manner("UTC", paused_until=date(2027, 2, 1)))
    await told(chapter, notice("one"), notice("two", "reply"))
    move_to(each_world, "2027-01-31T23:00")
    await chapter.settle()
    assert letters(chapter) == []
    move_to(each_world, "2027-02-01T08:01")
    await chapter.settle()
    [letter] = letters(chapter)
    assert letter["Subject"] == "2 new things for you"


async def test_a_changed_mind_holds_for_what_waits_too(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, "Ana")
    move_to(each_world, "2027-01-15T12:00")
    await told(chapter, notice("one", "announcement"), notice("two", "proposal"))
    await choose(chapter, ana, announcement=Channels(True, "once", False))
    await chapter.settle()
    [letter] = letters(chapter)
    assert "“one”" in letter.get_content()
    await chapter.unit(partial(stop_mail, account=ana, kind="proposal"))
    each_world.move(days=2)
    await chapter.settle()
    assert len(letters(chapter)) == 1


async def test_a_changed_mind_brings_nothing_twice(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, "Ana", linked="https://elsewhere.test/users/ana")
    move_to(each_world, "2027-01-15T23:00")
    await choose(chapter, ana, Manner("UTC"), vote=Channels(True, "once", True))
    await told(chapter, notice())
    await choose(chapter, ana, Manner("UTC", "22:00", "07:00"), vote=Channels(True, "digest", True))
    each_world.move(days=2)
    await chapter.settle()
    about_account, about_vote = letters(chapter)
    assert about_account["Subject"] == "A change to your account"
    assert "“one”" in about_vote.get_content()


async def test_subjects_say_nothing_unless_the_chapter_wants_it(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, "Ana")
    await told(chapter, notice())
    [letter] = letters(chapter)
    assert letter["Subject"] == "Something new for you"
    assert "Riverside" not in str(letter["From"])
    await chapter.unit(partial(choose_setting, name="discreet_mail", value="no"))
    await told(chapter, notice("two"))
    subjects = {str(one["Subject"]) for one in letters(chapter)}
    assert subjects == {"Something new for you", "The vote on “two” is open."}


async def test_each_letter_is_written_in_its_readers_language(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, "Ana", language="en-XA")
    await told(chapter, notice())
    [letter] = letters(chapter)
    assert letter["Subject"] == "⟦Something new for you⟧"
    assert "⟦The vote on “one” is open.⟧" in letter.get_content()


async def test_one_click_in_a_letter_stops_its_kind_and_no_other(each_world: World) -> None:
    chapter = await each_world.chapter()
    await member(chapter, "Ana")
    await told(chapter, notice())
    [letter] = letters(chapter)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = str(letter["List-Unsubscribe"]).strip("<>")
    assert "ana" not in url.lower()
    async with chapter.client() as client:
        headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"}
        assert (await client.get(url)).status_code == 200
        await told(chapter, notice("two"))
        assert len(letters(chapter)) == 2
        stopped = await client.post(url, data={"List-Unsubscribe": "One-Click"}, headers=headers)
        assert stopped.status_code == 200
        assert "Votes: opened, closing soon, results" in stopped.text
        assert "Ana" not in stopped.text
    await told(chapter, notice("three"), notice("four", "reply"))
    assert len(letters(chapter)) == 3
    assert await chapter.count("told") == 4


async def test_one_click_in_a_digest_stops_digests_only(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, "Ana")
    await told(chapter, notice("one", "announcement"))
    world.move(days=2)
    await chapter.settle()
    [letter] = letters(chapter)
    async with chapter.client() as client:
        await client.post(str(letter["List-Unsubscribe"]).strip("<>"))
    await told(chapter, notice("two", "announcement"), notice("three"))
    world.move(days=2)
    await chapter.settle()
    assert len(letters(chapter)) == 2


async def test_a_real_mail_server_takes_all_letters_over_one_connection(
    world: World, mail_server: MailServer
) -> None:
    await mail_server.start()
    chapter = await world.chapter(smtp=f"smtp://127.0.0.1:{mail_server.port}")
    for number in range(12):
        await member(chapter, f"Member{number}")
    await told(chapter, notice())
    assert len(mail_server.letters) == 12
    assert len({str(letter["To"]) for letter in mail_server.letters}) == 12
    assert len({str(letter["Message-ID"]) for letter in mail_server.letters}) == 12


async def test_what_a_mail_server_does_not_take_now_comes_later_and_what_it_never_takes_is_dropped(
    world: World, mail_server: MailServer
) -> None:
    await mail_server.start()
    chapter = await world.chapter(smtp=f"smtp://127.0.0.1:{mail_server.port}")
    await member(chapter, "Ana")
    mail_server.refuses_recipient = "450 Try again"
    await told(chapter, notice())
    assert (mail_server.letters, await chapter.count("errand")) == ([], 1)
    mail_server.refuses_recipient = ""
    world.move(minutes=3)
    await chapter.settle()
    assert len(mail_server.letters) == 1
    mail_server.refuses_recipient = "550 Nobody"
    await told(chapter, notice("two"))
    assert await chapter.count("errand") == 0


async def test_a_mail_server_that_is_gone_for_days_ends_the_tries(world: World) -> None:
    chapter = await world.chapter(smtp="smtp://127.0.0.1:9")
    await member(chapter, "Ana")
    await told(chapter, notice())
    for _ in range(8):
        world.move(hours=13)
        await chapter.settle()
    assert await chapter.count("errand") == 0
    states = await chapter.rows("SELECT DISTINCT state FROM job WHERE name = 'carry-letters'")
    assert [row["state"] for row in states] == ["done"]


async def test_a_worker_that_dies_in_the_middle_sends_nothing_twice(
    each_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await each_world.chapter()
    for number in range(6):
        await member(chapter, f"Member{number}")
    await chapter.unit(partial(choose_setting, name="discreet_mail", value="yes"))
    sent = carry._send
    left: list[str] = []

    class Killed(BaseException):
        """Nothing runs after it."""

    async def dies(*values: object) -> None:
        if len(left) == 3:
            raise Killed
        left.append(str(values[-1]))
        await sent(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(carry, "_send", dies)
    with pytest.raises(Killed):
        await told(chapter, notice())
    monkeypatch.setattr(carry, "_send", sent)
    each_world.move(hours=1)
    await chapter.settle()
    each_world.move(hours=1)
    await chapter.settle()
    assert len(addressees(chapter)) == 6
    assert len(set(addressees(chapter))) == 6


@pytest.mark.parametrize("channel", ["mail", "digest"])
async def test_two_workers_never_have_the_same_errand(each_world: World, channel: str) -> None:
    chapter = await each_world.chapter()
    people = [await member(chapter, f"Member{number}") for number in range(4)]
    kind = "vote" if channel == "mail" else "announcement"
    for one in people:
        await choose(chapter, one, Manner("UTC", "00:00", "23:59"))
    await told(chapter, notice("one", kind), notice("two", kind))
    each_world.move(days=2)
    claimed: list[str] = []

    async def work(chapter: Chapter) -> None:
        while True:
            async with chapter.house.database.unit() as unit:
                found = await claim_digest(unit) if channel == "digest" else [await claim_letter(unit)]
            if not found or found[0] is None:
                return
            claimed.extend(one.id for one in found if one is not None)

    await asyncio.gather(*(chapter.run(work(chapter)) for _ in range(3)))
    assert len(claimed) == len(set(claimed)) == 8


async def test_a_run_ends_after_a_while_so_that_other_jobs_have_their_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carry, "RUN", 2)
    chapter = await world.chapter()
    for number in range(5):
        await member(chapter, f"Member{number}")
    await told(chapter, notice())
    assert len(addressees(chapter)) == 5
    runs = await chapter.count("job", "name = 'carry-letters' AND state = 'done'")
    assert runs >= 3

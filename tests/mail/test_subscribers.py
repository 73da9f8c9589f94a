"""News by mail for people outside: confirmed, at once or together, never twice, ended in one press."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import httpx
import pytest

from fedchapter.mail.subscribers import DAILY, ONCE, WEEKLY, Wish, next_letter, subscribe
from fedchapter.notices.subscribers import BATCH, write_batch
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.announcement.service import delete, write
from fedchapter.objects.event.draft import Event, EventDraft
from fedchapter.objects.event.service.ours import cancel_event, publish_event
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.mail.conftest import MailServer
from tests.objects.announcement.support import announce
from tests.site.letters import letters, link_in, text_of
from tests.support.network import Chapter, World

UTC_ZONE = ZoneInfo("UTC")
FORM = {"email": "zoe@mail.test", "announcements": "yes", "events": "yes", "how": "once", "language": "en"}


async def confirm(chapter: Chapter, **more: str) -> str:
    """Somebody asked for news and pressed the button in their mail; returns their own page's path."""
    client = chapter.client()
    form = FORM | more
    assert (await client.post("/subscribe", data=form)).status_code == 200
    await chapter.settle()
    link = link_in(letters(chapter, form["email"])[-1], "/subscribe/confirm/")
    assert (await client.get(link)).status_code == 200
    assert await chapter.count("subscriber", "email = ?", form["email"]) == 0
    answer = await client.post(link)
    assert answer.status_code == 303
    return answer.headers["location"]


async def add(chapter: Chapter, count: int, how: str = ONCE, wish: Wish | None = None) -> None:
    """So many subscribers, confirmed."""

    async def work(unit: Unit) -> None:
        for number in range(count):
            await subscribe(unit, f"r{number}@mail.test", wish or Wish(True, True, how), UTC_ZONE)

    await chapter.unit(work)


async def meet(chapter: Chapter, **more: object) -> Event:
    start_at = chapter.clock.now() + timedelta(days=5)
    facts = {"place_name": "The mill", "zone": "Europe/Berlin"} | more
    draft = EventDraft("Open evening", "Come and **see**.", start_at, **facts)  # type: ignore[arg-type]
    return await chapter.unit(lambda unit: publish_event(unit, draft))


async def publish(chapter: Chapter, text: str) -> None:
    """An announcement is out, and no letter about it written yet."""
    await chapter.unit(lambda unit: write(unit, Draft(text)))


def news(chapter: Chapter, to: str = "zoe@mail.test") -> list[EmailMessage]:
    return [letter for letter in letters(chapter, to) if letter["List-Id"]]


async def test_news_comes_at_once_to_who_confirmed(each_world: World) -> None:
    chapter = await each_world.chapter()
    await confirm(chapter)
    each_world.move(hours=1)
    await announce(chapter, "We meet on **Friday** <b>& sing</b>.", title="Friday's rally")
    await chapter.settle()
    [letter] = news(chapter)
    assert letter["Subject"] == "News for you (1)"
    assert str(letter["From"]) == "chapter@riverside.test"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = text_of(letter)
    for part in (
        "News of Riverside",
        "Friday's rally",
        "We meet on Friday",
        "/announcements/",
        "/subscribe/mine/",
    ):
        assert part in text
    html = letter.get_body(("html",))
    assert html is not None
    assert "Friday&#39;s rally" in html.get_content()
    await chapter.settle()
    assert len(news(chapter)) == 1


async def test_a_letter_of_an_event_has_its_date_and_place_and_a_calendar_entry(world: World) -> None:
    chapter = await world.chapter()
    await confirm(chapter)
    world.move(hours=1)
    event = await meet(chapter)
    await chapter.settle()
    [letter] = news(chapter)
    for part in ("Open evening", "The mill", "Central European", event.url):
        assert part in text_of(letter)
    [entry] = letter.iter_attachments()
    assert entry.get_content_type() == "text/calendar"
    assert entry.get_filename() == "event.ics"
    assert "BEGIN:VEVENT" in str(entry.get_content())


async def test_who_was_told_of_an_event_hears_that_it_is_cancelled(world: World) -> None:
    chapter = await world.chapter()
    await confirm(chapter)
    world.move(hours=1)
    event = await meet(chapter)
    await chapter.settle()
    world.move(hours=1)
    await chapter.unit(lambda unit: cancel_event(unit, event.id))
    await chapter.settle()
    assert len(news(chapter)) == 2
    assert "CANCELLED: Open evening" in text_of(news(chapter)[-1])


async def test_what_is_not_public_or_was_deleted_meanwhile_is_in_no_letter(world: World) -> None:
    chapter = await world.chapter()
    await confirm(chapter, how="daily")
    world.move(hours=1)
    await announce(chapter, "Only for followers", visibility="followers")
    hasty = await announce(chapter, "Too hasty")
    await announce(chapter, "This stays")
    id_ = hasty.rpartition("/")[2]
    await chapter.unit(lambda unit: delete(unit, id_))
    world.move(days=1)
    await chapter.settle()
    [letter] = news(chapter)
    assert "This stays" in text_of(letter)
    assert "hasty" not in text_of(letter)
    assert "Only for followers" not in text_of(letter)


async def test_a_digest_comes_in_the_morning_when_there_is_something_and_not_otherwise(
    each_world: World,
) -> None:
    chapter = await each_world.chapter()
    await confirm(chapter, how="daily", language="es")
    for day in range(3):
        if day == 1:
            await announce(chapter, "First thing")
            await announce(chapter, "Second thing")
        each_world.move(days=1)
        await chapter.settle()
        await chapter.settle()
        assert len(news(chapter)) == (1 if day else 0)
    [letter] = news(chapter)
    assert "(2)" in letter["Subject"]
    assert text_of(letter).index("First thing") < text_of(letter).index("Second thing")
    assert await chapter.count("job", "name = 'subscribers' AND state = 'due'") > 0


def test_letters_are_due_at_eight_where_the_chapter_is_and_weekly_ones_on_thursdays() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    sunday = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_letter(sunday, DAILY, berlin) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)
    assert next_letter(sunday - timedelta(days=1), DAILY, berlin) == datetime(2026, 10, 24, 6, 0, tzinfo=UTC)
    assert next_letter(sunday, WEEKLY, berlin) == datetime(2026, 10, 29, 7, 0, tzinfo=UTC)
    thursday = datetime(2026, 10, 29, 7, 0, tzinfo=UTC)
    assert next_letter(thursday, WEEKLY, berlin) == datetime(2026, 11, 5, 7, 0, tzinfo=UTC)
    assert next_letter(thursday, ONCE, berlin) is None


async def test_each_gets_what_they_wished_in_their_language(world: World) -> None:
    chapter = await world.chapter()
    await confirm(chapter, email="a@mail.test", events="")
    await confirm(chapter, email="e@mail.test", announcements="")
    world.move(hours=1)
    await announce(chapter, "A word")
    await chapter.settle()
    assert (len(news(chapter, "a@mail.test")), len(news(chapter, "e@mail.test"))) == (1, 0)


async def test_the_subject_names_the_news_only_where_the_chapter_chose_so(world: World) -> None:
    chapter = await world.chapter()
    await chapter.unit(lambda unit: choose(unit, "discreet_mail", "no"))
    await confirm(chapter)
    world.move(hours=1)
    await announce(chapter, "We meet.", title="Rent strike")
    await chapter.settle()
    [letter] = news(chapter)
    assert letter["Subject"] == "Riverside: Rent strike"
    assert str(letter["From"]) == "Riverside <chapter@riverside.test>"


async def test_one_press_ends_it_and_erases_the_address_and_the_letters_that_wait(each_world: World) -> None:
    chapter = await each_world.chapter()
    await confirm(chapter)
    each_world.move(hours=1)
    await announce(chapter, "One")
    await chapter.settle()
    stop = news(chapter)[0]["List-Unsubscribe"].strip("<>")
    await publish(chapter, "Two")
    await chapter.unit(lambda unit: write_batch(unit, chapter.house.secret))
    assert await chapter.count("letter") == 1
    foreign = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=chapter.instance), headers={"Sec-Fetch-Site": "cross-site"}
    )
    async with foreign:
        assert (await foreign.get(stop)).status_code == 200
        assert await chapter.count("subscriber") == 1
        one_click = {"List-Unsubscribe": "One-Click"}
        assert (await foreign.post(stop, data=one_click)).status_code == 200
        assert (await foreign.post(stop, data=one_click)).status_code == 200
    await chapter.settle()
    assert len(news(chapter)) == 1
    for table in ("subscriber", "letter", "job", "unsubscribed"):
        assert "zoe" not in str(await chapter.rows(f"SELECT * FROM {table}"))
    assert await chapter.count("unsubscribed") == 0
    assert (await chapter.client().get(stop.replace("/stop/", "/mine/"))).status_code == 404


async def test_ones_own_page_changes_what_comes(world: World) -> None:
    chapter = await world.chapter()
    mine = await confirm(chapter)
    client = chapter.client()
    assert "zoe@mail.test" in (await client.get(mine)).text
    assert "at least one" in (await client.post(mine, data={"how": "daily"})).text
    saved = await client.post(mine, data={"events": "yes", "how": "weekly", "language": "es"})
    assert saved.status_code == 303
    [row] = await chapter.rows("SELECT announcements, events, how, language, due_at FROM subscriber")
    assert not row["announcements"]
    assert (bool(row["events"]), row["how"], row["language"]) == (True, "weekly", "es")
    assert row["due_at"].weekday() == 3
    other = mine[:-1] + ("A" if mine[-1] != "A" else "B")
    assert (await client.get(other)).status_code == 404


async def test_a_wrong_form_comes_back_and_nothing_is_sent(world: World) -> None:
    chapter = await world.chapter()
    answer = await chapter.client().post("/subscribe", data={"email": "a b@c", "how": "never"})
    assert answer.status_code == 400
    for text in ("like name@example.org", "at least one of the two", 'value="a b@c"'):
        assert text in answer.text
    await chapter.settle()
    assert letters(chapter) == []


async def test_many_are_written_in_batches_and_nobody_gets_two(
    each_world: World, mail_server: MailServer
) -> None:
    await mail_server.start()
    chapter = await each_world.chapter(smtp=f"smtp://127.0.0.1:{mail_server.port}")
    await add(chapter, BATCH * 2 + 5, DAILY)
    await announce(chapter, "For everybody")
    each_world.move(seconds=1)
    await announce(chapter, "For everybody again")
    each_world.move(days=1)
    await chapter.settle()
    addresses = [str(letter["To"]) for letter in mail_server.letters]
    assert sorted(addresses) == sorted({f"r{number}@mail.test" for number in range(BATCH * 2 + 5)})


async def test_a_batch_that_died_half_way_is_written_again_and_nobody_gets_two(each_world: World) -> None:
    chapter = await each_world.chapter()
    await add(chapter, 5)
    each_world.move(hours=1)
    await publish(chapter, "One")

    async def dies(unit: Unit) -> None:
        assert await write_batch(unit, chapter.house.secret) == 5
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await chapter.unit(dies)
    assert await chapter.count("letter") == 0
    await chapter.unit(lambda unit: write_batch(unit, chapter.house.secret))
    # The job that died after its unit runs once more.
    await chapter.unit(lambda unit: write_batch(unit, chapter.house.secret))
    await chapter.settle()
    assert sorted(str(letter["To"]) for letter in letters(chapter)) == [
        f"r{number}@mail.test" for number in range(5)
    ]


async def test_an_address_that_does_not_exist_is_forgotten_after_three_letters_and_a_week(
    each_world: World, mail_server: MailServer
) -> None:
    await mail_server.start()
    chapter = await each_world.chapter(smtp=f"smtp://127.0.0.1:{mail_server.port}")
    await add(chapter, 1)

    async def letter_meets(answer: str) -> int:
        mail_server.refuses_recipient = answer
        each_world.move(hours=1)
        await announce(chapter, "We meet on Friday.")
        await chapter.settle()
        return await chapter.count("subscriber")

    gone = "550 5.1.1 no such person"
    assert [await letter_meets(gone), await letter_meets(gone)] == [1, 1]
    assert await letter_meets("") == 1, "one that is taken makes up for them"
    assert [await letter_meets(gone) for _ in range(4)] == [1, 1, 1, 1], "not within a week"
    each_world.move(days=7)
    assert await letter_meets("554 5.7.1 relay access denied") == 1, "that is about us, not about them"
    assert await letter_meets(gone) == 0
    assert await chapter.count("letter") == 0

"""What each type of object tells members: of their chapter's announcements, events, proposals, votes, and answers."""

from datetime import timedelta
from functools import partial
from typing import Any

from fedchapter.actors.own import change_actor
from fedchapter.members import Role
from fedchapter.notices.manner import Manner
from fedchapter.notices.page import find_all
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.event.service import answers, ours
from fedchapter.objects.proposal import service as proposals
from fedchapter.store.choices import choose as choose_setting
from tests.notices.people import addressees, choose, letters, member
from tests.objects.event.made import edit, publish
from tests.objects.proposal.votes import proposed
from tests.support.network import Chapter, Stranger, World


async def sentences(chapter: Chapter, account_id: str) -> list[str]:
    """What they were told, newest last."""
    found = await chapter.run(find_all(chapter.house.database, account_id))
    return [one.say("UTC") for one in reversed(found.notices)]


async def test_members_hear_of_an_announcement_as_it_reads_now_and_not_of_one_taken_back(
    world: World,
) -> None:
    chapter = await world.chapter()
    ana, author = await member(chapter, "Ana"), await member(chapter, "Ben")
    for text in ("We meet on **Sunday**.", "Old news"):
        draft = Draft(text, visibility="followers")
        id_ = await chapter.unit(partial(announcements.write, draft=draft, account_id=author.id))
        world.move(seconds=1)
    await chapter.settle()
    assert await sentences(chapter, author.id) == []
    assert await sentences(chapter, ana.id) == ["News: We meet on Sunday.", "News: Old news"]
    await chapter.unit(partial(announcements.edit, id_=id_, draft=Draft("Good news", visibility="followers")))
    assert (await sentences(chapter, ana.id))[-1] == "News: Good news"
    await chapter.unit(partial(announcements.delete, id_=id_))
    assert await sentences(chapter, ana.id) == ["News: We meet on Sunday."]


async def test_an_announcement_put_off_is_told_when_it_is_out(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana")
    later = Draft("Tomorrow", publish_at=chapter.clock.now() + timedelta(days=1))
    await chapter.unit(partial(announcements.write, draft=later))
    await chapter.settle()
    assert await sentences(chapter, ana.id) == []
    world.move(days=1, minutes=1)
    await chapter.settle()
    assert await sentences(chapter, ana.id) == ["News: Tomorrow"]


async def test_whoever_comes_is_reminded_the_day_before_and_nobody_else(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana, ben = await member(chapter, "Ana"), await member(chapter, "Ben")
    event = await publish(chapter)
    await chapter.unit(partial(answers.answer_here, event_id=event.id, account_id=ana.id, comes=True))
    await chapter.unit(partial(answers.answer_here, event_id=event.id, account_id=ben.id, comes=False))
    for days in (8, 1.5, 1):
        each_world.move(days=days)
        await chapter.settle()
    reminded = [one for one in letters(chapter) if "Soon: Tenants' assembly" in one.get_content()]
    assert [str(one["To"]) for one in reminded] == ["ana@mail.example"]
    assert " WET" in reminded[0].get_content()


async def test_a_moved_event_is_told_once_at_once_to_those_who_come_and_reminded_of_anew(
    each_world: World,
) -> None:
    chapter = await each_world.chapter()
    ana, ben = await member(chapter, "Ana"), await member(chapter, "Ben")
    event = await publish(chapter)
    await chapter.unit(partial(answers.answer_here, event_id=event.id, account_id=ana.id, comes=True))
    await chapter.settle()
    assert letters(chapter) == []
    assert event.end_at is not None
    hours = {
        "start_at": event.start_at + timedelta(days=2),
        "end_at": event.end_at + timedelta(days=2),
    }
    await edit(chapter, event, **hours)
    await chapter.settle()
    [letter] = letters(chapter)
    assert letter["To"] == "ana@mail.example"
    assert "Changed: Tenants' assembly is now on" in letter.get_content()
    for one in (ana, ben):
        [said] = await sentences(chapter, one.id)
        assert said.startswith("Changed: ")
    each_world.move(days=9, hours=12)
    await chapter.settle()
    assert not [one for one in letters(chapter) if "Soon:" in one.get_content()]
    each_world.move(days=2)
    await chapter.settle()
    assert len([one for one in letters(chapter) if "Soon:" in one.get_content()]) == 1


async def test_a_cancelled_event_is_told_and_not_reminded_of(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana")
    event = await publish(chapter)
    await chapter.unit(partial(answers.answer_here, event_id=event.id, account_id=ana.id, comes=True))
    await chapter.unit(partial(ours.cancel_event, event_id=event.id))
    world.move(days=9, hours=12)
    await chapter.settle()
    [said] = await sentences(chapter, ana.id)
    assert said.startswith("Cancelled: Tenants' assembly, ")


async def test_only_those_who_have_not_voted_are_reminded_and_all_hear_the_result(each_world: World) -> None:
    chapter = await each_world.chapter()
    case = await proposed(chapter)
    ana, ben = await member(chapter, "Ana"), await member(chapter, "Ben")
    case.members |= {"Ana": ana.id, "Ben": ben.id}
    await case.open(hours=72)
    await chapter.settle()
    await case.join("Late")
    assert addressees(chapter) == ["ana@mail.example", "ben@mail.example"]
    assert "The vote on “Rent the old depot” is open until" in letters(chapter)[0].get_content()
    await case.cast("Ana", "yes")
    each_world.move(hours=48, minutes=1)
    await chapter.settle()
    closing = [one for one in letters(chapter) if "You have not voted yet" in one.get_content()]
    assert [str(one["To"]) for one in closing] == ["ben@mail.example"]
    each_world.move(hours=24)
    await chapter.settle()
    said = await sentences(chapter, ben.id)
    assert said[-1] == "The vote on “Rent the old depot” is over: Passed"
    # Nothing says any more who had not voted by then.
    assert not [one for one in said if "not voted" in one or "is open" in one]
    assert await sentences(chapter, case.members["Late"]) == []
    assert ana.id not in str(await chapter.rows("SELECT payload, key FROM job"))


async def test_a_vote_of_an_hour_has_a_reminder_too(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter)
    ana = await member(chapter, "Ana")
    await case.open(hours=1)
    await chapter.settle()
    world.move(minutes=41)
    await chapter.settle()
    assert (await sentences(chapter, ana.id))[-1].startswith(
        "You have not voted yet on “Rent the old depot”."
    )


async def test_a_proposal_is_told_to_all_but_its_author(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, "Ana")
    await proposed(chapter)
    await chapter.settle()
    assert await sentences(chapter, ana.id) == ["A new proposal to discuss: Rent the old depot"]
    [row] = await chapter.rows("SELECT id FROM proposal")
    await chapter.unit(partial(proposals.delete, proposal_id=row["id"]))
    assert await sentences(chapter, ana.id) == []


async def test_answers_from_elsewhere_are_told_to_those_who_write_once_an_hour_and_held_ones_to_nobody(
    each_world: World,
) -> None:
    chapter = await each_world.chapter()
    writer = await member(chapter, "Ana", role=Role.ORGANIZER)
    moderator = await member(chapter, "Ben", role=Role.MODERATOR)
    reader = await member(chapter, "Cem")
    ada = each_world.stranger("ada")
    post_id = await chapter.unit(partial(announcements.write, draft=Draft("We meet on Sunday.")))
    uri = chapter.settings.uri("announcements", post_id)
    await chapter.settle()
    told_before = {one.id: await sentences(chapter, one.id) for one in (writer, moderator, reader)}
    for text in ("One", "Two"):
        await ada.tell(chapter, ada.create(ada.note(text, reply_to=uri)))
    for one in (writer, moderator, reader):
        # Once a day moderators hear how much waits (tests/moderation/test_waiting.py).
        assert await sentences(chapter, one.id) == told_before[one.id]
    await chapter.unit(partial(choose_setting, name="hold_first_replies", value="no"))
    for text in ("Three", "Four"):
        await ada.tell(chapter, ada.create(ada.note(text, reply_to=uri)))
    news = "New answers to “We meet on Sunday.”."
    for one in (writer, moderator):
        assert (await sentences(chapter, one.id)).count(news) == 1
    assert news not in await sentences(chapter, reader.id)


async def test_a_message_to_the_chapter_is_told_to_those_who_write_without_its_text(world: World) -> None:
    chapter = await world.chapter()
    writer = await member(chapter, "Ana", role=Role.ORGANIZER)
    ada = world.stranger("ada")
    note = ada.note("<p>my address</p>", public=False, to=[chapter.uri])
    await ada.tell(chapter, ada.create(note))
    [said] = [one for one in await sentences(chapter, writer.id) if "wrote to the chapter" in one]
    assert said.startswith("Somebody wrote to the chapter for the first time")
    assert "my address" not in str(await chapter.rows("SELECT * FROM notice"))


async def test_a_request_to_follow_is_told_where_followers_are_chosen(world: World) -> None:
    chapter = await world.chapter()
    writer = await member(chapter, "Ana", role=Role.ORGANIZER)
    await chapter.unit(partial(change_actor, uri=chapter.uri, approves_followers=True))
    ada = world.stranger("ada")
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    assert "Somebody asks to follow the chapter." in await sentences(chapter, writer.id)


async def test_a_direct_message_says_only_that_something_waits_and_is_in_no_list_of_the_staff(
    each_world: World,
) -> None:
    chapter = await each_world.chapter()
    ada = each_world.stranger("ada", "social.example")
    await member(chapter, "Ana", email=False, linked=ada.uri)
    ada.received.clear()
    case = await proposed(chapter)
    await case.open(hours=72)
    await chapter.settle()
    await chapter.settle()
    notes = [one["object"] for one in received(ada) if one["type"] == "Create"]
    assert len({note["id"] for note in notes}) == len(notes)
    for note in notes:
        assert "Something waits for you" in note["content"]
        assert 'href="https://riverside.test/me"' in note["content"]
        assert (note["to"], note.get("cc")) == ([ada.uri], None)
        assert "depot" not in str(note)
    # Of several things on one day, once: it says the same.
    assert len(notes) == 1
    assert await chapter.count("message") == 0
    assert await chapter.count("errand", "attempts >= 0") == 0
    assert ada.uri not in str(await chapter.rows("SELECT payload, error FROM job"))
    for days in (6, 6):
        each_world.move(days=days)
        await chapter.settle()
    assert "social.example" not in str(
        await chapter.rows("SELECT body FROM outbox_item WHERE kind = 'message'")
    )


def received(ada: Stranger) -> list[dict[str, Any]]:
    """What came to them, by whichever inbox."""
    return [one for inbox in ada.site.received.values() for one in inbox]


async def test_a_server_that_does_not_answer_is_asked_again_and_named_in_no_log(world: World) -> None:
    chapter = await world.chapter()
    uri = "https://gone.example/users/ada"
    ana = await member(chapter, "Ana", email=False, linked=uri)
    await choose(chapter, ana, Manner("UTC"))
    case = await proposed(chapter)
    await case.open(hours=720)
    for _ in range(8):
        await chapter.settle()
        world.move(hours=13)
    assert await chapter.count("errand", "channel = 'message' AND attempts >= 0") == 0
    assert uri not in str(await chapter.rows("SELECT payload, error FROM job"))

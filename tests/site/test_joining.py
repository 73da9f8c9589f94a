"""Asking to join: by mail, by a proved account, and what organizers do about it."""

from typing import Any

import httpx
import pytest

from fedchapter.members import Role, invite
from fedchapter.members.applications import find_waiting
from fedchapter.members.identities import Proved
from fedchapter.members.tickets import issue
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from fedchapter.web.proved import LASTS, PURPOSE
from tests.site.letters import letters, link_in, text_of
from tests.site.people import is_signed_in, member
from tests.support.network import Chapter, World

ADA = Proved("https://social.test/users/ada", "ada@social.test", "social.test", "Ada")
FORM = {"display_name": "Jörg Müßig", "email": "joerg@mail.test"}


async def decide_on(chapter: Chapter, **choices: str) -> None:
    async def work(unit: Unit) -> None:
        for name, value in choices.items():
            await choose(unit, name, value)

    await chapter.unit(work)


async def ask(client: httpx.AsyncClient, **more: str) -> httpx.Response:
    return await client.post("/join", data=FORM | more)


async def apply(chapter: Chapter, **more: str) -> httpx.Response:
    """Somebody filled in the form and pressed the button in their mail; the answer to the button."""
    client = chapter.client()
    assert "Look into your mail" in (await ask(client, **more)).text
    await chapter.settle()
    link = link_in(letters(chapter, more.get("email", FORM["email"]))[-1], "/join/confirm/")
    assert (await client.get(link)).status_code == 200
    return await client.post(link)


async def proved_client(chapter: Chapter, proved: Proved = ADA) -> httpx.AsyncClient:
    """A browser in which somebody proved that account a moment ago."""
    data: dict[str, Any] = {"proved": {**vars_of(proved)}, "former": ""}
    token = await chapter.unit(lambda unit: issue(unit, PURPOSE, data, lasts=LASTS))
    client = chapter.client()
    client.cookies.set("__Host-fedchapter-proved", token)
    return client


def vars_of(proved: Proved) -> dict[str, Any]:
    return {name: getattr(proved, name) for name in Proved.__slots__}


async def test_somebody_with_only_an_address_becomes_a_member(each_world: World) -> None:
    chapter = await each_world.chapter()
    await decide_on(chapter, joining_questions="What brings you here? *\nHow did you hear of us?")
    organizer = await chapter.signed_in(Role.ORGANIZER, "Olga")
    answer = await apply(chapter, question_1="Die Brücke & das Ufer")
    assert answer.status_code == 303
    status = await chapter.client().get(answer.headers["location"])
    assert "Thank you" in status.text
    [waiting] = await chapter.run(find_waiting(chapter.house.database, limit=5))
    page = await organizer.get(f"/admin/applications/{waiting.id}")
    for text in ("Jörg Müßig", "joerg@mail.test", "Die Brücke &amp; das Ufer", "What brings you here?"):
        assert text in page.text
    assert "How did you hear of us?" not in page.text
    done = await organizer.post(
        f"/admin/applications/{waiting.id}", data={"decision": "approve", "message": "See you on Friday"}
    )
    assert done.status_code == 303
    await chapter.settle()
    letter = letters(chapter, FORM["email"])[-1]
    assert "See you on Friday" in text_of(letter)
    client = chapter.client()
    link = link_in(letter, "/sign-in/link/")
    assert "Jörg Müßig" in (await client.get(link)).text
    assert (await client.post(link)).status_code == 303
    assert await is_signed_in(client)
    assert (await chapter.client().post(link)).status_code == 404


async def test_nothing_is_stored_or_told_before_the_address_is_confirmed(world: World) -> None:
    chapter = await world.chapter()
    organizer = await chapter.signed_in(Role.ORGANIZER)
    await ask(chapter.client())
    await chapter.settle()
    assert "Nobody waits" in (await organizer.get("/admin/applications")).text
    assert await chapter.count("application") == 0
    assert await chapter.count("notice", "kind = 'people'") == 0
    tickets = await chapter.rows("SELECT data FROM ticket")
    assert "joerg" not in str(tickets)
    assert "Jörg" not in text_of(letters(chapter)[0]), (
        "a form that writes to strangers has no words of its sender"
    )
    link = link_in(letters(chapter)[0], "/join/confirm/")
    world.move(days=2, minutes=1)
    assert (await chapter.client().get(link)).status_code == 404
    assert (await chapter.client().post(link)).status_code == 404
    world.move(days=1)
    await chapter.settle()
    assert await chapter.count("ticket") == 0


async def test_organizers_are_told_and_members_are_not(world: World) -> None:
    chapter = await world.chapter()
    await chapter.signed_in(Role.ORGANIZER)
    await member(chapter)
    await apply(chapter)
    await chapter.settle()
    rows = await chapter.rows(
        "SELECT account_id FROM told JOIN notice ON notice.id = told.notice_id WHERE notice.kind = 'people'"
    )
    assert len(rows) == 1


async def test_d6_the_form_answers_the_same_whether_the_address_is_a_members_or_not(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, "Bea", email="bea@mail.test")
    ours, other = await ask(chapter.client(), email="BEA@mail.test"), await ask(chapter.client())
    assert ours.text.replace("bea@mail.test", "x") == other.text.replace("joerg@mail.test", "x")
    await chapter.settle()
    to_member, to_other = letters(chapter, "bea@mail.test")[0], letters(chapter, "joerg@mail.test")[0]
    assert to_member["Subject"] == to_other["Subject"]
    assert "Hello Bea" in text_of(to_member)
    assert "a member already" in text_of(to_member)


async def test_d6_a_name_that_a_member_has_is_no_mistake_in_the_form(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, "Jörg Müßig")
    organizer = await chapter.signed_in(Role.ORGANIZER)
    await apply(chapter)
    [waiting] = await chapter.run(find_waiting(chapter.house.database, limit=5))
    assert "Jörg Müßig 2" in (await organizer.get(f"/admin/applications/{waiting.id}")).text
    await organizer.post(f"/admin/applications/{waiting.id}", data={"decision": "approve"})
    assert await chapter.count("account", "display_name = 'Jörg Müßig 2'") == 1


async def test_who_asks_twice_is_told_in_the_letter_and_can_take_it_back(world: World) -> None:
    chapter = await world.chapter()
    await apply(chapter)
    client = chapter.client()
    await ask(client)
    await chapter.settle()
    letter = letters(chapter)[-1]
    assert "is there already" in text_of(letter)
    link = link_in(letter, "/join/mine/")
    assert "Thank you" in (await client.get(link)).text
    assert (await client.post(link)).status_code == 303
    assert await chapter.count("application") == 0
    assert (await client.get(link)).status_code == 404


async def test_a_form_with_mistakes_comes_back_as_it_was_typed(world: World) -> None:
    chapter = await world.chapter()
    await decide_on(chapter, joining_questions="Why? *", shared_values="We share **soup**.")
    client = chapter.client()
    answer = await client.post("/join", data={"display_name": "علی\u200cرضا", "email": "no-address"})
    assert answer.status_code == 400
    for text in (
        "<strong>soup</strong>",
        "علی\u200cرضا",
        'value="no-address"',
        "Please answer: Why?",
        "like name@example.org",
        "tick that you share",
    ):
        assert text in answer.text
    assert "1 to 100 characters" not in answer.text
    await chapter.settle()
    assert letters(chapter) == []


async def test_refused_applications_are_answered_and_erased_after_a_month(each_world: World) -> None:
    chapter = await each_world.chapter()
    organizer = await chapter.signed_in(Role.ORGANIZER)
    status = (await apply(chapter)).headers["location"]
    [waiting] = await chapter.run(find_waiting(chapter.house.database, limit=5))
    address = f"/admin/applications/{waiting.id}"
    await organizer.post(address, data={"decision": "refuse", "message": "We are full."})
    again = await organizer.post(address, data={"decision": "approve"})
    assert "a moment ago" in again.text
    await chapter.settle()
    assert "We are full." in text_of(letters(chapter, FORM["email"])[-1])
    assert "We are full." in (await chapter.client().get(status)).text
    assert await chapter.count("account", "email = ?", FORM["email"]) == 0
    each_world.move(days=29)
    await chapter.settle()
    assert await chapter.count("application") == 1
    each_world.move(days=3)
    await chapter.settle()
    assert await chapter.count("application") == 0


async def test_an_open_chapter_takes_whoever_confirms_their_address(world: World) -> None:
    chapter = await world.chapter()
    await decide_on(chapter, joining_mode="open")
    client = chapter.client()
    await ask(client)
    await chapter.settle()
    link = link_in(letters(chapter)[0], "/join/confirm/")
    assert (await client.post(link)).headers["location"] == "/me"
    assert await is_signed_in(client)
    assert await chapter.count("application", "state = 'approved' AND decided_by = ''") == 1


async def test_a_chapter_that_invites_takes_no_applications(world: World) -> None:
    chapter = await world.chapter()
    await ask(chapter.client())
    await chapter.settle()
    await decide_on(chapter, joining_mode="invitation", contact="hello@riverside.test")
    page = await chapter.client().get("/join")
    assert "mailto:hello@riverside.test" in page.text
    assert 'action="/join"' not in page.text
    assert (await ask(chapter.client())).status_code == 400
    late = await chapter.client().post(link_in(letters(chapter)[0], "/join/confirm/"))
    assert late.status_code == 400
    assert await chapter.count("application") == 0


async def test_a_proved_account_needs_no_address(each_world: World) -> None:
    chapter = await each_world.chapter()
    organizer = await chapter.signed_in(Role.ORGANIZER)
    client = await proved_client(chapter)
    page = await client.get("/join")
    assert "You are @ada@social.test" in page.text
    assert 'name="email"' not in page.text
    assert (await client.post("/join", data={"display_name": "Ada"})).headers["location"] == "/join"
    assert "Thank you" in (await client.get("/join")).text
    [waiting] = await chapter.run(find_waiting(chapter.house.database, limit=5))
    assert waiting.contact == "@ada@social.test"
    await organizer.post(f"/admin/applications/{waiting.id}", data={"decision": "approve"})
    [row] = await chapter.rows("SELECT identity.account_id, actor_uri FROM identity")
    assert row["actor_uri"] == ADA.actor_uri
    assert await chapter.count("account", "id = ? AND email = ''", row["account_id"]) == 1
    assert letters(chapter) == []


async def test_a_proved_account_joins_an_open_chapter_at_once(world: World) -> None:
    chapter = await world.chapter()
    await decide_on(chapter, joining_mode="open")
    client = await proved_client(chapter)
    answer = await client.post("/join", data={"display_name": "Ada"})
    assert answer.headers["location"] == "/me"
    assert await is_signed_in(client)


async def test_who_proved_an_account_takes_the_application_back(world: World) -> None:
    chapter = await world.chapter()
    client = await proved_client(chapter)
    await client.post("/join", data={"display_name": "Ada"})
    assert (await client.post("/join/mine")).status_code == 303
    assert await chapter.count("application") == 0


@pytest.mark.parametrize(("after_days", "wait", "days"), [(29, "30", None), (31, "30", 30), (31, "0", None)])
async def test_the_right_to_vote_waits_but_for_founders(
    world: World, after_days: int, wait: str, days: int | None
) -> None:
    chapter = await world.chapter()
    await decide_on(chapter, joining_mode="open", voting_wait_days=wait)
    world.move(days=after_days)
    await (await proved_client(chapter)).post("/join", data={"display_name": "Ada"})
    [row] = await chapter.rows("SELECT created_at, votes_from_at FROM account")
    waits = row["votes_from_at"] - row["created_at"] if row["votes_from_at"] else None
    assert (waits.days if waits else None) == days


async def test_d4_a_form_of_another_site_neither_confirms_nor_withdraws(world: World) -> None:
    chapter = await world.chapter()
    await ask(chapter.client())
    await chapter.settle()
    link = link_in(letters(chapter)[0], "/join/confirm/")
    evil = chapter.client()
    evil.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await evil.post(link)).status_code == 403
    mine = (await chapter.client().post(link)).headers["location"]
    assert (await evil.post(mine)).status_code == 403
    assert await chapter.count("application") == 1


async def test_organizers_set_how_people_join(world: World) -> None:
    chapter = await world.chapter()
    organizer = await chapter.signed_in(Role.ORGANIZER)
    form = {
        "joining_mode": "approval",
        "joining_questions": "Why? *",
        "shared_values": "Soup",
        "voting_wait_days": "14",
    }
    wrong = await organizer.post(
        "/admin/joining", data=form | {"voting_wait_days": "-1", "joining_mode": "x"}
    )
    assert wrong.status_code == 400
    assert "from 0 to 365" in wrong.text
    many = await organizer.post("/admin/joining", data=form | {"joining_questions": "Why?\n" * 11})
    assert "At most 10 questions" in many.text
    assert (await organizer.post("/admin/joining", data=form)).status_code == 303
    assert "Why?" in (await chapter.client().get("/join")).text


async def test_invitations_are_made_and_withdrawn_on_a_page_of_their_own(world: World) -> None:
    chapter = await world.chapter()
    organizer = await chapter.signed_in(Role.ORGANIZER)
    page = await organizer.post("/admin/invitations", data={"role": "member", "note": "Sam from the depot"})
    assert "/join/" in page.text
    assert 'value="admin"' not in page.text
    assert (await organizer.post("/admin/invitations", data={"role": "admin"})).status_code == 400
    [row] = await chapter.rows("SELECT id FROM invitation")
    assert (await organizer.post(f"/admin/invitations/{row['id']}/withdraw")).status_code == 303
    assert await chapter.count("invitation") == 0


async def test_an_invitation_is_taken_with_a_proved_account_and_no_password(each_world: World) -> None:
    chapter = await each_world.chapter()
    host = await member(chapter, "Olga", role=Role.ORGANIZER)
    await decide_on(chapter, shared_values="Soup")
    address = await chapter.unit(lambda unit: invite(unit, made_by=host.id))
    each_world.move(days=3)
    client = await proved_client(chapter)
    assert "You are @ada@social.test" in (await client.get(address)).text
    missing = await client.post(address, data={"display_name": "Ada"})
    assert "tick that you share" in missing.text
    assert (await client.post(address, data={"display_name": "Ada", "shared": "yes"})).status_code == 303
    assert await is_signed_in(client)
    [row] = await chapter.rows(
        "SELECT invited_by, password, votes_from_at FROM account WHERE display_name = 'Ada'"
    )
    assert row == {"invited_by": host.id, "password": "", "votes_from_at": None}
    assert await chapter.count("identity", "actor_uri = ?", ADA.actor_uri) == 1
    stranger = chapter.client()
    again = await chapter.unit(lambda unit: invite(unit, made_by=host.id))
    plain = await stranger.post(again, data={"display_name": "Cem", "shared": "yes"})
    assert "at least 10 characters" in plain.text

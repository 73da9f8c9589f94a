"""One's own pages: another address with its confirmation, everything that is known, and the page about privacy."""

import json

from fedchapter.members import Role
from fedchapter.members.skills import SKILL, save_own
from fedchapter.store.choices import choose
from tests.site.letters import letters, link_in, text_of
from tests.site.people import member, sign_in
from tests.support.network import World

FORM = {"display_name": "Ana"}


async def test_a_new_address_counts_when_its_letter_was_opened(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, email="old@mail.test")
    client = chapter.client()
    await sign_in(client)
    await client.post("/me/profile", data=FORM | {"email": "New@mail.test"})
    await chapter.settle()
    assert await chapter.count("account", "email = 'old@mail.test'") == 1
    [letter] = letters(chapter, "new@mail.test")
    assert "Ana" not in text_of(letter), "the address may be a stranger's"
    link = link_in(letter, "/me/email/")
    assert (await client.get(link)).status_code == 200
    assert await chapter.count("account", "email = 'old@mail.test'") == 1, "looking confirms nothing"
    assert (await client.post(link)).status_code == 303
    assert await chapter.count("account", "email = 'new@mail.test' AND id = ?", ana.id) == 1
    assert (await client.post(link)).status_code == 404
    await chapter.settle()
    assert letters(chapter, "old@mail.test"), "the former address hears of it"


async def test_nobody_learns_whose_address_it_is_but_its_owner(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    await member(chapter, "Bea", email="bea@mail.test")
    client = chapter.client()
    await sign_in(client)
    taken = await client.post("/me/profile", data=FORM | {"email": "bea@mail.test"})
    free = await client.post("/me/profile", data=FORM | {"email": "free@mail.test"})
    assert (
        taken.headers.get("set-cookie", "").partition(";")[0] == free.headers["set-cookie"].partition(";")[0]
    )
    await chapter.settle()
    assert "/me/email/" not in text_of(letters(chapter, "bea@mail.test")[0])


async def test_a_link_for_an_address_works_for_its_own_account_and_for_a_day(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    await member(chapter, "Bea")
    ana, bea = chapter.client(), chapter.client()
    await sign_in(ana)
    await sign_in(bea, "Bea")
    await ana.post("/me/profile", data=FORM | {"email": "ana@mail.test"})
    await chapter.settle()
    link = link_in(letters(chapter, "ana@mail.test")[0], "/me/email/")
    assert (await bea.post(link)).status_code == 404
    assert await chapter.count("account", "email <> ''") == 0
    await ana.post("/me/profile", data=FORM | {"email": "ana@mail.test"})
    await chapter.settle()
    late = link_in(letters(chapter, "ana@mail.test")[-1], "/me/email/")
    world.move(hours=25)
    assert (await ana.post(late)).status_code == 404


async def test_everything_that_is_known_is_shown_and_taken_along(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, email="ana@mail.test")
    await chapter.unit(lambda unit: save_own(unit, ana.id, SKILL, ["Beekeeping"]))
    client = chapter.client()
    await sign_in(client)
    page = (await client.get("/me/data")).text
    assert "Beekeeping" in page
    assert "Where you are signed in" in page
    file = await client.get("/me/data.json")
    assert "attachment" in file.headers["content-disposition"]
    document = json.loads(file.content)
    assert document["account"]["email"] == "ana@mail.test"
    assert "Beekeeping" in str(document["parts"])
    assert "argon2" not in file.text
    other = await chapter.signed_in(Role.ADMIN)
    assert "Beekeeping" not in (await other.get("/me/data.json")).text


async def test_the_page_about_privacy_says_what_is_switched_on(world: World) -> None:
    chapter = await world.chapter()
    visitor = chapter.client()
    before = (await visitor.get("/privacy")).text
    assert "there is no place to keep them" in before
    await chapter.unit(lambda unit: choose(unit, "ask_phone", "yes"))
    await chapter.unit(lambda unit: choose(unit, "joining_questions", "Which quarter do you live in?"))
    world.move(minutes=1)
    after = (await visitor.get("/privacy")).text
    assert "A phone number, if you give one" in after
    assert "there is no place to keep them" not in after
    assert "Which quarter do you live in" in after

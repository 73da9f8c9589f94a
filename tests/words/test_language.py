"""Which language a reader is answered in: the account's, the cookie's, the browser's, the chapter's."""

import pytest

from fedchapter.members import Role
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from fedchapter.web.language import asked_for
from tests.support.chapter import Chapter
from tests.support.network import World


async def speaks(chapter: Chapter, language: str) -> None:
    """The chapter's own language is that one."""
    await chapter.unit(lambda unit: choose(unit, "language", language))
    chapter.house.database.forget_language()


def lang(text: str) -> str:
    """What the page says its language is."""
    return text.partition('<html lang="')[2].partition('"')[0]


async def test_a_browser_is_answered_in_the_language_it_asks_for(world: World) -> None:
    client = (await world.chapter()).client()
    for asked, answered in (
        ("es-MX,es;q=0.9", "es"),
        ("de,en;q=0.5", "en"),
        ("de", "en"),
        ("en;q=0, es", "es"),
    ):
        answer = await client.get("/", headers={"Accept-Language": asked})
        assert lang(answer.text) == answered, asked
        assert "Accept-Language" in answer.headers["vary"]


async def test_who_asks_for_nothing_is_answered_in_the_chapters_language(world: World) -> None:
    chapter = await world.chapter()
    await speaks(chapter, "es")
    assert lang((await chapter.client().get("/")).text) == "es"


async def test_the_switch_in_the_foot_is_remembered_and_leads_back(world: World) -> None:
    client = (await world.chapter()).client()
    answer = await client.post("/language", data={"language": "es", "next": "/events?past=1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/events?past=1")
    assert lang((await client.get("/about", headers={"Accept-Language": "en"})).text) == "es"


@pytest.mark.parametrize("language", ["xx", "", "en-XA", "es\r\nSet-Cookie: a=b"])
async def test_a_language_that_is_none_is_refused(world: World, language: str) -> None:
    client = (await world.chapter()).client()
    answer = await client.post("/language", data={"language": language, "next": "/"})
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


async def test_the_switch_leads_nowhere_else(world: World) -> None:
    client = (await world.chapter()).client()
    answer = await client.post("/language", data={"language": "es", "next": "//elsewhere.example/"})
    assert answer.headers["location"] == "/"


async def test_a_members_choice_follows_them_to_another_browser(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MEMBER, "Ana")
    await client.post("/language", data={"language": "es", "next": "/"})
    assert await chapter.count("account", "display_name = 'Ana' AND language = 'es'") == 1
    client.cookies.delete("__Host-fedchapter-language")
    assert lang((await client.get("/", headers={"Accept-Language": "en"})).text) == "es"


async def test_a_member_may_leave_it_to_the_browser_again(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.MEMBER, "Ana")
    await client.post("/language", data={"language": "es", "next": "/"})
    profile = (await client.get("/me/profile")).text
    assert '<option value="es" selected>Español</option>' in profile
    await client.post("/language", data={"language": "", "next": "/me/profile"})
    assert lang((await client.get("/", headers={"Accept-Language": "en"})).text) == "en"
    assert await chapter.count("account", "language = 'es'") == 0


async def test_a_page_of_an_error_speaks_the_readers_language_too(world: World) -> None:
    client = (await world.chapter()).client()
    spanish = {"Accept-Language": "es"}
    for path in ("/no-such-page", "/events/none"):
        assert lang((await client.get(path, headers=spanish)).text) == "es"
    refused = await client.post("/language", data={"language": "xx"}, headers=spanish)
    assert lang(refused.text) == "es"


async def test_two_readers_at_once_each_read_their_own_language(world: World) -> None:
    chapter = await world.chapter()
    one, two = chapter.client(), chapter.client()
    for _turn in range(3):
        assert lang((await one.get("/", headers={"Accept-Language": "es"})).text) == "es"
        assert lang((await two.get("/", headers={"Accept-Language": "en"})).text) == "en"


async def test_what_federates_is_in_the_chapters_language_whoever_asks(world: World) -> None:
    chapter = await world.chapter()
    await speaks(chapter, "es")
    seen: list[str] = []

    async def look(unit: Unit) -> None:
        seen.append(unit.language)

    await chapter.unit(look)
    client = chapter.client()
    headers = {"Accept": "application/activity+json", "Accept-Language": "en"}
    answer = await client.get("/events/none", headers=headers)
    assert seen == ["es"]
    assert answer.status_code == 404


def test_a_header_in_disorder_asks_for_nothing() -> None:
    for header in ("", ",", ";q=", "es;q=x", "*", ";;;,,,", "q=1;es"):
        assert asked_for(header) == ""

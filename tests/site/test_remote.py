"""Following from one's own server, and bringing an address from elsewhere: row D5."""

from fedchapter.house.limits import Limits
from fedchapter.members import Role
from fedchapter.store import Known, know
from tests.support.network import World


async def test_d5_a_visitor_is_told_where_the_way_leads_and_goes_by_a_link(world: World) -> None:
    chapter, _ = await world.chapter(), world.stranger()
    answer = await chapter.client().get("/follow", params={"account": "@ada@elsewhere.test"})
    assert answer.status_code == 200
    assert "You go to elsewhere.test" in answer.text
    target = "https://elsewhere.test/authorize_interaction?uri=https%3A%2F%2Friverside.test%2F%40riverside"
    assert f'href="{target}"' in answer.text


async def test_d5_a_template_that_leads_elsewhere_is_not_shown(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    for template in (
        "javascript:alert('{uri}')",
        "https://evil.test/?u={uri}",
        "//evil.test/{uri}",
        "/\\evil.test/{uri}",
    ):
        ada.site.subscribe = lambda _resource, found=template: found
        answer = await chapter.client().get("/follow", params={"account": "@ada@elsewhere.test"})
        assert answer.status_code == 400
        assert "evil.test" not in answer.text
        assert "javascript:alert" not in answer.text
        assert "Search for our handle there" in answer.text


async def test_d5_the_page_leads_only_to_what_this_chapter_shows(world: World) -> None:
    chapter, _ = await world.chapter(), world.stranger()
    client = chapter.client()
    asked = {"account": "@ada@elsewhere.test", "uri": "https://evil.test/phish"}
    assert (await client.get("/follow", params=asked)).status_code == 400
    known = Known(
        "https://hillside.test/1", "announcement", "1", "https://hillside.test/@h", world.clock.now()
    )
    await chapter.unit(lambda unit: know(unit, known))
    answer = await client.get("/follow", params=asked | {"uri": known.uri})
    assert "uri=https%3A%2F%2Fhillside.test%2F1" in answer.text


async def test_mistakes_and_silent_servers_are_told_beside_the_field(world: World) -> None:
    chapter, _ = await world.chapter(), world.stranger()
    client = chapter.client()
    for account, words in {
        "no handle": "does not look like a handle",
        "@nobody@elsewhere.test": "does not know this",
        "@ada@silent.test": "did not answer",
        "riverside.test": "That is this server",
    }.items():
        answer = await client.get("/follow", params={"account": account})
        assert answer.status_code == 400
        assert words in answer.text
        assert f'value="{account}"' in answer.text


async def test_the_follow_box_asks_few_servers_in_a_short_time(world: World) -> None:
    chapter, _ = await world.chapter(), world.stranger()
    chapter.house.limits = Limits(1)
    client = chapter.client()
    answers = [
        (await client.get("/follow", params={"account": "@ada@elsewhere.test"})).status_code
        for _ in range(21)
    ]
    assert answers == [200] * 20 + [429]


async def test_an_address_of_ours_brought_here_opens_its_page(world: World) -> None:
    chapter = await world.chapter()
    client = chapter.client()
    assert (await client.get("/interact", params={"uri": chapter.uri})).headers["location"] == "/@riverside"
    known = Known(
        "https://hillside.test/1", "announcement", "one", "https://hillside.test/@h", world.clock.now()
    )
    await chapter.unit(lambda unit: know(unit, known))
    assert (await client.get("/interact", params={"uri": known.uri})).headers["location"] == "/posts/one"


async def test_an_unknown_address_brought_here_can_be_followed_by_staff_only(world: World) -> None:
    chapter = await world.chapter()
    asked = {"uri": "https://hillside.test/@hillside"}
    visitor, staff = chapter.client(), await chapter.signed_in(Role.MODERATOR)
    assert "Follow from the chapter" not in (await visitor.get("/interact", params=asked)).text
    assert "Follow from the chapter" in (await staff.get("/interact", params=asked)).text
    strange = await visitor.get("/interact", params={"uri": "javascript:alert(1)"})
    assert strange.status_code == 400
    assert "javascript:" not in strange.text


async def test_d5_held_things_are_not_found_by_their_address(world: World) -> None:
    chapter = await world.chapter()
    known = Known(
        "https://hillside.test/1",
        "announcement",
        "one",
        "https://hillside.test/@h",
        world.clock.now(),
        state="held",
    )
    await chapter.unit(lambda unit: know(unit, known))
    answer = await chapter.client().get("/interact", params={"uri": known.uri})
    assert answer.status_code == 200

"""Signing in with an account elsewhere, as a browser goes through it: wire.md §6, rows D3 and D5."""

import httpx
import pytest

from fedchapter.house.limits import Limits
from fedchapter.web.proved import PURPOSE
from tests.site.people import is_signed_in, member, sign_in
from tests.site.ways import go_there, link, sign_in_from, way_to
from tests.support.network import Chapter, World
from tests.support.oauth_server import OAuthServer, open_oauth


async def linked(world: World) -> tuple[Chapter, OAuthServer, httpx.AsyncClient]:
    """A chapter where Ana has linked @ada@social.test, and her browser, signed out."""
    chapter = await world.chapter()
    server = open_oauth(world)
    await member(chapter)
    client = chapter.client()
    await sign_in(client)
    assert (await link(client, server)).headers["location"] == "/me/security"
    await client.post("/sign-out")
    return chapter, server, client


async def test_a_linked_account_signs_in_and_goes_on_to_what_was_wanted(each_world: World) -> None:
    chapter, server, client = await linked(each_world)
    answer = await sign_in_from(client, server, next="/me?a=b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?a=b")
    assert await is_signed_in(client)
    [row] = await chapter.rows("SELECT how, second_at FROM session")
    assert row == {"how": "fediverse", "second_at": None}
    page = await client.get("/me/security")
    assert "@ada@social.test" in page.text


async def test_it_still_does_after_its_handle_changed(world: World) -> None:
    chapter, server, client = await linked(world)
    uri = server.people.pop("ada")
    document, answer = server.pages[uri]
    server.pages[uri] = (document | {"preferredUsername": "ada_r"}, answer)
    server.webfinger["acct:ada_r@social.test"] = uri
    server.people["ada_r"] = uri
    assert (await sign_in_from(client, server, "ada_r")).headers["location"] == "/"
    assert [row["handle"] for row in await chapter.rows("SELECT handle FROM identity")] == [
        "ada_r@social.test"
    ]


async def test_somebody_unknown_is_told_what_they_can_do_with_it(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    client = chapter.client()
    answer = await sign_in_from(client, server)
    assert answer.headers["location"] == "/sign-in/new"
    page = await client.get("/sign-in/new")
    assert "You are @ada@social.test" in page.text
    assert not await is_signed_in(client)
    assert await chapter.count("account") == 0
    [row] = await chapter.rows("SELECT * FROM ticket WHERE purpose = ?", PURPOSE)
    assert "social.test" not in str(row)
    await client.post("/sign-out")
    assert (await client.get("/sign-in/new")).headers["location"] == "/sign-in"


async def test_what_was_proved_is_linked_after_signing_in_the_way_one_did_before(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    await member(chapter)
    client = chapter.client()
    await sign_in_from(client, server)
    assert "You proved that you are @ada@social.test" in (await client.get("/sign-in")).text
    await sign_in(client)
    assert "Link @ada@social.test?" in (await client.get("/me/security")).text
    await client.post("/me/security/proved")
    page = await client.get("/me/security")
    assert "signs you in here from now on" in page.text
    assert "Link @ada@social.test?" not in page.text
    await client.post("/sign-out")
    assert (await sign_in_from(client, server)).headers["location"] == "/"


async def test_an_account_opens_one_account_here_and_no_second(world: World) -> None:
    chapter, server, client = await linked(world)
    await member(chapter, "Bea")
    await sign_in(client, "Bea")
    await link(client, server)
    assert "is linked to another account here" in (await client.get("/me/security")).text
    assert await chapter.count("identity") == 1


async def test_login_csrf_a_callback_of_somebody_else_s_sign_in_opens_nothing(world: World) -> None:
    chapter, server, mallory = await linked(world)
    back = await go_there(mallory, server)
    victim = chapter.client()
    answer = await victim.get(back)
    assert answer.status_code == 403
    assert "begun in another browser" in answer.text
    assert not await is_signed_in(victim)
    assert (await mallory.get(back)).status_code == 400


async def test_a_linking_that_was_begun_by_one_member_is_not_finished_by_another(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    await member(chapter)
    await member(chapter, "Bea")
    client = chapter.client()
    await sign_in(client)
    page = await client.post("/me/security/fediverse", data={"account": "social.test"})
    back = await server.approve(way_to(page, server), "ada")
    await sign_in(client, "Bea")
    assert (await client.get(back)).status_code == 403
    assert await chapter.count("identity") == 0


async def test_session_fixation_each_way_in_ends_the_session_before_and_makes_a_new_one(world: World) -> None:
    chapter, server, client = await linked(world)
    await sign_in(client)
    before = dict(client.cookies)["__Host-fedchapter-session"]
    await client.get(
        await server.approve(
            way_to(await client.post("/sign-in/fediverse", data={"account": "social.test"}), server), "ada"
        )
    )
    assert dict(client.cookies)["__Host-fedchapter-session"] != before
    assert not await is_signed_in(chapter.client(before))
    assert await chapter.count("session") == 1


@pytest.mark.parametrize(
    "wanted", ["//evil.test", "https://evil.test/", "/\\evil.test", "javascript:alert(1)"]
)
async def test_d5_the_way_back_leads_only_to_a_path_of_ours(world: World, wanted: str) -> None:
    _, server, client = await linked(world)
    assert (await sign_in_from(client, server, next=wanted)).headers["location"] == "/"


async def test_a_wrong_handle_comes_back_with_what_was_typed_and_what_to_do(world: World) -> None:
    chapter = await world.chapter()
    open_oauth(world)
    client = chapter.client()
    for typed, words in (
        ("@nobody@social.test", "knows nobody of that name"),
        ("not a handle", "not the name of a server"),
        ("@ada@nowhere.test", "nowhere.test"),
    ):
        answer = await client.post("/sign-in/fediverse", data={"account": typed})
        assert answer.status_code == 400
        assert f'value="{typed}"' in answer.text
        assert words in answer.text


async def test_d6_asking_servers_on_and_on_is_turned_away(world: World) -> None:
    chapter = await world.chapter()
    open_oauth(world)
    chapter.house.limits = Limits(1)
    client = chapter.client()
    states = [
        (await client.post("/sign-in/fediverse", data={"account": "social.test"})).status_code
        for _ in range(21)
    ]
    assert states == [200] * 20 + [429]


async def test_somebody_who_said_no_there_finds_the_other_ways_in(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    client = chapter.client()
    page = await client.post("/sign-in/fediverse", data={"account": "social.test"})
    answer = await client.get(await server.approve(way_to(page, server), "ada", answer="no"))
    assert answer.status_code == 400
    assert "You said no on social.test" in answer.text
    assert "Send me a link" in answer.text


async def test_whoever_left_is_not_let_in_by_their_account_elsewhere(world: World) -> None:
    chapter, server, client = await linked(world)
    await sign_in(client)
    await client.post("/me/leave", data={"sure": "yes"})
    assert await chapter.count("identity") == 0
    assert (await sign_in_from(client, server)).headers["location"] == "/sign-in/new"


async def test_that_somebody_is_a_member_is_told_to_no_other_server(world: World) -> None:
    chapter, server, client = await linked(world)
    follower = world.stranger("gus")
    await follower.tell(chapter, follower.activity("Follow", chapter.uri))
    received = len(follower.received)
    await sign_in_from(client, server)
    await world.settle()
    assert len(follower.received) == received
    # Their own server, which sent them here, may carry a word to them; it names neither chapter nor membership.
    assert all("ember" not in str(message.get("object")) for message in server.received["/users/ada/inbox"])
    assert await chapter.count("known_object", "owner_uri = ?", server.people["ada"]) == 0

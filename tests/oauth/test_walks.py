"""The way to one's own server and back, with each sort of server: wire.md §6."""

from functools import partial

import pytest

from fedchapter.errors import Refusal
from fedchapter.oauth.apps import key_of
from fedchapter.oauth.flow import challenge_of
from fedchapter.policy import set_mark
from tests.oauth.way import come_back, query_of, start, walk
from tests.support.network import World
from tests.support.oauth_server import MASTODON_4_2, MASTODON_4_4, PLEROMA, SOFTWARE, Software, open_oauth


@pytest.mark.parametrize("software", SOFTWARE.values(), ids=SOFTWARE)
async def test_each_sort_of_server_says_who_came(world: World, software: Software) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, software=software, people=("ada", "bea"))
    finished = await walk(chapter, server, username="bea")
    assert finished.proved.actor_uri == server.people["bea"]
    assert (finished.proved.handle, finished.proved.host) == ("bea@social.test", "social.test")
    assert finished.account_id == ""


@pytest.mark.parametrize("software", SOFTWARE.values(), ids=SOFTWARE)
async def test_we_ask_for_the_least_and_give_the_token_back_at_once(world: World, software: Software) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, software=software)
    beginning = await start(chapter, "@ada@social.test")
    asked = query_of(beginning.url)
    assert asked["scope"] == ("profile" if software.described else "read:accounts")
    assert asked["redirect_uri"] == f"https://riverside.test/sign-in/fediverse/{key_of('social.test')}"
    await come_back(chapter, await server.approve(beginning.url, "ada"))
    [given] = [form for form in server.books.handed_in if form["grant_type"] == "authorization_code"]
    assert challenge_of(given["code_verifier"]) == asked["code_challenge"]
    assert bool(server.live_tokens()) is not software.revokes


async def test_a_handle_leads_to_the_server_of_its_actor(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, "web.social.test")
    world.stranger("nobody", "social.test").site.webfinger["acct:ada@social.test"] = server.people["ada"]
    server.webfinger["acct:ada@social.test"] = server.people["ada"]
    beginning = await start(chapter, " @ada@Social.test ")
    assert (beginning.host, beginning.handle) == ("web.social.test", "ada@social.test")
    finished = await come_back(chapter, await server.approve(beginning.url, "ada"))
    assert finished.proved.handle == "ada@web.social.test"


@pytest.mark.parametrize("text", ["social.test", "https://social.test/@ada", "@social.test", "SOCIAL.test"])
async def test_the_server_alone_is_enough(world: World, text: str) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    assert (await walk(chapter, server, text)).proved.handle == "ada@social.test"


async def test_an_application_is_registered_once_for_each_host(each_world: World) -> None:
    chapter = await each_world.chapter()
    server, other = open_oauth(each_world), open_oauth(each_world, "other.test")
    for _ in range(3):
        await walk(chapter, server)
    await walk(chapter, other)
    assert (len(server.books.applications), len(other.books.applications)) == (1, 1)
    assert await chapter.count("oauth_app") == 2


async def test_d3_the_secret_of_our_application_is_sealed(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    await walk(chapter, server)
    [row] = await chapter.rows("SELECT secret FROM oauth_app")
    [application] = server.books.applications.values()
    assert application.secret not in row["secret"]


async def test_an_application_that_the_server_forgot_is_made_anew(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, software=MASTODON_4_2)
    beginning = await start(chapter, "@ada@social.test")
    back = await server.approve(beginning.url, "ada")
    server.books.applications.clear()
    with pytest.raises(Refusal, match="has forgotten this chapter"):
        await come_back(chapter, back)
    assert (await walk(chapter, server)).proved.host == "social.test"


async def test_before_4_3_an_application_is_used_at_once_and_renewed_after_a_month(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, software=MASTODON_4_2)
    await start(chapter, "social.test")
    assert [form["grant_type"] for form in server.books.handed_in] == ["client_credentials"]
    world.move(days=31)
    await start(chapter, "social.test")
    assert len(server.books.applications) == 2


async def test_a_server_that_was_upgraded_is_asked_for_less(world: World) -> None:
    chapter = await world.chapter()
    await start(chapter, open_oauth(world, software=MASTODON_4_2).host)
    server = open_oauth(world, software=MASTODON_4_4)
    beginning = await start(chapter, server.host)
    assert query_of(beginning.url)["scope"] == "profile"
    assert (await come_back(chapter, await server.approve(beginning.url, "ada"))).proved.handle


async def test_somebody_who_says_no_there_is_told_that_nothing_happened(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    beginning = await start(chapter, "social.test")
    with pytest.raises(Refusal, match=r"You said no on social\.test"):
        await come_back(chapter, await server.approve(beginning.url, "ada", answer="no"))


async def test_c3_a_refused_server_opens_nothing_not_even_for_those_under_way(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, "a.social.test")
    beginning = await start(chapter, "@ada@a.social.test")
    await chapter.unit(partial(set_mark, scope="host", subject="social.test", decision="refuse"))
    await chapter.run(chapter.house.marks.load(chapter.house.database))
    with pytest.raises(Refusal, match="does not take accounts from"):
        await start(chapter, "@ada@a.social.test")
    with pytest.raises(Refusal, match="does not take accounts from"):
        await come_back(chapter, await server.approve(beginning.url, "ada"))
    assert server.books.tokens == {}


async def test_one_s_own_server_is_no_way_in(world: World) -> None:
    chapter = await world.chapter()
    for text in ("riverside.test", "@riverside@riverside.test", "https://riverside.test/"):
        with pytest.raises(Refusal, match="this server"):
            await start(chapter, text)


@pytest.mark.parametrize(
    "text", ["", "@", "ada", "a b.test", "127.0.0.1", "http://social.test", "@ada@", "x" * 3000]
)
async def test_b1_what_is_no_server_is_told_in_words(world: World, text: str) -> None:
    chapter = await world.chapter()
    with pytest.raises(Refusal):
        await start(chapter, text)


async def test_a_group_is_nobody(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, software=PLEROMA)
    server.add(world.stranger("depot", "social.test", "Group"))
    with pytest.raises(Refusal, match="is a group or a program"):
        await walk(chapter, server, username="depot")
    assert server.live_tokens() == []


async def test_a_host_that_registers_us_again_and_again_is_asked_no_more(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, software=MASTODON_4_2)
    chapter.house.limits.__init__(1)  # type: ignore[misc]
    for _ in range(4):
        await start(chapter, server.host)
        world.move(days=31)
    with pytest.raises(Refusal, match="in ten minutes"):
        await start(chapter, server.host)

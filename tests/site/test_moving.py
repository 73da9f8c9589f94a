"""A member's account elsewhere moves: membership goes along when both ends say so, and the member too. wire.md §2.5."""

import httpx

from fedchapter.members.identities import Proved, link_proved
from tests.site.people import is_signed_in, member, sign_in
from tests.site.ways import link, sign_in_from
from tests.support.network import Chapter, World
from tests.support.oauth_server import OAuthServer, open_oauth


async def moved(
    world: World, *, new_says: bool = True, old_says: bool = True
) -> tuple[Chapter, OAuthServer, httpx.AsyncClient]:
    """Ana has linked @ada@social.test; @ada@newer.test says that it was that one, and that one that it is this."""
    chapter = await world.chapter()
    old, new = open_oauth(world), open_oauth(world, "newer.test")
    await member(chapter)
    client = chapter.client()
    await sign_in(client)
    await link(client, old)
    await client.post("/sign-out")
    for server, say, changes in (
        (new, new_says, {"alsoKnownAs": [old.people["ada"]]}),
        (old, old_says, {"movedTo": new.people["ada"]}),
    ):
        document, answer = server.pages[server.people["ada"]]
        server.pages[server.people["ada"]] = (document | (changes if say else {}), answer)
    return chapter, new, client


async def test_the_new_account_is_asked_and_then_signs_in(each_world: World) -> None:
    chapter, new, client = await moved(each_world)
    assert (await sign_in_from(client, new)).headers["location"] == "/sign-in/moved"
    page = await client.get("/sign-in/moved")
    assert "@ada@social.test" in page.text
    assert "@ada@newer.test" in page.text
    assert not await is_signed_in(client)
    assert (await client.post("/sign-in/moved")).headers["location"] == "/"
    assert await is_signed_in(client)
    [row] = await chapter.rows("SELECT actor_uri, handle, host FROM identity")
    assert row == {"actor_uri": new.people["ada"], "handle": "ada@newer.test", "host": "newer.test"}
    await client.post("/sign-out")
    assert (await sign_in_from(client, new)).headers["location"] == "/"


async def test_one_end_alone_moves_nobody(world: World) -> None:
    _, new, client = await moved(world, old_says=False)
    assert (await sign_in_from(client, new)).headers["location"] == "/sign-in/new"
    assert (await client.post("/sign-in/moved")).headers["location"] == "/sign-in"
    assert not await is_signed_in(client)


async def test_an_account_that_says_nothing_of_the_old_one_is_a_stranger(world: World) -> None:
    _, new, client = await moved(world, new_says=False)
    assert (await sign_in_from(client, new)).headers["location"] == "/sign-in/new"


async def test_whoever_says_no_leaves_everything_as_it_was(world: World) -> None:
    chapter, new, client = await moved(world)
    await sign_in_from(client, new)
    assert (await client.get("/sign-in/new")).status_code == 200
    await client.post("/sign-out")
    assert (await client.post("/sign-in/moved")).headers["location"] == "/sign-in"
    assert await chapter.count("identity", "host = 'social.test'") == 1


async def test_a_move_that_we_hear_of_waits_for_the_member_s_yes(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter)
    old, new = world.stranger("ada"), world.stranger("ada", "newest.test")
    proved = Proved(old.uri, "ada@elsewhere.test", "elsewhere.test")
    await chapter.unit(lambda unit: link_proved(unit, ana.id, proved))
    new.put(new.uri, new.document(alsoKnownAs=[old.uri]))
    admin = await chapter.signed_in()
    await admin.post("/admin/following", data={"handle": old.uri})
    await chapter.settle()
    follow = next(message for message in old.received if message["type"] == "Follow")
    await old.tell(chapter, old.activity("Accept", follow))
    state, _ = await old.tell(chapter, old.activity("Move", old.uri, target=new.uri))
    assert state == "done"
    client = chapter.client()
    await sign_in(client)
    page = await client.get("/me/security")
    assert "has moved" in page.text
    assert new.uri in page.text
    [row] = await chapter.rows("SELECT id, actor_uri FROM identity")
    assert row["actor_uri"] == old.uri
    await client.post(f"/me/security/fediverse/{row['id']}/move", data={"answer": "yes"})
    [row] = await chapter.rows("SELECT actor_uri, handle, moved_to_uri FROM identity")
    assert row == {"actor_uri": new.uri, "handle": "ada@newest.test", "moved_to_uri": ""}

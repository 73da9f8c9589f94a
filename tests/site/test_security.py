"""One's ways in: each can be added, seen and removed, but never the last; none is made at a device left open."""

from tests.site.people import PASSWORD, is_signed_in, member, sign_in
from tests.site.ways import change_address, link
from tests.support.network import World
from tests.support.oauth_server import open_oauth


async def test_the_last_way_in_stays(each_world: World) -> None:
    chapter = await each_world.chapter()
    server = open_oauth(each_world)
    await member(chapter)
    client = chapter.client()
    await sign_in(client)
    refused = await client.post("/me/security/password/remove")
    assert "only way in" in refused.text
    await link(client, server)
    assert (await client.post("/me/security/password/remove")).status_code == 303
    assert (await sign_in(chapter.client())).status_code == 403
    [row] = await chapter.rows("SELECT id FROM identity")
    refused = await client.post(f"/me/security/fediverse/{row['id']}/remove")
    assert "only way in" in refused.text
    assert await chapter.count("identity") == 1
    await change_address(client, chapter, "ana@movement.test")
    assert (await client.post(f"/me/security/fediverse/{row['id']}/remove")).status_code == 303
    kept = await client.post("/me/profile", data={"display_name": "Ana", "email": ""})
    assert "only way in" in kept.text


async def test_somebody_else_s_link_cannot_be_removed(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    await member(chapter)
    await member(chapter, "Bea")
    ana, bea = chapter.client(), chapter.client()
    await sign_in(ana)
    await sign_in(bea, "Bea")
    await link(ana, server)
    [row] = await chapter.rows("SELECT id FROM identity")
    assert (await bea.post(f"/me/security/fediverse/{row['id']}/remove")).status_code == 404
    assert (
        await bea.post(f"/me/security/fediverse/{row['id']}/move", data={"answer": "yes"})
    ).status_code == 404


async def test_after_an_hour_changing_a_way_in_wants_a_new_sign_in(world: World) -> None:
    chapter = await world.chapter()
    open_oauth(world)
    await member(chapter)
    client = chapter.client()
    await sign_in(client)
    world.move(hours=2)
    again = "/sign-in?again=1&next=/me/security"
    for path in ("fediverse", "proved", "password/remove", "recovery"):
        answer = await client.post(f"/me/security/{path}", data={"account": "social.test"})
        assert (answer.status_code, answer.headers["location"]) == (303, again)
    for path in ("code", "passkey"):
        assert (await client.get(f"/me/security/{path}")).headers["location"] == again
    moved = await client.post("/me/profile", data={"display_name": "Ana", "email": "thief@movement.test"})
    assert moved.headers["location"] == again
    assert (await client.post("/me/profile", data={"display_name": "Ana R", "email": ""})).headers[
        "location"
    ] == "/me/profile"
    assert "Sign in once more" in (await client.get(again)).text
    assert (await sign_in(client, "Ana R", next="/me/security")).headers["location"] == "/me/security"
    assert (await client.get("/me/security/code")).status_code == 200


async def test_every_change_is_told_to_the_account_s_owner(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    account = await member(chapter)
    client = chapter.client()
    await sign_in(client)
    await link(client, server)
    await client.post(
        "/me/password", data={"password": PASSWORD, "new_password": "another river, another boat"}
    )
    [row] = await chapter.rows("SELECT id FROM identity")
    await client.post(f"/me/security/fediverse/{row['id']}/remove")
    await chapter.settle()
    rows = await chapter.rows(
        "SELECT notice.text, notice.kind FROM told JOIN notice ON notice.id = told.notice_id WHERE told.account_id = ? "
        "ORDER BY notice.id",
        account.id,
    )
    texts = [row["text"] for row in rows if row["kind"] == "account"]
    assert texts == [
        "@%(about)s signs you in from now on.",
        "Your password has changed.",
        "@%(about)s does not sign you in any more.",
    ]


async def test_a_new_password_ends_other_sessions_and_open_links(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, email="ana@movement.test")
    thief, client = chapter.client(), chapter.client()
    for one in (thief, client):
        await sign_in(one)
    await chapter.client().post("/sign-in/link", data={"email": "ana@movement.test"})
    assert await chapter.count("ticket") == 1
    await client.post(
        "/me/password", data={"password": PASSWORD, "new_password": "another river, another boat"}
    )
    assert await is_signed_in(client)
    assert not await is_signed_in(thief)
    assert await chapter.count("ticket") == 0

"""Signing in by a link in a mail: row D6."""

from tests.site.letters import letters, text_of
from tests.site.people import is_signed_in, member, sign_in
from tests.site.ways import change_address
from tests.support.network import Chapter, World


async def ask(chapter: Chapter, email: str = "ana@movement.test", **form: str) -> str:
    """The path of the link in the letter that was written, or an empty string when there was none."""
    client = chapter.client()
    answer = await client.post("/sign-in/link", data={"email": email} | form)
    assert answer.status_code == 200
    assert "Look into your mail" in answer.text
    rows = await chapter.rows("SELECT * FROM letter ORDER BY id DESC LIMIT 1")
    text = str(rows[0]) if rows else ""
    return "/sign-in/link/" + text.split("/sign-in/link/")[1][:43] if rows else ""


async def test_a_link_signs_in_by_its_button_and_asks_for_no_password(each_world: World) -> None:
    chapter = await each_world.chapter()
    await member(chapter, email="ana@movement.test")
    path = await ask(chapter, next="/me")
    client = chapter.client()
    assert "Hello Ana" in (await client.get(path)).text
    assert not await is_signed_in(client)
    answer = await client.post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert await is_signed_in(client)


async def test_a_scanner_that_opens_links_uses_none_up_and_a_used_one_is_over(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, email="ana@movement.test")
    other, path = await ask(chapter), await ask(chapter)
    scanner, client = chapter.client(), chapter.client()
    for _ in range(3):
        assert (await scanner.get(path)).status_code == 200
    assert (await client.post(path)).status_code == 303
    for used in (path, other):
        assert (await client.post(used)).status_code == 404
        assert (await client.get(used)).status_code == 404


async def test_a_link_is_over_after_an_hour_and_when_the_address_changes(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, email="ana@movement.test")
    late = await ask(chapter)
    world.move(minutes=61)
    assert (await chapter.client().post(late)).status_code == 404
    path = await ask(chapter)
    client = chapter.client()
    await sign_in(client)
    await change_address(client, chapter, "new@movement.test")
    assert (await chapter.client().post(path)).status_code == 404
    await chapter.settle()
    assert "another e-mail address now" in text_of(letters(chapter, "ana@movement.test")[-1])


async def test_nobody_learns_whether_there_is_such_a_member(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, email="ana@movement.test")
    assert await ask(chapter, "nobody@movement.test") == ""
    client = chapter.client()
    known = await client.post("/sign-in/link", data={"email": "ana@movement.test"})
    nobody = await client.post("/sign-in/link", data={"email": "bob@movement.test"})
    assert known.text.replace("ana@", "bob@") == nobody.text


async def test_a_form_of_another_site_cannot_sign_somebody_in_with_a_link(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, email="ana@movement.test")
    path = await ask(chapter)
    client = chapter.client()
    client.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await client.post(path)).status_code == 403


async def test_soon_after_a_link_a_lost_password_is_set_without_the_old_one(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, email="ana@movement.test")
    client = chapter.client()
    await client.post(await ask(chapter))
    page = await client.get("/me/security")
    assert "Your password now" not in page.text
    done = await client.post("/me/password", data={"new_password": "a third river, at least"})
    assert done.status_code == 303
    assert (await sign_in(chapter.client(), password="a third river, at least")).status_code == 303
    world.move(hours=2)
    assert "Your password now" in (await client.get("/me/security")).text
    refused = await client.post("/me/password", data={"new_password": "a fourth river, at least"})
    assert "not your password" in refused.text

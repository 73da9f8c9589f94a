"""Joining by a link, setting a lost password anew, changing and closing one's own account."""

import httpx
import pytest

from fedchapter.errors import Refusal
from fedchapter.members import Role, invite
from fedchapter.members.leaving import leave
from fedchapter.members.offices import end_offices
from tests.site.letters import letters, link_in, text_of
from tests.site.people import PASSWORD, is_signed_in, member, sign_in
from tests.support.network import Chapter, World


async def link(chapter: Chapter, role: Role = Role.MEMBER, **more: str) -> str:
    return await chapter.unit(lambda unit: invite(unit, role=role, **more))


async def join(client: httpx.AsyncClient, address: str, **form: str) -> httpx.Response:
    return await client.post(address, data={"display_name": "Bea", "password": PASSWORD} | form)


async def test_a_link_makes_one_member_and_no_second(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, role=Role.ADMIN)
    address = await link(chapter, Role.MODERATOR, made_by=ana.id)
    client, late = chapter.client(), chapter.client()
    page = await client.get(address)
    assert "Ana invites you" in page.text
    assert "as moderator" in page.text
    assert (await join(client, address, email="Bea@Movement.test")).status_code == 303
    assert await is_signed_in(client)
    [bea] = await chapter.rows(
        "SELECT office.role, email, invited_by FROM account JOIN office ON office.account_id = account.id "
        "WHERE display_name = 'Bea'"
    )
    assert bea == {"role": "moderator", "email": "", "invited_by": ana.id}
    await chapter.settle()
    assert (await client.post(link_in(letters(chapter)[-1], "/me/email/"))).status_code == 303
    assert await chapter.count("account", "email = 'bea@movement.test'") == 1
    assert (await join(late, address, display_name="Cem")).status_code == 404
    assert (await late.get(address)).status_code == 404
    assert await chapter.count("account") == 2


async def test_d6_an_invited_person_cannot_take_anothers_address_nor_learn_whose_it_is(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, email="ana@movement.test")
    for name, email in (("Eve", "victim@mail.test"), ("Eva", "ana@movement.test")):
        eve = chapter.client()
        answer = await join(eve, await link(chapter, made_by=ana.id), display_name=name, email=email)
        assert answer.status_code == 303
        assert "open the link in the letter" in (await eve.get("/")).text
    await chapter.settle()
    assert await chapter.count("account", "email = 'victim@mail.test'") == 0
    assert "/me/email/" not in text_of(letters(chapter, "ana@movement.test")[-1])
    victim = chapter.client()
    await victim.post("/sign-in/link", data={"email": "victim@mail.test"})
    await chapter.settle()
    assert len(letters(chapter, "victim@mail.test")) == 1, "no link into the account of somebody else"
    # The link in that letter is of no use to whoever reads it, since only Eve can confirm.
    opened = await victim.post(link_in(letters(chapter, "victim@mail.test")[0], "/me/email/"))
    assert opened.status_code == 403


async def test_a_form_with_mistakes_comes_back_as_it_was_typed(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, "Bea")
    address = await link(chapter)
    client = chapter.client()
    answer = await join(client, address, password="short", email="no-address")
    assert answer.status_code == 400
    for text in ("at least 10 characters", "not an e-mail address", 'value="Bea"', 'value="no-address"'):
        assert text in answer.text
    assert "short" not in answer.text
    taken = await join(client, address)
    assert "has that name already" in taken.text
    assert (await join(client, address, display_name="Bea R")).status_code == 303


async def test_d6_a_link_is_over_after_a_week_and_its_secret_is_not_stored(world: World) -> None:
    chapter = await world.chapter()
    address = await link(chapter)
    assert await chapter.count("invitation", "token LIKE ?", f"%{address.rpartition('/')[2]}%") == 0
    world.move(days=8)
    client = chapter.client()
    assert (await client.get(address)).status_code == 404
    assert (await join(client, address)).status_code == 404


async def test_d4_a_joining_form_of_another_site_is_turned_away(world: World) -> None:
    chapter = await world.chapter()
    address = await link(chapter)
    client = chapter.client()
    client.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await join(client, address)).status_code == 403
    assert await chapter.count("account") == 0


async def test_a_lost_password_is_set_anew_and_signs_out_elsewhere(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter)
    thief, client = chapter.client(), chapter.client()
    await sign_in(thief)
    address = await link(chapter, purpose="sign-in", account_id=ana.id)
    assert "For Ana" in (await client.get(address)).text
    answer = await client.post(address, data={"password": "another river, another boat"})
    assert answer.status_code == 303
    assert await is_signed_in(client)
    assert not await is_signed_in(thief)
    assert (await client.post(address, data={"password": "a third river, at least"})).status_code == 404


async def test_one_changes_ones_own_name_and_sees_what_is_wrong(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    await member(chapter, "Bea", email="bea@movement.test")
    client = chapter.client()
    await sign_in(client)
    taken = await client.post("/me/profile", data={"display_name": "bea", "email": "bea@movement.test"})
    assert taken.status_code == 400
    assert "has that name already" in taken.text
    wrong = await client.post("/me/profile", data={"display_name": "Ana", "email": "bea"})
    assert "not an e-mail address" in wrong.text
    assert 'value="bea"' in wrong.text
    assert (await client.post("/me/profile", data={"display_name": "Ana R", "email": ""})).status_code == 303
    assert "Ana R" in (await client.get("/me")).text
    wrong = await client.post("/me/password", data={"password": "no", "new_password": "x" * 12})
    assert "not your password" in wrong.text
    short = await client.post("/me/password", data={"password": PASSWORD, "new_password": "short"})
    assert "at least 10 characters" in short.text


async def test_whoever_leaves_is_out_at_once(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana = await member(chapter, email="ana@movement.test")
    await link(chapter, made_by=ana.id)
    client = chapter.client()
    await sign_in(client)
    assert "Tick the box" in (await client.post("/me/leave")).text
    assert (await client.post("/me/leave", data={"sure": "yes"})).status_code == 303
    [row] = await chapter.rows("SELECT password, state FROM account")
    assert row == {"password": "", "state": "left"}
    assert await chapter.count("session") == 0
    assert await chapter.count("invitation") == 0
    assert not await is_signed_in(client)


async def test_the_only_admin_stays_until_there_is_another(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, role=Role.ADMIN)
    client = chapter.client()
    await sign_in(client)
    refused = await client.post("/me/leave", data={"sure": "yes"})
    assert refused.status_code == 400
    assert "only admin" in refused.text
    with pytest.raises(Refusal):
        await chapter.unit(lambda unit: end_offices(unit, ana.id))


async def test_d6_whoever_is_no_admin_any_more_has_no_links_left(world: World) -> None:
    chapter = await world.chapter()
    ana = await member(chapter, role=Role.ADMIN)
    await member(chapter, "Bea", role=Role.ADMIN)
    address = await link(chapter, Role.ADMIN, made_by=ana.id)
    await chapter.unit(lambda unit: end_offices(unit, ana.id))
    assert (await chapter.client().get(address)).status_code == 404
    await chapter.unit(lambda unit: leave(unit, ana.id))

"""Signing in: rows D5 (next=) and D6 (limits, one answer for every reason, sessions that can be ended)."""

import pytest

from fedchapter.house.limits import Limits
from fedchapter.members.leaving import leave
from fedchapter.web.guard import next_path
from tests.site.people import PASSWORD, is_signed_in, member, sign_in
from tests.support.network import World


@pytest.mark.parametrize("name", ["Ana Reyes", " ana  reyes ", "ANA@Movement.test"])
async def test_name_or_e_mail_and_password_open_the_account(world: World, name: str) -> None:
    chapter = await world.chapter()
    await member(chapter, "Ana Reyes", email="ana@movement.test")
    client = chapter.client()
    answer = await sign_in(client, name)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    for part in ("__Host-fedchapter-session=", "HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert await is_signed_in(client)
    assert (await client.post("/sign-out")).status_code == 303
    assert not await is_signed_in(client)
    assert await chapter.count("session") == 0


async def test_d6_a_wrong_name_and_a_wrong_password_get_the_same_answer(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    client = chapter.client()
    wrong = await sign_in(client, "Ana", "not the password")
    nobody = await sign_in(client, "Bea", "not the password")
    assert wrong.status_code == nobody.status_code == 403
    assert wrong.text.replace("Ana", "Bea") == nobody.text
    assert "do not belong together" in wrong.text
    assert "set-cookie" not in wrong.headers


async def test_d6_the_26th_try_from_one_address_is_turned_away_even_with_the_password(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    chapter.house.limits = Limits(1)
    client = chapter.client()
    for number in range(25):
        assert (await sign_in(client, f"Somebody {number}", "wrong")).status_code == 403
    answer = await sign_in(client)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert not await is_signed_in(client)


async def test_d6_a_spoofed_forwarded_address_does_not_start_the_count_anew(world: World) -> None:
    chapter = await world.chapter(trusted_proxies="10.0.0.1/32")
    chapter.house.limits = Limits(1)
    client = chapter.client()
    states = [
        (
            await client.post(
                "/sign-in",
                data={"name": f"Somebody {number}", "password": "wrong"},
                headers={"X-Forwarded-For": f"198.51.100.{number}"},
            )
        ).status_code
        for number in range(26)
    ]
    assert states == [403] * 25 + [429]


async def test_d6_one_account_is_guarded_against_many_addresses(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    chapter.house.limits = Limits(1)
    client = chapter.client()
    # The test's own address is one of the trusted proxies, so each of these comes from another client.
    states = [
        (
            await client.post(
                "/sign-in",
                data={"name": " ANA ", "password": "wrong"},
                headers={"X-Forwarded-For": f"198.51.100.{number}"},
            )
        ).status_code
        for number in range(11)
    ]
    assert states == [403] * 10 + [429]


async def test_d6_a_session_ends_everywhere_when_it_is_ended_anywhere(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    phone, laptop = chapter.client(), chapter.client()
    for client in (phone, laptop):
        await sign_in(client)
    [lost] = [
        row["id"] for row in await chapter.rows("SELECT id FROM session ORDER BY created_at, id LIMIT 1")
    ]
    assert (await laptop.post(f"/me/sessions/{lost}/end")).status_code == 303
    assert not await is_signed_in(phone)
    assert await is_signed_in(laptop)


async def test_d6_a_new_password_ends_every_other_session(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    phone, laptop = chapter.client(), chapter.client()
    for client in (phone, laptop):
        await sign_in(client)
    form = {"password": PASSWORD, "new_password": "another river, another boat"}
    assert (await laptop.post("/me/password", data=form)).status_code == 303
    assert await is_signed_in(laptop)
    assert not await is_signed_in(phone)
    assert (await sign_in(phone)).status_code == 403
    assert (await sign_in(phone, password=form["new_password"])).status_code == 303


async def test_d6_a_session_lasts_thirty_days_and_a_cookie_of_a_member_who_left_opens_nothing(
    world: World,
) -> None:
    chapter = await world.chapter()
    account = await member(chapter)
    client, other = chapter.client(), chapter.client()
    await sign_in(client)
    world.move(days=31)
    assert not await is_signed_in(client)
    await sign_in(other)
    await chapter.unit(lambda unit: leave(unit, account.id))
    assert not await is_signed_in(other)
    assert (await sign_in(other)).status_code == 403


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "https://evil.test/",
        "javascript:alert(1)",
        "/\t/evil.test",
        "evil.test",
        "",
        "/\n/evil.test",
    ],
)
async def test_d5_next_leads_only_to_a_path_of_ours(world: World, wanted: str) -> None:
    chapter = await world.chapter()
    await member(chapter)
    assert next_path(wanted) == "/"
    client = chapter.client()
    answer = await sign_in(client, next=wanted)
    assert answer.headers["location"] == "/"
    assert (await client.get("/sign-in", params={"next": wanted})).headers["location"] == "/"


async def test_a_page_for_members_asks_to_sign_in_and_comes_back(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    client = chapter.client()
    answer = await client.get("/me?a=b")
    assert answer.status_code == 303
    page = await client.get(answer.headers["location"])
    assert 'name="next" value="/me?a=b"' in page.text
    assert (await sign_in(client, next="/me?a=b")).headers["location"] == "/me?a=b"


async def test_who_still_has_the_cookie_of_an_ended_session_signs_in_at_the_first_try(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    client = chapter.client()
    await sign_in(client)
    world.move(days=31)
    await sign_in(client)
    assert await is_signed_in(client)


async def test_d6_other_accents_and_capitals_are_no_further_tries(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, "Zofie")
    chapter.house.limits = Limits(0.2)
    answers = [
        (await sign_in(chapter.client(), name, "wrong wrong wrong")).status_code
        for name in ("Zofie", "Žofie", "zofié", "ZÖFIE")
    ]
    assert answers == [403, 403, 429, 429]


async def test_d6_nobody_locks_another_out_by_taking_their_address_for_a_name(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, "ana@movement.test", password="the door of somebody else")
    ana = await member(chapter, "Ana", email="ana@movement.test")
    client = chapter.client()
    assert (await sign_in(client, "ana@movement.test")).status_code == 303
    assert await chapter.count("session", "account_id = ?", ana.id) == 1

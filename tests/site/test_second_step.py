"""The second step of signing in, and setting it up: RFC 6238, row D6."""

from datetime import UTC, datetime

import httpx
import pytest

from fedchapter.house.limits import Limits
from fedchapter.members import Role
from fedchapter.members.second_factor import code_at, matching_step, new_totp_key, step_of
from fedchapter.store.choices import choose
from tests.site.people import is_signed_in, member, sign_in
from tests.site.ways import add_app, link, sign_in_from
from tests.support.network import Chapter, World
from tests.support.oauth_server import open_oauth


async def with_app(world: World, **more: Role) -> tuple[Chapter, httpx.AsyncClient, str, list[str]]:
    """Ana has an app with codes: her browser (signed in), its key, her recovery codes."""
    chapter = await world.chapter()
    await member(chapter, email="ana@movement.test", **more)
    client = chapter.client()
    await sign_in(client)
    key, codes = await add_app(client, chapter)
    return chapter, client, key, codes


async def enter(client: httpx.AsyncClient, code: str) -> httpx.Response:
    return await client.post("/sign-in/second", data={"code": code})


async def test_a_code_of_the_app_is_asked_for_after_every_way_in(each_world: World) -> None:
    chapter, client, key, codes = await with_app(each_world)
    assert len(codes) == 10
    server = open_oauth(each_world)
    await link(client, server)
    other = chapter.client()
    for first in (sign_in(other), sign_in_from(other, server)):
        each_world.move(minutes=1)
        assert (await first).headers["location"] == "/sign-in/second"
        assert not await is_signed_in(other)
        assert "Six digits" in (await other.get("/sign-in/second")).text
        assert (await enter(other, "000000")).status_code == 400
        done = await enter(other, code_at(key, chapter.house.clock.now()))
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert await is_signed_in(other)
        await other.post("/sign-out")


async def test_a_code_is_good_once(world: World) -> None:
    chapter, _, key, _ = await with_app(world)
    world.move(minutes=1)
    code = code_at(key, chapter.house.clock.now())
    ana, thief = chapter.client(), chapter.client()
    for client in (ana, thief):
        await sign_in(client)
    assert (await enter(ana, code)).status_code == 303
    assert (await enter(thief, code)).status_code == 400
    assert not await is_signed_in(thief)


async def test_the_code_that_set_it_up_does_not_sign_in(world: World) -> None:
    chapter, _, key, _ = await with_app(world)
    other = chapter.client()
    await sign_in(other)
    assert (await enter(other, code_at(key, chapter.house.clock.now()))).status_code == 400


async def test_a_recovery_code_is_good_once_and_its_owner_is_told(world: World) -> None:
    chapter, client, _, codes = await with_app(world)
    for code, status in ((codes[0].upper().replace("-", " "), 303), (codes[0], 400), (codes[1], 303)):
        other = chapter.client()
        await sign_in(other)
        assert (await enter(other, code)).status_code == status
    assert "8 recovery codes are left" in (await client.get("/me/security")).text
    assert await chapter.count("recovery_code", "code = ?", codes[2]) == 0
    assert await chapter.count("notice", "text LIKE 'One of your recovery codes%'") == 2


async def test_d6_codes_cannot_be_tried_on_and_on(world: World) -> None:
    chapter, _, key, _ = await with_app(world)
    world.move(minutes=1)
    chapter.house.limits = Limits(1)
    other = chapter.client()
    await sign_in(other)
    states = [(await enter(other, "000000")).status_code for _ in range(11)]
    assert states == [400] * 10 + [429]
    assert (await enter(other, code_at(key, chapter.house.clock.now()))).status_code == 429


async def test_the_first_step_alone_is_good_for_ten_minutes(world: World) -> None:
    chapter, _, key, _ = await with_app(world)
    other = chapter.client()
    await sign_in(other)
    world.move(minutes=11)
    assert (await enter(other, code_at(key, chapter.house.clock.now()))).headers["location"] == "/sign-in"
    assert (await chapter.client().get("/sign-in/second")).headers["location"] == "/sign-in"


async def test_setting_one_up_signs_out_other_devices_and_needs_a_right_code(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter)
    phone, laptop = chapter.client(), chapter.client()
    for client in (phone, laptop):
        await sign_in(client)
    page = await phone.get("/me/security/code")
    setup = page.text.split('name="setup" value="')[1].partition('"')[0]
    wrong = await phone.post("/me/security/code", data={"setup": setup, "code": "123"})
    assert "not the code that the app shows" in wrong.text
    assert await chapter.count("authenticator") == 0
    key, _ = await add_app(phone, chapter)
    assert await is_signed_in(phone)
    assert not await is_signed_in(laptop)
    [row] = await chapter.rows("SELECT secret FROM authenticator")
    assert key not in row["secret"]


async def test_without_the_last_one_nothing_more_is_asked(world: World) -> None:
    chapter, client, _, _ = await with_app(world)
    [row] = await chapter.rows("SELECT id FROM authenticator")
    await client.post(f"/me/security/second/{row['id']}/remove")
    assert await chapter.count("recovery_code") == 0
    other = chapter.client()
    assert (await sign_in(other)).headers["location"] == "/"


async def test_a_second_step_of_somebody_else_cannot_be_removed(world: World) -> None:
    chapter, _, _, _ = await with_app(world)
    await member(chapter, "Bea")
    bea = chapter.client()
    await sign_in(bea, "Bea")
    [row] = await chapter.rows("SELECT id FROM authenticator")
    assert (await bea.post(f"/me/security/second/{row['id']}/remove")).status_code == 404
    assert await chapter.count("authenticator") == 1


async def test_staff_set_one_up_before_staff_pages_where_the_chapter_wants_it(world: World) -> None:
    chapter = await world.chapter()
    await member(chapter, role=Role.ADMIN)
    client = chapter.client()
    await sign_in(client)
    assert (await client.get("/admin")).status_code == 200
    await chapter.unit(lambda unit: choose(unit, "staff_second_factor", "yes"))
    world.move(seconds=6)
    led = await client.get("/admin")
    assert (led.status_code, led.headers["location"]) == (303, "/me/security")
    assert "want a second step" in (await client.get("/me/security")).text
    assert (await client.post("/admin/settings", data={})).status_code == 403
    for path in ("/", "/me", "/about"):
        assert (await client.get(path)).status_code == 200
    await add_app(client, chapter)
    assert (await client.get("/admin")).status_code == 200


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = datetime.fromtimestamp(seconds, UTC)
    assert code_at(key, at) == code
    assert matching_step(key, f" {code[:3]} {code[3:]} ", at) == step_of(at)
    assert matching_step(key, code, datetime.fromtimestamp(seconds + 65, UTC)) is None
    assert matching_step(new_totp_key(), "", at) is None
    assert matching_step(key, "١٢٣٤٥٦", at) is None


async def test_who_lost_every_step_is_helped_by_those_with_no_fewer_rights(world: World) -> None:
    chapter, _, _, _ = await with_app(world, role=Role.MODERATOR)
    [row] = await chapter.rows("SELECT account_id FROM authenticator")
    path = f"/admin/members/{row['account_id']}/second/remove"
    for role, status in ((Role.MEMBER, 403), (Role.ORGANIZER, 400), (Role.ADMIN, 303)):
        helper = await chapter.signed_in(role)
        assert (await helper.post(path)).status_code == status
    assert await chapter.count("authenticator") == 0
    assert await chapter.count("recovery_code") == 0
    assert (await sign_in(chapter.client())).headers["location"] == "/"


async def test_no_admin_takes_the_second_step_off_another(world: World) -> None:
    chapter, _, _, _ = await with_app(world, role=Role.ADMIN)
    [row] = await chapter.rows("SELECT account_id FROM authenticator")
    other = await chapter.signed_in(Role.ADMIN)
    answer = await other.post(f"/admin/members/{row['account_id']}/second/remove")
    assert answer.status_code == 403
    assert await chapter.count("authenticator") == 1

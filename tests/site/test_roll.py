"""The pages about members: the roll, one member, standing, skills, copies, and what is asked for."""

import csv
import io
from datetime import timedelta

import httpx
import pytest

from fedchapter.continuity.age import Opened
from fedchapter.members import AccountRow, Role, give_role
from fedchapter.members.identities import Proved, link_proved
from fedchapter.members.skills import SKILL, save_own
from fedchapter.site import exports
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.site.people import is_signed_in, member, sign_in
from tests.support.network import Chapter, World

PASSPHRASE = "five boats at the landing"


async def people(chapter: Chapter) -> dict[str, AccountRow]:
    """Members with different contacts, skills and names; one of them is an organizer with a password."""
    found = {name: await member(chapter, name, password="x" * 12) for name in ("Žofie Ørsted", "Bo", "Ćiro")}
    found["Ines"] = await member(chapter, "Ines", role=Role.ORGANIZER, email="ines@movement.test")

    async def more(unit: Unit) -> None:
        await unit.execute("UPDATE account SET email = 'bo@mail.test' WHERE id = ?", found["Bo"].id)
        await save_own(unit, found["Bo"].id, SKILL, ["Bookkeeping", "Erste Hilfe"])
        proved = Proved("https://social.test/users/ciro", "@ciro@social.test", "social.test")
        await link_proved(unit, found["Ćiro"].id, proved)

    await chapter.unit(more)
    return found


async def names_on(client: httpx.AsyncClient, query: str) -> set[str]:
    """Which of them a search shows."""
    page = (await client.get(f"/admin/members?{query}")).text
    return {name for name in ("Žofie Ørsted", "Bo", "Ćiro", "Ines") if f'dir="auto">{name}</a>' in page}


async def test_the_roll_is_searched_by_name_contact_and_skill(each_world: World) -> None:
    chapter = await each_world.chapter()
    await people(chapter)
    client = chapter.client()
    await sign_in(client, "Ines")
    assert await names_on(client, "") == {"Žofie Ørsted", "Bo", "Ćiro", "Ines"}
    for words, name in {
        "zofie": "Žofie Ørsted",
        "ØRST": "Žofie Ørsted",
        "bo@mail": "Bo",
        "erste hil": "Bo",
        "CIRO": "Ćiro",
        "@social.test": "Ćiro",
    }.items():
        assert await names_on(client, f"q={httpx.QueryParams({'q': words})['q']}") == {name}, words
    assert await names_on(client, "q=100%25") == set()
    assert await names_on(client, "role=organizer") == {"Ines"}
    assert await names_on(client, "since=2099-01-01") == set()


async def test_the_roll_goes_on_where_a_page_ended(world: World) -> None:
    chapter = await world.chapter()
    client = await chapter.signed_in(Role.ORGANIZER, "aaa")

    async def many(unit: Unit) -> None:
        await unit.execute_many(
            "INSERT INTO account (id, display_name, sort_name, email, password, state, language, invited_by, "
            "created_at) VALUES (?, ?, ?, '', '', 'active', '', '', ?)",
            [(unit.new_id(), f"Member {n:03}", f"member {n:03}", unit.now) for n in range(60)],
        )

    await chapter.unit(many)
    first = (await client.get("/admin/members")).text
    assert "61 members" in first
    assert "Member 048" in first
    assert "Member 049" not in first
    href = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = (await client.get(href)).text
    assert "Member 049" in second
    assert "Member 059" in second
    assert 'rel="next"' not in second


async def test_one_member_has_a_page_for_organizers_only(world: World) -> None:
    chapter = await world.chapter()
    found = await people(chapter)
    client, bo = chapter.client(), chapter.client()
    await sign_in(client, "Ines")
    await sign_in(bo, "Bo", "x" * 12)
    page = (await client.get(f"/admin/members/{found['Bo'].id}")).text
    assert "bo@mail.test" in page
    assert "Bookkeeping" in page
    assert (await bo.get(f"/admin/members/{found['Ines'].id}")).status_code == 403
    assert (await client.get("/admin/members/01jzzzzzzzzzzzzzzzzzzzzzzz")).status_code == 404


async def test_nobody_makes_a_link_that_signs_in_an_officer_or_more_than_oneself(world: World) -> None:
    chapter = await world.chapter()
    found = await people(chapter)
    admin = await member(chapter, "Ana", role=Role.ADMIN)
    moderator = await member(chapter, "Mo", role=Role.MODERATOR)
    client, ana = chapter.client(), chapter.client()
    await sign_in(client, "Ines")
    await sign_in(ana, "Ana")
    assert (await client.post(f"/admin/members/{admin.id}/link")).status_code == 400
    assert (await client.post(f"/admin/members/{moderator.id}/link")).status_code == 400
    assert (await ana.post(f"/admin/members/{found['Ines'].id}/link")).status_code == 400
    assert (await client.post(f"/admin/members/{found['Bo'].id}/link")).status_code == 200
    told = await chapter.rows("SELECT text FROM notice WHERE kind = 'account' AND key LIKE 'link:%'")
    assert len(told) == 1
    assert (await client.post(f"/admin/members/{admin.id}/remove")).status_code == 400


async def test_a_removed_member_comes_back_by_an_organizers_link_within_a_month(world: World) -> None:
    chapter = await world.chapter()
    found = await people(chapter)
    client, bo = chapter.client(), chapter.client()
    await sign_in(client, "Ines")
    await sign_in(bo, "Bo", "x" * 12)
    assert (await client.post(f"/admin/members/{found['Bo'].id}/remove")).status_code == 303
    assert not await is_signed_in(bo)
    assert await names_on(client, "") == {"Žofie Ørsted", "Ćiro", "Ines"}
    assert await names_on(client, "state=left") == {"Bo"}
    page = (await client.post(f"/admin/members/{found['Bo'].id}/link")).text
    link = page.partition('data-copy="')[2].partition('"')[0]
    back = await bo.post(link, data={"password": "another river, another boat"})
    assert back.status_code == 303
    assert await is_signed_in(bo)
    assert "Bo" in await names_on(client, "")


async def test_the_treasurer_sees_names_and_dates_only(world: World) -> None:
    chapter = await world.chapter()
    found = await people(chapter)
    client = await chapter.signed_in(Role.TREASURER, "Tess")
    page = (await client.get("/admin/dues")).text
    assert "Ćiro" in page
    assert "bo@mail.test" not in page
    for guess in ("q=bo@mail", "q=erste", "role=organizer&q=bo@m"):
        assert "Ćiro" not in (await client.get(f"/admin/dues?{guess}")).text, guess
        assert f"until-{found['Bo'].id}" not in (await client.get(f"/admin/dues?{guess}")).text, guess
    assert (await client.get("/admin/members")).status_code == 403
    saved = await client.post(f"/admin/dues/{found['Bo'].id}", data={"good_until": "2027-03-31"})
    assert saved.status_code == 303
    [row] = await chapter.rows("SELECT good_until FROM account WHERE id = ?", found["Bo"].id)
    assert str(row["good_until"]) == "2027-03-31"
    assert (
        await client.post(f"/admin/dues/{found['Bo'].id}", data={"good_until": "soon"})
    ).status_code == 400


async def test_a_table_of_dues_is_shown_before_it_is_applied_once(each_world: World) -> None:
    chapter = await each_world.chapter()
    found = await people(chapter)
    client = await chapter.signed_in(Role.TREASURER, "Tess")
    table = "contact;good_until\nbo@mail.test;31.12.2027\nnobody@mail.test;2027-12-31\n".encode("utf-8-sig")
    look = await client.post("/admin/dues", files={"table": ("dues.csv", table)})
    assert "1 member would change" in look.text
    assert "Nobody here has this name" in look.text
    assert await chapter.count("account", "good_until IS NOT NULL") == 0
    token = look.text.partition('name="token" value="')[2].partition('"')[0]
    assert (await client.post("/admin/dues/apply", data={"token": token})).status_code == 303
    [row] = await chapter.rows("SELECT id, good_until FROM account WHERE good_until IS NOT NULL")
    assert (row["id"], str(row["good_until"])) == (found["Bo"].id, "2027-12-31")
    assert (await client.post("/admin/dues/apply", data={"token": token})).status_code == 400
    wrong = await client.post("/admin/dues", files={"table": ("dues.csv", b"a;b\n1;2")})
    assert wrong.status_code == 400
    assert "must name the columns" in wrong.text


async def test_organizers_find_who_can_do_something(world: World) -> None:
    chapter = await world.chapter()
    await people(chapter)
    client, ciro = chapter.client(), chapter.client()
    await sign_in(client, "Ines")
    await client.post("/admin/skills", data={"skill": "Driving\nCooking", "interest": "Housing"})
    await sign_in(ciro, "Ćiro", "x" * 12)
    assert "Cooking" in (await ciro.get("/me/skills")).text
    form = {"skill": "Cooking", "skill_more": "Čeština, welding", "interest": "Housing", "who": "groups"}
    assert (await ciro.post("/me/skills", data=form)).status_code == 303
    for words in ("cook", "cestina", "WELD", "housing"):
        page = (await client.get(f"/admin/skills?q={words}")).text
        assert "Ćiro" in page, words
        assert "@ciro@social.test" in page
    assert "Bo</a>" not in (await client.get("/admin/skills?q=weld")).text
    long = await ciro.post("/me/skills", data={"skill_more": "w" * 61})
    assert long.status_code == 400
    assert "w" * 61 in long.text


async def asked(chapter: Chapter, who: httpx.AsyncClient) -> str:
    """The id of a fresh request."""
    answer = await who.post("/admin/export", data={"reason": "Postcards for the assembly in May."})
    assert answer.status_code == 303, answer.text
    [row] = await chapter.rows("SELECT id FROM roll_export ORDER BY id DESC LIMIT 1")
    return str(row["id"])


async def test_a_copy_of_the_roll_takes_two_officers_is_encrypted_and_told_to_all(each_world: World) -> None:
    chapter = await each_world.chapter()
    found = await people(chapter)
    await member(chapter, "Ana", role=Role.ADMIN)
    ines, ana = chapter.client(), chapter.client()
    await sign_in(ines, "Ines")
    await sign_in(ana, "Ana")
    export_id = await asked(chapter, ines)
    assert (await ines.post(f"/admin/export/{export_id}", data={"act": "agree"})).status_code == 400
    early = await ines.post(f"/admin/export/{export_id}/take", data={"passphrase": PASSPHRASE})
    assert early.status_code == 400
    assert (await ana.post(f"/admin/export/{export_id}", data={"act": "agree"})).status_code == 303
    await chapter.settle()
    notice = (await chapter.rows("SELECT id, kind FROM notice WHERE key = ?", f"export-agreed:{export_id}"))[
        0
    ]
    assert notice["kind"] == "chapter"
    assert await chapter.count("told", "notice_id = ?", notice["id"]) == len(found) + 1
    assert (
        await ana.post(f"/admin/export/{export_id}/take", data={"passphrase": PASSPHRASE})
    ).status_code == 400
    assert (
        await ines.post(f"/admin/export/{export_id}/take", data={"passphrase": "short"})
    ).status_code == 400
    taken = await ines.post(f"/admin/export/{export_id}/take", data={"passphrase": PASSPHRASE})
    assert taken.status_code == 200
    assert b"bo@mail.test" not in taken.content
    rows = list(
        csv.DictReader(
            io.StringIO(Opened(io.BytesIO(taken.content), PASSPHRASE).read(10**6).decode("utf-8-sig"))
        )
    )
    assert {row["name"] for row in rows} == {*found, "Ana"}
    assert next(row["fediverse"] for row in rows if row["name"] == "Ćiro") == "'@ciro@social.test"
    assert (
        await ines.post(f"/admin/export/{export_id}/take", data={"passphrase": PASSPHRASE})
    ).status_code == 400


async def test_nobody_makes_the_server_seal_a_roll_that_they_cannot_take(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await world.chapter()
    await people(chapter)
    await member(chapter, "Ana", role=Role.ADMIN)
    ines, ana = chapter.client(), chapter.client()
    await sign_in(ines, "Ines")
    await sign_in(ana, "Ana")
    export_id = await asked(chapter, ines)
    sealed: list[bytes] = []

    def seal(plain: bytes, _passphrase: str) -> bytes:
        sealed.append(plain)
        return b""

    monkeypatch.setattr(exports, "seal_file", seal)
    for who, id_, status in ((ana, export_id, 400), (ines, export_id, 400), (ana, "none", 404)):
        answer = await who.post(f"/admin/export/{id_}/take", data={"passphrase": PASSPHRASE})
        assert answer.status_code == status
    assert not sealed


async def test_requests_for_a_copy_end_by_themselves(world: World) -> None:
    chapter = await world.chapter()
    await people(chapter)
    ana = await member(chapter, "Ana", role=Role.ADMIN)
    ines, other = chapter.client(), chapter.client()
    await sign_in(ines, "Ines")
    export_id = await asked(chapter, ines)
    world.move(days=8)
    await sign_in(other, "Ana")
    assert (await other.post(f"/admin/export/{export_id}", data={"act": "agree"})).status_code == 400
    export_id = await asked(chapter, ines)
    await other.post(f"/admin/export/{export_id}", data={"act": "agree"})
    world.move(hours=25)
    assert (
        await ines.post(f"/admin/export/{export_id}/take", data={"passphrase": PASSPHRASE})
    ).status_code == 400
    assert ana.id


async def test_one_officer_alone_takes_no_copy(world: World) -> None:
    chapter = await world.chapter()
    await people(chapter)
    ines = chapter.client()
    await sign_in(ines, "Ines")
    refused = await ines.post("/admin/export", data={"reason": "Postcards for the assembly in May."})
    assert refused.status_code == 400
    assert "Make somebody else an organizer" in refused.text


@pytest.mark.parametrize("name", ["legal_name", "phone"])
async def test_what_is_not_asked_for_is_not_kept(world: World, name: str) -> None:
    chapter = await world.chapter()
    admin, client = await chapter.signed_in(Role.ADMIN), chapter.client()
    await member(chapter, "Bo")
    await sign_in(client, "Bo")
    form = {"display_name": "Bo", "email": "", "legal_name": "Bo Berg", "phone": "+45 12 34 56 78"}
    await client.post("/me/profile", data=form)
    assert await chapter.count("detail", f"{name} <> ''") == 0
    await admin.post("/admin/asked", data={f"ask_{name}": "yes"})
    await client.post("/me/profile", data=form)
    assert await chapter.count("detail", f"{name} <> ''") == 1
    await admin.post("/admin/asked", data={})
    assert await chapter.count("detail", f"{name} <> ''") == 0


async def test_votes_wait_for_the_right_to_vote_and_for_standing(world: World) -> None:
    from fedchapter.members import find_eligible
    from fedchapter.members.standing import set_standing

    chapter = await world.chapter()
    found = await people(chapter)
    admin = await chapter.signed_in(Role.ADMIN, "Ana")

    async def rights(unit: Unit) -> None:
        later = unit.now + timedelta(days=3)
        await unit.execute("UPDATE account SET votes_from_at = ? WHERE id = ?", later, found["Bo"].id)
        await set_standing(unit, found["Ćiro"].id, (unit.now - timedelta(days=2)).date())
        await give_role(unit, found["Ćiro"].id, Role.TELLER)

    await chapter.unit(rights)

    async def eligible(unit: Unit) -> list[str]:
        return await find_eligible(unit, unit.now)

    names = {account.id: name for name, account in found.items()}
    may = {names.get(one, "Ana") for one in await chapter.unit(eligible)}
    assert may == {"Žofie Ørsted", "Ćiro", "Ines", "Ana"}
    assert (await admin.post("/admin/dues/needed", data={"needed": "yes"})).status_code == 303
    assert await chapter.count("notice", "kind = 'chapter' AND key LIKE 'standing-needed:%'") == 1
    may = {names.get(one, "Ana") for one in await chapter.unit(eligible)}
    assert may == {"Žofie Ørsted", "Ines", "Ana"}
    world.move(days=4)
    assert found["Bo"].id in await chapter.unit(eligible)
    await chapter.unit(lambda unit: choose(unit, "standing_needed", "no"))
    assert len(await chapter.unit(eligible)) == 5

"""Leaving, coming back, being erased: what is gone when, and that nothing personal is forgotten in some table."""

import importlib
from datetime import timedelta

import pytest
from tortoise.fields import CharField
from tortoise.models import Model

from fedchapter.app.types import find_types
from fedchapter.errors import NotFound, Refusal
from fedchapter.members import Role, create_account, invite, start_session
from fedchapter.members.details import save_details
from fedchapter.members.identities import Proved, link_proved
from fedchapter.members.leaving import come_back, leave
from fedchapter.members.personal import PARTS
from fedchapter.members.skills import SKILL, save_own
from fedchapter.notices import Notice, tell
from fedchapter.store import Unit
from fedchapter.store.choices import choose
from tests.support.network import Chapter, World

NAME, EMAIL = "Zuzana Quist", "zuzana@movement.test"


async def zuzana(chapter: Chapter) -> str:
    """A member about whom this server knows a good deal; returns her id."""

    async def make(unit: Unit) -> str:
        await choose(unit, "ask_legal_name", "yes")
        await choose(unit, "ask_phone", "yes")
        await create_account(unit, display_name="Ana", role=Role.ADMIN)
        account = await create_account(unit, display_name=NAME, email=EMAIL)
        await start_session(unit, account.id, "a red telephone")
        await save_details(unit, account.id, legal_name="Zuzana Maria Quist", phone="+1 312 555 0101")
        await save_own(unit, account.id, SKILL, ["Beekeeping"])
        await link_proved(
            unit, account.id, Proved("https://social.test/zq", "@zq@social.test", "social.test")
        )
        await invite(unit, made_by=account.id, note="for the neighbour")
        await tell(unit, Notice("chapter", "about-her", "%(name)s came.", "/", {"name": NAME}, by=account.id))
        return account.id

    return await chapter.unit(make)


async def tables_that_know(chapter: Chapter, words: tuple[str, ...]) -> set[tuple[str, str]]:
    """(table, words) wherever one of the words stands."""
    found = set()
    for table in [str(model._meta.db_table) for model in models()]:
        text = str(await chapter.rows(f"SELECT * FROM {table}"))
        found |= {(table, one) for one in words if one in text}
    return found


def models() -> list[type[Model]]:
    """Every model of every room."""
    modules = [importlib.import_module(name) for name in find_types().models]
    values = {value for module in modules for value in vars(module).values() if isinstance(value, type)}
    found = {value for value in values if issubclass(value, Model) and value is not Model}
    return sorted(found, key=lambda model: model.__name__)


async def test_whoever_leaves_is_off_everything_at_once_and_erased_after_thirty_days(
    each_world: World,
) -> None:
    chapter = await each_world.chapter()
    account_id = await zuzana(chapter)
    await chapter.settle()
    await chapter.unit(lambda unit: leave(unit, account_id))
    for table in ("session", "identity", "invitation"):
        assert await chapter.count(table) == 0, table
    each_world.move(days=29)
    await chapter.settle()
    assert await chapter.count("account", "display_name = ? AND state = 'left'", NAME) == 1
    each_world.move(days=2)
    await chapter.settle()
    secrets = (NAME, EMAIL, "Zuzana", "555 0101", "eekeeping", "zq@social", "a red telephone")
    assert await tables_that_know(chapter, secrets) == set()
    [row] = await chapter.rows("SELECT state, handle FROM account WHERE id = ?", account_id)
    assert row == {"state": "erased", "handle": None}


async def test_within_thirty_days_they_can_come_back(each_world: World) -> None:
    chapter = await each_world.chapter()
    account_id = await zuzana(chapter)
    await chapter.unit(lambda unit: leave(unit, account_id))
    each_world.move(days=20)
    back = await chapter.unit(lambda unit: come_back(unit, account_id))
    assert (back.display_name, back.email, back.state) == (NAME, EMAIL, "active")
    each_world.move(days=20)
    await chapter.settle()
    assert await chapter.count("account", "state = 'active' AND id = ?", account_id) == 1
    await chapter.unit(lambda unit: leave(unit, account_id))
    each_world.move(days=31)
    await chapter.settle()
    with pytest.raises(NotFound):
        await chapter.unit(lambda unit: come_back(unit, account_id))


async def test_nobody_comes_back_under_a_name_that_is_taken_now(world: World) -> None:
    chapter = await world.chapter()
    account_id = await zuzana(chapter)
    await chapter.unit(lambda unit: leave(unit, account_id))
    await chapter.unit(lambda unit: create_account(unit, display_name=NAME.upper()))
    with pytest.raises(Refusal, match="has that name by now"):
        await chapter.unit(lambda unit: come_back(unit, account_id))


async def test_the_only_admin_stays(world: World) -> None:
    chapter = await world.chapter()
    admin = await chapter.unit(lambda unit: create_account(unit, display_name="Ana", role=Role.ADMIN))
    with pytest.raises(Refusal, match="only admin"):
        await chapter.unit(lambda unit: leave(unit, admin.id))
    assert await chapter.count("account", "state = 'active'") == 1


async def test_votes_keep_a_pseudonym_of_their_own_each(each_world: World) -> None:
    chapter = await each_world.chapter()
    account_id = await zuzana(chapter)

    async def vote(unit: Unit) -> None:
        for number in (1, 2):
            await unit.execute(
                "INSERT INTO ballot (id, proposal_id, account_id, choice) VALUES (?, ?, ?, 'yes')",
                f"place-{number}",
                f"proposal-{number}",
                account_id,
            )
        await leave(unit, account_id)

    await chapter.unit(vote)
    each_world.clock.move(timedelta(days=31))
    await chapter.settle()
    rows = await chapter.rows("SELECT account_id, choice FROM ballot")
    voters = {row["account_id"] for row in rows}
    assert [row["choice"] for row in rows] == ["yes", "yes"]
    assert len(voters) == 2
    assert account_id not in voters


def test_the_list_of_what_is_known_of_a_person_names_every_table() -> None:
    named = {(part.table, part.column) for part in PARTS}
    holding = {
        (model._meta.db_table, name)
        for model in models()
        for name, field in model._meta.fields_map.items()
        if isinstance(field, CharField)
        and (name == "account_id" or name.endswith("_by") or name == "successor_id")
    }
    # Who invited somebody stands in the account's own row, which is emptied; keys of other servers are no people.
    others = {("account", "invited_by"), ("inbox_item", "signed_by")}
    assert holding - named - others == set(), "add these to members/personal.py"
    assert named - holding == set()


async def test_whoever_comes_back_does_not_take_the_address_of_somebody_who_has_it_now(world: World) -> None:
    chapter = await world.chapter()
    email = "ana@movement.test"
    ana = await chapter.unit(lambda unit: create_account(unit, display_name="Ana", email=email))
    await chapter.unit(lambda unit: leave(unit, ana.id))
    await chapter.unit(lambda unit: create_account(unit, display_name="Ana R", email=email))
    back = await chapter.unit(lambda unit: come_back(unit, ana.id))
    assert back.email == ""

"""Tables of dues as spreadsheets write them: every encoding, separator and date that people send."""

from datetime import date

import pytest

from fedchapter.errors import Refusal
from fedchapter.members import create_account
from fedchapter.members.dues import Plan, plan_dues, to_day
from fedchapter.store import Unit
from tests.support.network import Chapter, World

TABLE = "contact;good_until\nsvø@mail.test;31.3.2027\n"


async def members(chapter: Chapter) -> None:
    """Two with addresses."""

    async def make(unit: Unit) -> None:
        await create_account(unit, display_name="Søren Åberg", email="svø@mail.test")
        await create_account(unit, display_name="Ana", email="ana@mail.test")

    await chapter.unit(make)


async def planned(chapter: Chapter, data: bytes) -> Plan:
    return await chapter.run(plan_dues(chapter.house.database, data))


@pytest.mark.parametrize(
    "data",
    [
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.encode("cp1252"),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace(";", ",").encode(),
        TABLE.replace(";", "\t").encode(),
        'Name;Good until\n"soren  ÅBERG";2027-03-31 00:00:00\n'.encode(),
        "Correo,nota,Hasta\nSVØ@mail.test,x,2027-3-31\n".encode(),
    ],
)
async def test_a_table_is_understood_however_it_was_saved(world: World, data: bytes) -> None:
    chapter = await world.chapter()
    await members(chapter)
    plan = await planned(chapter, data)
    assert [(one.name, one.after) for one in plan.changes] == [("Søren Åberg", date(2027, 3, 31))]
    assert plan.problems == []


async def test_lines_that_mean_nothing_are_named_with_their_number(world: World) -> None:
    chapter = await world.chapter()
    await members(chapter)
    table = (
        b"name,good_until\nNobody,2027-01-01\nAna,31/12/2027\n\nAna,2027-01-01\nana@mail.test,2027-02-02\n"
    )
    plan = await planned(chapter, table)
    assert [(one.line, one.why.split()[0]) for one in plan.problems] == [
        (2, "Nobody"),
        (3, "This"),
        (6, "This"),
    ]


@pytest.mark.parametrize("data", [b"", b"a;b\n1;2\n", b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00\x00"])
async def test_what_is_no_such_table_is_refused_with_what_to_do(world: World, data: bytes) -> None:
    chapter = await world.chapter()
    with pytest.raises(Refusal):
        await planned(chapter, data)


def test_days_are_read_in_two_ways_and_no_third() -> None:
    assert to_day(" 2027-3-1 ") == to_day("1.3.2027") == to_day("01. 03.2027") == date(2027, 3, 1)
    assert [to_day(text) for text in ("", "3/1/2027", "2027-02-30", "1.3.27", "tomorrow")] == [None] * 5

"""Who hears that their standing ends, and when."""

from datetime import date, timedelta

from fedchapter.members.standing import find_today, set_all_standings, set_standing
from fedchapter.store.choices import choose
from tests.notices.people import member
from tests.support.network import Chapter, World


async def told(chapter: Chapter) -> list[tuple[str, bool]]:
    """(name, whether it says that the right to vote ends too) of everybody told so far."""
    await chapter.settle()
    rows = await chapter.rows(
        "SELECT display_name, notice.text FROM told JOIN notice ON notice.id = told.notice_id "
        "JOIN account ON account.id = told.account_id WHERE notice.key LIKE 'standing-ends:%' ORDER BY display_name"
    )
    return [(row["display_name"], "right to vote" in row["text"]) for row in rows]


async def day_in(chapter: Chapter, days: int) -> date:
    today = await chapter.run(find_today(chapter.house.database, chapter.clock.now()))
    return today + timedelta(days=days)


async def test_two_weeks_before_their_standing_ends_members_hear_of_it_once(each_world: World) -> None:
    chapter = await each_world.chapter()
    ana, ben, cem = [await member(chapter, name, email=False) for name in ("Ana", "Ben", "Cem")]
    end = await day_in(chapter, 40)
    await chapter.unit(lambda unit: set_all_standings(unit, {ana.id: end, ben.id: end, cem.id: None}))
    each_world.move(days=25)
    assert await told(chapter) == []
    later = await day_in(chapter, 300)
    await chapter.unit(lambda unit: set_standing(unit, ben.id, later))
    each_world.move(days=2)
    assert await told(chapter) == [("Ana", False)], "Ben has renewed it"
    each_world.move(days=5)
    await chapter.unit(lambda unit: set_all_standings(unit, {ana.id: end, cem.id: end}))
    assert await told(chapter) == [("Ana", False), ("Cem", False)], "the other day comes soon, too"


async def test_it_says_so_where_the_right_to_vote_ends_with_it(world: World) -> None:
    chapter = await world.chapter()
    ana, ben = await member(chapter, "Ana", email=False), await member(chapter, "Ben", email=False)
    await chapter.unit(lambda unit: choose(unit, "standing_needed", "yes"))
    today, yesterday = await day_in(chapter, 0), await day_in(chapter, -1)
    await chapter.unit(lambda unit: set_all_standings(unit, {ana.id: today, ben.id: yesterday}))
    assert await told(chapter) == [("Ana", True)]

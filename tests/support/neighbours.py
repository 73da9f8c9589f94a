"""What members of the town need, offer and can do, so that no page about it is empty."""

from fedchapter.cli.demo.stage import Stage
from fedchapter.members.skills import INTEREST, SKILL, save_own
from fedchapter.members.standing import find_today, set_standing
from fedchapter.objects.board import service
from fedchapter.objects.board.draft import NEED, OFFER, EntryDraft
from fedchapter.store import Unit
from fedchapter.store.choices import choose

LIFT = EntryDraft(NEED, "A lift to the clinic on Tuesdays", "At **nine**, back at noon.", "rides", named=True)
BEDS = EntryDraft(OFFER, "Two folding beds", "For guests of the assembly.", "housing", shared=True)


async def fill_board(stage: Stage) -> None:
    """Lena needs a lift, which Yusuf answers; Yusuf offers beds, also to sister chapters."""
    riverside = stage.riverside
    lena, yusuf = (riverside.people[name].id for name in ("lena", "yusuf"))

    async def fill(unit: Unit) -> None:
        lift, beds = await service.post(unit, lena, LIFT), await service.post(unit, yusuf, BEDS)
        await service.answer(unit, lift, yusuf, "I pass there on my way to work.")
        stage.kept["lift"], stage.kept["beds"] = f"/board/{lift}", f"/board/{beds}"
        await choose(unit, "skills_list", "Driving\nFirst aid\nCooking for many")
        await choose(unit, "ask_phone", "yes")
        await save_own(unit, lena, SKILL, ["First aid", "Accordion"])
        await save_own(unit, lena, INTEREST, ["Housing"])
        await set_standing(unit, lena, await find_today(unit, unit.now))

    await riverside.unit(fill)
    await stage.settle()

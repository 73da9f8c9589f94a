"""The boards of needs and offers, one of them from a sister chapter, and what members can do."""

from collections.abc import Mapping
from functools import partial

from ...members.details import GROUPS, set_skills_for
from ...members.skills import INTEREST, SKILL, save_own
from ...objects.board.draft import NEED, OFFER, EntryDraft
from ...objects.board.service import answer, post, reply
from ...store import Unit
from ...store.choices import choose
from .diary import on
from .stage import Chapter, Stage

Can = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
SKILLS = "Cooking for many\nDriving\nFirst aid\nInterpreting\nRepairing bicycles\nSoldering\nTaking minutes"
INTERESTS = "Energy\nHousing\nThe river\nWork"
CAN: Mapping[str, Can] = {
    "riverside": {
        "ines": (("Taking minutes", "Interpreting"), ("Housing", "Energy")),
        "tomas": (("Repairing bicycles", "Soldering"), ("Energy",)),
        "yusuf": (("Cooking for many", "Driving"), ("Work",)),
        "greta": (("Driving a boat", "Taking minutes"), ("The river",)),
        "lena": (("First aid", "Bookkeeping"), ("Housing", "The river")),
    },
    "hillside": {
        "noor": (("Carrying heavy things", "First aid"), ("Housing",)),
        "jonas": (("Electrical work",), ("Energy",)),
    },
}


@on(day=-11, hour=18)
async def what_people_can_do(stage: Stage) -> None:
    """Members say what they can do and care about; the chapter has a list to choose from."""
    for chapter in (stage.riverside, stage.hillside):
        await chapter.unit(partial(_fill, chapter=chapter, can=CAN[chapter.settings.username]))


async def _fill(unit: Unit, chapter: Chapter, can: Can) -> None:
    await choose(unit, "skills_list", SKILLS)
    await choose(unit, "interests_list", INTERESTS)
    for person, (skills, interests) in can.items():
        account_id = chapter.people[person].id
        await save_own(unit, account_id, SKILL, skills)
        await save_own(unit, account_id, INTEREST, interests)
        await set_skills_for(unit, account_id, GROUPS)


async def _post(stage: Stage, chapter: Chapter, name: str, draft: EntryDraft, by: str) -> None:
    """It is on the board; its id is kept under `name`."""
    stage.kept[f"board {name}"] = await chapter.unit(
        partial(post, account_id=chapter.people[by].id, draft=draft)
    )


@on(day=-9, hour=17)
async def on_the_boards(stage: Stage) -> None:
    """Three at Riverside, one of them for sister chapters too, and one of Hillside that Riverside sees."""
    riverside, hillside = stage.riverside, stage.hillside
    stairs = "From the second floor to the van and up again to the third, about *thirty boxes* and a piano stool. Soup."
    moving = EntryDraft(NEED, "Four hands for a move on Saturday", stairs, "things", named=True)
    await _post(stage, riverside, "move", moving, "greta")
    forms = "I have filled in more of them than I wanted to, in three languages. An hour on Thursdays."
    papers = EntryDraft(OFFER, "Help with forms from the housing office", forms, "papers", named=True)
    await _post(stage, riverside, "papers", papers, "ines")
    room = "Quiet, with a desk; for a week or two. The cat comes with it."
    bed = EntryDraft(OFFER, "A room for a guest of the movement", room, "housing", shared=True)
    await _post(stage, riverside, "room", bed, "yusuf")
    mixer = "It needs two people to lift and one to be patient. Bring it back clean."
    concrete = EntryDraft(OFFER, "A concrete mixer for a weekend", mixer, "repairs", shared=True)
    await _post(stage, hillside, "mixer", concrete, "carla")


@on(day=-8, hour=12)
async def answers_to_the_board(stage: Stage) -> None:
    """Two offer their hands: Greta wrote back to one and not yet to the other."""
    riverside, move = stage.riverside, stage.kept["board move"]
    words = {"tomas": "I come with the trailer. When?", "lena": "I can carry anything but the stool."}
    people, found = riverside.people, dict[str, str]()
    for person, text in words.items():
        work = partial(answer, entry_id=move, account_id=people[person].id, text=text)
        found[person] = await riverside.unit(work)
    text = "At nine, Mill Lane 14, second bell. Thank you!"
    await riverside.unit(
        partial(reply, answer_id=found["tomas"], account_id=people["greta"].id, text=text),
    )

"""Who does what in the chapters and for how long, who stands how with their dues, and who would like to join."""

from collections.abc import Mapping
from datetime import date
from functools import partial

from ...continuity.holders import Holding, set_holdings
from ...members import give_role
from ...members.applications import Draft, apply
from ...members.standing import set_standing
from ...store import Unit
from ...store.choices import choose
from .diary import on
from .people import OFFICES
from .stage import Chapter, Stage

QUESTIONS = "What brings you to us? *\nWhat would you like to do here?"
VALUES = (
    "We decide **together**, one person one voice. We listen before we answer. Nobody is left alone with the dishes, "
    "and nobody speaks for the chapter who was not asked to."
)


@on(day=-14, hour=9)
async def roles_with_terms(stage: Stage) -> None:
    """Each chapter gave some of its work away for a time, and says who keeps what it cannot do without."""
    for chapter in stage.chapters:
        for person, role, days in OFFICES[chapter.settings.username]:
            account_id = chapter.people[person].id
            work = partial(
                give_role,
                account_id=account_id,
                role=role,
                given_by=chapter.admin.id,
                ends_at=stage.day(days, 22),
            )
            await chapter.unit(work)
    held = {
        "domain": Holding("Ines Moreau", "paid until next autumn"),
        "server": Holding("Tomas Brandt", "the small machine in the mill's cellar"),
        "kit-1": Holding("Ines Moreau", "in an envelope"),
        "kit-2": Holding("Lena Fischer", "in another one"),
    }
    ines = stage.riverside.people["ines"].id
    await stage.riverside.unit(partial(set_holdings, wanted=held, by_id=ines))


@on(day=-13, hour=8)
async def dues(stage: Stage) -> None:
    """Riverside's treasurer noted who paid until when: Sam's are over."""
    days = {"ines": 200, "tomas": 200, "yusuf": 47, "greta": 200, "lena": 200, "sam": -6}
    dates = {person: stage.day(ahead).date() for person, ahead in days.items()}
    await stage.riverside.unit(partial(_note_dues, chapter=stage.riverside, dates=dates))


async def _note_dues(unit: Unit, chapter: Chapter, dates: Mapping[str, date]) -> None:
    for person, day in dates.items():
        await set_standing(unit, chapter.people[person].id, day)


@on(day=-13, hour=9)
async def how_one_joins(stage: Stage) -> None:
    """Riverside says what it shares, and asks two questions."""

    async def say_how(unit: Unit) -> None:
        await choose(unit, "joining_questions", QUESTIONS)
        await choose(unit, "shared_values", VALUES)

    await stage.riverside.unit(say_how)


@on(day=-1, hour=18)
async def amira_would_like_to_join(stage: Stage) -> None:
    """Somebody confirmed her address and waits for an answer."""
    answers = (
        ("What brings you to us?", "The repair evening: my radio plays again, and I stayed for the soup."),
        ("What would you like to do here?", "I was a nurse for thirty years. And I like to count things."),
    )
    draft = Draft("Amira Nasser", "amira@mail.example", answers, "en")
    await stage.riverside.unit(partial(apply, draft=draft))

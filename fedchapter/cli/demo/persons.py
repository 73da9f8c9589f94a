"""A member who wants to be known outside: a public handle, and what she does under it at the other chapters."""

from functools import partial

from ...actors.keyring import make_keys
from ...objects.comment.draft import CommentDraft
from ...objects.comment.service import write
from ...objects.event.service.away import ask
from ...objects.person.draft import PersonDraft
from ...objects.person.service import choose
from ...objects.reaction.service import like
from ...policy import set_mark
from ...policy.marks import APPROVED
from ...store import Unit
from .diary import on
from .stage import Stage

HANDLE = "greta"


@on(day=-9, hour=8)
async def greta_is_known_outside(stage: Stage) -> None:
    """Greta of Riverside takes a handle, and Hillside and Harbor know her."""
    riverside = stage.riverside
    uri = riverside.settings.uri(f"@{HANDLE}")
    stage.kept["greta"] = uri
    keys = await make_keys(uri)
    about = "Measures water, rides a **cargo bike**. Here under the name my neighbours use."
    draft = PersonDraft("Greta", about, approves_followers=False)
    account_id = riverside.people["greta"].id
    await riverside.unit(
        partial(choose, account_id=account_id, handle=HANDLE, draft=draft, keys=keys),
    )
    for chapter in (stage.hillside, stage.harbor):
        await chapter.actor(uri)
        await chapter.unit(partial(set_mark, scope="actor", subject=uri, decision=APPROVED))


@on(day=-9, hour=9)
async def greta_answers_hillside(stage: Stage) -> None:
    """She answers Hillside in her own name, and supports what she read."""
    draft = CommentDraft(
        stage.kept["stairs"],
        "I bring the cargo bike too, and two strong cousins.",
        owner_uri=stage.kept["greta"],
    )
    known = await stage.riverside.unit(partial(write, draft=draft))
    stage.kept["cousins"] = known.uri
    await stage.riverside.unit(
        partial(like, person_uri=stage.kept["greta"], object_uri=stage.kept["stairs"]),
    )


@on(day=-4, hour=9)
async def greta_comes_to_the_pier(stage: Stage) -> None:
    """She comes to Harbor's festival, and says so there."""
    riverside = stage.riverside

    async def say(unit: Unit) -> None:
        row = await unit.row("SELECT id FROM event WHERE uri = ?", stage.kept["open pier"])
        if row is not None:
            await ask(unit, row["id"], stage.kept["greta"], message="I bring the samples along.")

    await riverside.unit(say)

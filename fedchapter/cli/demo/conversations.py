"""What chapters and strangers say to one another: answers across servers, likes, shares."""

from functools import partial

from ...objects.announcement.service import share
from ...objects.comment.draft import CommentDraft
from ...objects.comment.service import write
from .diary import on
from .stage import Chapter, Stage
from .strangers import ADA, BELA, CHEAP, RIO, approve, arrive, boost, like, reply


async def answer(stage: Stage, chapter: Chapter, to: str, text: str, *, by: str, name: str = "") -> None:
    """The chapter answers what is kept under `to`; its answer is kept under `name`."""
    draft = CommentDraft(stage.kept[to], text, chapter.people[by].id)
    known = await chapter.unit(partial(write, draft=draft))
    stage.kept[name or f"{to} answer"] = known.uri


@on(day=-14, hour=9)
async def strangers_appear(stage: Stage) -> None:
    """Two people from elsewhere are known at Riverside."""
    await arrive(stage.riverside, ADA, BELA, RIO, CHEAP)
    await approve(stage.riverside, ADA)
    await approve(stage.riverside, BELA)


@on(day=-12, hour=18, minute=40)
async def hillside_offers_solder(stage: Stage) -> None:
    """Hillside answers the invitation."""
    text = "Carla solders like others breathe. She comes down on Friday, with her own iron."
    await answer(stage, stage.hillside, "repair", text, by="noor", name="solder")
    await like(stage.riverside, stage.kept["repair"], ADA, BELA, RIO)


@on(day=-12, hour=19)
async def riverside_thanks(stage: Stage) -> None:
    """… and is thanked."""
    await answer(
        stage,
        stage.riverside,
        "solder",
        "Then the accordion has a chance. Thank you!",
        by="tomas",
        name="thanks",
    )
    await reply(
        stage.riverside, ADA, stage.kept["thanks"], "<p>I can bring a <b>second</b> accordion for parts.</p>"
    )


@on(day=-10, hour=8)
async def riverside_shares_the_stairs(stage: Stage) -> None:
    """Riverside shares Hillside's call."""
    await stage.riverside.unit(partial(share, object_uri=stage.kept["stairs"]))
    await answer(stage, stage.harbor, "stairs", "Six of us come, two with cargo bikes.", by="ole")


@on(day=-5, hour=20)
async def questions_about_water(stage: Stage) -> None:
    """People read the report."""
    text = "<p>Do you also look for salt? Our street is downhill of the depot.</p>"
    await reply(stage.riverside, ADA, stage.kept["water"], text)
    await like(stage.riverside, stage.kept["water"], ADA, BELA)
    await boost(stage.riverside, stage.kept["water"], BELA)


@on(day=-7, hour=10)
async def harbor_has_a_lab(stage: Stage) -> None:
    """Harbor offers help, and shares the report."""
    text = (
        "The port's laboratory measures nitrate to a tenth of a milligram, and Agnes works there. Send us three "
        "bottles from below the bridge, cooled, and you have figures by Friday."
    )
    await answer(stage, stage.harbor, "water", text, by="mara", name="lab")
    await stage.harbor.unit(partial(share, object_uri=stage.kept["water"]))


@on(day=-7, hour=12)
async def bottles_are_on_their_way(stage: Stage) -> None:
    """Riverside answers at once."""
    await answer(stage, stage.riverside, "lab", "Greta cycles over tomorrow with a cool box.", by="ines")


@on(day=-3, hour=10)
async def hillside_stands_by_harbor(stage: Stage) -> None:
    """Hillside answers the hard news."""
    await answer(stage, stage.hillside, "crane", "We come on Wednesday, all of us who can.", by="noor")

"""How chapters stand to one another, and what is said in private: sisters, an offer that waits, two messages."""

from functools import partial

from ...objects.message.draft import RemoteMessage
from ...objects.message.service import receive, send
from ...objects.sister.service import answer, offer
from ...store import Unit
from ...text import clean
from .diary import on
from .stage import Chapter, Stage
from .strangers import ADA


async def _offer(chapter: Chapter, other: Chapter) -> None:
    actor = await chapter.actor(other.uri)
    await chapter.unit(partial(offer, other=actor))


@on(day=-13, hour=10)
async def riverside_asks_hillside(stage: Stage) -> None:
    """The two vouch for each other from now on."""
    await _offer(stage.riverside, stage.hillside)
    await stage.settle()
    await stage.hillside.unit(partial(answer, actor_uri=stage.riverside.uri, accepted=True))


@on(day=-1, hour=9)
async def harbor_asks_riverside(stage: Stage) -> None:
    """An offer that Riverside has not answered yet."""
    await _offer(stage.harbor, stage.riverside)


@on(day=-9, hour=14)
async def ada_writes(stage: Stage) -> None:
    """Somebody from elsewhere writes to the chapter alone."""
    html = "<p>My aunt has two boxes of spokes in her cellar. She will not say why. Do you want them?</p>"

    async def service(unit: Unit) -> None:
        uri = f"{ADA.uri}/statuses/{unit.new_id()}"
        await receive(unit, ADA.uri, RemoteMessage(uri, clean(html), "", ""), held=False)

    await stage.riverside.unit(service)


@on(day=-3, hour=20)
async def harbor_writes_to_hillside(stage: Stage) -> None:
    """A word between chapters that is not for everybody."""
    text = "Thank you for last night. He asked me to tell you that he could hear the singing from the third floor."
    hillside, mara = await stage.harbor.actor(stage.hillside.uri), stage.harbor.people["mara"]
    await stage.harbor.unit(partial(send, to=hillside, text=text, account_id=mara.id))

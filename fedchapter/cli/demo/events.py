"""Events: one that is over, some to come, one with few places, one cancelled; and who comes."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ...objects.event.draft import EventDraft
from ...objects.event.service.answers import answer_here
from ...objects.event.service.ours import cancel_event, publish_event
from .diary import on
from .stage import Chapter, Stage

ZONE = "Europe/Berlin"


async def invite(stage: Stage, chapter: Chapter, name: str, draft: EventDraft) -> None:
    """The event is published; its URI and id are kept under `name` and `name id`."""
    event = await chapter.unit(partial(publish_event, draft=replace(draft, zone=ZONE)))
    stage.kept[name], stage.kept[f"{name} id"] = event.uri, event.id


async def say(
    stage: Stage, chapter: Chapter, name: str, people: Sequence[str], *, comes: bool = True
) -> None:
    """Those members say whether they come."""
    for person in people:
        account = chapter.people[person]
        work = partial(answer_here, event_id=stage.kept[f"{name} id"], account_id=account.id, comes=comes)
        await chapter.unit(work)


@on(day=-12, hour=17)
async def repair_evening(stage: Stage) -> None:
    """An event that is over by now."""
    draft = EventDraft(
        title="Repair evening",
        text="Bring what is broken. We have tools, tea and patience.\n\nNo guarantee, but nobody went home without "
        "having learned something.",
        start_at=stage.day(-9, 16),
        end_at=stage.day(-9, 20),
        zone=ZONE,
        place_name="The old mill",
        street="Mill Lane 2",
        town="Riverside",
    )
    await invite(stage, stage.riverside, "repair evening", draft)
    await say(stage, stage.riverside, "repair evening", ("tomas", "yusuf", "greta", "sam"))


@on(day=-6, hour=15)
async def open_pier(stage: Stage) -> None:
    """Harbor's festival, a whole day."""
    draft = EventDraft(
        title="Open pier: music, soup, boats",
        text="From noon until the lamps go out.\n\n- boats for whoever has never been in one\n- the choir of the night "
        "shift at three\n- soup, with and without fish\n\nThe pier is level everywhere; there is a ramp to boat 2.",
        start_at=stage.day(6, 10),
        end_at=stage.day(6, 20),
        zone=ZONE,
        place_name="Pier 4",
        street="Quay Road",
        town="Harbor",
    )
    await invite(stage, stage.harbor, "open pier", draft)
    await say(stage, stage.harbor, "open pier", ("mara", "ole", "agnes", "hugo"))


@on(day=-5, hour=12)
async def open_evening(stage: Stage) -> None:
    """Riverside's next open evening."""
    draft = EventDraft(
        title="Open evening",
        text="For members and whoever wants to see what we are. The water group shows its bottles, then we talk about "
        "the **energy cooperative** that is up for the vote.",
        start_at=stage.day(3, 17),
        end_at=stage.day(3, 20),
        zone=ZONE,
        place_name="The old mill",
        street="Mill Lane 2",
        town="Riverside",
    )
    await invite(stage, stage.riverside, "open evening", draft)
    await say(stage, stage.riverside, "open evening", ("ines", "tomas", "lena", "sam"))
    await say(stage, stage.riverside, "open evening", ("yusuf",), comes=False)


@on(day=-3, hour=18)
async def soldering_course(stage: Stage) -> None:
    """Six places, most of them taken."""
    draft = EventDraft(
        title="Soldering for beginners, with Carla",
        text="Two hours, six places, one burnt finger at most. Irons are there.",
        start_at=stage.day(9, 16),
        end_at=stage.day(9, 18),
        zone=ZONE,
        place_name="Tool library",
        street="Upper Steps 11",
        town="Hillside",
        capacity=6,
    )
    await invite(stage, stage.hillside, "soldering", draft)
    await say(stage, stage.hillside, "soldering", ("noor", "piet", "jonas"))


@on(day=-3, hour=19)
async def call_of_chapters(stage: Stage) -> None:
    """Something online, for all three chapters."""
    draft = EventDraft(
        title="Call between the chapters",
        text="One hour, three chapters, one page of minutes. This time: cranes at night, lifts by day, and who lends "
        "what to whom.",
        start_at=stage.day(4, 18),
        end_at=stage.day(4, 19),
        zone=ZONE,
        online_url="https://meet.example/three-chapters",
    )
    await invite(stage, stage.hillside, "call", draft)


@on(day=-2, hour=8)
async def walk_is_announced(stage: Stage) -> None:
    """A walk along the river, that a storm will blow away."""
    draft = EventDraft(
        title="Sample walk along the river",
        text="Four places, four bottles, rubber boots.",
        start_at=stage.day(1, 6),
        end_at=stage.day(1, 9),
        zone=ZONE,
        place_name="The weir",
        town="Riverside",
    )
    await invite(stage, stage.riverside, "walk", draft)


@on(day=-1, hour=20)
async def storm(stage: Stage) -> None:
    """… and it is called off."""
    await stage.riverside.unit(partial(cancel_event, event_id=stage.kept["walk id"]))

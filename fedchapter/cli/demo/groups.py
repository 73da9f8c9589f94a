"""Groups in the chapters: one that everybody sees and can follow, one that only its members see inside; each is led."""

from collections.abc import Sequence
from functools import partial

from ...actors.keyring import make_keys
from ...members.groups import GroupRow, answer, join
from ...objects.announcement.draft import Draft
from ...objects.event.draft import EventDraft
from ...objects.group.draft import GroupDraft, NoteDraft
from ...objects.group.service import appoint, found_group, write_note
from ...store import Unit
from .announcements import announce
from .diary import on
from .events import ZONE, invite
from .stage import Chapter, Stage

WATER = GroupDraft(
    "Water group",
    "water",
    about="We take samples at **four places** along the river, every second Sunday at seven. No chemistry needed: "
    "whoever can read a colour and write down a number can do it.",
)
KITCHEN = GroupDraft(
    "Soup kitchen",
    "soup_kitchen",
    about="Who cooks for open evenings, and who washes up. Ask to join; Yusuf answers within a day or two.",
    public=False,
    joining="asked",
)
STEPS = GroupDraft(
    "Lower steps",
    "lower_steps",
    kind="precinct",
    about="The neighbours of the forty-two lower steps: we know who needs a hand with the shopping.",
)


async def _found(stage: Stage, chapter: Chapter, draft: GroupDraft, captain: str) -> GroupRow:
    """The group exists and that person leads it until a year from its day."""
    uri = chapter.settings.uri(f"@{draft.slug}")
    keys = await make_keys(uri) if draft.public else None
    by = chapter.admin.id

    async def work(unit: Unit) -> GroupRow:
        group = await found_group(unit, draft, keys)
        await appoint(unit, group, chapter.people[captain].id, by=by, ends_at=stage.day(350))
        return group

    stage.kept[f"group {draft.slug}"] = uri
    return await chapter.unit(work)


async def _come_in(chapter: Chapter, group: GroupRow, people: Sequence[str]) -> None:
    """Those people join, or ask to where one asks."""
    for person in people:
        await chapter.unit(partial(join, group=group, account_id=chapter.people[person].id))


@on(day=-10, hour=9)
async def water_group(stage: Stage) -> None:
    """Riverside's public group; Hillside follows nobody by it, but could."""
    group = await _found(stage, stage.riverside, WATER, "greta")
    await _come_in(stage.riverside, group, ("ines", "sam"))


@on(day=-10, hour=10)
async def soup_kitchen(stage: Stage) -> None:
    """Riverside's private group: Tomas was let in by its captain, Sam still asks."""
    riverside = stage.riverside
    group = await _found(stage, riverside, KITCHEN, "yusuf")
    yusuf = riverside.people["yusuf"].id
    await _come_in(riverside, group, ("ines", "lena"))
    ladle = NoteDraft("The big pot", "It lives at Lena's now. The lid does *not* fit, and never did.")
    evening = NoteDraft(
        "Cooking for open evening", "Lentils. Bring a knife.", stage.day(2, 15), "The old mill"
    )

    async def write(unit: Unit) -> None:
        for account_id in (riverside.people["ines"].id, riverside.people["lena"].id):
            await answer(unit, group, account_id, admitted=True, by=yusuf)
        for note in (ladle, evening):
            await write_note(unit, group, note, by=yusuf)

    await riverside.unit(write)
    await _come_in(riverside, group, ("sam",))


@on(day=-10, hour=11)
async def lower_steps(stage: Stage) -> None:
    """Hillside's neighbourhood group."""
    group = await _found(stage, stage.hillside, STEPS, "jonas")
    await _come_in(stage.hillside, group, ("carla",))


@on(day=-3, hour=18)
async def the_water_group_says(stage: Stage) -> None:
    """It announces something, which the chapter passes on, and invites to the next samples."""
    water = stage.kept[f"group {WATER.slug}"]
    text = (
        "The drains below the bridge were opened this morning, in our presence. What we saw we measure on Sunday, "
        "before we say anything. #water"
    )
    await announce(stage, stage.riverside, "drains", Draft(text, author_uri=water, shared=True), "greta")
    draft = EventDraft(
        title="Samples at the four places",
        text="We meet at the weir. Boots are there, in most sizes; coffee at the last stop.",
        start_at=stage.day(8, 5),
        end_at=stage.day(8, 8),
        zone=ZONE,
        place_name="The weir",
        town="Riverside",
        owner_uri=water,
        shared=True,
    )
    await invite(stage, stage.riverside, "samples", draft)

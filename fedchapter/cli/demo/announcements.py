"""What the chapters announce: short and long, with a picture, with a warning, one pinned and one still to come."""

from functools import partial

from ...media.uploads import store_upload
from ...objects.announcement.draft import Draft
from ...objects.announcement.pages.mentions import resolve_mentions
from ...objects.announcement.service import attach, edit, get_post, write
from .diary import flow, on
from .posters import harbor_poster, repair_poster
from .stage import Chapter, Stage

WELCOME = flow("""\
This is where Riverside tells what it does and what it asks of others. Three things to know:

- **Open evening** on the first Tuesday of each month, 19:00, in the old mill. No registration; there is soup.
- Whoever lives or works between the mill and the bridge can become a member: ask anybody at an open evening.
- You can follow us from Mastodon and other places; the box on our profile shows how. Answers under our posts are read
  by people, not by a company.
""")
WATER = flow("""\
Since spring our water group has taken samples at four places along the river, every second Sunday, at seven in the
morning. Here is what we found, what we do not know, and what we think should happen.

## What we measured

Nitrate and oxygen, both in milligrams per litre:

- weir: 9 and 10.1
- mill: 11 and 9.6
- old bridge: **23** and 7.2
- allotments: 21 and 7.4

Between the mill and the old bridge something enters the river. It does so **after rain**, and not in dry weeks.

## What we do not know

Our strips are good to two milligrams, not better. We have eleven Sundays, which is a beginning and not a proof. We have
not found the place, only the stretch of four hundred metres in which it must be.

## What should happen

1. The city opens the two drains below the bridge and looks. We asked in writing on the 3rd; there is no answer yet.
2. Whoever can spare a Sunday comes along. Boots are there, in most sizes.
3. The figures stand in our folder in the mill for everybody, and [Greta](https://river.example/water) explains them.

> A river forgets slowly. — our oldest member, who swam in it as a child

#water #riverside
""")
STAIRS = flow("""\
The lift at the station has been broken for **fifty-one days**. The operator says that a part is on its way. So was the
last one.

On Thursday we carry whoever wants to be carried, up and down, from 7 to 9. Bring strong backs, or just your bicycle.
#hillside #lift
""")


async def announce(stage: Stage, chapter: Chapter, name: str, draft: Draft, by: str) -> None:
    """The draft is announced by that person; its URI and id are kept under `name` and `name id`."""
    mentions, _ = await chapter.run(resolve_mentions(chapter.house, draft.text))
    named = Draft(
        **{field: getattr(draft, field) for field in Draft.__slots__ if field != "mentions"},
        mentions=mentions,
    )
    id_ = await chapter.unit(partial(write, draft=named, account_id=chapter.people[by].id))
    stage.kept[f"{name} id"] = id_
    stage.kept[name] = (await chapter.run(get_post(chapter.house.database, id_))).uri


async def _picture(chapter: Chapter, data: bytes, by: str) -> str:
    stored = await store_upload(chapter.house.shelf, data)
    account = chapter.people[by]
    upload = await chapter.unit(partial(attach, stored=stored, account_id=account.id))
    return upload.id


@on(day=-14, hour=8)
async def welcome_post(stage: Stage) -> None:
    """Riverside says who it is, at the top of its profile."""
    draft = Draft(WELCOME, title="Who we are and how to find us", pinned=True)
    await announce(stage, stage.riverside, "welcome", draft, "ines")


@on(day=-12, hour=17, minute=20)
async def repair_poster_post(stage: Stage) -> None:
    """Riverside invites to the repair evening, with a poster."""
    upload = await _picture(stage.riverside, repair_poster(), "tomas")
    alt = (
        "A poster: a bicycle wheel above the words Repair evening, bring what is broken, take it home mended."
    )
    text = (
        "Repair evening on Friday, 18:00, in the old mill. Last time: nineteen bicycles, four toasters, one accordion. "
        "The accordion was the hardest.\n\nWe need one more person who is not afraid of soldering. #repair #riverside"
    )
    await announce(stage, stage.riverside, "repair", Draft(text, pictures=((upload, alt),)), "tomas")


@on(day=-10, hour=6, minute=45)
async def stairs_post(stage: Stage) -> None:
    """Hillside carries people up the stairs."""
    await announce(stage, stage.hillside, "stairs", Draft(STAIRS), "noor")


@on(day=-8, hour=19, minute=5)
async def water_post(stage: Stage) -> None:
    """Riverside's long report."""
    await announce(stage, stage.riverside, "water", Draft(WATER, title="What is in our river"), "greta")


@on(day=-7, hour=11)
async def correct_the_report(stage: Stage) -> None:
    """A figure was wrong: an edit, with the earlier version kept."""
    draft = Draft(WATER.replace("mill: 11", "mill: 12"), title="What is in our river")
    await stage.riverside.unit(partial(edit, id_=stage.kept["water id"], draft=draft))


@on(day=-6, hour=15, minute=30)
async def harbor_post(stage: Stage) -> None:
    """Harbor's festival, with a poster."""
    upload = await _picture(stage.harbor, harbor_poster(), "mara")
    alt = "A poster: a sailing boat above the words Open pier, music, soup, boats for everybody."
    text = "The pier is open on Saturday in a week. Boats for whoever was never in one, soup for all. #harbor"
    await announce(stage, stage.harbor, "pier", Draft(text, pictures=((upload, alt),)), "mara")


@on(day=-4, hour=20, minute=10)
async def accident_post(stage: Stage) -> None:
    """Something hard, behind a warning."""
    text = (
        "On Monday night a colleague was hurt at crane 3 while working alone on a double shift. He is out of hospital, "
        "his family thanks everybody who asked.\n\nWe have said for a year that nobody should work a crane alone at "
        "night. We meet on Wednesday at six, in the net loft, to decide what we do. Press: please ask first."
    )
    await announce(stage, stage.harbor, "crane", Draft(text, warning="Accident at work, injury"), "ole")


@on(day=-2, hour=9, minute=15)
async def tools_post(stage: Stage) -> None:
    """Hillside answers what people asked it, and names a friend."""
    host = stage.riverside.settings.domain
    text = (
        f"The tool library has a concrete mixer again, thanks to @riverside@{host}. It weighs what it weighed before; "
        "the stairs are where they were. Reserve it on the list beside the door. #hillside #tools"
    )
    await announce(stage, stage.hillside, "tools", Draft(text), "piet")


@on(day=-1, hour=7, minute=50)
async def spanish_post(stage: Stage) -> None:
    """A short one in another language."""
    text = "Mañana a las seis, café y desayuno en el muelle 4 para quien sale del turno de noche. Hay pan. #harbor"
    await announce(stage, stage.harbor, "breakfast", Draft(text, language="es"), "mara")


@on(day=-1, hour=16)
async def scheduled_post(stage: Stage) -> None:
    """Written today, published in two days."""
    text = "Tomorrow is open evening: 19:00, old mill. There is soup, and the water group shows its bottles. #riverside"
    draft = Draft(text, publish_at=stage.day(2, 8))
    await announce(stage, stage.riverside, "scheduled", draft, "ines")

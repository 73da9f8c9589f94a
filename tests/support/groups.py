"""Two groups of the demo's Riverside: one that everybody sees and one for its members, both with something to read."""

from functools import partial

from fedchapter.actors.keyring import make_keys
from fedchapter.cli.demo.stage import Stage
from fedchapter.members.groups import join
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.group import service
from fedchapter.objects.group.draft import GroupDraft, NoteDraft
from fedchapter.store import Unit

HARBOUR = GroupDraft(
    "Harbour district", "harbour", "precinct", "Neighbours between the **quay** and the fish market."
)
CHOIR = GroupDraft("Choir", "choir", about="We sing on Tuesdays.", public=False, joining="asked")


async def found_groups(stage: Stage) -> None:
    """Ines leads both, Yusuf is in the harbour's and asks to sing."""
    riverside = stage.riverside
    ines, yusuf = riverside.people["ines"].id, riverside.people["yusuf"].id
    keys = await make_keys(riverside.settings.uri("@harbour"))

    async def found(unit: Unit) -> None:
        harbour = await service.found_group(unit, HARBOUR, keys)
        choir = await service.found_group(unit, CHOIR, None)
        for group in (harbour, choir):
            await service.appoint(unit, group, ines, by=ines)
            await join(unit, group, yusuf)
        meeting = NoteDraft("Rehearsal", "Bring the *blue* book.", unit.now.replace(year=2099), "Old school")
        for note in (meeting, NoteDraft("Key", "It hangs behind the door.")):
            await service.write_note(unit, choir, note, by=ines)

    await riverside.unit(found)
    said = Draft("The pier is open again. #riverside", author_uri=keys.actor_uri, shared=True)
    await riverside.unit(partial(announcements.write, draft=said, account_id=ines))
    await stage.settle()

"""Who hears that somebody wrote to the chapter: whoever writes for it. The message itself is only on its page."""

from ...actors import get_actor
from ...members import Permission
from ...notices import Notice, find_staff, tell
from ...store import Unit, publishes
from ...words import mark
from .draft import MessageReceived

NEW = mark("%(name)s wrote to the chapter.")
HELD = mark("Somebody wrote to the chapter for the first time: look whether it is meant well.")


@publishes(MessageReceived)
async def received(unit: Unit, happening: MessageReceived) -> None:
    """One word for an hour's messages of the same person."""
    actor = await get_actor(unit, happening.sender_uri)
    values = {} if happening.held else {"name": actor.display_name}
    notice = Notice(
        "desk",
        f"message:{actor.id}:{unit.now:%Y%m%d%H}",
        HELD if happening.held else NEW,
        "/admin/messages" if happening.held else f"/admin/messages/{actor.id}",
        values,
    )
    await tell(unit, notice, to=await find_staff(unit, Permission.PUBLISH))

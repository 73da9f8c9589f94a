"""Who hears of answers from outside: whoever writes for the chapter. What is held is told to nobody.

operations.md §1.4 (moderators hear once a day that something waits: moderation.queue.digest). Without text and names:
these would stay here when an author takes the answer back.
"""

from ...members import Permission
from ...members.handles import find_bearer
from ...moderation.turning import Released
from ...notices import Notice, find_staff, tell
from ...store import Known, Unit, find_known, publishes
from ...text import excerpt
from ...web.cards import page_path
from ...words import mark
from .draft import CommentShown

EXCERPT_CHARS = 80


@publishes(CommentShown)
async def shown(unit: Unit, happening: CommentShown) -> None:
    """Somebody answered what the chapter said."""
    known = await find_known(unit, happening.uri)
    if known is not None:
        await _tell_desk(unit, known)


@publishes(Released)
async def released(unit: Unit, happening: Released) -> None:
    """What was held is an answer only now."""
    if happening.known.kind == "comment":
        await _tell_desk(unit, happening.known)


async def _tell_desk(unit: Unit, known: Known) -> None:
    chapter_uri = unit.settings.chapter_uri
    root = await find_known(unit, known.root_uri)
    answered = await find_known(unit, known.reply_to_uri)
    owners = {one.owner_uri for one in (root, answered) if one is not None}
    if root is None or chapter_uri not in owners or known.owner_uri == chapter_uri:
        return
    # One word for an hour's answers to the same thing.
    key = f"answers:{root.ref}:{unit.now:%Y%m%d%H}"
    values = {"title": root.title or excerpt(root.html, EXCERPT_CHARS) or "…"}
    by = await find_bearer(unit, unit.settings, known.owner_uri)
    notice = Notice("desk", key, mark("New answers to “%(title)s”."), page_path(root), values, by=by)
    await tell(unit, notice, to=await find_staff(unit, Permission.PUBLISH))

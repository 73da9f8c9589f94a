"""Who hears that somebody asks to follow the chapter, where followers are chosen."""

from ...members import Permission
from ...notices import Notice, find_staff, tell
from ...store import Unit, publishes
from ...words import mark
from .draft import FollowRequested


@publishes(FollowRequested)
async def asked(unit: Unit, happening: FollowRequested) -> None:
    """Whoever writes for the chapter decides; a day's requests are one word."""
    follow = happening.follow

    if follow.followed_uri != unit.settings.chapter_uri:
        return
    notice = Notice(
        "desk",
        f"follow-requests:{unit.now:%Y%m%d}",
        mark("Somebody asks to follow the chapter."),
        "/admin/followers",
    )
    await tell(unit, notice, to=await find_staff(unit, Permission.PUBLISH))

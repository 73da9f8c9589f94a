"""Who is told of an announcement besides those who follow it: members, and people outside who want news by mail.

DESIGN §1 (somebody with only e-mail takes part). To people outside only what is public: a letter lies on other
people's servers. What a group says its members are told by the type `group`.
"""

from ...mail.news import News
from ...notices import Notice, reword, tell, untell
from ...notices.subscribers import offer
from ...store import Unit, publishes
from ...text import excerpt
from ...words import mark
from .draft import AnnouncementDeleted, AnnouncementEdited, AnnouncementPublished
from .service import PostRow, get_post

EXCERPT_CHARS = 80


@publishes(AnnouncementPublished)
async def offered(unit: Unit, happening: AnnouncementPublished) -> None:
    """Subscribers get it at once or with their next letter."""
    post = await get_post(unit, happening.id)
    # What a group says goes to those who asked for news of the chapter only if the chapter passes it on.
    of_chapter = post.author_uri == unit.settings.chapter_uri or post.shared
    if post.visibility == "public" and of_chapter:
        await offer(unit, News(post.uri, "announcement"))


@publishes(AnnouncementPublished)
async def told(unit: Unit, happening: AnnouncementPublished) -> None:
    """Every member hears of what the chapter says."""
    post = await get_post(unit, happening.id)
    if post.author_uri != unit.settings.chapter_uri:
        return
    path = f"/announcements/{post.id}"
    notice = Notice(
        "announcement", _key(post.id), mark("News: %(title)s"), path, _values(post), by=post.account_id
    )
    await tell(unit, notice)


@publishes(AnnouncementEdited)
async def corrected(unit: Unit, happening: AnnouncementEdited) -> None:
    """Whoever has not read of it reads what it says now."""
    post = await get_post(unit, happening.id)
    await reword(unit, _key(post.id), _values(post))


@publishes(AnnouncementDeleted)
async def taken_back(unit: Unit, happening: AnnouncementDeleted) -> None:
    """Nobody is told any more."""
    await untell(unit, _key(happening.uri.rpartition("/")[2]))


def _key(post_id: str) -> str:
    return f"announcement:{post_id}"


def _values(post: PostRow) -> dict[str, str]:
    # What stands behind a content warning stays behind it.
    return {"title": post.title or post.warning or excerpt(post.html, EXCERPT_CHARS) or "…"}

"""Who is told of an announcement besides those who follow it: people outside who want news by mail.

DESIGN §1 (somebody with only e-mail takes part). Only what is public: a letter lies on other people's servers.
"""

from ...mail.news import News
from ...notices.subscribers import offer
from ...store import Unit, publishes
from .draft import AnnouncementPublished
from .service import get_post


@publishes(AnnouncementPublished)
async def offered(unit: Unit, happening: AnnouncementPublished) -> None:
    """Subscribers get it at once or with their next letter."""
    post = await get_post(unit, happening.id)
    if post.visibility == "public":
        await offer(unit, News(post.uri, "announcement"))

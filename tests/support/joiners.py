"""People on their way into a chapter, or to its news by mail, and the pages that the links in their letters open."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fedchapter.cli.demo.stage import Chapter
from fedchapter.mail.subscribers import WEEKLY, Wish, subscribe
from fedchapter.members.applications import Draft, apply
from fedchapter.members.tickets import issue
from fedchapter.notices.applying import CONFIRM_LASTS, link_to
from fedchapter.notices.applying import PURPOSE as JOINING
from fedchapter.notices.subscribers import links_of
from fedchapter.store import Unit
from fedchapter.store.choices import choose

QUESTIONS = "What brings you here? *\nHow did you hear of us?"
VALUES = "We decide **together**, and nobody is above the others."


async def joining_links(chapter: Chapter) -> list[str]:
    """The pages that such links open, of a chapter with questions and shared values where somebody waits."""

    async def work(unit: Unit) -> list[str]:
        secret = chapter.house.secret
        await choose(unit, "joining_questions", QUESTIONS)
        await choose(unit, "shared_values", VALUES)
        answers = (("What brings you here?", "\u0627\u0644\u062c\u0633\u0631"),)
        draft = Draft("\u0644\u064a\u0644\u0649 Müßig", "leila@mail.example", answers)
        application = await apply(unit, draft)
        data: dict[str, object] = {
            "display_name": "Ole",
            "email": "ole@mail.example",
            "answers": [],
            "language": "en",
            "proved": None,
        }
        joining = await issue(unit, JOINING, data, lasts=CONFIRM_LASTS)
        wish = Wish(True, True, WEEKLY, "en")
        reader = await subscribe(unit, "gus@mail.example", wish, ZoneInfo("UTC"))
        news = {"email": "eve@mail.example", "wish": [True, True, WEEKLY, "en"]}
        confirming = await issue(unit, "subscribe", news, lasts=CONFIRM_LASTS)
        return [
            urlsplit(link_to(unit, application.id, secret)).path,
            f"/join/confirm/{joining}",
            "/join/confirm/used-up",
            f"/subscribe/confirm/{confirming}",
            *(urlsplit(link).path for link in links_of(unit, secret, reader)),
            "/subscribe/stop/half-of-it",
        ]

    return await chapter.unit(work)

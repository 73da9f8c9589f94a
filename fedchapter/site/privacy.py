"""What is collected here, who sees it, how long it is kept and what leaves the server: for everybody to read.

Issue of members ("privacy page that is true"). Decision: the page is made of the settings that are on and of the
numbers that the code itself uses, so that it cannot say anything else than what happens.
"""

from starlette.requests import Request
from starlette.responses import Response

from ..continuity.keep import MONTHS
from ..house import Door, house_of
from ..members import Permission
from ..members.applications import KEPT_FOR as APPLICATIONS_KEPT_FOR
from ..members.details import find_asked
from ..members.exports import AGREE_WITHIN
from ..members.invitations import LASTS as INVITATION_LASTS
from ..members.leaving import KEPT_FOR as LEFT_KEPT_FOR
from ..members.questions import to_questions
from ..members.sessions import LASTS as SESSION_LASTS
from ..notices.tell import KEPT_FOR as NOTICES_KEPT_FOR
from ..objects.message.service import SENT_KEPT_FOR
from ..web import identity_of, render
from .kept import memory_of
from .public import contact_url

PAGE = "/privacy"


async def show(request: Request) -> Response:
    """The page."""
    house, identity = house_of(request), await identity_of(request)
    choices = identity.choices
    return await render(
        request,
        "site/privacy.html",
        asked=await find_asked(house.database),
        questions=[question.text for question in to_questions(choices["joining_questions"])],
        mode=choices["joining_mode"],
        wait_days=int(choices["voting_wait_days"] or 0),
        standing_needed=choices["standing_needed"] == "yes",
        discreet=choices["discreet_mail"] == "yes",
        holds=choices["hold_first_replies"] == "yes",
        backups=house.settings.backup_nightly,
        backup_months=MONTHS,
        days={
            "sessions": SESSION_LASTS.days,
            "invitations": INVITATION_LASTS.days,
            "applications": APPLICATIONS_KEPT_FOR.days,
            "left": LEFT_KEPT_FOR.days,
            "notices": NOTICES_KEPT_FOR.days,
            "messages": SENT_KEPT_FOR.days,
            "export": AGREE_WITHIN.days,
        },
        kept={one.name: one.days_from(choices) for one in memory_of(request).kept},
        contact=choices["contact"],
        contact_url=contact_url(choices["contact"]),
        domain=house.settings.domain,
    )


def doors() -> list[Door]:
    """For everybody."""
    return [Door(PAGE, show, Permission.ANYONE)]

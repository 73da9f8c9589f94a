"""A fediverse account that somebody proved a moment ago, carried along until it is linked to an account here.

The browser has a ticket's secret; what it stands for is in the database, where nobody reads it without that secret. A
form that opens an account asks `find_proved` and gives what it finds to `members.identities.link_proved`.
"""

from dataclasses import asdict
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from ..house import house_of
from ..members.identities import Proved
from ..members.tickets import find_ticket, issue
from .cookies import clear_token, set_token, token_in

PURPOSE = "proved"
# Somebody fills in a form meanwhile.
LASTS = timedelta(hours=1)


async def keep_proved(request: Request, response: Response, proved: Proved, *, former: str = "") -> None:
    """The browser has proved that account for an hour; `former` is the id of a link whose account moved to it."""
    async with house_of(request).database.unit() as unit:
        token = await issue(unit, PURPOSE, {"proved": asdict(proved), "former": former}, lasts=LASTS)
    set_token(request, response, PURPOSE, token, LASTS)


async def find_proved(request: Request) -> Proved | None:
    """The account that this browser proved within the hour, or None."""
    return (await find_proved_and_former(request))[0]


async def find_proved_and_former(request: Request) -> tuple[Proved | None, str]:
    """The same, and the id of the link whose account moved to it (or an empty string)."""
    token, house = token_in(request, PURPOSE), house_of(request)
    ticket = await find_ticket(house.database, PURPOSE, token, house.clock.now()) if token else None
    if ticket is None:
        return None, ""
    facts = ticket.data["proved"]
    proved = Proved(**{**facts, "also_known_as": tuple(facts["also_known_as"])})
    return proved, str(ticket.data["former"])


def drop_proved(request: Request, response: Response) -> None:
    """The browser has proved nothing any more."""
    clear_token(request, response, PURPOSE)

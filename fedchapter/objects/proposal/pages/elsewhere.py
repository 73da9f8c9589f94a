"""Taking part in what another chapter decides, under a public handle: answering its poll.

DESIGN §4.2 (answers from elsewhere are public opinion, not counted); the proposal itself is shown by `reading`.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ....house import house_of
from ....members.handles import check_handle, person_uri
from ....store import Row, Unit
from ....tally import OPTIONS
from ....web import flash, member_of, read_form, redirect, viewer_of
from ....web.support import is_supporter
from ..service import opinion
from ..service.words import option_words


async def part_in(request: Request, remote: Row) -> dict[str, Any]:
    """What the viewer may do about another chapter's proposal, for its page."""
    house, viewer = house_of(request), viewer_of(request)
    own = person_uri(house.settings, viewer.account) if viewer else ""
    return {
        "poll_open": opinion.is_open(remote, house.clock.now()),
        "poll_answered": bool(own) and await opinion.has_given(house.database, remote, own),
        "supports": await is_supporter(request, remote["uri"]),
        "choices": [(option, option_words(option)) for option in OPTIONS],
    }


async def give_opinion(request: Request) -> Response:
    """A member answers the poll of another chapter under their public handle."""
    house, proposal_id = house_of(request), request.path_params["id"]
    own = check_handle(house.settings, member_of(request).account)
    choice = (await read_form(request)).text("choice")

    async def give(unit: Unit) -> None:
        await opinion.give(unit, proposal_id, own, choice)

    await house.database.in_unit(give)
    return flash(request, redirect(f"/proposals/{proposal_id}"), "Your answer is on its way.")

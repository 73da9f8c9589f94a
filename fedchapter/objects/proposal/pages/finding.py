"""What every page of proposals needs: the proposal of the address, as this viewer may see it, and who may act."""

from starlette.requests import Request

from ....errors import NotFound
from ....house import house_of
from ....members import Permission
from ....web import identity_of, viewer_of
from ..service.rows import DRAFT, ProposalRow, find_proposal
from ..wire import Frame


def is_staff(request: Request) -> bool:
    """Whether a moderator or admin is signed in."""
    viewer = viewer_of(request)
    return viewer is not None and viewer.may(Permission.PUBLISH)


async def find_shown(request: Request) -> ProposalRow | None:
    """The proposal of the address, or None; a draft is there for moderators only (row C3)."""
    row = await find_proposal(house_of(request).database, request.path_params["id"])
    if row is not None and row.stage == DRAFT and not is_staff(request):
        return None
    return row


async def get_shown(request: Request) -> ProposalRow:
    """The same; raises NotFound."""
    row = await find_shown(request)
    if row is None:
        raise NotFound
    return row


def uri_of(request: Request) -> str:
    """The id that a proposal at this address has or had."""
    return house_of(request).settings.uri("proposals", request.path_params["id"])


async def frame_of(request: Request) -> Frame:
    """Publisher and zone for the documents."""
    identity = await identity_of(request)
    return Frame(
        house_of(request).settings.chapter_uri, identity.choices["timezone"], identity.choices["quotes"]
    )

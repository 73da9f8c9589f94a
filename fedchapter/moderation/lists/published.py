"""What other servers may read of our circle and our decisions: each by choice, and absent for whoever may not.

FEP-8b32; wire.md §3.3. The answer to the wrong one is the same 404 as where there is nothing (operations.md §3 row C3).
"""

from starlette.requests import Request
from starlette.responses import Response

from ...errors import NotFound, PeerError
from ...federation.answers import VARY, activity_response
from ...federation.authorize import check_fetch, signer_of
from ...house import Door, house_of
from ...members import Permission
from ...signatures import add_proof
from ...store.choices import find_choice
from . import circle, sisters


async def show_circle(request: Request) -> Response:
    """Our circle, signed by the chapter."""
    house = house_of(request)
    choice = await find_choice(house.database, circle.CHOICE)
    if choice == circle.SISTERS_ONLY:
        await _check_sister(request)
    elif choice == circle.EVERYBODY:
        await check_fetch(request)
    else:
        raise NotFound
    keys = await house.keyring.get(house.settings.chapter_uri)
    document = add_proof(
        await circle.to_document(house),
        key=keys.ed25519,
        method=keys.ed25519_id,
        created_at=house.clock.now(),
    )
    response = activity_response(request, document)
    if choice == circle.SISTERS_ONLY:
        response.headers["Cache-Control"] = "private, no-store"
    return response


async def show_decisions(request: Request) -> Response:
    """What we decided about other servers, for sister chapters alone."""
    house = house_of(request)
    if not await sisters.tells(house.database):
        raise NotFound
    await _check_sister(request)
    headers = {"Vary": VARY, "Cache-Control": "private, no-store"}
    return Response(await sisters.to_told(house), 200, headers, media_type="application/json")


async def _check_sister(request: Request) -> None:
    try:
        signer = await signer_of(request)
    except PeerError:
        signer = None
    if signer is None or not await sisters.is_sister_server(house_of(request), signer):
        raise NotFound


def doors() -> list[Door]:
    """For servers."""
    return [
        Door(f"/{circle.PATH}", show_circle, Permission.ANYONE),
        Door(f"/{sisters.PATH}", show_decisions, Permission.PEER),
    ]

"""Quote stamps: the document that lets other servers show a quote of ours, and withdrawing it.

FEP-044f; wire.md §2.5.
"""

from starlette.requests import Request
from starlette.responses import Response

from ....federation.answers import activity_response
from ....federation.authorize import check_fetch
from ....house import house_of
from ....store import Unit, find_known
from ....vocab.context import wants_activity, with_context
from ....web import flash, redirect
from ....web.cards import page_path
from ....web.negotiate import missing
from ....web.voices import check_voice
from .. import service, wire


async def show(request: Request) -> Response:
    """The QuoteAuthorization; a person is led to what was quoted."""
    house = house_of(request)
    found = await service.find_stamp(house.database, request.path_params["id"])
    if found is None:
        return await missing(request, house.settings.uri("quotes", request.path_params["id"]))
    if not wants_activity(request.headers.get("accept", "*/*")):
        return redirect(await _path(request, found.object_uri))
    await check_fetch(request)
    document = wire.to_stamp(
        found.uri,
        actor_uri=await service.find_stamper(house.database, found.uri),
        quote_uri=found.quote_uri,
        object_uri=found.object_uri,
    )
    return activity_response(request, with_context(document))


async def withdraw(request: Request) -> Response:
    """The quote is not allowed any more."""
    stamp_id = request.path_params["id"]
    uri = house_of(request).settings.uri("quotes", stamp_id)
    stamper = await service.find_stamper(house_of(request).database, uri)
    if stamper:
        await check_voice(request, stamper)

    async def work(unit: Unit) -> str:
        return await service.withdraw_quote(unit, stamp_id)

    object_uri = await house_of(request).database.in_unit(work)
    back = redirect(await _path(request, object_uri))
    return flash(request, back, "Withdrawn. Servers that respect this stop showing the quote.")


async def _path(request: Request, uri: str) -> str:
    known = await find_known(house_of(request).database, uri)
    return page_path(known) if known else "/"

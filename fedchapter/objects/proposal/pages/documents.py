"""The documents about a vote: poll, outcome, the two signed statements, and each version of the text.

wire.md §2.4 (the Question's address serves live figures: nothing may keep them); FEP-8b32 (proofs on what counts).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ....errors import NotFound
from ....federation.answers import activity_response
from ....federation.authorize import check_fetch
from ....house import house_of
from ....signatures import add_proof
from ....vocab.context import wants_activity, with_context
from ....web import redirect, respond
from .. import wire
from ..service.rows import ProposalRow, find_totals, find_versions
from .finding import find_shown, frame_of, get_shown

LIVE = "no-cache, max-age=0"


async def with_proof(request: Request, document: dict[str, Any], made_at: datetime) -> dict[str, Any]:
    """The document in its context, with a proof by the chapter."""
    house = house_of(request)
    keys = await house.keyring.get(house.settings.chapter_uri)
    return add_proof(with_context(document), key=keys.ed25519, method=keys.ed25519_id, created_at=made_at)


async def poll(request: Request) -> Response:
    """The Question with its figures of this moment; people are led to the proposal."""
    row = await get_shown(request)
    if not row.opening:
        raise NotFound

    async def page() -> Response:
        return redirect(f"/proposals/{row.id}#vote")

    async def document() -> dict[str, Any]:
        totals = await find_totals(house_of(request).database, row.id)
        return with_context(wire.to_question(row, totals, await frame_of(request)))

    response = await respond(request, row.poll_uri, page=page, document=document)
    response.headers["Cache-Control"] = LIVE
    return response


async def outcome(request: Request) -> Response:
    """The Note that says how it ended."""
    row = await get_shown(request)
    if not row.result:
        raise NotFound

    async def page() -> Response:
        return redirect(f"/proposals/{row.id}#result")

    async def document() -> dict[str, Any]:
        note = wire.to_outcome(row, await frame_of(request))
        return await with_proof(request, note, row.changed_at)

    return await respond(request, row.outcome_uri, page=page, document=document)


async def opening(request: Request) -> Response:
    """The signed opening, byte for byte what was signed."""
    row = await find_shown(request)
    return await _statement(request, row, row.opening if row else "")


async def result(request: Request) -> Response:
    """The signed result."""
    row = await find_shown(request)
    return await _statement(request, row, row.result if row else "")


async def _statement(request: Request, row: ProposalRow | None, body: str) -> Response:
    """As an ActivityPub document to servers, which fetch nothing else; as plain JSON to a browser, which shows it."""
    if row is None or not body:
        raise NotFound
    if wants_activity(request.headers.get("accept", "*/*")):
        await check_fetch(request)
        return activity_response(request, msgspec.json.decode(body))
    return json_response(msgspec.json.decode(body))


async def version(request: Request) -> Response:
    """One version as the document that its hash is of."""
    row = await get_shown(request)
    wanted = request.path_params["number"]
    rows = await find_versions(house_of(request).database, row.id)
    found = next((one for one in rows if str(one["number"]) == wanted), None)
    if found is None:
        raise NotFound
    return json_response(msgspec.json.decode(found["document"]))


def json_response(document: Mapping[str, Any]) -> Response:
    """Readable JSON for people and recounters."""
    body = msgspec.json.format(msgspec.json.encode(document), indent=2)
    headers = {"Vary": "Accept, Signature", "Cache-Control": "no-cache"}
    return Response(body, 200, headers, media_type="application/json")

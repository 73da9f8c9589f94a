"""The way in: from a POST to a stored row, or to an answer that says why not.

DESIGN §2 "Inward"; wire.md §1.3 (limits), §1.4 (answers); operations.md §3 rows A1, A2, A4, B4, C2, E2.
"""

import asyncio
import hashlib
from typing import Any

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..actors import find_actor
from ..errors import PeerError, PeerFailed, PeerRefused
from ..house import House, house_of
from ..policy import check_host, is_refused_host
from ..signatures import HttpMessage, Parsed, SignatureError, read_proof, read_signature, verify, verify_proof
from ..store.model import URI_LENGTH
from ..vocab.normalise import Activity, normalise, parse_json
from ..vocab.uris import host_of, same_origin, strip_fragment
from .inlet import Arrival
from .keys import Held, KeyCache

log = structlog.get_logger()
BODY_BYTES_MAX = 1_048_576
BODY_WITHIN_S = 20
RETRY_AFTER_S = 60


class TooBig(Exception):
    """The body is over the limit."""


async def inbox(request: Request) -> Response:
    """202 once the activity is committed; else 400, 401, 403, 413, 429 or 503 with a sentence (wire.md §1.4)."""
    house = house_of(request)
    try:
        return await _accept(house, request)
    except SignatureError as error:
        return _answer(error.http_status, error)
    except PeerFailed as error:
        return _answer(503, error, {"Retry-After": str(error.retry_after_s or RETRY_AFTER_S)})
    except PeerRefused as error:
        return _answer(_STATUS.get(error.code, 400), error)


async def shared_inbox(request: Request) -> Response:
    """`inbox` for requests that come without the error pages of the application: our own faults end in a 500."""
    try:
        return await inbox(request)
    except Exception as error:
        log.error("inbox-failed", exc_info=error)
        return JSONResponse({"error": "something broke on this server"}, 500)


_STATUS = {"host-refused": 403, "too-big": 413, "too-many": 429, "not-signer": 401, "key-refused": 401}


def _answer(status: int, error: PeerError, headers: dict[str, str] | None = None) -> Response:
    body = {"error": error.message, "code": error.code}
    return JSONResponse(body, status, {"Cache-Control": "no-store", **(headers or {})})


async def _accept(house: House, request: Request) -> Response:
    inlet, keys = request.app.state.inlet, request.app.state.keys
    if inlet.full:
        raise PeerFailed("busy", "too much is waiting here; please send this again in a minute")
    if not await _is_inbox(house, request):
        return JSONResponse({"error": "nobody of that name is here"}, 404)
    message = await _read(house, request)
    parsed = read_signature(message, now=house.clock.now(), hosts=(house.settings.domain,))
    signer_host = host_of(parsed.key_id)
    check_host(house.marks, signer_host)
    known = await keys.find(parsed.key_id)
    rule = "inbox-known" if known else "inbox-stranger"
    if not house.limits.admit(rule, signer_host):
        return JSONResponse({"error": "too many messages"}, 429, {"Retry-After": str(RETRY_AFTER_S)})
    document = parse_json(message.body)
    activity = normalise(document)
    if known is None and _is_farewell(activity, parsed):
        return Response(status_code=202)
    held = known or await _fetch_key(keys, parsed)
    held = await _verified(keys, parsed, held)
    signed_by = await _bound(keys, activity, document, held, parsed)
    _check_ids(house, activity)
    await inlet.put(_arrival(house, activity, document, message.body, signed_by))
    return Response(status_code=202)


async def _is_inbox(house: House, request: Request) -> bool:
    username = request.path_params.get("username")
    if username is None or username == house.settings.username:
        return True
    actor = await find_actor(house.database, house.settings.uri(f"@{username}"))
    return actor is not None and actor.local and actor.state == "active"


async def _read(house: House, request: Request) -> HttpMessage:
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            body = await _body(request)
    except TooBig as error:
        raise PeerRefused("too-big", f"the body is over {BODY_BYTES_MAX} bytes") from error
    except TimeoutError as error:
        raise PeerFailed("slow", f"the body did not arrive within {BODY_WITHIN_S} s") from error
    query = request.scope["query_string"]
    path = request.scope["raw_path"].decode("latin-1") + (f"?{query.decode('latin-1')}" if query else "")
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.scope["headers"]
    )
    return HttpMessage("POST", house.settings.origin + path, headers, body)


async def _body(request: Request) -> bytes:
    # Counted, not believed: Content-Length may be absent or a lie (operations.md B4).
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > BODY_BYTES_MAX:
            raise TooBig
        chunks.append(chunk)
    return b"".join(chunks)


def _is_farewell(activity: Activity, parsed: Parsed) -> bool:
    """A Delete (or Update) of itself by an actor whose key we never had: nothing of it is here (wire.md §1.4)."""
    return (
        activity.type in ("Delete", "Update")
        and activity.object_id == activity.actor
        and same_origin(activity.actor, parsed.key_id)
    )


async def _fetch_key(keys: KeyCache, parsed: Parsed) -> Held:
    try:
        return await keys.get(parsed.key_id)
    except PeerRefused as error:
        raise PeerRefused("key-refused", f"the key {parsed.key_id} can't be had: {error.message}") from error


async def _verified(keys: KeyCache, parsed: Parsed, held: Held) -> Held:
    if verify(parsed, held.key):
        return held
    fresh = await keys.refresh(parsed.key_id)
    if fresh is None or not verify(parsed, fresh.key):
        raise SignatureError("bad-signature", f"the signature does not verify with the key {parsed.key_id}")
    return fresh


async def _bound(
    keys: KeyCache, activity: Activity, document: dict[str, Any], held: Held, parsed: Parsed
) -> str:
    """Who vouches: the signer is the actor itself, or a proof by the actor covers the activity (row A1)."""
    if held.actor_uri == activity.actor:
        if held.actor_state == "suspended":
            raise PeerRefused("host-refused", "this actor is suspended here")
        return parsed.key_id
    proof = read_proof(document)
    if proof is None or strip_fragment(proof.method) != activity.actor:
        raise PeerRefused("not-signer", f"signed by {held.actor_uri}, but its actor is {activity.actor}")
    theirs = await _fetch_proof_key(keys, proof.method)
    if theirs.actor_uri != activity.actor or not verify_proof(document, theirs.key):
        raise PeerRefused("not-signer", "the proof does not verify with a key of its actor")
    return f"proof:{proof.method}"


async def _fetch_proof_key(keys: KeyCache, method: str) -> Any:
    try:
        return await keys.get(method)
    except PeerRefused as error:
        raise PeerRefused("key-refused", f"the key {method} can't be had: {error.message}") from error


def _check_ids(house: House, activity: Activity) -> None:
    if is_refused_host(house.marks, host_of(activity.actor)):
        raise PeerRefused("host-refused", "messages from your server are not accepted here")
    if activity.id is not None and not same_origin(activity.id, activity.actor):
        raise PeerRefused("foreign-id", "the activity's id is not on its actor's server")
    if max(map(len, (activity.actor, activity.id or "", activity.object_id or ""))) > URI_LENGTH:
        raise PeerRefused("long-id", f"an id is longer than {URI_LENGTH} characters")


def _arrival(
    house: House, activity: Activity, document: dict[str, Any], body: bytes, signed_by: str
) -> Arrival:
    # A proof or LD signature may be made anew for the same message: what they cover counts, not they.
    if "proof" in document or "signature" in document:
        plain = {name: value for name, value in document.items() if name not in ("proof", "signature")}
        body_counted = msgspec.json.encode(plain, order="sorted")
    else:
        body_counted = body
    content = hashlib.sha256(body_counted).hexdigest()
    key = "\n".join((activity.actor, activity.id or "", activity.type, content))
    return Arrival(
        fingerprint=hashlib.sha256(key.encode()).hexdigest(),
        actor_uri=activity.actor,
        activity_uri=activity.id or "",
        verb=activity.type[:32],
        host=host_of(activity.actor),
        object_uri=activity.object_id or "",
        body=body.decode("utf-8"),
        signed_by=signed_by,
        received_at=house.clock.now(),
    )

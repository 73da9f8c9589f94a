"""The way in: from a POST to a stored row, or to an answer that says why not.

DESIGN §2 "Inward"; wire.md §1.3 (limits), §1.4 (answers); operations.md §3 rows A1, A2, A4, B4, C2, E2.
"""

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from ..actors import find_actor
from ..errors import PeerError, PeerFailed, PeerRefused
from ..house import House, house_of
from ..policy import check_host, is_refused_host
from ..signatures import HttpMessage, Parsed, SignatureError, read_proof, read_signature, verify, verify_proof
from ..vocab.normalise import Activity, normalise, parse_json
from ..vocab.uris import domain_of, host_of, is_uri, same_origin, strip_fragment
from .inlet import Arrival
from .keys import Held, KeyCache

log = structlog.get_logger()
BODY_BYTES_MAX = 1_048_576
BODY_WITHIN_S = 20
RETRY_AFTER_S = 60
NO_ROOM_AGAIN_S = 1800
# Longer than anybody tries to deliver; what is older was perhaps taken back since (row A4).
PROOF_HOLDS_FOR = timedelta(days=7)


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
        later = {"Retry-After": str(RETRY_AFTER_S)} if error.code == "too-many" else None
        return _answer(_STATUS.get(error.code, 400), error, later)


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
    status = await _inbox_status(house, request)
    if status != 200:
        return JSONResponse({"error": "nobody of that name is here"}, status)
    message = await _read(house, request)
    parsed = read_signature(message, now=house.clock.now(), hosts=(house.settings.domain,))
    _check_key_id(house, parsed)
    if await inlet.room.is_full(house.database, host_of(parsed.key_id)):
        # Before cryptography and before a key is fetched: whoever lies about the host is found out below.
        raise PeerFailed(
            "no-room", "there is no room here just now; please send this again later", NO_ROOM_AGAIN_S
        )
    known = await keys.find(parsed.key_id)
    _check_rate(house, parsed, is_known=known is not None)
    document = parse_json(message.body)
    activity = normalise(document)
    if known is None and _is_farewell(activity, parsed):
        return Response(status_code=202)
    held = known or await _fetch_key(keys, parsed)
    held = await _verified(keys, parsed, held)
    _count(house, parsed, len(message.body))
    _check_ids(house, activity)
    signed_by = await _bound(house, keys, activity, document, held=held, parsed=parsed)
    await inlet.put(_arrival(house, activity, document, message.body, signed_by))
    return Response(status_code=202)


def _check_key_id(house: House, parsed: Parsed) -> None:
    if not is_uri(parsed.key_id):
        raise PeerRefused("key-id", "the keyId of the signature is not an address")
    check_host(house.marks, host_of(parsed.key_id))


def _check_rate(house: House, parsed: Parsed, *, is_known: bool) -> None:
    """Not too much has come from there in this minute; raises PeerRefused("too-many"). Asked before cryptography.

    A key unknown here costs a request to its server, so knocks are counted as they come, by registrable domain (a
    thousand sub-domains are one). A known key names its host without proof until it is verified: only what verified
    counts, or anybody could use up another server's share.
    """
    host = host_of(parsed.key_id)
    if is_known:
        is_much = any(house.limits.is_spent(rule, host) for rule in ("inbox-known", "inbox-bytes"))
    else:
        is_much = not house.limits.admit("inbox-stranger", domain_of(parsed.key_id))
    if is_much:
        raise PeerRefused(
            "too-many", "too many messages from your server; please send this again in a minute"
        )


def _count(house: House, parsed: Parsed, size: int) -> None:
    host = host_of(parsed.key_id)
    house.limits.admit("inbox-known", host)
    house.limits.admit("inbox-bytes", host, size)


async def _inbox_status(house: House, request: Request) -> int:
    """200 for an inbox of ours, 410 for one that is closed for good (nobody tries again), else 404."""
    username = request.path_params.get("username")
    if username is None or username == house.settings.username:
        return 200
    actor = await find_actor(house.database, house.settings.uri(f"@{username}"))
    if actor is None or not actor.local:
        return 404
    return 200 if actor.state == "active" else 410


async def _read(house: House, request: Request) -> HttpMessage:
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            body = await _body(request)
    except TooBig as error:
        raise PeerRefused("too-big", f"the body is over {BODY_BYTES_MAX} bytes") from error
    except ClientDisconnect as error:
        raise PeerFailed("cut-off", "the body ended before its end") from error
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
    house: House,
    keys: KeyCache,
    activity: Activity,
    document: dict[str, Any],
    *,
    held: Held,
    parsed: Parsed,
) -> str:
    """Who vouches: the signer is the actor itself, or a proof by the actor covers the activity (row A1)."""
    if held.actor_state == "suspended":
        raise PeerRefused("host-refused", "this actor is suspended here")
    if held.actor_uri == activity.actor:
        return parsed.key_id
    proof = read_proof(document)
    if proof is None or strip_fragment(proof.method) != activity.actor:
        raise PeerRefused("not-signer", f"signed by {held.actor_uri}, but its actor is {activity.actor}")
    if house.clock.now() - proof.created_at > PROOF_HOLDS_FOR:
        raise PeerRefused(
            "old-proof", "the proof was made so long ago that the message may be an old one sent again"
        )
    theirs = await _fetch_proof_key(house, keys, proof.method, relay=host_of(parsed.key_id))
    if theirs.actor_state == "suspended":
        raise PeerRefused("host-refused", "this actor is suspended here")
    if theirs.actor_uri != activity.actor or not _proves(document, theirs):
        raise PeerRefused("not-signer", "the proof does not verify with a key of its actor")
    return f"proof:{proof.method}"


def _proves(document: dict[str, Any], held: Held) -> bool:
    # The method may be a key of the actor that is none for proofs: its RSA key.
    return isinstance(held.key, Ed25519PublicKey) and verify_proof(document, held.key)


async def _fetch_proof_key(house: House, keys: KeyCache, method: str, *, relay: str) -> Held:
    found = await keys.find(method)
    # Whoever passes messages on names the server that we are to ask: not more often than a relay needs (row B5).
    if found is None and not house.limits.admit("proof-key", relay):
        raise PeerRefused(
            "too-many", "too many proofs by actors unknown here; please send this again in a minute"
        )
    try:
        return found or await keys.get(method)
    except PeerRefused as error:
        raise PeerRefused("key-refused", f"the key {method} can't be had: {error.message}") from error


def _check_ids(house: House, activity: Activity) -> None:
    if host_of(activity.actor) == house.settings.domain:
        # Our own messages carry proofs: sent back to us, they would count as ours (row C2).
        raise PeerRefused("local-actor", "the actor is on this server, which does not write to itself")
    if is_refused_host(house.marks, host_of(activity.actor)):
        raise PeerRefused("host-refused", "messages from your server are not accepted here")
    if activity.id is not None and not _has_own_id(activity) and activity.type != "Flag":
        raise PeerRefused("foreign-id", "the activity's id is not on its actor's server")


def _has_own_id(activity: Activity) -> bool:
    # The id of somebody else's Flag is not kept, but the report is (wire.md §3.1).
    return activity.id is not None and same_origin(activity.id, activity.actor)


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
        activity_uri=(activity.id or "") if _has_own_id(activity) else "",
        verb=activity.type[:32],
        host=host_of(activity.actor),
        object_uri=activity.object_id or "",
        body=body.decode("utf-8"),
        signed_by=signed_by,
        received_at=house.clock.now(),
    )

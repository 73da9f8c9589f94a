"""The circle: the chapters and servers that a chapter vouches for, published signed, and read from sister chapters.

FEP-8b32 (proof by the chapter's key); DESIGN §5 (circle); operations.md §1.3. Decisions: it is published only where the
chapter chose so, since it tells of relations; a circle counts one step deep, from sister chapters alone, and only what
the chapter itself signed at its own address. Being in it skips the hold of strangers and nothing else: what we decided
about a host ourselves comes first.
"""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ...actors.sisters import MUTUAL, find_sisters
from ...errors import PeerRefused, Refusal
from ...federation.fetch import fetch_actor, fetch_json
from ...house import House
from ...policy.state import note_change
from ...signatures import SignatureError, public_from_pem, read_proof, verify_proof
from ...store import Unit
from ...store.kinds import Reads
from ...vocab.context import with_context
from ...vocab.read import id_of, type_of
from ...vocab.uris import host_of, origin_of
from ...words import mark
from ..audit import Entry as LogEntry
from ..audit import Judge, Line, overtaken, verb, write
from .formats import to_listed_host

PATH = "circle"
HOSTS_MAX = 1000
CHOICE = "publish_circle"
NOBODY, SISTERS_ONLY, EVERYBODY = "nobody", "sisters", "everybody"


async def find_circle(reads: Reads, chapter_uri: str) -> frozenset[str]:
    """The hosts that we vouch for ourselves, and those that the sister chapters of this moment do."""
    rows = await reads.rows(
        "SELECT host FROM circle_entry WHERE by_uri = ? UNION "
        f"SELECT circle_entry.host FROM circle_entry JOIN sister ON sister.actor_uri = circle_entry.by_uri "
        f"{MUTUAL.format(uri='sister.actor_uri')} WHERE sister.state = 'sisters'",
        chapter_uri,
        chapter_uri,
        chapter_uri,
    )
    return frozenset(row["host"] for row in rows)


async def find_vouched(reads: Reads, by_uri: str) -> list[str]:
    """The hosts that the chapter vouches for, besides its sister chapters, by name."""
    rows = await reads.rows("SELECT host FROM circle_entry WHERE by_uri = ? ORDER BY host", by_uri)
    return [row["host"] for row in rows]


async def vouch(unit: Unit, host: str, judge: Judge) -> None:
    """We vouch for the host from now on; raises Refusal for no host, or one that is there."""
    try:
        host = to_listed_host(host)
    except ValueError as error:
        raise Refusal("host", "Write the name of the server, like place.example.") from error
    if host == unit.settings.domain:
        raise Refusal("own-host", "That is this server.")
    await _put(unit, host)
    await write(unit, LogEntry(VOUCH, host), judge)


async def stop_vouching(unit: Unit, host: str, judge: Judge) -> None:
    """We do not vouch for the host any more."""
    await _take(unit, host)
    await write(unit, LogEntry(UNVOUCH, host), judge)


async def _put(unit: Unit, host: str) -> None:
    row = await unit.row(
        "SELECT count(*) AS total, COALESCE(sum(CASE WHEN host = ? THEN 1 ELSE 0 END), 0) AS there "
        "FROM circle_entry WHERE by_uri = ?",
        host,
        unit.settings.chapter_uri,
    )
    assert row is not None
    if row["there"] or row["total"] >= HOSTS_MAX:
        raise Refusal("vouched", "It is there already, or there are too many.")
    await keep_circle(unit, unit.settings.chapter_uri, [host], add=True)


async def _take(unit: Unit, host: str) -> None:
    gone = await unit.execute(
        "DELETE FROM circle_entry WHERE by_uri = ? AND host = ?", unit.settings.chapter_uri, host
    )
    if not gone:
        raise overtaken()
    await note_change(unit)


async def _undo_vouch(unit: Unit, line: Line, judge: Judge) -> None:
    await _take(unit, line.target_uri)


async def _undo_unvouch(unit: Unit, line: Line, judge: Judge) -> None:
    await _put(unit, line.target_uri)


async def keep_circle(unit: Unit, by_uri: str, hosts: list[str], *, add: bool = False) -> None:
    """Those are the hosts that the chapter vouches for; or those too, with `add`."""
    before = set() if add else set(await find_vouched(unit, by_uri))
    wanted = set(hosts[:HOSTS_MAX])
    for host in before - wanted:
        await unit.execute("DELETE FROM circle_entry WHERE by_uri = ? AND host = ?", by_uri, host)
    new = sorted(wanted - before)
    if new:
        await unit.execute_many(
            "INSERT INTO circle_entry (id, by_uri, host, made_at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (by_uri, host) DO NOTHING",
            [(unit.new_id(), by_uri, host, unit.now) for host in new],
        )
    if new or before - wanted:
        await note_change(unit)


async def to_document(house: House) -> dict[str, Any]:
    """Our circle as it is published, without its proof: sister chapters by actor, with the hosts beside."""
    chapter, uri = house.settings.chapter_uri, house.settings.uri(PATH)
    sisters = await find_sisters(house.database, chapter)
    hosts = {host_of(sister) for sister in sisters} | set(await find_vouched(house.database, chapter))
    return with_context(
        {
            "id": uri,
            "type": "OrderedCollection",
            "attributedTo": chapter,
            "totalItems": len(sisters),
            "orderedItems": sisters,
            "fc:circleHosts": sorted(hosts)[:HOSTS_MAX],
        }
    )


def read_circle(document: dict[str, Any], sister_uri: str, own_host: str) -> list[str]:
    """The hosts of a circle whose proof was verified; raises PeerRefused for one that is not the sister's."""
    if type_of(document) != "OrderedCollection" or id_of(document.get("attributedTo")) != sister_uri:
        raise PeerRefused("circle", "this is not the circle of that chapter")
    named = document.get("fc:circleHosts")
    hosts: dict[str, None] = {}
    for text in (named if isinstance(named, list) else [])[: HOSTS_MAX * 2]:
        try:
            host = to_listed_host(text) if isinstance(text, str) else ""
        except ValueError:
            continue
        if host and host != own_host:
            hosts[host] = None
    return list(hosts)[:HOSTS_MAX]


async def fetch_circle(house: House, sister_uri: str) -> list[str]:
    """Whom that sister chapter vouches for, as it signed it; raises PeerError. It is kept."""
    uri = f"{origin_of(sister_uri)}/{PATH}"
    document = await fetch_json(house, uri)
    if id_of(document) != uri:
        raise PeerRefused("circle", "this is not the circle of that chapter")
    await _check_proof(house, document, sister_uri)
    hosts = read_circle(document, sister_uri, house.settings.domain)
    async with house.database.unit() as unit:
        await keep_circle(unit, sister_uri, hosts)
    return hosts


async def _check_proof(house: House, document: dict[str, Any], sister_uri: str) -> None:
    try:
        proof = read_proof(document)
        if proof is None:
            raise PeerRefused("proof", "the circle carries no proof")
        row = await _find_key(house, proof.method, sister_uri)
        if row is None:
            # A new key: the actor says which.
            await fetch_actor(house, sister_uri)
            row = await _find_key(house, proof.method, sister_uri)
        if row is None or not verify_proof(document, row):
            raise PeerRefused("proof", "the proof of the circle is not by that chapter")
    except SignatureError as error:
        raise PeerRefused("proof", "the proof of the circle is malformed") from error


async def _find_key(house: House, key_uri: str, owner_uri: str) -> Ed25519PublicKey | None:
    row = await house.database.row(
        "SELECT public FROM actor_key WHERE uri = ? AND actor_uri = ?", key_uri, owner_uri
    )
    key = public_from_pem(row["public"]) if row else None
    return key if isinstance(key, Ed25519PublicKey) else None


VOUCH = verb(
    "vouch-host", mark("Vouched for a server"), mark("Undone: vouched for a server"), undo=_undo_vouch
)
UNVOUCH = verb(
    "unvouch-host", mark("Stopped vouching for a server"), mark("Undone: stopped"), undo=_undo_unvouch
)

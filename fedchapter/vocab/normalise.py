"""From bytes to an `Activity`: strict about what could be read in two ways, lenient about what peers vary.

Sources: operations.md §3 rows B4 and B6; wire.md §1.3; peers.md; ActivityStreams 2.0 §4; RFC 8259.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from fedchapter.errors import PeerRefused
from fedchapter.vocab.read import Json, id_of, ids_of, time_of
from fedchapter.vocab.uris import is_uri

DEPTH_MAX: Final = 32
KEYS_MAX: Final = 1000
VALUES_MAX: Final = 20_000
INT_MAX: Final = 2**53
ADDRESSES_MAX: Final = 1000
TYPE_CHARS_MAX: Final = 100
# What JSON-LD could use to show a processor another message than the one that we read (CVE-2026-48028).
FORBIDDEN_KEYS: Final = frozenset({"@graph", "@included", "@reverse"})

_DECODER: Final = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity as all handlers see it; `raw` is the document as received, with what is not read here."""

    id: str | None
    type: str
    actor: str
    object: str | Json | None
    target: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    published: datetime | None
    raw: Json

    @property
    def object_id(self) -> str | None:
        """The id of the object, whether embedded or named."""
        return id_of(self.object)

    @property
    def object_ids(self) -> tuple[str, ...]:
        """The ids of all objects: a Flag names several."""
        return ids_of(self.raw.get("object"), ADDRESSES_MAX)

    @property
    def embedded(self) -> Json | None:
        """The object itself, when the sender put it into the activity."""
        return self.object if isinstance(self.object, dict) else None


def parse_json(body: bytes, *, keys_max: int = KEYS_MAX) -> Json:
    """The object in the body, within the limits on depth, keys, values and numbers; raises PeerRefused.

    Of a key given twice the last counts, here and for whoever checks a proof, since both use this result.
    """
    try:
        document = _DECODER.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise PeerRefused("json", "The message is not JSON in UTF-8.") from error
    if type(document) is not dict:
        raise PeerRefused("json-object", "The message is not a JSON object.")
    # An escaped NUL is legal JSON, and PostgreSQL has no text that contains it.
    _check_tree(document, keys_max, may_hold_nul=b"\\u0000" in body)
    return document


def _check_tree(document: Json, keys_max: int, *, may_hold_nul: bool) -> None:
    keys = values = 0
    level: list[Any] = [document]
    for _ in range(DEPTH_MAX):
        deeper: list[Any] = []
        for node in level:
            values += len(node)
            if type(node) is dict:
                keys += len(node)
                _check_keys(node, may_hold_nul)
                deeper += _check_values(node.values(), may_hold_nul)
            else:
                deeper += _check_values(node, may_hold_nul)
        if keys > keys_max or values > VALUES_MAX:
            raise PeerRefused(
                "json-size", f"The message has more than {keys_max} keys or {VALUES_MAX} values."
            )
        if not deeper:
            return
        level = deeper
    raise PeerRefused("json-depth", f"The message is nested deeper than {DEPTH_MAX} levels.")


def _check_keys(node: Json, may_hold_nul: bool) -> None:
    if not FORBIDDEN_KEYS.isdisjoint(node):
        raise PeerRefused("json-ld", "The message uses @graph, @included or @reverse.")
    if may_hold_nul and any("\0" in key for key in node):
        raise PeerRefused("json-nul", "The message has a NUL character.")


def _check_values(values: Any, may_hold_nul: bool) -> list[Any]:
    """The objects and lists among the values; raises PeerRefused for a number or text that cannot be kept."""
    deeper: list[Any] = []
    for value in values:
        kind = type(value)
        if kind is dict or kind is list:
            deeper.append(value)
        elif kind is int and not -INT_MAX <= value <= INT_MAX:
            raise PeerRefused("json-number", "The message has a whole number beyond 2^53.")
        elif may_hold_nul and kind is str and "\0" in value:
            raise PeerRefused("json-nul", "The message has a NUL character.")
    return deeper


def normalise(document: Json) -> Activity:
    """The activity in the document; raises PeerRefused when type, actor or id could be read in two ways."""
    target = document.get("target")
    return Activity(
        id=_get_id(document),
        type=_get_type(document),
        actor=_get_actor(document),
        object=_get_object(document),
        target=id_of(target),
        to=ids_of(document.get("to"), ADDRESSES_MAX),
        cc=ids_of(document.get("cc"), ADDRESSES_MAX),
        published=time_of(document, "published"),
        raw=document,
    )


def _get_id(document: Json) -> str | None:
    found = document.get("id")
    if found is None:
        return None
    if not is_uri(found):
        raise PeerRefused("activity-id", "The id of the activity is not an address.")
    return str(found)


def _get_type(document: Json) -> str:
    """The single type: with two, one server would see a Create where another sees a Delete."""
    found = _only(document.get("type"))
    if not isinstance(found, str) or not 0 < len(found) <= TYPE_CHARS_MAX:
        raise PeerRefused("activity-type", "The activity has no single type.")
    return found


def _get_actor(document: Json) -> str:
    """The single actor, named or embedded (Fedify); who it is will be compared with who signed (row A1)."""
    found = _only(document.get("actor"))
    actor = found.get("id") if isinstance(found, dict) else found
    if not is_uri(actor):
        raise PeerRefused("activity-actor", "The activity has no single actor.")
    return str(actor)


def _get_object(document: Json) -> str | Json | None:
    found = _only(document.get("object"))
    if isinstance(found, dict):
        return found
    return id_of(found)


def _only(value: Any) -> Any:
    """The one element of a list of one, None for longer lists, and anything else as it is."""
    if not isinstance(value, list):
        return value
    return value[0] if len(value) == 1 else None

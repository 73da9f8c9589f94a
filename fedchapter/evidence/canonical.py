"""One byte form and one hash for a statement, the same on every machine.

RFC 8785 (JCS); decisions: integers below 2^53, shares as {"num", "den"}, times as UTC strings ending in Z, no
floats.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import rfc8785

MAX_INT: Final = 2**53 - 1
# Deeper than any statement of ours; a peer's nesting must not end in a RecursionError.
MAX_DEPTH: Final = 32
# Put on afterwards, and not covered by a proof either (Fedify adds a linked-data `signature` next to it).
_NOT_SAID: Final = ("proof", "signature")


def check_canonical(document: object) -> None:
    """Raise ValueError at the first value that two machines could write differently, naming its place."""
    _check_value(document, "$", MAX_DEPTH)


def canonical_bytes(document: Mapping[str, object]) -> bytes:
    """The RFC 8785 form of `document`; raises ValueError when `check_canonical` does."""
    check_canonical(document)
    return rfc8785.dumps(document)  # type: ignore[arg-type]


def content_hash(document: Mapping[str, object]) -> str:
    """`sha256:<hex>` of what the statement says: the same before and after it is signed or countersigned."""
    return _hash({name: value for name, value in document.items() if name not in _NOT_SAID})


def version_hash(document: Mapping[str, object]) -> str:
    """`sha256:<hex>` of one version of a proposal's text, all of it; a version has no proof of its own."""
    if "proof" in document:
        raise ValueError("a version of a text is hashed as it is; the statement about it is what gets signed")
    return _hash(document)


def _hash(document: Mapping[str, object]) -> str:
    return f"sha256:{hashlib.sha256(canonical_bytes(document)).hexdigest()}"


def _check_value(value: object, place: str, depth: int) -> None:
    """Raise ValueError unless `value` is JSON that has one spelling."""
    if depth == 0:
        raise ValueError(f"{place} is nested too deeply")
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value, place)
    elif isinstance(value, int):
        _check_int(value, place)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            _check_name(name, place)
            _check_value(member, f"{place}.{name}", depth - 1)
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            _check_value(member, f"{place}[{index}]", depth - 1)
    else:
        raise ValueError(
            f"{place} is a {type(value).__name__}; a share is written as whole numbers num and den"
        )


def _check_int(value: int, place: str) -> None:
    if not -MAX_INT <= value <= MAX_INT:
        raise ValueError(f"{place} is beyond 2^53 and not exact in everybody's JSON")


def _check_name(name: object, place: str) -> None:
    if not isinstance(name, str):
        raise ValueError(f"{place} has a property that is not named by text: {name!r}")
    _check_text(name, place)


def _check_text(text: str, place: str) -> None:
    # A lone surrogate has no UTF-8 form, so no hash; Python's JSON reader lets "\ud800" through.
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{place} holds half a character (a lone surrogate)") from None

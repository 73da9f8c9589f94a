"""Update of an actor as it travels: the whole document, because a partial one would erase fields (wire.md §3.2)."""

from typing import Any


def to_update(document: dict[str, Any]) -> dict[str, Any]:
    """Update{actor}; the context is the activity's, once."""
    inner = {name: value for name, value in document.items() if name != "@context"}
    return {"type": "Update", "actor": document["id"], "object": inner}

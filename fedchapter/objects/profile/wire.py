"""Update and Delete of an actor as they travel: the whole document, because a partial one would erase fields.

wire.md §3.2 (the object of such a Delete is the bare id of the actor, which is the sender).
"""

from typing import Any


def to_update(document: dict[str, Any]) -> dict[str, Any]:
    """Update{actor}; the context is the activity's, once."""
    inner = {name: value for name, value in document.items() if name != "@context"}
    return {"type": "Update", "actor": document["id"], "object": inner}


def to_delete(uri: str) -> dict[str, Any]:
    """Delete{actor}."""
    return {"type": "Delete", "actor": uri, "object": uri}

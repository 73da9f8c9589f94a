"""Messages of other servers' shapes (tests/peers/<software>/<name>.json), sent by an actor with real keys.

The files speak of https://chapter.example/announcements/1; a test says what that is at its chapter.
"""

from pathlib import Path
from typing import Any

import msgspec

from tests.support.network import Stranger, World

PEERS = Path(__file__).parents[1] / "peers"
PLACE = "https://chapter.example/announcements/1"


def peer_message(name: str, root: str = PLACE) -> dict[str, Any]:
    """The message, about `root`."""
    text = (PEERS / name).read_text().replace(PLACE, root)
    message: dict[str, Any] = msgspec.json.decode(text)
    return message


def speaker(world: World, message: dict[str, Any]) -> Stranger:
    """Whoever the message says is its actor, with an address of whatever form that software uses."""
    uri = str(message["actor"])
    host = uri.split("/")[2]
    who = world.stranger(uri.rpartition("/")[2].strip("?=") or "somebody", host)
    who.uri = uri
    who.key_id = f"{uri}#main-key"
    who.put(uri, who.document(preferredUsername="somebody", inbox=f"https://{host}/inbox"))
    return who

"""What goes over the wires for the board is what stands in tests/peers/fedchapter, key by key and in that order."""

import json
import re
from typing import Any

from tests.objects.board.test_board import ENTRY, client_of, overhear, posted
from tests.objects.sister.test_sisters import made_sisters
from tests.support.network import World
from tests.support.peers import PEERS

FILES = ("entry", "entry-changed", "answer", "reply", "reply-gone", "entry-gone")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_ID = re.compile(r"(?<=/)[0-9a-z]{26}(?=\")")


def comparable(text: str) -> dict[str, Any]:
    """The message with every id numbered by where it comes first, times alike, and no list of contexts but ours."""
    ids: dict[str, str] = {}
    text = _ID.sub(lambda match: ids.setdefault(match[0], f"id{len(ids)}"), _TIME.sub("a time", text))
    message: dict[str, Any] = json.loads(text)
    context = message.pop("@context")
    return message | {"has terms of ours": any(isinstance(one, dict) and "fc" in one for one in context)}


async def test_board_messages_have_the_shape_of_their_samples(world: World) -> None:
    riverside, hillside = await made_sisters(world)
    heard = overhear(world)
    zuzana, eve = await client_of(riverside, "Zuzana Quist"), await client_of(hillside, "Eve Onyango")
    path = await posted(zuzana, shared="yes", named="yes")
    await world.settle()
    await zuzana.post(f"{path}/edit", data=ENTRY | {"shared": "yes", "title": "A lift there and back"})
    await world.settle()
    [entry] = await hillside.rows("SELECT id FROM board_entry")
    await eve.post(f"/board/{entry['id']}", data={"text": "My cousin drives there."})
    await world.settle()
    [answer] = await riverside.rows("SELECT id FROM board_answer")
    await zuzana.post(f"{path}/answers/{answer['id']}", data={"text": "Lovely! Ring 0101."})
    await world.settle()
    await zuzana.post(f"{path}/close")
    await world.settle()
    sent = [comparable(one.partition(" ")[2]) for one in heard if "/inbox {" in one]
    files = [(PEERS / "fedchapter" / f"board-{name}.json").read_text() for name in FILES]
    assert sent == [comparable(text) for text in files]

"""One message, one kind: no two types claim the same thing, whatever the message."""

from typing import Any

import pytest

from fedchapter.app.types import find_types
from fedchapter.federation import Claim
from fedchapter.vocab.normalise import normalise
from fedchapter.vocab.read import ids_of
from fedchapter.vocab.uris import is_public, is_uri
from tests.support.peers import PEERS, peer_message


def is_whole(message: dict[str, Any]) -> bool:
    """Whether it is a Create or Update with real addresses: some files are templates."""
    return (
        message.get("type") in ("Create", "Update")
        and is_uri(message.get("actor"))
        and is_uri(message.get("id"))
    )


CREATES = [
    path.relative_to(PEERS).as_posix()
    for path in sorted(PEERS.rglob("*.json"))
    if is_whole(peer_message(path.relative_to(PEERS).as_posix()))
]


@pytest.mark.parametrize("name", CREATES)
def test_no_message_of_any_server_is_claimed_twice(name: str) -> None:
    document = peer_message(name)
    activity = normalise(document)
    embedded = activity.object if isinstance(activity.object, dict) else {}
    public = any(is_public(uri) for uri in (*activity.to, *activity.cc, *ids_of(embedded.get("to"))))
    claim = Claim(activity, embedded, None, frozenset(), public)
    assert len(find_types().registry.kinds_of(claim)) <= 1

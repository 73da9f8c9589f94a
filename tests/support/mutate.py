"""Makes odd messages out of proper ones: something dropped, doubled, swapped, of the wrong type, or far too large."""

import copy
import random
from typing import Any

Json = dict[str, Any]
Place = tuple[Any, Any]

TYPES = (
    "Note", "Article", "Question", "Event", "Page", "Tombstone", "Person", "Group", "Link", "Create", "Update",
    "Delete", "Follow", "Accept", "Reject", "Undo", "Like", "Announce", "Block", "Add", "Remove", "Move", "Join",
    "Leave", "Offer", "Flag", "EmojiReact", "Dislike", "QuoteRequest", "TentativeAccept", "Collection", "", "X" * 99,
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**53, -(2**31) - 1, 2**31, 1.5, -0.0, 1e300, "", " ", "0", "null", [], {}, [[]],
    [None], [{}], {"id": None}, {"type": []}, "https://", "https://[::1]/", "https://x.test:99999/", "javascript:x",
    "https://elsewhere.test/" + "x" * 900, "https://elsewhere.test/" + "x" * 1100, "https://" + "a." * 126 + "x:65535/",
    "https://elsewhere.test/\u202e", "https://ünïcode.test/ß", "http://elsewhere.test/", "acct:ada@elsewhere.test",
    "as:Public", "Public", "x" * 300, "y" * 6000, "<b>" * 2000, "<p>" + "&#0;" * 50, "&#xD800;", "\U0001f331" * 400,
    "\u200f\u2066", "1999-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00", "2026-11-22",
    "2199-12-31T23:59:59+14:00",
    "2026-02-30T10:00:00Z", "PT1H", "Europe/Lisbon", "../../etc/passwd", "und", "x-" + "long-" * 20, "EventCancelled",
    "CONFIRMED", "external", "Yes", "yes", "#" * 40, "@" * 40, "\\\\", "%00%ff", "\ufffd\ufffe", "a\r\nb: c",
    "🇵🇹" * 200,
)  # fmt: skip


class Mutator:
    """Odd messages in an order that the seed decides; `uris` are addresses that mean something to the receiver."""

    def __init__(self, seed: int, uris: list[str]) -> None:
        self.random = random.Random(seed)
        self._uris = uris

    def mutate(self, message: Json) -> Json:
        """A changed copy."""
        changed = copy.deepcopy(message)
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 2, 3, 5))):
            places = _places(changed)
            if not places:
                break
            self._change(changed, self.random.choice(places))
        return changed

    def _change(self, whole: Json, place: Place) -> None:
        node, key = place
        how = self.random.randrange(12)
        if how == 0 and isinstance(node, dict):
            del node[key]
        elif how == 1:
            node[key] = [node[key], copy.deepcopy(node[key])]
        elif how == 2:
            node[key] = {"id": node[key], "type": self.random.choice(TYPES)}
        elif how == 3:
            node[key] = self.random.choice(self._uris)
        elif how == 4:
            other, at = self.random.choice(_places(whole))
            node[key] = copy.deepcopy(other[at])
        elif how == 5:
            self._retype(whole)
        elif how == 6 and isinstance(node, dict):
            node[self.random.choice(KEYS)] = copy.deepcopy(node[key])
        elif how == 7:
            node[key] = self._large(node[key])
        elif how == 8 and isinstance(node[key], str):
            node[key] = self._spoil(node[key])
        else:
            node[key] = copy.deepcopy(self.random.choice(ODD))

    def _retype(self, whole: Json) -> None:
        inner = whole.get("object")
        target = inner if isinstance(inner, dict) and self.random.random() < 0.6 else whole
        target["type"] = self.random.choice(TYPES)

    def _large(self, value: Any) -> Any:
        how = self.random.randrange(4)
        if how == 0:
            return [copy.deepcopy(value)] * 300
        if how == 1:
            return {f"k{number}": value for number in range(120)}
        if how == 2:
            return "z" * self.random.choice((301, 501, 1025, 2049, 20_001))
        for _ in range(20):
            value = {"object": value, "type": "Announce"}
        return value

    def _spoil(self, text: str) -> str:
        at = self.random.randrange(len(text) + 1)
        return (
            text[:at]
            + self.random.choice(("#x", "?", "/", "\u0000", "%", "é", "\\", " ", "..", "@"))
            + text[at:]
        )


KEYS = (
    "id", "type", "actor", "object", "target", "to", "cc", "inReplyTo", "attributedTo", "content", "name", "summary",
    "url", "published", "updated", "tag", "attachment", "startTime", "endTime", "location", "fc:stage", "fc:proposal",
    "fc:members", "closed", "oneOf", "instrument", "result", "proof", "signature", "context", "audience", "featured",
    "publicKey", "inbox", "preferredUsername", "@graph", "@context", "contentMap", "sensitive", "eventStatus", "uuid",
    "joinMode", "maximumAttendeeCapacity", "participantCount", "alsoKnownAs", "movedTo", "fc:outcome", "timezone",
)  # fmt: skip


def _places(node: Any) -> list[Place]:
    """Every (container, key) in the tree, deepest last; found without recursion."""
    found: list[Place] = []
    waiting = [node]
    while waiting and len(found) < 2000:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one))
        for key in keys:
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found

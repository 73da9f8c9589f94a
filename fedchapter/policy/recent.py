"""What unknown actors sent within the last hour, in memory: who sent the like, and which wave it belongs to.

operations.md §1.4 (the same text by several actors within an hour). Every process reads what the others judged
(policy.judged) before it judges, so a wave is one wave however many workers there are; of two that turn out to be one,
the older goes on. Two posts are alike when they share the words, most of the sketch, or the host of a link.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from .shape import ALIKE, SKETCH, Shape, is_alike

WITHIN: Final = timedelta(hours=1)
ENTRIES_MAX: Final = 20_000
# A key that more posts share than this needs no longer list to be known as a wave's.
_LISTED_MAX: Final = 100
# Pairs of words that everybody uses stand in long lists: of those only the newest are compared.
_COMPARED_MAX: Final = 12


@dataclass(slots=True, eq=False)
class Sent:
    """One post of an unknown actor. What `keys` name makes two alike, of the `sketch` most of it must be shared."""

    uri: str
    actor: str
    keys: tuple[str, ...]
    sent_at: datetime
    wave: str = ""
    sketch: frozenset[int] = frozenset()
    lists: list[str | int] = field(default_factory=list)


_NONE: Final[deque[Sent]] = deque()


@dataclass(slots=True)
class Recent:
    """The posts of the last hour by everything that makes two alike."""

    _order: deque[Sent] = field(default_factory=deque)
    _by_uri: dict[str, Sent] = field(default_factory=dict)
    _by_key: dict[str | int, deque[Sent]] = field(default_factory=dict)
    _merged: dict[str, str] = field(default_factory=dict)
    _late: dict[str, dict[str, None]] = field(default_factory=dict)
    _taken: dict[str, dict[str, None]] = field(default_factory=dict)

    def root(self, wave: str) -> str:
        """The wave that this one has become part of, or itself."""
        while wave in self._merged:
            wave = self._merged[wave]
        return wave

    def knows(self, uri: str, wave: str) -> bool:
        """Whether the post is remembered, as part of that wave where it is of one."""
        known = self._by_uri.get(uri)
        return known is not None and (not wave or self.root(wave) == self.root(known.wave))

    def add(self, sent: Sent, now: datetime) -> Sent:
        """It is remembered, once; what is older than an hour is forgotten."""
        self._forget(now)
        known = self._by_uri.get(sent.uri)
        if known is not None:
            self._agree(known, sent.wave)
            self._reread(known, sent)
            return known
        self._by_uri[sent.uri] = sent
        self._order.append(sent)
        self._list(sent)
        return sent

    def _list(self, sent: Sent) -> None:
        sent.lists += [*sent.keys, *sent.sketch]
        for key in sent.lists:
            if (listed := self._by_key.get(key)) is None:
                listed = self._by_key[key] = deque(maxlen=_LISTED_MAX)
            listed.append(sent)

    def _reread(self, known: Sent, sent: Sent) -> None:
        """It was edited: what counts is what it says now."""
        if sent.keys == known.keys and sent.sketch == known.sketch:
            return
        self._unlist(known)
        known.keys, known.sketch = sent.keys, sent.sketch
        self._list(known)

    def _agree(self, known: Sent, wave: str) -> None:
        """Another process found the wave that it is of, or another one than we."""
        ours, theirs = self.root(known.wave), self.root(wave)
        if ours and theirs and ours != theirs:
            self._merge(max(ours, theirs), min(ours, theirs))
        known.wave = ours or theirs

    def alike(self, sent: Sent) -> list[Sent]:
        """Those like it, itself left out; of a wave that is known already only a few."""
        lists = [self._by_key[key] for key in sent.keys if key in self._by_key]
        last = [listed[-1] for listed in lists if listed[-1].wave and listed[-1] is not sent]
        if last:
            return last
        found = {other.uri: other for listed in lists for other in listed} | self._sketched(sent)
        found.pop(sent.uri, None)
        return list(found.values())

    def _sketched(self, sent: Sent) -> dict[str, Sent]:
        """Those that share most of the sketch: each of them stands in one of any SKETCH - ALIKE + 1 lists."""
        lists = sorted((self._by_key.get(key, _NONE) for key in sent.sketch), key=len)
        found: dict[str, Sent] = {}
        for listed in lists[: SKETCH - ALIKE + 1]:
            for other in islice(reversed(listed), _COMPARED_MAX):
                if is_alike(sent.sketch, other.sketch):
                    found[other.uri] = other
        return found

    def join(self, members: Iterable[Sent], wave: str) -> str:
        """They are of one wave from now on: the oldest that one of them is of, or the given one. Returns which."""
        waves = {self.root(one.wave) for one in members if one.wave}
        kept = min(waves) if waves else wave
        for other in waves - {kept}:
            self._merge(other, kept)
        for one in members:
            if not one.wave:
                self._late.setdefault(kept, {})[one.uri] = None
            one.wave = kept
        return kept

    def _merge(self, other: str, kept: str) -> None:
        self._merged[other] = kept
        if len(self._merged) > ENTRIES_MAX:
            oldest = next(iter(self._merged))
            self.written(self.root(oldest), (), (oldest,))
            del self._merged[oldest]
        self._taken.setdefault(kept, {}).update({other: None} | self._taken.pop(other, {}))
        if late := self._late.pop(other, {}):
            self._late.setdefault(kept, {}).update(late)

    def unwritten(self, wave: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What turned out to be of the wave, and the waves that became part of it, until `written` is told so."""
        return tuple(self._late.get(wave, ())), tuple(self._taken.get(wave, ()))

    def written(self, wave: str, uris: Iterable[str], merged: Iterable[str]) -> None:
        """That is in the database now."""
        for unwritten, told in ((self._late, uris), (self._taken, merged)):
            rest = unwritten.get(wave, {})
            for one in told:
                rest.pop(one, None)
            if not rest:
                unwritten.pop(wave, None)

    def _forget(self, now: datetime) -> None:
        while self._order and (now - self._order[0].sent_at > WITHIN or len(self._order) >= ENTRIES_MAX):
            old = self._order.popleft()
            self._by_uri.pop(old.uri, None)
            self._unlist(old)
            if old.wave:
                # What nobody wrote down within the hour is not held afterwards.
                self.written(self.root(old.wave), (old.uri,), ())

    def _unlist(self, sent: Sent) -> None:
        for key in sent.lists:
            listed = self._by_key.get(key)
            if listed is None:
                continue
            # Long lists have lost their oldest by themselves.
            if sent in listed:
                listed.remove(sent)
            if not listed:
                del self._by_key[key]
        sent.lists.clear()


def keys_of(shape: Shape, ignored_hosts: frozenset[str]) -> tuple[str, ...]:
    """What makes a post like any other that has it: its words, and each server that it links to."""
    keys = [f"x:{shape.digest}"] if shape.digest else []
    return (*keys, *(f"l:{host}" for host in shape.hosts if host not in ignored_hosts))

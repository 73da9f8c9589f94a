"""The policy of one instance as it stands in memory: rules, marks on hosts, the storm, and the last hour's posts.

Issue "Hold, don't drop". Asked at every message, so nothing here reads a row but `load`, `refresh` and `catch_up`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ..store import new_id
from ..store.choices import find_choices
from ..store.kinds import Reads
from .book import find_rules
from .defaults import OTHERWISE, built_in
from .facts import CONTENT, KNOWN, Facts, find_sister_hosts
from .hosts import HostMarks
from .judged import find_comparable
from .private import STAYS_AWAY, PrivateTexts, find_private_texts
from .recent import Recent, Sent, keys_of
from .rules import Decide, Rule, compiled, to_verdict
from .state import Storm, find_stamp, storm_of
from .verdict import HOLD, Verdict


async def _no_circle(reads: Reads) -> frozenset[str]:
    return frozenset()


@dataclass(slots=True)
class Policy:
    """What decides about everything that comes in. Links to `own_hosts`, sister
    chapters and the circle make no wave; `find_circle` reads the servers that
    our sister chapters vouch for."""

    marks: HostMarks
    own_hosts: frozenset[str] = frozenset()
    find_circle: Callable[[Reads], Awaitable[frozenset[str]]] = _no_circle
    rules: tuple[Rule, ...] = field(default_factory=built_in)
    storm: Storm | None = None
    circle: frozenset[str] = frozenset()
    trusted_hosts: frozenset[str] = frozenset()
    wave_actors: int = 3
    private: PrivateTexts = field(default_factory=PrivateTexts)
    recent: Recent = field(default_factory=Recent)
    _decide: Decide = field(default_factory=lambda: compiled(built_in()))
    _stamp: dict[str, Any] | None = None
    _seen_id: int | None = None

    async def load(self, reads: Reads, now: datetime) -> None:
        """Everything is as the database has it."""
        stamp = await find_stamp(reads)
        choices = await find_choices(reads)
        await self.marks.load(reads, now)
        self.rules = tuple(await find_rules(reads))
        self._decide = compiled(self.rules)
        self.private = await find_private_texts(reads)
        self.circle = await self.find_circle(reads)
        self.trusted_hosts = self.own_hosts | self.circle | await find_sister_hosts(reads)
        self.storm = storm_of(stamp)
        self.wave_actors = max(int(choices["wave_actors"]), 2)
        self._stamp = stamp

    async def refresh(self, reads: Reads, now: datetime) -> bool:
        """Everything is as the database has it; True when something had changed."""
        if await find_stamp(reads) == self._stamp and not self.marks.has_ended(now):
            return False
        await self.load(reads, now)
        return True

    async def catch_up(self, reads: Reads, now: datetime) -> None:
        """What other processes judged since is remembered, too."""
        seen_id, fresh = await find_comparable(reads, self._seen_id, now, self.recent)
        self._seen_id = max(self._seen_id or 0, seen_id)
        for sent in fresh:
            self.recent.add(sent, now)

    def is_storm(self, now: datetime) -> bool:
        """Whether everything from strangers is held."""
        return self.storm is not None and self.storm.from_at <= now < self.storm.until_at

    def judge(self, facts: Facts, uri: str, now: datetime) -> tuple[Facts, Verdict]:
        """What the first rule that speaks says of the object at that URI, and the facts with what others sent alike."""
        if self.private.is_private(uri, facts.document or {}):
            return facts, STAYS_AWAY
        wave = ""
        if facts.what in CONTENT and facts.relation not in KNOWN:
            facts, wave = self._compare(facts, uri, now)
        rule = self._decide(facts) or OTHERWISE
        if rule.decision != HOLD:
            return facts, to_verdict(rule, facts)
        return facts, to_verdict(rule, facts, group=f"wave:{wave}" if wave else "", wave=wave)

    def _compare(self, facts: Facts, uri: str, now: datetime) -> tuple[Facts, str]:
        """The facts with how many unknown actors sent the like within the hour, and the wave it is of, if any."""
        keys = keys_of(facts.shape, self.trusted_hosts)
        if not keys:
            return facts, ""
        sent = self.recent.add(Sent(uri, facts.actor, keys, now, sketch=frozenset(facts.shape.sketch)), now)
        alike = [*self.recent.alike(sent), sent]
        copies = len({one.actor for one in alike})
        if copies < self.wave_actors and not any(one.wave for one in alike):
            return (replace(facts, copies=copies, given=facts.shape) if copies > 1 else facts), ""
        wave = self.recent.join(alike, new_id(now))
        return replace(facts, copies=max(copies, self.wave_actors), wave=True, given=facts.shape), wave

"""Sending news to people outside: whoever is due is worked off in batches, each in one unit of work.

A letter and the note that it was written stand in the same unit, so whatever dies when, nobody gets one twice or none.
Decision: batches of a hundred, each put off behind the letters of the one before, so that memory stays small, and a
sign-in link asked for meanwhile waits for a few letters only, not for thousands.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ..house import House
from ..house.letters import chapter_name, send_letter
from ..jobs import outside_job, schedule
from ..mail.news import SHOWN_MAX, Item, News, correct_news, find_facts, find_news, keep_news
from ..mail.subscribers import HOWS, Subscriber, Wish, find_due, make_due, next_letter, note_sent
from ..members.standing import find_zone
from ..store import Unit
from ..store.choices import find_choice, find_language
from ..store.sealed import seal, unseal
from ..words import speaking
from .newsletter import Desk, to_letter

JOB = "subscribers"
BATCH = 100
PURPOSE = "subscriber"


async def offer(unit: Unit, news: News) -> None:
    """The news goes to all who want it: at once, or with their next letter."""
    await keep_news(unit, news)
    if await make_due(unit, news.kind):
        await plan(unit, unit.now)
    # Planned by every batch and by every new reader too; here once more, should a batch ever have been given up.
    await plan_next(unit, await find_zone(unit))


async def offer_again(unit: Unit, news: News) -> None:
    """What is said of it is right; who wants it is told again, if it is at another time or place, or not at all."""
    before = await find_facts(unit, news.uri)
    told = (before["change"], before["start_at"], before["zone"], before["place"]) if before else ()
    if told[1:] == (news.start_at, news.zone, news.place) and news.change != "cancelled":
        await correct_news(unit, news)
        return
    await offer(unit, news)


async def plan(unit: Unit, due_at: datetime | None) -> None:
    """Whose letter is due then will get it; None plans nothing."""
    if due_at is None:
        return
    # Many are due at the same hour by one job; what is due now goes on in a new one, since the last may be under way.
    key = unit.new_id() if due_at <= unit.now else f"{due_at:%Y-%m-%dT%H:%M}"
    await schedule(unit, JOB, {}, due_at=due_at, key=f"{JOB}:{key}")


async def plan_next(unit: Unit, zone: ZoneInfo) -> None:
    """The next daily and weekly letters will be written."""
    for how in HOWS:
        await plan(unit, next_letter(unit.now, how, zone))


@outside_job(JOB)
async def write_letters(house: House, payload: dict[str, Any]) -> None:
    """One batch of those who are due has its letters, and the next batch is planned."""
    async with house.database.unit() as unit:
        await write_batch(unit, house.secret)


async def write_batch(unit: Unit, secret: bytes) -> int:
    """Up to a hundred letters are on their way; returns how many readers were due."""
    due = await find_due(unit, BATCH)
    zone = await find_zone(unit)
    office = Office(unit, secret, await find_language(unit, unit.settings))
    await note_sent(unit, [(reader, await office.write(reader)) for reader in due], zone)
    if len(due) == BATCH:
        await plan(unit, unit.now)
    await plan_next(unit, zone)
    return len(due)


class Office:
    """Writes the letters of one batch; what several readers get is looked up once."""

    def __init__(self, unit: Unit, secret: bytes, language: str) -> None:
        self._unit, self._secret, self._language = unit, secret, language
        self._news: dict[tuple[bool, bool, datetime], list[Item]] = {}
        self._desk: Desk | None = None

    async def write(self, reader: Subscriber) -> datetime:
        """The reader's letter is on its way, if there is news; returns up to when they have everything."""
        items = await self._find_news(reader.wish, reader.until_at)
        if not items:
            return reader.until_at
        urls = links_of(self._unit, self._secret, reader)
        desk = await self._find_desk()
        with speaking(reader.language or self._language):
            letter = to_letter(desk, reader, items, change_url=urls[0], stop_url=urls[1])
        await send_letter(self._unit, letter, subscriber_id=reader.id)
        return self._unit.now if len(items) > SHOWN_MAX else items[-1].offered_at

    async def _find_news(self, wish: Wish, since_at: datetime) -> list[Item]:
        key = (wish.announcements, wish.events, since_at)
        if key not in self._news:
            self._news[key] = await find_news(self._unit, wish, since_at, self._unit.now)
        return self._news[key]

    async def _find_desk(self) -> Desk:
        if self._desk is None:
            unit = self._unit
            name = await chapter_name(unit, unit.settings.chapter_uri)
            discreet = await find_choice(unit, "discreet_mail") == "yes"
            self._desk = Desk(name, unit.settings.origin, discreet)
        return self._desk


def links_of(unit: Unit, secret: bytes, reader: Subscriber) -> tuple[str, str]:
    """Where the reader changes what they get, and where they leave; no address says whose."""
    token = seal(secret, PURPOSE, reader.id)
    return unit.settings.uri("subscribe", "mine", token), unit.settings.uri("subscribe", "stop", token)


def read_link(secret: bytes, token: str) -> str:
    """The id of the subscriber in such a link; empty when it is not one of ours."""
    return unseal(secret, PURPOSE, token) or ""


JOBS = (write_letters,)

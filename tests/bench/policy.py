"""What the rules cost of all that a message costs: 200 rules, 5,000 marks on hosts, half of the senders strangers.

The processor's own time is taken around everything that policy does (looking up how senders stand with us, asking the
rules, writing down what they said), while the same messages are accepted and processed as always.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import uvloop

from fedchapter.actors import ActorFacts, KeyFacts, store_actor
from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.federation import lookup, process
from fedchapter.policy import set_mark
from fedchapter.policy.book import put_rule
from fedchapter.policy.policy import Policy
from fedchapter.policy.rules import AT_LEAST, HAS, IS, Condition, Rule
from fedchapter.settings import settings_from
from fedchapter.signatures import HttpMessage, generate_rsa, public_to_pem, sign_cavage
from fedchapter.store import Known, Unit, know
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.bench.peers import comment, encoded
from tests.bench.report import Report

MESSAGES, ACTORS, RULES, HOSTS = 2000, 200, 200, 5000
AT_ONCE = 32
MEASURED: tuple[tuple[Any, str], ...] = (
    (process, "judge"),
    (process, "record"),
    (lookup, "find_standings"),
    (Policy, "refresh"),
    (Policy, "catch_up"),
)
# As many words as people use in a month of comments.
WORDS = tuple(
    f"{first}{middle}{last}"
    for first in "bdfglmnprst"
    for middle in ("a", "ore", "ind")
    for last in ("t", "ment", "ry", "ling", "s", "nk", "p", "ver", "ll", "cks", "dge", "sh", "rn", "wn")
)


class Spent:
    """How many seconds of this process's time went into the functions that it wraps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, function: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The same function, its time counted."""

        @wraps(function)
        async def timed(*args: Any, **named: Any) -> Any:
            began_s = time.process_time()
            try:
                return await function(*args, **named)
            finally:
                self.seconds += time.process_time() - began_s

        return timed


def rules() -> list[Rule]:
    """Rules about words, links and numbers that never speak, so that every one is asked about every message."""
    chance = random.Random(7)
    found = []
    for number in range(RULES):
        words = tuple(f"{chance.choice(WORDS)}{chance.randrange(10**6)}x" for _ in range(5))
        shapes = (
            (Condition("text", HAS, words),),
            (Condition("link_hosts", HAS, tuple(f"{word}.example" for word in words)),),
            (Condition("links", AT_LEAST, ("30",)), Condition("what", IS, ("reply", "post"))),
            (Condition("host", HAS, tuple(f"{word}.example" for word in words)),),
            (Condition("relation", IS, ("stranger",)), Condition("media", AT_LEAST, ("40",))),
        )
        conditions = shapes[number % len(shapes)]
        # Behind what is decided about people we know, where the form puts a new rule.
        found.append(Rule(f"bench{number:03}", "Bench", "bench", "hold", conditions, position=9500))
    return found


async def prepare(folder: Path, pem: str) -> Instance:
    """A chapter with those rules and marks that knows the senders; every other one is approved."""
    settings = settings_from({"domain": "localhost:7999", "name": "Bench", "data": str(folder)})
    await bring_up(settings)
    instance = create_instance(settings, limits_scale=1000)
    await instance.open()
    await found(instance)

    async def seed(unit: Unit) -> None:
        for number in range(ACTORS):
            uri = actor_of(number)
            key = KeyFacts(f"{uri}#main-key", "rsa", pem)
            await store_actor(unit, ActorFacts(uri, "Person", f"a{number}", f"{uri}/inbox", keys=(key,)))
            if number % 2:
                await set_mark(unit, scope="actor", subject=uri, decision="approved")
        for number in range(HOSTS):
            await set_mark(unit, scope="host", subject=f"marked{number}.example", decision="hold")
        for rule in rules():
            await put_rule(unit, rule)
        post = settings.uri("announcements", "bench")
        ours = settings.chapter_uri
        await know(unit, Known(post, "announcement", "bench", ours, unit.now, local=True, listed=True))

    await instance.house.database.run(instance.house.database.in_unit(seed))
    await instance.house.database.run(
        instance.house.policy.load(instance.house.database, instance.house.clock.now())
    )
    return instance


def actor_of(number: int) -> str:
    """One of the senders."""
    return f"https://peer{number % 50}.test/users/a{number}"


def scopes(key: Any) -> list[tuple[dict[str, Any], bytes]]:
    """Signed requests as a server hands them to the application."""
    chance, made = random.Random(5), []
    for number in range(MESSAGES):
        actor = actor_of(number % ACTORS)
        activity = comment(actor, number, "http://localhost:7999/announcements/bench")
        text = " ".join(chance.choice(WORDS) for _ in range(40))
        link = f'<a href="https://news{number}.example/{number}">news</a>'
        activity["object"]["content"] = f"<p>{text} {link}</p>"
        body = encoded(activity)
        message = HttpMessage("POST", "http://localhost:7999/inbox", (("Content-Type", ACTIVITY_JSON),), body)
        signed = sign_cavage(message, key_id=f"{actor}#main-key", key=key, now=datetime.now(UTC))
        headers = {"Host": "localhost:7999", "Content-Type": ACTIVITY_JSON} | dict(signed)
        made.append((scope(headers, body), body))
    return made


def scope(headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """An ASGI scope of a POST to the inbox."""
    told = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/inbox",
        "raw_path": b"/inbox",
        "query_string": b"",
        "root_path": "",
        "headers": [*told, (b"content-length", str(len(body)).encode())],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 7999),
    }


async def accept(instance: Instance, requests: list[tuple[dict[str, Any], bytes]]) -> None:
    """All of them were answered with 202."""
    waiting = list(reversed(requests))

    async def one() -> None:
        while waiting:
            asked, body = waiting.pop()
            status: list[int] = []

            async def receive(body: bytes = body) -> dict[str, Any]:
                return {"type": "http.request", "body": body, "more_body": False}

            async def send(message: Any, status: list[int] = status) -> None:
                status.append(message.get("status", 202))

            await instance(asked, receive, send)
            assert status[0] == 202, status

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))


async def _measure(folder: Path, key: Any, spent: Spent) -> tuple[float, float]:
    instance = await prepare(folder, public_to_pem(key.public_key()))
    requests = scopes(key)
    began_s = time.process_time()
    await accept(instance, requests)
    accepted_s = time.process_time() - began_s
    began_s = time.process_time()

    async def work() -> None:
        while await instance.processor.work():
            pass

    await instance.house.database.run(work())
    processed_s = time.process_time() - began_s
    rows = await instance.house.database.run(
        instance.house.database.rows(
            "SELECT state, count(*) AS total FROM inbox_item GROUP BY state ORDER BY state"
        )
    )
    assert {row["state"]: row["total"] for row in rows} == {"done": MESSAGES // 2, "held": MESSAGES // 2}, (
        rows
    )
    await instance.close()
    return accepted_s, processed_s


def measure(folder: Path, report: Report) -> None:
    """The share of policy in accepting and processing."""
    spent = Spent()
    kept = [getattr(place, name) for place, name in MEASURED]
    for place, name in MEASURED:
        setattr(place, name, spent.around(getattr(place, name)))
    try:
        accepted_s, processed_s = uvloop.run(_measure(folder, generate_rsa(), spent))
    finally:
        for (place, name), function in zip(MEASURED, kept, strict=True):
            setattr(place, name, function)
    report.figure(
        "policy, with 200 rules and 5,000 marks on hosts", spent.seconds / MESSAGES * 1e6, "µs a message"
    )
    report.figure("  accepting and processing", (accepted_s + processed_s) / MESSAGES * 1e6, "µs a message")
    report.at_most("policy, of accepting and processing", spent.seconds / (accepted_s + processed_s), 0.1)

"""Starts and drives an independent ActivityPub server: one Person, `dan`, on Fedify 2.3 over TCP on loopback.

The program is tests/npm/peer; Fedify is the strictest verifier that we know of, and shares no code with us.
"""

import json
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import pytest

from tests.support.needs import need
from tests.support.npm import FOLDER, find_node, find_package

Scheme = Literal["cavage", "rfc9421"]


@dataclass(frozen=True)
class Received:
    """One request that reached dan, and what Fedify's own verifiers say about it.

    `proof` is about the activity, `object_proof` about the object in it: None where there is no proof.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    status: int
    scheme: Scheme | None
    verified: bool
    reason: str | None
    key_id: str | None
    proof: bool | None
    object_proof: bool | None


@dataclass(frozen=True)
class Answer:
    """What another server answered to dan."""

    status: int
    text: str


class PeerSays(Exception):
    """Dan could not do what was asked: mostly since the other server refused."""


class FedifyPeer:
    """A running peer. What dan does is sent at once; a refusal by the other server raises PeerSays."""

    def __init__(self, port: int, client: httpx.AsyncClient) -> None:
        self.origin = f"http://localhost:{port}"
        self.actor_uri = f"{self.origin}/users/dan"
        self.handle = f"@dan@localhost:{port}"
        self.client = client

    async def settings(
        self,
        first_knock: Scheme = "rfc9421",
        signed_gets: bool = False,
        accept_follows: bool = True,
        only_scheme: Scheme | None = None,
    ) -> None:
        """The scheme dan tries first, whether his documents need signed GETs, whether he accepts follows, and
        which scheme alone he understands (None: both)."""
        await self._ask(
            "settings",
            first_knock=first_knock,
            signed_gets=signed_gets,
            accept_follows=accept_follows,
            only_scheme=only_scheme,
        )

    async def lookup(self, what: str) -> dict[str, Any]:
        """What is found under a handle or an id, as Fedify understood it."""
        found: dict[str, Any] = await self._ask("lookup", what=what)
        return found

    async def webfinger(self, resource: str) -> dict[str, Any] | None:
        """The WebFinger answer for `acct:…` or a URL."""
        found: dict[str, Any] | None = await self._ask("webfinger", resource=resource)
        return found

    async def get(self, url: str, signed: bool = True) -> Answer:
        """The document at the URL, asked for as activity+json."""
        got = await self._ask("get", url=url, signed=signed)
        return Answer(got["status"], got["text"])

    async def follow(self, actor_uri: str) -> str:
        """Follows; the id of the Follow."""
        return await self._do("follow", actor=actor_uri)

    async def block(self, actor_uri: str) -> str:
        """Blocks; the id of the Block."""
        return await self._do("block", actor=actor_uri)

    async def like(self, object_uri: str) -> str:
        """Likes; the id of the Like."""
        return await self._do("like", object=object_uri)

    async def announce(self, object_uri: str) -> str:
        """Boosts; the id of the Announce."""
        return await self._do("announce", object=object_uri)

    async def flag(self, content: str, actor_uri: str, *posts: str) -> str:
        """Reports an actor and some of its posts; the id of the Flag."""
        return await self._do("flag", objects=[actor_uri, *posts], content=content)

    async def undo(self, activity_uri: str, to: str) -> str:
        """Takes back an earlier activity of dan's (Follow, Like, Announce, Block); the id of the Undo."""
        return await self._do("undo", activity=activity_uri, to=to)

    async def reply(self, object_uri: str, content: str) -> str:
        """Answers in public; the id of the Note."""
        return await self._do("reply", key="object", object=object_uri, content=content)

    async def post(self, content: str, to: str, is_public: bool = True) -> str:
        """Writes to an actor, in public or to it alone; the id of the Note."""
        return await self._do("post", key="object", content=content, to=to, is_public=is_public)

    async def vote(self, question_uri: str, name: str) -> str:
        """Gives that answer in a poll; the id of the Note."""
        return await self._do("vote", key="object", question=question_uri, name=name)

    async def edit(self, note_uri: str, content: str, to: str) -> str:
        """Changes a Note; the id of the Update."""
        return await self._do("edit", note=note_uri, content=content, to=to)

    async def remove(self, note_uri: str, to: str) -> str:
        """Deletes a Note; the id of the Delete."""
        return await self._do("remove", note=note_uri, to=to)

    async def send(
        self, inbox: str, activity: dict[str, Any] | str, scheme: Scheme | None = "cavage"
    ) -> Answer:
        """POSTs these very bytes under dan's RSA signature, or without one; refusals are answers here."""
        got = await self._ask("send", inbox=inbox, activity=activity, scheme=scheme)
        return Answer(got["status"], got["text"])

    async def followers(self) -> list[str]:
        """Who follows dan."""
        found: list[str] = await self._ask("followers")
        return found

    async def received(self, type_: str | None = None, method: str = "POST") -> list[Received]:
        """What came in so far, of this type."""
        return [_to_received(one) for one in await self._ask("received", type=type_, method=method)]

    async def wait_for(self, type_: str, count: int = 1, timeout_s: float = 20) -> list[Received]:
        """What came in of this type, as soon as there are `count` of them; TimeoutError otherwise."""
        timeout_ms = round(timeout_s * 1000)
        found = await self._ask("wait", type=type_, method="POST", count=count, timeout_ms=timeout_ms)
        if len(found) < count:
            seen = [one.body.get("type") for one in await self.received()]
            raise TimeoutError(f"{count} {type_} expected, {len(found)} came; in all: {seen}")
        return [_to_received(one) for one in found]

    async def reset(self) -> None:
        """Dan is as new, apart from his keys."""
        await self._ask("reset")

    async def forget(self) -> None:
        """What came in so far is no longer counted."""
        await self._ask("forget")

    async def _do(self, verb: str, key: str = "id", **values: Any) -> str:
        uri: str = (await self._ask(verb, **values))[key]
        return uri

    async def _ask(self, verb: str, **values: Any) -> Any:
        answer = await self.client.post(f"{self.origin}/_control/{verb}", json=values)
        said = answer.json()
        if answer.status_code != 200:
            raise PeerSays(said["error"])
        return said


@contextmanager
def run_program() -> Iterator[int]:
    """The port of a running peer, which ends with the block or with this process."""
    node = need(find_node(), "Node 22 from npm is not installed (npm is missing, or this is not Linux)")
    need(find_package("@fedify/fedify"), "Fedify is not installed (npm is missing)")
    with subprocess.Popen(
        [node, FOLDER / "peer" / "main.js"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        line = program.stdout.readline()
        if not line:
            raise RuntimeError("the Fedify peer did not start; its error output is above")
        yield json.loads(line)["port"]
        program.communicate()


@asynccontextmanager
async def drive(port: int) -> AsyncIterator[FedifyPeer]:
    """The peer at that port, with nobody following it and nothing received."""
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        peer = FedifyPeer(port, client)
        await peer.reset()
        yield peer


@pytest.fixture(scope="session")
def fedify_port() -> Iterator[int]:
    """A peer that lives as long as this test process: starting one takes longer than most tests."""
    with run_program() as port:
        yield port


@pytest.fixture
async def fedify(fedify_port: int) -> AsyncIterator[FedifyPeer]:
    """The Fedify server, as new."""
    async with drive(fedify_port) as peer:
        yield peer


def _to_received(entry: dict[str, Any]) -> Received:
    signature = entry.pop("signature")
    return Received(
        **entry,
        scheme=signature["scheme"],
        verified=signature["verified"],
        reason=signature["reason"],
        key_id=signature["key_id"],
    )

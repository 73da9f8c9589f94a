"""Several real chapters in one process, and strangers that sign like other servers, joined by wires that can be cut.

Each chapter is a whole Instance with its own database. `Network` is the transport between them: it hands a request to
the ASGI application of the host it names, and can cut, slow, refuse or lose what it carries. Strangers hold real keys
and send real signatures; what they serve is whatever a test puts at an address.
"""

import asyncio
import itertools
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.clock import MovedClock
from fedchapter.members import Role, create_account, start_session
from fedchapter.settings import settings_from
from fedchapter.signatures import (
    HttpMessage,
    add_proof,
    generate_ed25519,
    generate_rsa,
    multikey_encode,
    public_to_pem,
    sign_cavage,
    sign_rfc9421,
)
from fedchapter.store import Unit
from fedchapter.vocab.context import ACTIVITY_JSON

Result = TypeVar("Result")
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AS2 = "https://www.w3.org/ns/activitystreams"


class Network(httpx.AsyncBaseTransport):
    """The wires. `log` has every request that was carried: (method, host, path, status)."""

    def __init__(self, seed: int = 1) -> None:
        self.apps: dict[str, Any] = {}
        self.log: list[tuple[str, str, str, int]] = []
        self.random = random.Random(seed)
        self.duplicates = 0.0
        self.losses = 0.0
        self._cut: set[str] = set()
        self._slow: dict[str, float] = {}
        self._answers: dict[str, tuple[int, dict[str, str]]] = {}

    def cut(self, host: str) -> None:
        """Connections to the host fail."""
        self._cut.add(host)

    def slow(self, host: str, seconds: float) -> None:
        """Answers from the host take that long."""
        self._slow[host] = seconds

    def answering(self, host: str, status: int, headers: dict[str, str] | None = None) -> None:
        """The host answers everything with that status."""
        self._answers[host] = (status, headers or {})

    def mend(self, host: str) -> None:
        """The host is as it was."""
        self._cut.discard(host)
        self._slow.pop(host, None)
        self._answers.pop(host, None)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """httpx's transport: one request carried, or not."""
        host = request.url.netloc.decode()
        await self._hinder(host)
        if host in self._answers:
            status, headers = self._answers[host]
            response = httpx.Response(status, headers=headers, content=b"")
        else:
            response = await self._carry(request, host)
        self.log.append((request.method, host, request.url.raw_path.decode(), response.status_code))
        return response

    async def _hinder(self, host: str) -> None:
        if host in self._slow:
            await asyncio.sleep(self._slow[host])
        if host in self._cut or host not in self.apps:
            raise httpx.ConnectError(f"no way to {host}")

    async def _carry(self, request: httpx.Request, host: str) -> httpx.Response:
        body = await request.aread()
        transport = httpx.ASGITransport(app=self.apps[host])
        times = 2 if request.method == "POST" and self.random.random() < self.duplicates else 1
        for _ in range(times):
            again = httpx.Request(request.method, request.url, headers=request.headers, content=body)
            response = await transport.handle_async_request(again)
            content = await response.aread()
        if request.method == "POST" and self.random.random() < self.losses:
            raise httpx.ReadError("the answer was lost")
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    def posts_to(self, host: str) -> list[tuple[str, int]]:
        """Path and status of every POST carried to the host."""
        return [(path, status) for method, to, path, status in self.log if method == "POST" and to == host]


class Chapter:
    """A running chapter under test."""

    def __init__(self, instance: Instance, clock: MovedClock) -> None:
        self.instance = instance
        self.clock = clock
        self.settings = instance.settings
        self.house = instance.house
        self.host = instance.settings.domain
        self.uri = instance.settings.chapter_uri
        self._clients: list[httpx.AsyncClient] = []

    async def run(self, work: Awaitable[Result]) -> Result:
        """Awaits something that uses this chapter's models."""

        async def inner() -> Result:
            return await work

        return await self.house.database.run(inner())

    async def unit(self, service: Callable[[Unit], Awaitable[Result]]) -> Result:
        """Runs a service in a unit of work of its own."""
        return await self.house.database.run(self.house.database.in_unit(service))

    async def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """All rows of a query."""
        return await self.house.database.run(self.house.database.rows(statement, *values))

    async def count(self, table: str, where: str = "1 = 1", *values: Any) -> int:
        """How many rows."""
        rows = await self.rows(f"SELECT count(*) AS total FROM {table} WHERE {where}", *values)
        return int(rows[0]["total"])

    async def log(self) -> list[tuple[str, str, str]]:
        """(verb, state, reason) of everything that came in, in order."""
        rows = await self.rows("SELECT verb, state, reason FROM inbox_item ORDER BY id")
        return [(row["verb"], row["state"], row["reason"]) for row in rows]

    def client(self, token: str = "") -> httpx.AsyncClient:
        """A browser-like client, signed in when given a session token."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.instance),
            base_url=self.settings.origin,
            headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"},
            cookies={"__Host-fedchapter-session": token} if token else None,
        )
        self._clients.append(client)
        return client

    async def signed_in(self, role: Role = Role.ADMIN, name: str = "") -> httpx.AsyncClient:
        """A client signed in as a fresh account with that role."""

        async def make(unit: Unit) -> str:
            account = await create_account(
                unit, display_name=name or f"{role.value} {unit.new_id()[-6:]}", role=role
            )
            return await start_session(unit, account.id, "test")

        return self.client(await self.unit(make))

    async def get_json(self, path: str) -> dict[str, Any]:
        """The ActivityPub document at a path (or URI) of this chapter."""
        async with self.client() as client:
            answer = await client.get(path, headers={"Accept": ACTIVITY_JSON})
            assert answer.status_code == 200, (path, answer.status_code, answer.text)
            assert answer.headers["content-type"].startswith(ACTIVITY_JSON)
            return dict(answer.json())

    async def settle(self) -> None:
        """Everything due now has been done."""
        await self.instance.settle()

    async def close(self) -> None:
        """The instance and its clients are closed."""
        for client in self._clients:
            await client.aclose()
        await self.instance.close()


class Stranger:
    """An actor on a server that nobody here wrote: real keys, real signatures, documents as the test puts them."""

    _numbers = itertools.count(1)

    def __init__(
        self, network: Network, clock: MovedClock, username: str, host: str, type_: str = "Person"
    ) -> None:
        self.network, self.clock = network, clock
        self.username, self.host, self.type = username, host, type_
        self.uri = f"https://{host}/users/{username}"
        self.key, self.ed25519 = generate_rsa(), generate_ed25519()
        self.key_id = f"{self.uri}#main-key"
        self.site = network.apps.setdefault(host, Site())
        self.received: list[dict[str, Any]] = self.site.received[f"/users/{username}/inbox"]
        self.put(self.uri, self.document())
        self.site.webfinger[f"acct:{username}@{host}"] = self.uri

    def document(self, **changes: Any) -> dict[str, Any]:
        """The actor's document, Mastodon-shaped."""
        return {
            "@context": [AS2, "https://w3id.org/security/v1"],
            "id": self.uri,
            "type": self.type,
            "preferredUsername": self.username,
            "name": self.username.title(),
            "inbox": f"{self.uri}/inbox",
            "outbox": f"{self.uri}/outbox",
            "followers": f"{self.uri}/followers",
            "url": f"https://{self.host}/@{self.username}",
            "publicKey": {
                "id": self.key_id,
                "owner": self.uri,
                "publicKeyPem": public_to_pem(self.key.public_key()),
            },
            "assertionMethod": [
                {
                    "id": f"{self.uri}#ed25519-key",
                    "type": "Multikey",
                    "controller": self.uri,
                    "publicKeyMultibase": multikey_encode(self.ed25519.public_key()),
                }
            ],
        } | changes

    def put(self, uri: str, document: dict[str, Any], **answer: Any) -> None:
        """The document is served at that address (status=, content_type= to vary)."""
        self.site.pages[uri] = (document, answer)

    def activity(self, type_: str, object_: Any, **fields: Any) -> dict[str, Any]:
        """An activity of this actor with a fresh id."""
        return {
            "@context": AS2,
            "id": f"https://{self.host}/activities/{next(self._numbers)}",
            "type": type_,
            "actor": self.uri,
            "object": object_,
        } | fields

    def note(self, content: str, *, reply_to: str = "", public: bool = True, **fields: Any) -> dict[str, Any]:
        """A Note of this actor with a fresh id, served at it."""
        note: dict[str, Any] = {
            "id": f"https://{self.host}/notes/{next(self._numbers)}",
            "type": "Note",
            "attributedTo": self.uri,
            "content": content,
            "published": self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "to": [PUBLIC] if public else [],
            "cc": [f"{self.uri}/followers"] if public else [],
        }
        if reply_to:
            note["inReplyTo"] = reply_to
        note |= fields
        self.put(note["id"], {"@context": AS2} | note)
        return note

    def create(self, note: dict[str, Any]) -> dict[str, Any]:
        """Create{note}, addressed like it."""
        return self.activity("Create", note, to=note.get("to", []), cc=note.get("cc", []))

    def prove(self, activity: dict[str, Any]) -> dict[str, Any]:
        """The activity with an eddsa-jcs-2022 proof of this actor."""
        method = f"{self.uri}#ed25519-key"
        context = activity.get("@context", AS2)
        document = activity | {"@context": context if isinstance(context, list) else [context]}
        return add_proof(document, key=self.ed25519, method=method, created_at=self.clock.now())

    def signed(
        self, url: str, body: bytes, *, rfc9421: bool = False, key_id: str = ""
    ) -> list[tuple[str, str]]:
        """All headers of a signed POST."""
        base = [("Content-Type", ACTIVITY_JSON)]
        message = HttpMessage("POST", url, tuple(base), body)
        make = sign_rfc9421 if rfc9421 else sign_cavage
        return [*base, *make(message, key_id=key_id or self.key_id, key=self.key, now=self.clock.now())]

    async def send(
        self, chapter: Chapter, activity: dict[str, Any] | bytes, *, inbox: str = "", **signing: Any
    ) -> httpx.Response:
        """POSTs the signed activity to the chapter's inbox (shared unless told); returns the answer."""
        url = inbox or f"{chapter.settings.origin}/inbox"
        body = activity if isinstance(activity, bytes) else msgspec.json.encode(activity)
        headers = self.signed(url, body, **signing)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=chapter.instance)) as client:
            return await client.post(url, content=body, headers=headers)

    async def tell(self, chapter: Chapter, activity: dict[str, Any], **options: Any) -> tuple[str, str]:
        """Sends and has it processed; returns (state, reason) from the chapter's log."""
        answer = await self.send(chapter, activity, **options)
        assert answer.status_code == 202, (answer.status_code, answer.text)
        await chapter.settle()
        rows = await chapter.rows("SELECT state, reason FROM inbox_item ORDER BY id DESC LIMIT 1")
        return rows[0]["state"], rows[0]["reason"]


class Site:
    """The server of strangers: serves what was put, takes every POST with 202, answers WebFinger."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.webfinger: dict[str, str] = {}
        self.received: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.asked: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        url = f"https://{headers['host']}{scope['path']}" + (f"?{query}" if query else "")
        if scope["method"] == "POST":
            self.received[scope["path"]].append(msgspec.json.decode(await _body(receive)))
            await _answer(send, 202, {}, ACTIVITY_JSON)
            return
        self.asked.append(url)
        if scope["path"] == "/.well-known/webfinger":
            await self._webfinger(send, query)
            return
        document, answer = self.pages.get(url, ({"error": "not here"}, {"status": 404}))
        await _answer(send, answer.get("status", 200), document, answer.get("content_type", ACTIVITY_JSON))

    async def _webfinger(self, send: Any, query: str) -> None:
        resource = httpx.QueryParams(query).get("resource", "")
        if resource not in self.webfinger:
            await _answer(send, 404, {}, "application/json")
            return
        links = [{"rel": "self", "type": ACTIVITY_JSON, "href": self.webfinger[resource]}]
        links.append({"rel": "http://ostatus.org/schema/1.0/subscribe", "template": self.subscribe(resource)})
        await _answer(send, 200, {"subject": resource, "links": links}, "application/jrd+json")

    def subscribe(self, resource: str) -> str:
        """The remote-follow template, as Mastodon publishes it."""
        return f"https://{resource.rpartition('@')[2]}/authorize_interaction?uri={{uri}}"


async def _body(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _answer(send: Any, status: int, document: dict[str, Any], content_type: str) -> None:
    headers = [(b"content-type", content_type.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(document)})


class World:
    """A network with chapters and strangers on it, sharing one clock."""

    def __init__(self, folder: Path, new_database: Callable[[str], Awaitable[str]], seed: int = 1) -> None:
        self.network = Network(seed)
        self.clock = MovedClock()
        self._folder, self._new_database = folder, new_database
        self.chapters: list[Chapter] = []

    async def chapter(self, name: str = "riverside", **changes: Any) -> Chapter:
        """A new chapter at https://<name>.test, founded and open, its workers not running: call settle()."""
        values = {
            "domain": f"{name}.test",
            "name": name.title(),
            "data": str(self._folder / name),
            "database": await self._new_database(name),
        }
        settings = settings_from(values | changes)
        await bring_up(settings)
        instance = create_instance(settings, clock=self.clock, transport=self.network, limits_scale=1000)
        await instance.open()
        await found(instance)
        self.network.apps[settings.domain] = instance
        chapter = Chapter(instance, self.clock)
        self.chapters.append(chapter)
        return chapter

    def stranger(
        self, username: str = "ada", host: str = "elsewhere.test", type_: str = "Person"
    ) -> Stranger:
        """A new actor on a server of strangers."""
        return Stranger(self.network, self.clock, username, host, type_)

    def move(self, **by: float) -> None:
        """The clock of everybody moves: move(hours=1)."""
        self.clock.move(timedelta(**by))

    async def settle(self) -> None:
        """All chapters have worked off everything, until nothing moves any more."""
        for _ in range(20):
            before = len(self.network.log)
            for chapter in self.chapters:
                await chapter.settle()
            if len(self.network.log) == before:
                return
        raise AssertionError("the chapters never came to rest")

    async def close(self) -> None:
        """Everything is closed."""
        for chapter in self.chapters:
            await chapter.close()


@asynccontextmanager
async def open_world(
    folder: Path, new_database: Callable[[str], Awaitable[str]], seed: int = 1
) -> AsyncIterator[World]:
    """A world that is closed at the end."""
    world = World(folder, new_database, seed)
    try:
        yield world
    finally:
        await world.close()

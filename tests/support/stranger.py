"""Actors on servers that nobody here wrote: real keys, real signatures, documents as the test puts them."""

import itertools
from collections import defaultdict
from functools import cache
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from fedchapter.clock import MovedClock
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
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.support.chapter import Chapter
from tests.support.wires import Network

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
AS2 = "https://www.w3.org/ns/activitystreams"


@cache
def _rsa_key(_number: int) -> RSAPrivateKey:
    """The key of the nth stranger of any network: making one takes as long as most tests."""
    return generate_rsa()


class Stranger:
    """An actor on a server that nobody here wrote: real keys, real signatures, documents as the test puts them."""

    _numbers = itertools.count(1)

    def __init__(
        self, network: Network, clock: MovedClock, username: str, host: str, type_: str = "Person"
    ) -> None:
        self.network, self.clock = network, clock
        self.username, self.host, self.type = username, host, type_
        self.uri = f"https://{host}/users/{username}"
        self.key, self.ed25519 = _rsa_key(next(network.strangers)), generate_ed25519()
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
        self.redirects: dict[str, str] = {}
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
        if url in self.redirects:
            location = (b"location", self.redirects[url].encode())
            await send({"type": "http.response.start", "status": 302, "headers": [location]})
            await send({"type": "http.response.body", "body": b""})
            return
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
            return bytes(body)


async def _answer(send: Any, status: int, document: dict[str, Any], content_type: str) -> None:
    headers = [(b"content-type", content_type.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": msgspec.json.encode(document)})

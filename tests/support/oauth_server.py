"""A small server of the fediverse that people can sign in from: OAuth in the shapes that its software answers.

It keeps its own books (applications, codes, tokens) and refuses what the real ones refuse: an unknown scope, another
redirect address, a used code, a wrong verifier. Shapes: Mastodon's controllers of 4.4 and 4.2, GoToSocial's pages on
authentication, Pleroma's token and account views. Everything that is not OAuth is a `Site` with actors on it.
"""

import base64
import hashlib
import html
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.support.network import World
from tests.support.stranger import AS2, Site, Stranger

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Software:
    """What one sort of server knows."""

    scopes: frozenset[str]
    described: bool = False
    userinfo: bool = False
    checks_pkce: bool = False
    me: bool = False
    revokes: bool = True


_OLD = frozenset({"read", "write", "follow", "push", "read:accounts"})
MASTODON_4_4 = Software(_OLD | {"profile"}, described=True, userinfo=True, checks_pkce=True)
MASTODON_4_3 = Software(_OLD | {"profile"}, described=True, checks_pkce=True)
MASTODON_4_2 = Software(_OLD)
GOTOSOCIAL = Software(_OLD | {"profile"}, revokes=False)
PLEROMA = Software(_OLD, me=True)
SOFTWARE = {
    "Mastodon 4.4": MASTODON_4_4,
    "Mastodon 4.3": MASTODON_4_3,
    "Mastodon 4.2": MASTODON_4_2,
    "GoToSocial": GOTOSOCIAL,
    "Pleroma": PLEROMA,
}


@dataclass(slots=True)
class Application:
    """What somebody registered."""

    client_id: str
    secret: str
    redirect_uris: tuple[str, ...]
    scopes: frozenset[str]


@dataclass(slots=True)
class Grant:
    """A code, or the token that it became."""

    client_id: str
    username: str
    scope: str
    redirect_uri: str = ""
    challenge: str = ""
    revoked: bool = False


@dataclass(slots=True)
class Books:
    """Everything a server has written down."""

    applications: dict[str, Application] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, Grant] = field(default_factory=dict)
    handed_in: list[dict[str, str]] = field(default_factory=list)


class OAuthServer(Site):
    """A server of that software at that host; `answers` replaces what a path answers, for hostile ones."""

    def __init__(self, host: str, software: Software = MASTODON_4_4, *, scheme: str = "https") -> None:
        super().__init__()
        self.host, self.software, self.scheme = host, software, scheme
        self.origin = f"{scheme}://{host}"
        self.books = Books()
        self.people: dict[str, str] = {}
        self.answers: dict[str, Endpoint] = {}
        self.metadata_changes: dict[str, Any] = {}
        self.iss_in_answer = ""
        self._numbers = itertools.count(1)
        self._app = Starlette(routes=self._routes())
        self._paths = {route.path for route in self._routes()}

    def _routes(self) -> list[Route]:
        routes = [
            Route("/api/v1/apps", self._register, methods=["POST"]),
            Route("/oauth/authorize", self._ask, methods=["GET"]),
            Route("/oauth/authorize", self._agree, methods=["POST"]),
            Route("/oauth/token", self._token, methods=["POST"]),
            Route("/api/v1/accounts/verify_credentials", self._credentials),
        ]
        if self.software.revokes:
            routes.append(Route("/oauth/revoke", self._revoke, methods=["POST"]))
        if self.software.described:
            routes.append(Route("/.well-known/oauth-authorization-server", self._metadata))
        if self.software.userinfo:
            routes.append(Route("/oauth/userinfo", self._userinfo))
        return routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: OAuth here, everything else as a site of strangers."""
        path = scope["path"]
        if path in self.answers:
            response = await self.answers[path](Request(scope, receive, send))
            await response(scope, receive, send)
        elif path in self._paths or path.startswith(("/oauth/", "/api/")):
            await self._app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    def add(self, person: Stranger) -> Stranger:
        """The person has an account here."""
        self.people[person.username] = person.uri
        return person

    def settle(self, username: str) -> str:
        """Somebody without keys lives here, for servers that a real browser reaches; returns the actor's id."""
        path = f"/users/{username}"
        uri = self.people[username] = f"{self.origin}{path}"
        document = {
            "@context": AS2,
            "id": uri,
            "type": "Person",
            "preferredUsername": username,
            "name": username.title(),
            "inbox": f"{uri}/inbox",
            "url": f"{self.origin}/@{username}",
        }
        # A Site files its pages under https, however it is reached.
        self.pages[f"https://{self.host}{path}"] = (document, {})
        self.webfinger[f"acct:{username}@{self.host}"] = uri
        return uri

    async def approve(self, url: str, username: str, *, answer: str = "yes") -> str:
        """Somebody signs in here, at the address they were sent to, and says yes (or no); where they go back to."""
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self), base_url=self.origin, follow_redirects=False
        ) as browser:
            page = await browser.get(url)
            assert page.status_code == 200, (page.status_code, page.text)
            form = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
            done = await browser.post(
                "/oauth/authorize", data=form | {"username": username, "answer": answer}
            )
        assert done.status_code == 302, (done.status_code, done.text)
        return str(done.headers["location"])

    def live_tokens(self) -> list[Grant]:
        """Tokens of people that still open something."""
        return [grant for grant in self.books.tokens.values() if grant.username and not grant.revoked]

    async def _metadata(self, request: Request) -> Response:
        document = {
            "issuer": f"{self.origin}/",
            "authorization_endpoint": f"{self.origin}/oauth/authorize",
            "token_endpoint": f"{self.origin}/oauth/token",
            "revocation_endpoint": f"{self.origin}/oauth/revoke",
            "app_registration_endpoint": f"{self.origin}/api/v1/apps",
            "scopes_supported": sorted(self.software.scopes),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
        if self.software.userinfo:
            document["userinfo_endpoint"] = f"{self.origin}/oauth/userinfo"
        return JSONResponse(document | self.metadata_changes)

    async def _register(self, request: Request) -> Response:
        form = await _form(request)
        scopes = frozenset(form.get("scopes", "read").split())
        if not scopes <= self.software.scopes:
            return JSONResponse({"error": "Validation failed: Scopes doesn't match configured"}, 422)
        number = next(self._numbers)
        made = Application(
            f"client-{number}", f"secret-{number}", tuple(form["redirect_uris"].split()), scopes
        )
        self.books.applications[made.client_id] = made
        return JSONResponse(
            {
                "id": str(number),
                "name": form["client_name"],
                "website": form.get("website"),
                "redirect_uri": form["redirect_uris"],
                "client_id": made.client_id,
                "client_secret": made.secret,
                "client_secret_expires_at": 0,
            }
        )

    def _wrong(self, asked: dict[str, str]) -> str:
        """Why the server would not even ask the person; empty when it would."""
        application = self.books.applications.get(asked.get("client_id", ""))
        if application is None:
            return "Client authentication failed due to unknown client."
        if asked.get("redirect_uri", "") not in application.redirect_uris:
            return "The redirect uri included is not valid."
        if asked.get("response_type") != "code":
            return "The authorization server does not support this response type."
        if not frozenset(asked.get("scope", "read").split()) <= application.scopes:
            return "The requested scope is invalid, unknown, or malformed."
        if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
            return "The code challenge method must be S256."
        return ""

    async def _ask(self, request: Request) -> Response:
        wrong = self._wrong(dict(request.query_params))
        if wrong:
            return HTMLResponse(f"<h1>An error has occurred</h1><p>{wrong}</p>", 401)
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in request.query_params.items()
        )
        people = "".join(f"<option>{html.escape(name)}</option>" for name in self.people)
        return HTMLResponse(
            '<!doctype html><html lang="en"><title>Authorization required</title><main><h1>Authorization required</h1>'
            f'<form method="post">{hidden}<label>Signed in as <select name="username">{people}</select></label>'
            '<button name="answer" value="yes">Authorize</button> <button name="answer" value="no">Deny</button>'
            "</form></main></html>"
        )

    async def _agree(self, request: Request) -> Response:
        form = await _form(request)
        wrong = self._wrong(form)
        if wrong or form["username"] not in self.people:
            return HTMLResponse(wrong or "nobody", 401)
        answer = {"state": form["state"]}
        if self.iss_in_answer:
            answer["iss"] = self.iss_in_answer
        if form["answer"] != "yes":
            answer["error"] = "access_denied"
        else:
            answer["code"] = self._code(form)
        return RedirectResponse(f"{form['redirect_uri']}?{urlencode(answer)}", 302)

    def _code(self, form: dict[str, str]) -> str:
        code = f"code-{next(self._numbers)}"
        self.books.codes[code] = Grant(
            form["client_id"],
            form["username"],
            form.get("scope", "read"),
            form["redirect_uri"],
            form.get("code_challenge", ""),
        )
        return code

    async def _token(self, request: Request) -> Response:
        form = await _form(request)
        self.books.handed_in.append(form)
        application = self.books.applications.get(form.get("client_id", ""))
        if application is None or application.secret != form.get("client_secret"):
            return JSONResponse({"error": "invalid_client", "error_description": "unknown"}, 401)
        if form["grant_type"] == "client_credentials":
            return JSONResponse(self._give(Grant(application.client_id, "", form.get("scope", "read"))))
        grant = self.books.codes.pop(form.get("code", ""), None)
        if grant is None or grant.client_id != application.client_id or not self._fits(grant, form):
            return JSONResponse({"error": "invalid_grant", "error_description": "no"}, 400)
        return JSONResponse(self._give(grant))

    def _fits(self, grant: Grant, form: dict[str, str]) -> bool:
        if grant.redirect_uri != form.get("redirect_uri"):
            return False
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return not self.software.checks_pkce or not grant.challenge or grant.challenge == challenge

    def _give(self, grant: Grant) -> dict[str, Any]:
        token = f"token-{next(self._numbers)}"
        self.books.tokens[token] = grant
        answer: dict[str, Any] = {"access_token": token, "token_type": "Bearer", "scope": grant.scope}
        if self.software.me:
            answer |= {"me": self.people.get(grant.username), "expires_in": 600, "refresh_token": "r"}
        return answer | {"created_at": 1_763_770_000}

    def _holder(self, request: Request, *scopes: str) -> str:
        """The username whose token this is, if it may be used for this; else empty."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = self.books.tokens.get(token)
        if grant is None or grant.revoked or not set(scopes) & set(grant.scope.split()):
            return ""
        return grant.username

    async def _userinfo(self, request: Request) -> Response:
        name = self._holder(request, "profile")
        if not name:
            return JSONResponse({"error": "The access token is invalid"}, 401)
        return JSONResponse(
            {
                "iss": f"{self.origin}/",
                "sub": self.people[name],
                "name": name.title(),
                "preferred_username": name,
                "profile": f"{self.origin}/@{name}",
                "picture": f"{self.origin}/avatars/original/missing.png",
            }
        )

    async def _credentials(self, request: Request) -> Response:
        name = self._holder(request, "profile", "read", "read:accounts")
        if not name:
            return JSONResponse({"error": "This action is outside the authorized scopes"}, 403)
        account = {
            "id": "109281234567890123",
            "username": name,
            "acct": name,
            "display_name": name.title(),
            "url": f"{self.origin}/@{name}",
            "bot": False,
        }
        if self.software.me:
            account |= {"fqn": f"{name}@{self.host}", "pleroma": {"ap_id": self.people[name]}}
        return JSONResponse(account)

    async def _revoke(self, request: Request) -> Response:
        form = await _form(request)
        grant = self.books.tokens.get(form.get("token", ""))
        if grant is None or grant.client_id != form.get("client_id"):
            return JSONResponse({"error": "unauthorized_client"}, 403)
        grant.revoked = True
        return JSONResponse({})


async def _form(request: Request) -> dict[str, str]:
    return {name: str(value) for name, value in (await request.form()).items()}


def open_oauth(
    world: World,
    host: str = "social.test",
    software: Software = MASTODON_4_4,
    *,
    people: tuple[str, ...] = ("ada",),
) -> OAuthServer:
    """A server on the world's network, with people on it."""
    server = OAuthServer(host, software)
    world.network.apps[host] = server
    for name in people:
        server.add(world.stranger(name, host))
    return server

"""Small files that browsers and robots ask for: robots.txt, the icon, the manifest, the worker, security.txt.

RFC 9309 (robots), RFC 9116 (security.txt, only where a contact is set), W3C Web Application
Manifest and Service Workers.
"""

from datetime import timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response

from ..errors import NotFound
from ..house import Door, house_of
from ..members import Permission
from ..web import identity_of, render
from .public import contact_url

PRIVATE = ("/admin", "/me", "/mail/", "/join/", "/sign-in", "/follow", "/interact")
GOOD_FOR = timedelta(days=180)
DAY = {"Cache-Control": "public, max-age=86400"}


async def robots(request: Request) -> Response:
    """What search engines leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    return PlainTextResponse("\n".join(lines) + "\n", headers=DAY)


async def favicon(request: Request) -> Response:
    """The chapter's icon, for whoever does not read the page's own link."""
    identity = await identity_of(request)
    return RedirectResponse(f"/static/icons/{identity.accent}.svg", 302, DAY)


async def manifest(request: Request) -> Response:
    """What a phone needs to keep the chapter on its home screen."""
    identity = await identity_of(request)
    document = {
        "name": identity.name,
        "short_name": identity.name[:12],
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "lang": await house_of(request).database.language(),
        "display": "minimal-ui",
        "background_color": "#f6eedf",
        "theme_color": "#211a14",
        "icons": [
            {"src": f"/static/icons/{identity.accent}.svg", "sizes": "any", "type": "image/svg+xml"},
            *(_icon(identity.accent, side) for side in (192, 512)),
            _icon(identity.accent, 512, purpose="maskable"),
        ],
    }
    return Response(msgspec.json.encode(document), 200, DAY, media_type="application/manifest+json")


def _icon(accent: str, side: int, purpose: str = "any") -> dict[str, str]:
    name = f"{accent}-{side}" if purpose == "any" else f"{accent}-{purpose}"
    sizes = f"{side}x{side}"
    return {"src": f"/static/icons/{name}.png", "sizes": sizes, "type": "image/png", "purpose": purpose}


async def worker(request: Request) -> Response:
    """The service worker, at the root because it may look after no more than what lies below its own address."""
    script = request.app.state.static / "sw.js"
    return FileResponse(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


async def offline(request: Request) -> Response:
    """What the worker keeps, for when there is no connection."""
    return await render(request, "site/offline.html", noindex=True)


async def security(request: Request) -> Response:
    """Whom to tell about a hole; NotFound where the admin named no contact."""
    house, identity = house_of(request), await identity_of(request)
    contact = contact_url(identity.choices["contact"])
    if not contact:
        raise NotFound
    expires = (house.clock.now() + GOOD_FOR).strftime("%Y-%m-%dT00:00:00Z")
    return PlainTextResponse(f"Contact: {contact}\nExpires: {expires}\n", headers=DAY)


def doors() -> list[Door]:
    """All of them."""
    return [
        Door("/robots.txt", robots, Permission.ANYONE),
        Door("/favicon.ico", favicon, Permission.ANYONE),
        Door("/manifest.webmanifest", manifest, Permission.ANYONE),
        Door("/sw.js", worker, Permission.ANYONE),
        Door("/offline", offline, Permission.ANYONE),
        Door("/.well-known/security.txt", security, Permission.ANYONE),
    ]

"""Which language a reader is answered in, and the cookie that remembers a choice.

The account's choice, else the browser's cookie, else what the browser asks for (RFC 9110 §12.5.4), else the chapter's.
What federates is in the chapter's own language, whoever asks for it.
"""

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from ..house import house_of
from ..members import Viewer
from ..vocab.context import wants_activity
from ..words import LANGUAGES, PSEUDO
from .cookies import read_plain, set_plain

COOKIE = "language"
LASTS_S = 365 * 86400
HEADER_CHARS_MAX = 200


async def language_for(request: Request, viewer: Viewer | None = None) -> str:
    """The language for whoever asks."""
    if wants_activity(request.headers.get("accept", "*/*")):
        return await chapter_language(request)
    chosen = (viewer.account.language if viewer else "") or _of_cookie(request)
    chosen = chosen or asked_for(request.headers.get("accept-language", "")[:HEADER_CHARS_MAX])
    return chosen or await chapter_language(request)


async def chapter_language(request: Request) -> str:
    """The chapter's own language."""
    return await house_of(request).database.language()


def choose_language(request: Request, response: Response, language: str) -> None:
    """The browser remembers the language; an empty one is forgotten."""
    set_plain(request, response, COOKIE, language, LASTS_S if language else 0)


def is_language(request: Request, language: str) -> bool:
    """Whether one may choose it: the pseudo-language only where somebody tries the software out."""
    return language in LANGUAGES or (language == PSEUDO and house_of(request).settings.local_trial)


def _of_cookie(request: Request) -> str:
    language = read_plain(request, COOKIE)
    return language if is_language(request, language) else ""


@lru_cache(maxsize=512)
def asked_for(header: str) -> str:
    """The first of our languages that the browser accepts, or an empty string."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        wanted.append((-quality, tag.partition("-")[0].lower()))
    return next((tag for quality, tag in sorted(wanted, key=_quality) if tag in LANGUAGES and quality), "")


def _quality(one: tuple[float, str]) -> float:
    # Only by weight: among equals the order of the header stands.
    return one[0]

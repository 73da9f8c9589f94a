"""Pages of no single type: home, the chapter's profile, about, sign-in, joining, one's own account, administration.

May import objects and everything below. Decision: pages read with plain queries and write only through services.
"""

from ..house import Door
from . import (
    chapter,
    home,
    joining,
    language,
    log,
    me,
    overview,
    people,
    public,
    remote,
    servers,
    sign_in,
    sign_in_link,
    small,
    unsubscribe,
)

PAGES = (
    home,
    public,
    remote,
    sign_in,
    joining,
    language,
    me,
    overview,
    people,
    servers,
    log,
    chapter,
    small,
    sign_in_link,
    unsubscribe,
)


def doors() -> list[Door]:
    """Every door of the site."""
    return [door for page in PAGES for door in page.doors()]

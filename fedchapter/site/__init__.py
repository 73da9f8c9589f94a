"""Pages of no single type: home, the chapter's profile, about, sign-in, joining, one's own account, administration.

May import objects and everything below. Decision: pages read with plain queries and write only through services.
"""

from ..house import Door
from . import (
    chapter,
    health,
    holders,
    home,
    joining,
    language,
    log,
    me,
    overview,
    people,
    public,
    recalls,
    remote,
    roles,
    second_steps,
    security,
    servers,
    sign_in,
    sign_in_fediverse,
    sign_in_link,
    sign_in_second,
    small,
    unsubscribe,
)

PAGES = (
    home,
    roles,
    recalls,
    public,
    remote,
    sign_in,
    sign_in_fediverse,
    sign_in_second,
    security,
    second_steps,
    joining,
    language,
    me,
    overview,
    health,
    holders,
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

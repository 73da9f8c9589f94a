"""Pages of no single type: home, the chapter's profile, about, sign-in, joining, one's own account, administration.

May import objects and everything below. Decision: pages read with plain queries and write only through services.
"""

from ..house import Door
from .public import doors as public_doors


def doors() -> list[Door]:
    """Every door of the site."""
    return [*public_doors()]

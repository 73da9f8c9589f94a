"""Lists of decisions about servers: read from a file or an address, looked at, and only then applied.

Decision: a list never changes anything by itself. What it says becomes drafts, a moderator applies them, what was
decided by hand wins, and a retraction is a draft like any other (operations.md §1.3: a shared list once unblocked
eleven hosts on nine servers by mistake).
"""

from typing import Any

from ...house import Door
from . import applying, circle_pages, fetching, pages, published, review_pages, sisters

JOBS: tuple[Any, ...] = (*fetching.JOBS, *applying.JOBS, *sisters.JOBS)


def doors() -> list[Door]:
    """All doors about lists; those with a fixed name come before the one of any list."""
    return [*circle_pages.doors(), *pages.doors(), *review_pages.doors(), *published.doors()]


__all__ = ["JOBS", "doors"]

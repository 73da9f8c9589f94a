"""The doors of reports: the form for anybody, what a reporter sees of it, and the pages of moderators.

The pages are the moderation room's; they stand here so that the room's own list of doors needs no line for a type.
"""

from ...house import Door
from ...moderation.reports import form, pages, send_pages, telling


def doors() -> list[Door]:
    """All of them; `send` before the ids that it could be taken for."""
    return [*form.doors(), *telling.doors(), *send_pages.doors(), *pages.doors()]

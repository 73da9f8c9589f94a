"""The pages of events: lists and calendars for everybody, writing and answers for staff.

wire.md §7.1 (one address for page and object); events.md §5 (feeds need no sign-in).
"""

from ....house import Door
from ....members import Permission
from . import answers, calendar, edit, show

_ANYONE, _MEMBER, _SPEAK = Permission.ANYONE, Permission.MEMBER, Permission.SPEAK


def doors() -> list[Door]:
    """All of them; fixed paths stand before those with an id."""
    return [
        Door("/calendar.ics", calendar.feed, _ANYONE),
        Door("/events", show.listing, _ANYONE),
        Door("/events/new", edit.new, _SPEAK, writes=True),
        Door("/events/new", edit.publish, _SPEAK, methods=("POST",), writes=True),
        Door("/events/remote/{id}.ics", calendar.remote, _ANYONE),
        Door("/events/remote/{id}", show.remote, _ANYONE),
        Door("/events/remote/{id}/answer", answers.answer_away, _MEMBER, methods=("POST",)),
        Door("/events/{id}.ics", calendar.own, _ANYONE),
        Door("/events/{id}", show.own, _ANYONE),
        Door("/events/{id}/notices/{number:int}", show.notice, _ANYONE),
        Door("/events/{id}/answer", answers.answer, _MEMBER, methods=("POST",)),
        Door("/events/{id}/answers", answers.listing, _SPEAK),
        Door("/events/{id}/answers/{answer}", answers.decide, _SPEAK, methods=("POST",)),
        Door("/events/{id}/edit", edit.edit, _SPEAK, writes=True),
        Door("/events/{id}/edit", edit.save, _SPEAK, methods=("POST",), writes=True),
        Door("/events/{id}/cancel", edit.confirm, _SPEAK),
        Door("/events/{id}/cancel", edit.cancel, _SPEAK, methods=("POST",)),
        Door("/events/{id}/delete", edit.confirm, _SPEAK),
        Door("/events/{id}/delete", edit.delete, _SPEAK, methods=("POST",)),
    ]

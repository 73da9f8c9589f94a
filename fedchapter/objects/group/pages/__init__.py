"""Pages of groups: the list, a group's own page, its people, its notes, and what organizers decide.

operations.md §3 row D7. Doors for MEMBER ask besides whether one leads this very group (`asking.check_manages`).
"""

from ....house import Door
from ....members import Permission
from . import edit, lists, notes, people, show

_ANYONE, _MEMBER, _PEOPLE = Permission.ANYONE, Permission.MEMBER, Permission.PEOPLE

profile = show.profile


def doors() -> list[Door]:
    """All of them."""
    one = "/groups/{slug}"
    return [
        Door("/groups", lists.groups, _ANYONE),
        Door("/admin/groups", lists.administer, _PEOPLE),
        Door("/admin/groups", lists.found, _PEOPLE, methods=("POST",)),
        Door(one, show.own, _ANYONE),
        Door(f"{one}/join", people.join_it, _MEMBER, methods=("POST",)),
        Door(f"{one}/leave", people.leave_it, _MEMBER, methods=("POST",)),
        Door(f"{one}/members", people.members, _MEMBER),
        Door(f"{one}/members/{{id}}", people.decide, _MEMBER, methods=("POST",)),
        Door(f"{one}/captains", people.appoint_captain, _PEOPLE, methods=("POST",)),
        Door(f"{one}/captains/{{id}}/end", people.dismiss_captain, _PEOPLE, methods=("POST",)),
        Door(f"{one}/edit", edit.edit, _MEMBER, writes=True),
        Door(f"{one}/edit", edit.save, _MEMBER, methods=("POST",), writes=True),
        Door(f"{one}/close", edit.ask_close, _PEOPLE),
        Door(f"{one}/close", edit.close, _PEOPLE, methods=("POST",)),
        Door(f"{one}/notes/new", notes.new, _MEMBER, writes=True),
        Door(f"{one}/notes/new", notes.write, _MEMBER, methods=("POST",), writes=True),
        Door(f"{one}/notes/{{id}}/delete", notes.delete, _MEMBER, methods=("POST",)),
    ]

"""The doors of proposals: reading, writing, voting, and the documents that other servers and recounters read.

One module for each of these; every page works without scripts.
"""

from ....house import Door
from ....members import Permission
from .documents import opening, outcome, poll, result, version
from .elsewhere import give_opinion
from .reading import index, show, versions
from .voting import cast, open_form, open_now
from .writing import create, delete, edit_form, new, publish, save, withdraw


def doors() -> list[Door]:
    """All of them; comments bring `replies` and `context`."""
    anyone, member, staff = Permission.ANYONE, Permission.MEMBER, Permission.PUBLISH
    one = "/proposals/{id}"
    return [
        Door("/proposals", index, anyone),
        Door("/proposals", create, staff, methods=("POST",), writes=True),
        Door("/proposals/new", new, staff, writes=True),
        Door(one, show, anyone),
        Door(f"{one}/versions", versions, anyone),
        Door(f"{one}/versions/{{number}}", version, anyone),
        Door(f"{one}/poll", poll, anyone),
        Door(f"{one}/opening", opening, anyone),
        Door(f"{one}/result", result, anyone),
        Door(f"{one}/outcome", outcome, anyone),
        Door(f"{one}/vote", cast, member, methods=("POST",)),
        Door(f"{one}/opinion", give_opinion, member, methods=("POST",)),
        Door(f"{one}/edit", edit_form, staff, writes=True),
        Door(f"{one}/edit", save, staff, methods=("POST",), writes=True),
        Door(f"{one}/publish", publish, staff, methods=("POST",), writes=True),
        Door(f"{one}/withdraw", withdraw, staff, methods=("POST",)),
        Door(f"{one}/delete", delete, staff, methods=("POST",)),
        Door(f"{one}/open", open_form, staff),
        Door(f"{one}/open", open_now, staff, methods=("POST",)),
    ]

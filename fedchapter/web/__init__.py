"""The machinery of pages: guard, rendering, negotiation, forms; no page of its own.

May import house, members, actors, store and below (not federation's neighbour api). Decisions: pages work without
scripts; CSRF is refused by Sec-Fetch-Site and Origin, not by tokens (operations.md §0.3); a page and an ActivityPub
object share one address and are told apart by Accept, with Vary.
"""

from .admin import admin_tabs
from .chapter import Identity, identity_of
from .forms import Form, read_form
from .guard import guarded, member_of, viewer_of
from .negotiate import respond
from .render import Templates, flash, redirect, render

__all__ = [
    "Form",
    "Identity",
    "Templates",
    "admin_tabs",
    "flash",
    "guarded",
    "identity_of",
    "member_of",
    "read_form",
    "redirect",
    "render",
    "respond",
    "viewer_of",
]

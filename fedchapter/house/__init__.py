"""The house behind the three doors: everything one instance is made of, handed around instead of globals.

May import policy's neighbours below (members, actors, media, store, net …). Decision: rooms get a `House` and take from
it what they need; only `app` builds one. Two houses in one process know nothing of each other.
"""

from .doors import Door, house_of
from .house import House

__all__ = ["Door", "House", "house_of"]

"""Pictures of other servers: fetched by us, drawn anew as small ones, kept for a while, served from here.

May import house, policy, members, actors, jobs, media, store, net and below. Sources: operations.md §1.4 (pictures of
a spam wave filled disks), §1.7 (kept for seven days, small ones only; a cache spares a small origin the stampede),
§3 rows B1–B5 and D2. Decision: a row exists only while something that is *shown* lists the picture, and the door serves
rows only, so this is never an open proxy, nothing is loaded for what is held, and what is taken from view loses its row
and its file. The origin sees our server once, at a moment that says nothing of who reads when.
"""

from .find import Shown, find_faces, find_pictures
from .listed import Listed, listed
from .model import RemotePicture

__all__ = ["Listed", "RemotePicture", "Shown", "find_faces", "find_pictures", "listed"]

"""Media: pictures that people upload, made harmless before they are kept, and the shelf they are kept on.

May import: store, net, errors, settings.

Decision: no byte that a stranger sent is ever stored or served. Each picture is decoded in a process of its
own that can open no file and start no process, and what we keep is drawn anew from its pixels: so place data,
scripts hidden behind a picture and bombs end there (operations.md D2; Mastodon CVE-2023-36460). Served files
carry a fixed type and a sandbox, so none can pass for an ActivityPub document (A6, Mastodon CVE-2024-25623).
"""

from fedchapter.media.files import Shelf, headers_for
from fedchapter.media.reencode import MAX_BYTES, MAX_SIDE, THUMB_SIDE, Limits, Picture, reencode

__all__ = ["MAX_BYTES", "MAX_SIDE", "THUMB_SIDE", "Limits", "Picture", "Shelf", "headers_for", "reencode"]

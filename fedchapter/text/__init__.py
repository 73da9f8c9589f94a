"""Text: what people write becomes safe HTML, and HTML from anywhere becomes safe to show.

May import: errors. Pure: no database, no network, no clock.

Decision: one allow-list (`sanitise.clean`, by nh3, which parses as browsers do) stands between any HTML and
any page or row, also behind our own Markdown: what a Markdown parser lets through is one mistake away from a
page. Nothing here runs a regular expression over HTML: one that did was a denial of service (Fedify
CVE-2025-68475).
"""

from fedchapter.text.entities import Handle, find_hashtags, find_mentions, link_entities
from fedchapter.text.fold import fold
from fedchapter.text.markdown import MAX_SOURCE_CHARS, render_markdown
from fedchapter.text.reading import excerpt, fingerprint, links_in, plain
from fedchapter.text.sanitise import MAX_CHARS, clean
from fedchapter.text.slug import slug
from fedchapter.text.when import human_when, short_when

__all__ = [
    "MAX_CHARS",
    "MAX_SOURCE_CHARS",
    "Handle",
    "clean",
    "excerpt",
    "find_hashtags",
    "find_mentions",
    "fingerprint",
    "fold",
    "human_when",
    "link_entities",
    "links_in",
    "plain",
    "render_markdown",
    "short_when",
    "slug",
]

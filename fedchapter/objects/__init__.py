"""What chapters share: one folder for each type, the same file names in every folder.

INSTALLED is the one list, in the order in which types claim a message (a vote before a direct message before a comment
before an announcement). May import moderation, web, federation and everything below; a type may import another's
`draft` and nothing else of it. Adding a type: a folder, a name here, a section in FEDERATION.md, tests (README).
"""

INSTALLED: tuple[str, ...] = (
    "follow",
    "profile",
    "person",
    "group",
    "reaction",
    "proposal",
    "board",
    "message",
    "event",
    "comment",
    "announcement",
    "sister",
    "report",
)

"""Lists of decisions about servers: read from a file or an address, looked at, and only then applied.

Decision: a list never changes anything by itself. What it says becomes drafts, a moderator applies them, what was
decided by hand wins, and a retraction is a draft like any other (operations.md §1.3: a shared list once unblocked
eleven hosts on nine servers by mistake).
"""

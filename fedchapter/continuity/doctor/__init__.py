"""The doctor: small checks of everything that a chapter needs to be reached, believed and kept.

operations.md §2.2. Each check is one function that returns a Finding and never raises for what it looks for; a bug or
a time-out of one is a Finding too, so that one broken check hides no other. The command and the admin's page run the
same ones. Nothing is asked of anybody but this chapter's own name, its mail server and a few servers it knows anyway.
"""

from .findings import Finding, Health, worst
from .run import examine

__all__ = ["Finding", "Health", "examine", "worst"]

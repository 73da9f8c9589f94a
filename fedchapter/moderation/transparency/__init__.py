"""What everybody may know of moderation here: the rules, the servers acted on, and numbers for each quarter.

Decision: numbers name nobody, and those about members are told roughly while they are small, so that nobody of a small
chapter is recognized in them; which servers are named is the chapter's choice.
"""

from . import counts, pages

JOBS = counts.JOBS
doors = pages.doors

__all__ = ["JOBS", "doors"]

"""The one queue: what waits for a moderator, in groups that are decided together, gravest first.

operations.md §1.4 and §1.5 (two volunteers, ten minutes a day). Decision: a group is nothing but the items that share a
key; whoever decides takes those items first, so of two who decide at once one decides and the other reads who it was.
What came, or was edited, after a moderator looked is never decided with what they saw.
"""

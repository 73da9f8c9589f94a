"""The rules by which things are held, as pages: read, ordered, switched, written, and tried on the last month.

operations.md §1.6 (no shadow rules). Every change is a line of the log that can be undone.
"""

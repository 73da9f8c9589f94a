"""fedchapter: a federated ActivityPub server for the local chapters of a movement.

The map of rooms, who may import whom and why, is in README.md; each room's own docstring says what it decides.
"""

__version__ = "0.1.0"

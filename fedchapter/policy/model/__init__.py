"""The policy's own rows, one file per topic."""

from .marks import Mark

__all__ = ["Mark"]

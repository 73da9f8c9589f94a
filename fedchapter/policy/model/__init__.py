"""The policy's own rows, one file per topic."""

from .judged import Judged, Wave
from .marks import Mark
from .rules import PolicyRule, PolicyState

__all__ = ["Judged", "Mark", "PolicyRule", "PolicyState", "Wave"]

"""The store: units of work, what happened, and the rows that carry activities in and out.

Imports only net's neighbours below it: settings, clock, errors (and tortoise). Decision: the queue is rows in the same
database as the facts, because a delivery is part of the fact: one transaction, one backup. Services above write rows
and `record()` what happened; nothing else makes anything leave this server.
"""

from .database import APP, Database, orm_config
from .ids import is_id, new_id
from .kinds import Kind, Kinds, Known, find_known, forget, know
from .sql import Row, marks
from .unit import Publisher, Publishers, Unit, publishes

__all__ = [
    "APP",
    "Database",
    "Kind",
    "Kinds",
    "Known",
    "Publisher",
    "Publishers",
    "Row",
    "Unit",
    "find_known",
    "forget",
    "is_id",
    "know",
    "marks",
    "new_id",
    "orm_config",
    "publishes",
]

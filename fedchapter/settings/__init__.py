"""One frozen `Settings`, read from a commented TOML file and FEDCHAPTER_* variables.

Imports only errors. Decision: what an admin may change on a page (name, colours, approval of follows) is a row in the
database (`choice`); what decides identity, addresses and safety is here, readable before the database is. A wrong
setting stops the start and is named with its place and the expected form: a server that guesses is worse than none.
"""

from .load import load, settings_from, variable_for
from .model import SETTINGS, Setting, Settings

__all__ = ["SETTINGS", "Setting", "Settings", "load", "settings_from", "variable_for"]

"""The command line: what an admin does from a shell, and the demo.

May import everything; nobody imports it. Decision: a command opens the same `Instance` that `serve` runs and calls
the same services as the pages, so that nothing can be done here that the rules forbid there. Each command is a module
of its own, imported when it is asked for: a server that runs for months carries none of the others.
"""

from .main import main

__all__ = ["main"]

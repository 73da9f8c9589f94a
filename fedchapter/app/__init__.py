"""The only place that wires: settings + database + net + clock + types + routes = one Instance.

May import everything but cli. Decision: no globals. Two instances in one process are two objects; that is how the demo
and the tests run several chapters.
"""

from .instance import Instance, create_instance

__all__ = ["Instance", "create_instance"]

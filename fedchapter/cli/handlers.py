"""`fedchapter handlers`: which function handles what, so that nobody has to search for it."""

import click

from ..app.types import find_types
from ..federation.registry import place_of
from .tables import show_table

EPILOG = """Examples:

\b
  fedchapter handlers
  fedchapter handlers --verb Delete
"""


@click.command(name="handlers", epilog=EPILOG)
@click.option("--verb", default="", help="Only what handles this activity.")
def command(verb: str) -> None:
    """Show verb × kind → file:line, then what claims and what publishes."""
    registry = find_types().registry
    found = [one for one in registry.handlings.values() if verb in ("", one.verb)]
    show_table(
        ("coming in", "kind", "handled at", ""),
        [
            (one.verb, one.kind, one.place, "body erased afterwards" if one.erases else "")
            for one in sorted(found, key=lambda one: (one.kind, one.verb))
        ],
    )
    if verb:
        return
    show_table(
        ("which kind is it? (asked in this order)", "at"),
        [(kind, place_of(claimed)) for kind, claimed in registry.claimants],
    )
    show_table(
        ("when this has happened", "it is published at"),
        [
            (happening.__name__, place_of(function))
            for happening, functions in sorted(registry.publishers.items(), key=lambda item: item[0].__name__)
            for function in functions
        ],
    )

"""`fedchapter migrate`: the database at this version's schema, or at an earlier one."""

import logging
from pathlib import Path

import click

from ..app.checks import check_place
from ..app.logs import set_up_logs
from ..app.serving import run
from ..app.types import model_modules
from ..settings import Settings
from ..store.migrate import LATEST, migrate, plan_migrations
from .opening import config_option, find_settings

EPILOG = """Examples:

\b
  fedchapter migrate --dry-run
  fedchapter migrate
  fedchapter migrate --to 0001_initial

Stop the server and back up first. A step back loses what only the newer version knows.
"""


@click.command(name="migrate", epilog=EPILOG)
@config_option
@click.option("--to", "target", default=LATEST, metavar="NAME", help="A migration's name, to go back to it.")
@click.option("--dry-run", is_flag=True, help="Only show the steps.")
def command(config: Path | None, target: str, dry_run: bool) -> None:
    """Bring the database to this version's schema, step by step."""
    settings = find_settings(config)
    set_up_logs("console", level=logging.WARNING)
    check_place(settings)
    run(_migrate(settings, target, dry_run))


async def _migrate(settings: Settings, target: str, dry_run: bool) -> None:
    if dry_run:
        steps = await plan_migrations(settings, model_modules(), target=target)
        for step in steps:
            click.echo(f"would do: {step}")
    else:
        steps = await migrate(settings, model_modules(), target=target, progress=click.echo)
    if not steps:
        click.echo("Nothing to do: the database is as it should be.")
    elif not dry_run:
        click.echo("Done.")

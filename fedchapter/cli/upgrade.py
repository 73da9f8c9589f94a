"""`fedchapter upgrade`: the database at this version's schema, with a way back."""

import logging
from pathlib import Path

import click

from ..app.checks import check_place, check_there
from ..app.logs import set_up_logs
from ..app.serving import run
from ..app.trial import upgrade_of
from ..app.types import model_modules
from ..continuity.marks import check_here
from ..continuity.running import check_stopped
from ..continuity.upgrade import upgrade
from ..settings import Settings
from ..store.migrate import plan_migrations
from .opening import config_option, find_settings

EPILOG = """Examples:

\b
  fedchapter upgrade --dry-run
  fedchapter upgrade

Stop the server, install the new version, run this, start the server. It makes a backup, brings the database to the
new schema and tries the chapter; if anything fails it puts the database back as it was, and says so. Broken off in
the middle (by a power cut, say), run it again. `serve --migrate` does the same before it starts.
"""


@click.command(name="upgrade", epilog=EPILOG)
@config_option
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
def command(config: Path | None, dry_run: bool) -> None:
    """Bring the database to this version: backup, migrate, try, else back."""
    settings = find_settings(config)
    set_up_logs("console", level=logging.WARNING)
    check_here(settings)
    check_place(settings)
    check_there(settings)
    run(_show(settings) if dry_run else _upgrade(settings))


async def _show(settings: Settings) -> None:
    waiting = await plan_migrations(settings, model_modules())
    if not waiting:
        click.echo("Nothing to do: the database is as it should be.")
        return
    click.echo("would make a backup")
    for step in waiting:
        click.echo(f"would do: {step}")
    click.echo("would try the chapter, and put everything back if it did not work")


async def _upgrade(settings: Settings) -> None:
    check_stopped(settings)
    steps = await upgrade(upgrade_of(settings, click.echo))
    if not steps:
        click.echo("Nothing to do: the database is as it should be.")
        return
    click.echo(f"Done: {', '.join(steps)}. The chapter works. Start the server now.")

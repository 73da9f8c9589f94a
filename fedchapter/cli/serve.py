"""`fedchapter serve`: pages, inbox and (unless settings say otherwise) the queues of one chapter."""

from functools import partial
from pathlib import Path

import click

from ..app.checks import check_place, check_there
from ..app.logs import set_up_logs
from ..app.serving import run, serve
from ..app.trial import upgrade_of
from ..continuity.marks import check_here
from ..continuity.upgrade import upgrade
from ..settings import Settings
from .opening import config_option, find_settings, opened, warn

EPILOG = """Example:

\b
  fedchapter serve --config /var/lib/fedchapter/fedchapter.toml
"""


@click.command(name="serve", epilog=EPILOG)
@config_option
@click.option("--migrate", is_flag=True, help="Upgrade first, where that is due (see `upgrade`).")
def command(config: Path | None, migrate: bool) -> None:
    """Run the server until SIGTERM or Ctrl-C."""
    settings = find_settings(config)
    set_up_logs(settings.log_form)
    warn(settings)
    run(_serve(settings, migrate))


async def _serve(settings: Settings, migrate: bool) -> None:
    if migrate:
        check_here(settings)
        check_place(settings)
        check_there(settings)
        for step in await upgrade(upgrade_of(settings, partial(click.echo, err=True))):
            click.echo(f"Migrated: {step}", err=True)
    async with opened(settings) as instance:
        if settings.work_in_serve:
            instance.start_work()
        await serve([instance])

"""`fedchapter worker`: the queues of one chapter in a process of their own."""

from pathlib import Path

import click

from ..app.logs import set_up_logs
from ..app.serving import run, work
from ..settings import Settings
from .opening import config_option, find_settings, opened, warn

EPILOG = """Example:

\b
  fedchapter worker --config /var/lib/fedchapter/fedchapter.toml
"""


@click.command(name="worker", epilog=EPILOG)
@config_option
def command(config: Path | None) -> None:
    """Work off inbox, deliveries and jobs until SIGTERM or Ctrl-C.

    Only useful beside `serve` with work_in_serve = false, on PostgreSQL with as many as you like; on SQLite the
    processes take turns.
    """
    settings = find_settings(config)
    set_up_logs(settings.log_form)
    warn(settings)
    run(_work(settings))


async def _work(settings: Settings) -> None:
    async with opened(settings) as instance:
        await work(instance)

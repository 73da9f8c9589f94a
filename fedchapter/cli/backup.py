"""`fedchapter backup`: everything of a chapter in one encrypted file, opened again before it counts."""

import logging
from pathlib import Path

import click

from ..app.checks import check_place, check_there
from ..app.logs import set_up_logs
from ..app.serving import run
from ..app.types import model_modules
from ..clock import SystemClock
from ..continuity.backup import Made, make_backup
from ..continuity.keep import drop_old
from ..continuity.marks import MOVED, check_marks, set_mark
from ..continuity.nightly import note_made, run_after
from ..continuity.passphrase import get_passphrase
from ..continuity.restore import opened
from ..continuity.running import check_stopped
from ..settings import Settings
from ..store import Unit
from ..store.migrate import plan_migrations
from .opening import config_option, find_settings

EPILOG = """Examples:

\b
  fedchapter backup
  fedchapter backup --to /media/stick
  fedchapter backup --moving

The file holds every row, the pictures, the keys and the settings. It opens with the passphrase of the recovery kit:
here with `fedchapter restore`, anywhere with `age -d FILE | tar -tz`. Of those in the usual folder, the newest of
each of 7 days, 4 weeks and 3 months stay.
"""


@click.command(name="backup", epilog=EPILOG)
@config_option
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Another folder than the usual one (backup_folder in the settings).",
)
@click.option(
    "--moving",
    is_flag=True,
    help="The last one, for another machine: the server is stopped and will not start here again.",
)
def command(config: Path | None, to: Path | None, moving: bool) -> None:
    """Write an encrypted, verified backup of the chapter. The server may run."""
    settings = find_settings(config)
    set_up_logs("console", level=logging.WARNING)
    check_marks(settings)
    check_place(settings)
    check_there(settings)
    if moving:
        check_stopped(settings)
    run(_backup(settings, to, moving))


async def _backup(settings: Settings, to: Path | None, moving: bool) -> None:
    began_at = SystemClock().now()
    made = await make_backup(settings, get_passphrase(settings), began_at, folder=to, moving=moving)
    click.echo(f"{made.path}")
    rows = sum(made.manifest.rows.values())
    size = made.size_bytes / 1_048_576
    click.echo(
        f"{rows} rows, {made.pictures} pictures, {size:.1f} MB, encrypted; opened again and compared: whole."
    )
    if moving:
        set_mark(settings.data, MOVED, {"at": began_at.isoformat()})
        click.echo("This chapter will not start here again. On the other machine: fedchapter restore FILE")
        return
    if to is None:
        await run_after(settings, made.path)
        drop_old(made.path.parent)
    if not await plan_migrations(settings, model_modules()):
        await _note(settings, made)


async def _note(settings: Settings, made: Made) -> None:
    async with opened(settings, model_modules(), SystemClock()) as database:

        async def write(unit: Unit) -> None:
            await note_made(unit, made, made.about.made_at)

        await database.run(database.in_unit(write))

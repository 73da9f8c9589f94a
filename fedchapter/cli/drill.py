"""`fedchapter drill`: whether the newest backup really brings the chapter back, tried before it is needed."""

import logging
from pathlib import Path

import click

from ..app.checks import check_there
from ..app.drill import drill, newest_backup
from ..app.logs import set_up_logs
from ..app.serving import run
from ..app.types import model_modules
from ..clock import SystemClock
from ..continuity.restore import opened
from ..continuity.rows import note_event
from ..errors import FedchapterError
from ..settings import Settings
from ..store import Unit
from ..store.migrate import plan_migrations
from .opening import config_option, find_settings
from .restore import read_passphrase

EPILOG = """Examples:

\b
  fedchapter drill
  fedchapter drill --file chapter-20270503-031500.fcbackup --passphrase-file typed-from-paper.txt

It restores the newest backup into a folder of its own, opens the chapter there without a network, looks at its keys,
pages and documents, and deletes it. Do it four times a year, once with a passphrase typed from the paper.
"""


@click.command(name="drill", epilog=EPILOG)
@config_option
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Another backup.")
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with the passphrase of the paper, instead of the server's own.",
)
def command(config: Path | None, file: Path | None, passphrase_file: Path | None) -> None:
    """Try whether the newest backup brings the chapter back. The server may run."""
    settings = find_settings(config)
    set_up_logs("console", level=logging.WARNING)
    check_there(settings)
    passphrase = read_passphrase(passphrase_file) if passphrase_file else ""
    run(_drill(settings, file or newest_backup(settings), passphrase))


async def _drill(settings: Settings, file: Path, passphrase: str) -> None:
    click.echo(f"Trying {file} …")
    try:
        drilled = await drill(settings, SystemClock(), file, passphrase)
    except FedchapterError as error:
        await _note(settings, file, words=str(error), ok=False)
        raise
    for words in drilled.tried:
        click.echo(f"  {words}")
    await _note(settings, file, words=f"{drilled.rows} rows, {drilled.pictures} pictures", ok=True)
    click.echo(
        f"The chapter came back whole as it was at {drilled.made_at:%Y-%m-%d %H:%M} UTC: {drilled.rows} rows, "
        f"{drilled.pictures} pictures. The copy is deleted."
    )


async def _note(settings: Settings, file: Path, *, words: str, ok: bool) -> None:
    """Only plain SQL: the drill has used the other engine's models in this process."""
    if await plan_migrations(settings, model_modules()):
        return
    async with opened(settings, model_modules(), SystemClock()) as database:

        async def write(unit: Unit) -> None:
            await note_event(unit, "drill", ok=ok, began_at=unit.now, words=words, file_name=file.name)

        await database.run(database.in_unit(write))

"""`fedchapter restore`: a chapter comes back from a backup, here or on another machine, on either engine."""

import logging
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..app.checks import check_place
from ..app.logs import set_up_logs
from ..app.serving import run
from ..app.types import model_modules
from ..clock import SystemClock
from ..continuity.restore import SETTINGS_FILE, Place, Restored, restore
from ..settings import settings_from
from .settings_file import write_settings

EPILOG = """Examples:

\b
  fedchapter restore chapter-20270503-031500.fcbackup --data /var/lib/fedchapter
  fedchapter restore FILE --data /var/lib/fedchapter --database postgres://user:password@host/name

Keys, ids, followers and members are as they were. It needs an empty folder (and an empty database), and the
passphrase of the recovery kit, which is asked for. What happened after the backup is lost, and declared to members.
"""


@click.command(name="restore", epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--data",
    envvar="FEDCHAPTER_DATA",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The empty folder it comes back into.  [default: here]",
)
@click.option(
    "--database",
    envvar="FEDCHAPTER_DATABASE",
    default="",
    metavar="URL",
    help="An empty PostgreSQL database.  [default: SQLite in the folder]",
)
@click.option("--listen-port", type=int, help="Another port than before.")
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with the passphrase in it, instead of asking.",
)
def command(
    file: Path, data: Path, database: str, listen_port: int | None, passphrase_file: Path | None
) -> None:
    """Bring a chapter back from FILE, a backup."""
    set_up_logs("console", level=logging.WARNING)
    data = data.absolute()
    changes: dict[str, Any] = {} if listen_port is None else {"listen_port": listen_port}
    where = {"domain": "x.example", "data": str(data)} | ({"database": database} if database else {})
    check_place(settings_from(where))
    passphrase = read_passphrase(passphrase_file)
    run(_restore(file, passphrase, Place(data, database, changes)))


def read_passphrase(file: Path | None) -> str:
    """From the file, or typed; spaces around it do not count."""
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    return str(click.prompt("Passphrase of the backup", hide_input=True)).strip()


async def _restore(file: Path, passphrase: str, place: Place) -> None:
    restored = await restore(
        file,
        passphrase,
        place,
        model_modules(),
        SystemClock(),
        progress=click.echo,
        finish=partial(_write_settings, place),
    )
    _tell(restored, place.data / SETTINGS_FILE)


def _write_settings(place: Place, restored: Restored) -> None:
    database = {"database": place.database} if place.database else {}
    write_settings(place.data / SETTINGS_FILE, restored.chosen | database)


def _tell(restored: Restored, config: Path) -> None:
    about = restored.whole.about
    click.echo(
        f"\n@{restored.settings.username}@{about.domain} is back: {restored.rows} rows, {restored.pictures} pictures."
    )
    click.echo(f"Its settings are in {config}; what was in variables (FEDCHAPTER_…) is in there too.")
    if restored.cut:
        click.echo(f"{restored.cut} texts were longer than PostgreSQL allows, and were shortened.")
    if not about.moving:
        click.secho(
            f"What happened after {about.made_at:%Y-%m-%d %H:%M} UTC is lost here; members read that on their pages. "
            "Letters that waited then are not sent again. Make sure that the old server never starts again: two "
            "servers of one name would contradict each other.",
            fg="yellow",
        )
    click.echo(f"Next: point {about.domain} at this machine, then: fedchapter serve --config {config}")

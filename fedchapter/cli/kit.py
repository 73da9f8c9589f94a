"""`fedchapter kit`: the papers with which two officers can bring the chapter back."""

import logging
from pathlib import Path

import click

from ..app.logs import set_up_logs
from ..clock import SystemClock
from ..continuity.kit import write_kits
from ..continuity.passphrase import make_passphrase
from ..words import LANGUAGES, speaking
from .opening import config_option, find_settings

EPILOG = """Examples:

\b
  fedchapter kit
  fedchapter kit --to /media/stick --language es

Each paper has the domain, where the server and its backups are, the passphrase of the backups, how to restore step by
step, and blanks for who holds what. Print both, give them to two officers, then delete the files.
"""


@click.command(name="kit", epilog=EPILOG)
@config_option
@click.option(
    "--to",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write them to.  [default: recovery-kit in the data folder]",
)
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True)
def command(config: Path | None, to: Path | None, language: str) -> None:
    """Write the recovery kit: two papers for two officers."""
    settings = find_settings(config)
    set_up_logs("console", level=logging.WARNING)
    passphrase = make_passphrase(settings)
    with speaking(language):
        written = write_kits(settings, passphrase, SystemClock().now(), to)
    for path in written:
        click.echo(f"{path}")
    click.secho(
        "Print them, give them to two officers, and delete these files: the passphrase is in them.",
        fg="yellow",
    )

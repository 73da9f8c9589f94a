"""`fedchapter unlock`: opens a file that was encrypted with a passphrase, such as a copy of the roll."""

import os
from pathlib import Path

import click

from ..continuity.age import CHUNK, Opened
from ..errors import Refusal

SUFFIX = ".age"
SENTENCES = {
    "no-backup": "%(path)s is no file that was encrypted with a passphrase here.",
    "passphrase": "This passphrase does not open %(path)s.",
    "backup-damaged": "%(path)s is damaged: it is not as it was written. Take another copy of it.",
}


@click.command(epilog="Example:\n\n\b\n  fedchapter unlock roll-20270301.csv.age")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), help="Where to; the same name without .age."
)
def command(file: Path, to: Path | None) -> None:
    """Open FILE with its passphrase, beside it and readable by you alone."""
    target = to or (file.with_suffix("") if file.suffix == SUFFIX else file.with_name(f"{file.name}.open"))
    if target.exists():
        raise Refusal("exists", "%(path)s is there already. Move it away, or say --to.", path=target)
    passphrase = click.prompt("Passphrase", hide_input=True)
    try:
        _open(file, target, passphrase)
    except Refusal as error:
        target.unlink(missing_ok=True)
        raise Refusal(error.code, SENTENCES.get(error.code, str(error)), path=file) from None
    click.echo(f"Opened: {target}. Delete it when you do not need it any more.")


def _open(file: Path, target: Path, passphrase: str) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with file.open("rb") as sealed, os.fdopen(descriptor, "wb") as plain:
        opened = Opened(sealed, passphrase)
        while data := opened.read(CHUNK):
            plain.write(data)

"""`fedchapter init`: a new chapter: settings file, database, keys, and the link that makes the first admin.

Nothing that exists is written over: a second init in the same folder is refused.
"""

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from ..app import Instance, create_instance
from ..app.checks import check_place, sqlite_path
from ..app.founding import bring_up, first_admin_link, found
from ..app.logs import set_up_logs
from ..app.serving import run
from ..clock import SystemClock
from ..continuity.kit import write_kits
from ..continuity.passphrase import make_passphrase
from ..errors import Refusal
from ..settings import SETTINGS, Settings, settings_from, variable_for
from .settings_file import FILE, write_settings

EPILOG = """Examples:

\b
  fedchapter init --domain chapter.example --name "Rivertown chapter"
  fedchapter init --domain chapter.example --name "Rivertown" --data /var/lib/fedchapter --non-interactive
"""
PERMANENT = """{domain} becomes part of everything this chapter publishes, and can never be changed: who follows it
follows this name. Use a domain that the movement owns, not one that belongs to a person."""


@click.command(name="init", epilog=EPILOG)
@click.option(
    "--domain",
    envvar="FEDCHAPTER_DOMAIN",
    required=True,
    metavar="HOST",
    help="The chapter's address, without https://. Permanent.",
)
@click.option("--name", required=True, help="The chapter's name; it can be changed later, on a page.")
@click.option(
    "--username", default="", help="The part before @ in its handle. Permanent; from the name if not given."
)
@click.option("--language", default="en", show_default=True, help="The language of posts that name none.")
@click.option(
    "--data",
    envvar="FEDCHAPTER_DATA",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="The folder for settings, database, uploads and secrets.  [default: here]",
)
@click.option("--non-interactive", is_flag=True, help="Ask nothing.")
def command(
    *, domain: str, name: str, username: str, language: str, data: Path, non_interactive: bool
) -> None:
    """Make a new chapter and print the link that makes its first admin."""
    set_up_logs("console", level=logging.WARNING)
    data = data.absolute()
    path = data / FILE
    _check_nothing_there(path)
    given = {"domain": domain, "name": name, "username": username, "language": language, "data": str(data)}
    if domain.startswith("localhost:"):
        given["listen_port"] = domain.partition(":")[2]
    wanted = settings_from(given | _from_environment(os.environ, given))
    _check_no_database(wanted)
    click.secho(f"Note: {PERMANENT.format(domain=wanted.domain)}\n", fg="yellow")
    if not non_interactive and sys.stdin.isatty():
        click.confirm(f"Make the chapter @{wanted.username}@{wanted.domain}?", default=True, abort=True)
    check_place(wanted)
    run(_make(wanted, path, given | {"username": wanted.username}))


def _from_environment(environment: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Settings that a container has in variables; the options of this command stand."""
    names = {setting.name: variable_for(setting.name) for setting in SETTINGS}
    return {
        name: environment[variable]
        for name, variable in names.items()
        if variable in environment and name not in given
    }


def _check_nothing_there(path: Path) -> None:
    if path.exists():
        raise Refusal(
            "exists",
            f"{path} exists: there is a chapter in this folder already. Its domain cannot be changed; for another "
            "chapter, name another folder with --data.",
        )


def _check_no_database(settings: Settings) -> None:
    file = sqlite_path(settings)
    if file is not None and file.exists():
        raise Refusal("exists", f"{file} exists already. Name another folder with --data.")


async def _make(settings: Settings, path: Path, chosen: Mapping[str, str]) -> None:
    click.echo("Making the database …")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    await bring_up(settings)
    instance = create_instance(settings)
    await instance.open()
    try:
        await instance.house.database.run(_check_no_chapter(instance))
        # What the environment said is not copied into the file: passwords stay where they were.
        write_settings(path, chosen)
        click.echo("Making the keys …")
        await found(instance)
        link = await first_admin_link(instance)
    finally:
        await instance.close()
    click.echo(f"\nThe chapter @{settings.username}@{settings.domain} is made. Its settings are in {path}.")
    if link is not None:
        click.echo("This link works once, for seven days, and makes the first admin:\n")
        click.secho(f"  {link}\n", bold=True)
    click.echo(f"Next: fedchapter serve --config {path}")
    _make_kit(settings)


def _make_kit(settings: Settings) -> None:
    kits = write_kits(settings, make_passphrase(settings), SystemClock().now())
    click.secho(
        f"""
The recovery kit is in {kits[0].parent}:
two papers for two officers, with the passphrase of the backups. Print both, then delete the folder.
A backup is made every night. Without its keys the chapter could never speak from its name again.""",
        fg="yellow",
    )


async def _check_no_chapter(instance: Instance) -> None:
    row = await instance.house.database.row("SELECT uri FROM actor WHERE local = true LIMIT 1")
    if row is not None:
        raise Refusal(
            "exists", f"The database has a chapter in it already: {row['uri']}. Name another database."
        )

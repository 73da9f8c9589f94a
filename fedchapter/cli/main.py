"""The command `fedchapter`: the list of its commands, and how errors become one clear line.

Exit status: 0 done · 1 the rules or another server said no · 2 wrong arguments or settings. Anything else is a bug and
shows its traceback.
"""

import importlib
from typing import Any, NoReturn

import click

from .. import __version__
from ..errors import FedchapterError, PeerError, Refusal, SettingsError

# name → module that defines a click command called `command`, in the order of the help page.
COMMANDS = {
    "demo": "demo.command",
    "init": "init",
    "serve": "serve",
    "worker": "worker",
    "migrate": "migrate",
    "upgrade": "upgrade",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "restore",
    "drill": "drill",
    "kit": "kit",
    "unlock": "unlock",
    "admin": "admin",
    "post": "post",
    "follow": "follow",
    "peers": "peers",
    "deliveries": "deliveries",
    "fetch": "fetch",
    "handlers": "handlers",
}
EPILOG = """Examples:

\b
  fedchapter demo
  fedchapter init --domain chapter.example --name "Rivertown chapter"
  fedchapter COMMAND --help
"""


class Commands(click.Group):
    """A group whose commands are imported when they are used, and whose errors are sentences."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of a chapter's life."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(f"fedchapter.cli.{COMMANDS[cmd_name]}").command
        assert isinstance(found, click.Command)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; what was raised on purpose is one line on standard error."""
        try:
            return super().invoke(ctx)
        except FedchapterError as error:
            fail(error)
        except PermissionError as error:
            sentence = (
                f"{error.filename} is not ours to use. Run this as the user who owns the chapter's data."
            )
            fail(Refusal("permission", sentence))


def fail(error: FedchapterError) -> NoReturn:
    """Says what went wrong and ends the process."""
    if isinstance(error, SettingsError):
        click.echo(f"Error in the settings: {error}", err=True)
        raise SystemExit(2)
    if isinstance(error, PeerError):
        click.echo(f"Error with the other server ({error.code}): {error}", err=True)
        raise SystemExit(1)
    click.echo(f"Error: {error}", err=True)
    raise SystemExit(1)


@click.group(
    cls=Commands,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="fedchapter", message="%(prog)s %(version)s")
def main() -> None:
    """A federated server for one local chapter of a movement."""

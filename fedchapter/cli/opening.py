"""From a command's options to an opened chapter: which settings file, which form of logs, which warnings.

The file is the one named by --config or FEDCHAPTER_CONFIG, or the first that exists among ./fedchapter.toml,
/etc/fedchapter/fedchapter.toml and /var/lib/fedchapter/fedchapter.toml; FEDCHAPTER_* variables win over it.
"""

import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import update_wrapper
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from ..app import Instance, create_instance
from ..app.checks import check_founded, check_mail, check_place, check_schema, check_there, warnings_of
from ..app.logs import set_up_logs
from ..app.serving import run
from ..continuity.marks import check_marks
from ..errors import SettingsError
from ..settings import SETTINGS, Settings, load, variable_for

Parameters = ParamSpec("Parameters")
Function = TypeVar("Function", bound=Callable[..., Any])
VARIABLE = "FEDCHAPTER_CONFIG"
PLACES = (
    Path("fedchapter.toml"),
    Path("/etc/fedchapter/fedchapter.toml"),
    Path("/var/lib/fedchapter/fedchapter.toml"),
)

config_option = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar=VARIABLE,
    help="The settings file. Without it: FEDCHAPTER_CONFIG, or fedchapter.toml here, in /etc/fedchapter or in "
    "/var/lib/fedchapter.",
)


def find_settings(config: Path | None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this chapter; raises SettingsError when there are none."""
    environment = os.environ if environment is None else environment
    _check_variables(environment)
    path = config or next((place for place in PLACES if place.is_file()), None)
    if path is None and "FEDCHAPTER_DOMAIN" not in environment:
        looked = ", ".join(str(place) for place in PLACES)
        raise SettingsError(
            f"there is no settings file (looked for {looked}). Name one with --config, or make a chapter with "
            "`fedchapter init`."
        )
    return load(path, environment)


def _check_variables(environment: Mapping[str, str]) -> None:
    """Raises SettingsError for a variable that looks like a setting and is none: a typing mistake."""
    known = {VARIABLE, *(variable_for(setting.name) for setting in SETTINGS)}
    for name in environment:
        if name.startswith("FEDCHAPTER_") and name not in known:
            raise SettingsError(f"variable {name}: there is no setting called {name[11:].lower()!r}")


def warn(settings: Settings) -> None:
    """What an admin should know at every start stands on standard error."""
    for sentence in warnings_of(settings):
        click.secho(f"Warning: {sentence}", fg="yellow", bold=True, err=True)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Instance]:
    """The chapter, open, its schema checked; nothing of it runs. Raises SettingsError."""
    check_marks(settings)
    check_place(settings)
    check_mail(settings)
    check_there(settings)
    await check_schema(settings)
    instance = create_instance(settings)
    await instance.open()
    try:
        await instance.house.database.run(check_founded(instance.house.database, settings))
        yield instance
    finally:
        await instance.close()


def with_chapter(
    function: Callable[Concatenate[Instance, Parameters], Awaitable[None]],
) -> Callable[..., None]:
    """A click function that gets the opened chapter of --config and runs in its database's context."""

    def command(config: Path | None, *args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        settings = find_settings(config)
        set_up_logs("console", level=logging.WARNING)

        async def work() -> None:
            async with opened(settings) as instance:
                await instance.house.database.run(_awaited(function(instance, *args, **kwargs)))

        run(work())

    return config_option(update_wrapper(command, function))


async def _awaited(work: Awaitable[None]) -> None:
    await work

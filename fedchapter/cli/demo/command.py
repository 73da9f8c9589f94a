"""`fedchapter demo`: three chapters on this machine, following one another, with a story in them."""

import logging
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import click
from rich.console import Console

from ...app import Instance, create_instance
from ...app.checks import check_place
from ...app.founding import bring_up, found
from ...app.logs import set_up_logs
from ...app.serving import run, serve
from ...clock import MovedClock, SystemClock
from ...errors import SettingsError
from ...members import Role
from ...settings import Settings
from ..settings_file import FILE
from .folder import CHAPTERS, Folder, open_folder
from .people import OFFICES, PASSWORD, PEOPLE
from .stage import Stage
from .story import tell

OTHER_PORTS = "fedchapter demo --ports 9001 9002 9003 --data /tmp/chapters"
EPILOG = f"""Examples:

\b
  fedchapter demo
  fedchapter demo --fresh
  {OTHER_PORTS}
"""
BEGAN_AGO = timedelta(days=15)


@click.command(name="demo", epilog=EPILOG)
@click.option(
    "--ports",
    type=click.IntRange(1, 65_535),
    nargs=len(CHAPTERS),
    default=(8001, 8002, 8003),
    show_default=True,
    help="Where the three chapters listen, on localhost.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-data"),
    show_default=True,
    help="The folder that keeps them between two starts.",
)
@click.option("--fresh", is_flag=True, help="Forget what was there and start over.")
def command(ports: tuple[int, ...], data: Path, fresh: bool) -> None:
    """Run three chapters on this machine, with demo content; Ctrl-C ends them.

    For looking and trying only: everybody's password is known, and nobody outside this machine can reach them.
    """
    set_up_logs("console", level=logging.WARNING)
    run(_demo(open_folder(data, ports, fresh=fresh)))


async def _demo(folder: Folder) -> None:
    console = Console(highlight=False, soft_wrap=True)
    new = not folder.told
    clock = MovedClock(SystemClock().now() - BEGAN_AGO if new else None)
    async with AsyncExitStack() as stack:
        instances: list[Instance] = []
        for settings in folder.settings():
            instances.append(await _prepare(settings, clock))
            stack.push_async_callback(instances[-1].close)

        async def begin() -> None:
            if new:
                await _tell(Stage(instances, clock), console)
                folder.mark(told=True)
            folder.write_settings()
            for instance in instances:
                instance.start_work()
            _introduce(console, folder)

        try:
            await serve(instances, then=begin)
        except SettingsError as error:
            raise SettingsError(f"{error} Others can be named: {OTHER_PORTS}") from error
    console.print("The chapters have closed. They will be as they were when you start them again.")


async def _prepare(settings: Settings, clock: MovedClock) -> Instance:
    check_place(settings)
    await bring_up(settings)
    instance = create_instance(settings, clock=clock)
    await instance.open()
    await found(instance)
    return instance


async def _tell(stage: Stage, console: Console) -> None:
    console.print("[bold]First start:[/] the chapters live through two weeks, which takes a moment.")
    await tell(stage, lambda title: console.print(f"  … {title}"))


def _others(username: str) -> list[str]:
    """Everybody but the admins, each with what they do for the chapter."""
    roles: dict[str, Role] = {name: role for name, role in PEOPLE[username] if role is not Role.ADMIN}
    roles |= {
        name: role for name in roles for first, role, _ in OFFICES[username] if name.lower().startswith(first)
    }
    return [name if role is Role.MEMBER else f"{name} ({role.value})" for name, role in roles.items()]


def _introduce(console: Console, folder: Folder) -> None:
    console.print()
    for settings in folder.settings():
        admin = next(name for name, role in PEOPLE[settings.username] if role is Role.ADMIN)
        console.print(
            f"  [bold]{settings.name:<10}[/] {settings.origin}   sign in at {settings.origin}/sign-in "
            f"as [bold]{admin}[/]"
        )
    console.print(f"\n  Everybody's password is [bold]{PASSWORD}[/]. Others who live there:")
    for settings in folder.settings():
        console.print(f"    {settings.name}: {', '.join(_others(settings.username))}")
    console.print(
        f"\n  Other commands work on them too: fedchapter peers --config {folder.path / CHAPTERS[0][0] / FILE}"
    )
    console.print(
        "\n  Write something at Riverside and look at Hillside's home page. Ctrl-C ends all three.\n"
    )

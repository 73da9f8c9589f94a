"""`fedchapter follow`: the chapter follows somebody, or stops."""

import click

from ..app import Instance
from ..federation.finger import find_or_fetch_handle
from ..objects.follow.service import ask, withdraw
from ..store import Unit
from .opening import with_chapter

EPILOG = """Examples:

\b
  fedchapter follow @hillside@hillside.example
  fedchapter follow https://hillside.example/@hillside
  fedchapter follow --stop @hillside@hillside.example
"""

SENT = "The running server tells them within a second; `fedchapter peers` shows what they answer."


@click.command(name="follow", epilog=EPILOG)
@click.argument("who")
@click.option("--stop", is_flag=True, help="Follow them no longer.")
@with_chapter
async def command(instance: Instance, who: str, stop: bool) -> None:
    """Let the chapter follow another actor: WHO is a handle like @name@host, or an address."""
    database, chapter = instance.house.database, instance.settings.chapter_uri
    click.echo(f"Asking for {who} …", err=True)
    followed = await find_or_fetch_handle(instance.house, who)

    async def service(unit: Unit) -> None:
        await (withdraw(unit, chapter, followed.uri) if stop else ask(unit, chapter, followed))

    await database.in_unit(service)
    if stop:
        click.echo(f"The chapter follows {followed.handle} no longer. {SENT}")
        return
    click.echo(f"The chapter asks to follow {followed.handle}. {SENT}")

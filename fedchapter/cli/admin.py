"""`fedchapter admin`: links for people who are to be admins, and for those who lost their password."""

import click

from ..app import Instance
from ..errors import NotFound, Refusal
from ..members import AccountRow, Role, find_accounts, give_role, invite
from ..members.second_factor import remove_all
from ..store import Unit
from .opening import with_chapter

GIVABLE = tuple(role for role in Role if role is not Role.MEMBER)


@click.group(name="admin")
def command() -> None:
    """Make admins, and let people in who lost their password."""


@command.command(
    "create", epilog='Example:\n\n\b\n  fedchapter admin create --note "for Ines, who takes over from me"'
)
@click.option("--role", type=click.Choice([role.value for role in Role]), default="admin", show_default=True)
@click.option("--note", default="", help="What the link is for; shown on the list of open links.")
@with_chapter
async def create(instance: Instance, role: str, note: str) -> None:
    """Print a link that works once and makes an account with that role."""

    async def service(unit: Unit) -> str:
        return await invite(unit, role=Role(role), note=note or "from the shell")

    link = await instance.house.database.in_unit(service)
    click.echo(f"Whoever opens this link becomes {role} (once, within seven days):\n\n  {link}\n")


@command.command("link", epilog='Example:\n\n\b\n  fedchapter admin link "Ines Moreau"')
@click.argument("name")
@with_chapter
async def link(instance: Instance, name: str) -> None:
    """Print a link that signs somebody in once, to set a new password. NAME is the name or e-mail address."""
    account = _find(await find_accounts(instance.house.database), name)

    async def service(unit: Unit) -> str:
        return await invite(unit, purpose="sign-in", account_id=account.id)

    address = await instance.house.database.in_unit(service)
    click.echo(f"This link signs {account.display_name} in (once, within a day):\n\n  {address}\n")


@command.command("second", epilog='Example:\n\n\b\n  fedchapter admin second "Ines Moreau"')
@click.argument("name")
@with_chapter
async def second(instance: Instance, name: str) -> None:
    """Take the second steps off an account whose owner lost them all. The owner is told."""
    account = _find(await find_accounts(instance.house.database), name)

    async def service(unit: Unit) -> int:
        return await remove_all(unit, account.id)

    count = await instance.house.database.in_unit(service)
    click.echo(f"{account.display_name} had {count} second steps and has none now.")


@command.command("appoint", epilog='Example:\n\n\b\n  fedchapter admin appoint "Ines Moreau"')
@click.argument("name")
@click.option(
    "--role", type=click.Choice([role.value for role in GIVABLE]), default="admin", show_default=True
)
@with_chapter
async def appoint(instance: Instance, name: str, role: str) -> None:
    """Give a member a role, where the last admin is lost. All members are told that it came from here."""
    account = _find(await find_accounts(instance.house.database), name)

    async def service(unit: Unit) -> str:
        return await give_role(unit, account.id, Role(role))

    await instance.house.database.in_unit(service)
    click.echo(f"{account.display_name} has the role {role} now. All members are told.")


def _find(accounts: list[AccountRow], name: str) -> AccountRow:
    wanted = " ".join(name.lower().split())
    found = [one for one in accounts if wanted in (one.display_name.lower(), one.email)]
    if not found:
        known = ", ".join(one.display_name for one in accounts) or "nobody yet"
        raise NotFound("no-account", f"Nobody here is called {name}. There is: {known}.")
    if len(found) > 1:
        raise Refusal("several", "Several people have that address. Give the name instead.")
    return found[0]

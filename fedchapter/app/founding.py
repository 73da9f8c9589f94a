"""The first start of a chapter: schema, both actors with their keys, and the link that makes the first admin.

Everything here can be repeated: what exists is left as it is.
"""

from ..actors import create_actor, find_actor
from ..actors.keyring import make_keys
from ..members import Role, count_admins, invite
from ..settings import Settings
from ..store.migrate import migrate
from .instance import Instance
from .types import model_modules

SERVER_USERNAME = "relay"


async def bring_up(settings: Settings) -> list[str]:
    """The database exists with the current schema; returns the migrations applied."""
    return await migrate(settings, model_modules())


async def found(instance: Instance) -> None:
    """The chapter's Group and the server's Application exist with their keys. The instance is open."""
    await instance.house.database.run(_found(instance))


async def _found(instance: Instance) -> None:
    settings, database = instance.settings, instance.house.database
    name = settings.name or settings.username
    wanted = (
        (settings.chapter_uri, "Group", settings.username, name),
        (settings.server_uri, "Application", SERVER_USERNAME, f"{name} (server)"),
    )
    for uri, type_, username, shown in wanted:
        if await find_actor(database, uri) is not None:
            continue
        keys = await make_keys(uri)
        async with database.unit() as unit:
            await create_actor(unit, keys, type_=type_, username=username, name=shown)


async def first_admin_link(instance: Instance) -> str | None:
    """A fresh one-time link that makes an admin, or None when there is one already."""
    return await instance.house.database.run(_first_admin_link(instance))


async def _first_admin_link(instance: Instance) -> str | None:
    database = instance.house.database
    if await count_admins(database, instance.house.clock.now()):
        return None
    async with database.unit() as unit:
        return await invite(unit, role=Role.ADMIN, note="first admin")

"""What tests of the site share: accounts with passwords, and signing in by the form."""

import httpx

from fedchapter.members import AccountRow, Role, create_account
from fedchapter.members.accounts import hash_password, set_password
from fedchapter.store import Unit
from tests.support.network import Chapter

PASSWORD = "river boats at dawn"


async def member(
    chapter: Chapter,
    name: str = "Ana",
    *,
    role: Role = Role.MEMBER,
    email: str = "",
    password: str = PASSWORD,
) -> AccountRow:
    """An account that the password opens."""
    hashed = await hash_password(password)

    async def make(unit: Unit) -> AccountRow:
        account = await create_account(unit, display_name=name, role=role, email=email)
        await set_password(unit, account.id, hashed)
        return account

    return await chapter.unit(make)


async def sign_in(
    client: httpx.AsyncClient, name: str = "Ana", password: str = PASSWORD, **more: str
) -> httpx.Response:
    """The answer to the sign-in form."""
    return await client.post("/sign-in", data={"name": name, "password": password} | more)


async def is_signed_in(client: httpx.AsyncClient) -> bool:
    """Whether the client's own page opens."""
    return (await client.get("/me")).status_code == 200

"""Members to be told something, and what reached them."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial

from fedchapter.members import AccountRow, Role, create_account, get_account
from fedchapter.members.identities import Proved, link_proved
from fedchapter.notices import Notice, tell
from fedchapter.notices.channels import Channels
from fedchapter.notices.manner import Manner
from fedchapter.notices.wishes import Wishes, find_wishes, save_wishes
from fedchapter.store import Unit
from fedchapter.words import mark
from tests.support.network import Chapter

TEXT = mark("The vote on “%(title)s” is open.")


def notice(key: str = "one", kind: str = "vote", **more: object) -> Notice:
    """Something told."""
    values = {"title": key}
    return Notice(kind, key, TEXT, "/proposals/x", values, **more)  # type: ignore[arg-type]


async def member(
    chapter: Chapter,
    name: str,
    *,
    email: bool = True,
    language: str = "",
    linked: str = "",
    role: Role = Role.MEMBER,
) -> AccountRow:
    """Somebody new, with an address made of the name, and perhaps a linked fediverse account."""

    async def make(unit: Unit) -> AccountRow:
        address = f"{name.lower()}@mail.example" if email else ""
        account = await create_account(unit, display_name=name, email=address, role=role)
        await unit.execute("UPDATE account SET language = ? WHERE id = ?", language, account.id)
        if linked:
            await link_proved(
                unit, account.id, Proved(linked, f"{name.lower()}@elsewhere.test", "elsewhere.test")
            )
        return await get_account(unit, account.id)

    return await chapter.unit(make)


async def choose(at: Chapter, who: AccountRow, manner: Manner | None = None, /, **channels: Channels) -> None:
    """They want those kinds so, the others as before."""

    async def save(unit: Unit) -> None:
        before = await find_wishes(unit, who)
        wanted = Wishes({**before.channels, **channels}, manner or before.manner)
        await save_wishes(unit, who, wanted)

    await at.unit(save)


async def told(chapter: Chapter, *notices: Notice, to: list[str] | None = None) -> None:
    """It was told, and what is due now has left."""
    for one in notices:
        await chapter.unit(partial(tell, notice=one, to=to))
    await chapter.settle()


def letters(chapter: Chapter) -> list[EmailMessage]:
    """What left as files, in order."""
    paths = sorted((chapter.settings.data / "outbox").glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default) for path in paths]


def addressees(chapter: Chapter) -> list[str]:
    """To whom, in order of the alphabet."""
    return sorted(str(one["To"]) for one in letters(chapter))

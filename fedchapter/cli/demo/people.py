"""Who lives in the three chapters, and how the chapters come to know each other."""

from functools import partial

from ...members import Role, create_account
from ...members.accounts import find_accounts, hash_password, set_password
from ...objects.follow.service import ask
from ...store import Unit
from ...store.choices import choose
from .stage import Chapter, Stage

# Known to everybody who reads this: the demo listens on this machine only.
PASSWORD = "bread and roses"  # noqa: S105
PEOPLE = {
    "riverside": (
        ("Ines Moreau", Role.ADMIN),
        ("Tomas Brandt", Role.MODERATOR),
        ("Yusuf Kaya", Role.MEMBER),
        ("Greta Holm", Role.MEMBER),
        ("Sam Okafor", Role.MEMBER),
        ("Lena Fischer", Role.MEMBER),
    ),
    "hillside": (
        ("Noor Haddad", Role.ADMIN),
        ("Piet de Vries", Role.MODERATOR),
        ("Carla Rossi", Role.MEMBER),
        ("Jonas Weber", Role.MEMBER),
    ),
    "harbor": (
        ("Mara Silva", Role.ADMIN),
        ("Ole Jensen", Role.MODERATOR),
        ("Agnes Nowak", Role.MEMBER),
        ("Hugo Blanc", Role.MEMBER),
    ),
}
# By first name: what they do besides, and how many days from today their term ends.
OFFICES = {
    "riverside": (("sam", Role.ORGANIZER, 75), ("lena", Role.TREASURER, 200)),
    "hillside": (("carla", Role.ORGANIZER, 160),),
    "harbor": (("agnes", Role.ORGANIZER, 20),),
}
LOOKS = {
    "riverside": ("blue", "Neighbours on both banks of the river"),
    "hillside": ("green", "Up here we share tools, gardens and the view"),
    "harbor": ("ochre", "Dockers, sailors, cooks and everybody in between"),
}
ABOUT = {
    "riverside": "We are some ninety people between the mill and the old bridge. We look after the common garden, run "
    "the repair evenings and decide together what we put our name to.\n\nCome to an open evening, on the first "
    "Tuesday of each month, and see.",
    "hillside": "The chapter of the hill quarter: four streets, one tool library, too many stairs.",
    "harbor": "We meet in the net loft, pier 4. Everybody who works or lives near the water is welcome.",
}


async def welcome(stage: Stage) -> None:
    """The people are members, the chapters have their colours, and each follows the other two."""
    hashed = await hash_password(PASSWORD)
    for chapter in stage.chapters:
        await chapter.unit(partial(_move_in, username=chapter.settings.username, hashed=hashed))
        await remember(chapter)
    for chapter in stage.chapters:
        for other in stage.chapters:
            if other is not chapter:
                await _follow(chapter, other.uri)
    await stage.settle()


async def _move_in(unit: Unit, username: str, hashed: str) -> None:
    for name, role in PEOPLE[username]:
        account = await create_account(unit, display_name=name, role=role)
        await set_password(unit, account.id, hashed)
    accent, tagline = LOOKS[username]
    for choice, value in (("accent", accent), ("tagline", tagline), ("about", ABOUT[username])):
        await choose(unit, choice, value)
    await choose(unit, "timezone", "Europe/Berlin")


async def remember(chapter: Chapter) -> None:
    """The chapter's people are at hand by first name."""
    accounts = await chapter.run(find_accounts(chapter.house.database))
    chapter.admin_name = PEOPLE[chapter.settings.username][0][0].split()[0].lower()
    chapter.people = {account.display_name.split()[0].lower(): account for account in accounts}


async def _follow(chapter: Chapter, uri: str) -> None:
    followed = await chapter.actor(uri)
    await chapter.unit(lambda unit: ask(unit, chapter.uri, followed))

"""Who holds what the chapter cannot do without, so that members know whom to ask, and see when it is one person only.

DESIGN §1 (not dependent on one charismatic account, admin or box).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ..errors import Refusal
from ..store import Unit
from ..store.kinds import Reads
from ..words import mark
from .happenings import HoldersChanged

WHO_MAX, ABOUT_MAX = 200, 200
THINGS = (
    (
        "domain",
        mark("The domain"),
        mark("Who can sign in at the registrar and pays for it, and which registrar."),
    ),
    ("server", mark("The server"), mark("Who can sign in on the machine, and at its provider.")),
    ("backups", mark("The backups"), mark("Who has copies of them, and where.")),
    ("kit-1", mark("Recovery kit, first copy"), mark("The officer who keeps the first paper.")),
    ("kit-2", mark("Recovery kit, second copy"), mark("Another officer, who keeps the second.")),
    ("mail", mark("The mail account"), mark("Who can sign in where our letters leave.")),
)


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds a thing, in the words of an admin. `since_on` is a day (YYYY-MM-DD) or empty."""

    who: str = ""
    about: str = ""
    since_on: str = ""


async def find_holdings(reads: Reads) -> dict[str, Holding]:
    """Who holds what, by thing; a thing that nobody is named for is not there."""
    rows = await reads.rows("SELECT thing, who, about, since_on FROM holder")
    return {row["thing"]: Holding(row["who"], row["about"], row["since_on"]) for row in rows}


async def set_holdings(unit: Unit, wanted: Mapping[str, Holding], *, by_id: str) -> bool:
    """It is written down who holds what, and members will hear that it changed; False when nothing did.

    Raises Refusal for a text too long and for a day that is none.
    """
    new = {thing: check_holding(wanted.get(thing, Holding())) for thing, _, _ in THINGS}
    new = {thing: holding for thing, holding in new.items() if holding.who}
    old = await find_holdings(unit)
    if new == old:
        return False
    for thing in old:
        await unit.execute("DELETE FROM holder WHERE thing = ?", thing)
    for thing, holding in new.items():
        await unit.execute(
            "INSERT INTO holder (id, thing, about, who, since_on, changed_at, changed_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
            unit.new_id(),
            thing,
            holding.about,
            holding.who,
            holding.since_on,
            unit.now,
            by_id,
        )
    unit.record(HoldersChanged(by_id))
    return True


def check_holding(holding: Holding) -> Holding:
    """The same without surrounding spaces; raises Refusal."""
    who, about = " ".join(holding.who.split()), " ".join(holding.about.split())
    if len(who) > WHO_MAX or len(about) > ABOUT_MAX:
        raise Refusal("holder-long", "Use at most %(max)s characters in each field.", max=WHO_MAX)
    if about and not who:
        raise Refusal("holder-who", "Name somebody for each thing that you describe, or leave both empty.")
    if holding.since_on:
        try:
            date.fromisoformat(holding.since_on)
        except ValueError as error:
            raise Refusal("holder-day", "Write the day like 2027-05-01, or leave it empty.") from error
    return Holding(who, about, holding.since_on if who else "")

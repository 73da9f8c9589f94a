"""What a member adds: a legal name and a phone number, where the chapter asks for them, and who sees their skills.

Issue of members: both are off by default; what the chapter does not ask for (any more) is not kept.
"""

from dataclasses import dataclass

from ..errors import Refusal
from ..store import Unit
from ..store.choices import find_choice
from ..store.kinds import Reads

LEGAL_NAME_MAX = 200
PHONE_MAX = 40
ORGANIZERS, GROUPS = "organizers", "groups"


@dataclass(frozen=True, slots=True)
class Details:
    """The member's additions. `skills_for` says whether captains of their groups see their skills too."""

    legal_name: str = ""
    phone: str = ""
    skills_for: str = ORGANIZERS


@dataclass(frozen=True, slots=True)
class Asked:
    """What this chapter asks for."""

    legal_name: bool
    phone: bool


async def find_asked(reads: Reads) -> Asked:
    """Which of the two are asked for here."""
    return Asked(
        await find_choice(reads, "ask_legal_name") == "yes", await find_choice(reads, "ask_phone") == "yes"
    )


async def find_details(reads: Reads, account_id: str) -> Details:
    """What the member added."""
    row = await reads.row("SELECT legal_name, phone, skills_for FROM detail WHERE account_id = ?", account_id)
    return Details(**row) if row else Details()


async def save_details(unit: Unit, account_id: str, *, legal_name: str, phone: str) -> None:
    """These are known from now on, as far as the chapter asks for them; raises Refusal `legal-name` or `phone`."""
    asked = await find_asked(unit)
    legal_name = " ".join(legal_name.split()) if asked.legal_name else ""
    phone = " ".join(phone.split()) if asked.phone else ""
    if len(legal_name) > LEGAL_NAME_MAX or not legal_name.isprintable():
        raise Refusal("legal-name", "A legal name has at most %(max)s characters.", max=LEGAL_NAME_MAX)
    digits = sum(sign.isdigit() for sign in phone)
    if phone and (len(phone) > PHONE_MAX or digits < 3 or not set(phone) <= set("0123456789+-/(). #x")):
        raise Refusal("phone", "A phone number has digits, such as +1 312 555 0101.")
    await _store(unit, account_id, legal_name=legal_name, phone=phone)


async def set_skills_for(unit: Unit, account_id: str, who: str) -> None:
    """Organizers see the member's skills; with GROUPS the captains of their groups too."""
    await _store(unit, account_id, skills_for=GROUPS if who == GROUPS else ORGANIZERS)


async def forget_unasked(unit: Unit) -> None:
    """What the chapter stopped asking for is erased, of everybody."""
    asked = await find_asked(unit)
    if not asked.legal_name:
        await unit.execute("UPDATE detail SET legal_name = '' WHERE legal_name <> ''")
    if not asked.phone:
        await unit.execute("UPDATE detail SET phone = '' WHERE phone <> ''")


async def _store(unit: Unit, account_id: str, **columns: str) -> None:
    now = Details()
    await unit.execute(
        "INSERT INTO detail (account_id, legal_name, phone, skills_for, changed_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (account_id) DO NOTHING",
        account_id,
        now.legal_name,
        now.phone,
        now.skills_for,
        unit.now,
    )
    sets = ", ".join(f"{name} = ?" for name in columns)
    await unit.execute(
        f"UPDATE detail SET {sets}, changed_at = ? WHERE account_id = ?",
        *columns.values(),
        unit.now,
        account_id,
    )

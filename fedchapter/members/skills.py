"""What members can do and care about: chosen from the chapter's list or in their own words, found by organizers.

DESIGN §1 ("an inventory of skills"); issue of members: filled by each member, seen by organizers, searchable.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ..errors import Refusal
from ..store import Row, Unit, marks
from ..store.choices import find_choice
from ..store.kinds import Reads
from ..text import fold
from .personal import escaped

SKILL, INTEREST = "skill", "interest"
SORTS = (SKILL, INTEREST)
EACH_MAX = 40
WORDS_MAX = 60
LIST_MAX = 60
PAGE = 50
_CHOICES = {SKILL: "skills_list", INTEREST: "interests_list"}


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who can do or cares about what was looked for, with everything they named."""

    account_id: str
    display_name: str
    sort_name: str
    skills: tuple[str, ...]
    interests: tuple[str, ...]


def to_words(text: str) -> list[str]:
    """One entry for each line or comma, each once, in the order they came; raises Refusal `skill-long`."""
    entries: dict[str, str] = {}
    for part in text.replace("\n", ",").split(","):
        words = " ".join(part.split())
        if len(words) > WORDS_MAX:
            raise Refusal("skill-long", "“%(words)s…” is too long: use a few words.", words=words[:30])
        if words and words.isprintable():
            entries.setdefault(fold(words), words)
    return list(entries.values())


async def find_list(reads: Reads, sort: str) -> list[str]:
    """What the chapter offers to choose from."""
    return to_words(await find_choice(reads, _CHOICES[sort]))


def check_list(text: str) -> str:
    """The chapter's list as it is stored, one entry a line; raises Refusal."""
    words = to_words(text)
    if len(words) > LIST_MAX:
        raise Refusal("list-long", "A list of more than %(max)s is not read. Shorten it.", max=LIST_MAX)
    return "\n".join(words)


async def find_own(reads: Reads, account_id: str) -> dict[str, list[str]]:
    """What the member named, by sort, alphabetically."""
    rows = await reads.rows("SELECT sort, words FROM skill WHERE account_id = ? ORDER BY folded", account_id)
    return {sort: [row["words"] for row in rows if row["sort"] == sort] for sort in SORTS}


async def save_own(unit: Unit, account_id: str, sort: str, words: Iterable[str]) -> None:
    """The member can do (or cares about) exactly this; raises Refusal `skills-many`."""
    wanted = {fold(one): one for one in words}
    if len(wanted) > EACH_MAX:
        raise Refusal("skills-many", "Choose the %(max)s that matter most.", max=EACH_MAX)
    await unit.execute("DELETE FROM skill WHERE account_id = ? AND sort = ?", account_id, sort)
    await unit.execute_many(
        "INSERT INTO skill (id, account_id, sort, words, folded, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        [(unit.new_id(), account_id, sort, one, folded, unit.now) for folded, one in wanted.items()],
    )


async def find_people(
    reads: Reads, words: str, *, group_id: str = "", after: tuple[str, str] = ("", "")
) -> list[Found]:
    """Members who named something with these words in it, by name, one page from behind `after`."""
    group = (
        " AND account.id IN (SELECT account_id FROM group_member WHERE group_id = ? AND state = 'member')"
        if group_id
        else ""
    )
    rows = await reads.rows(
        "SELECT id, display_name, sort_name FROM account WHERE state = 'active' AND id IN "
        f"(SELECT account_id FROM skill WHERE folded LIKE ? ESCAPE '\\'){group} AND (sort_name, id) > (?, ?) "
        f"ORDER BY sort_name, id LIMIT {PAGE}",
        f"%{escaped(fold(words))}%",
        *([group_id] if group_id else []),
        *after,
    )
    named = await _named(reads, [row["id"] for row in rows])
    return [
        Found(
            row["id"],
            row["display_name"],
            row["sort_name"],
            tuple(words for sort, words in named.get(row["id"], ()) if sort == SKILL),
            tuple(words for sort, words in named.get(row["id"], ()) if sort == INTEREST),
        )
        for row in rows
    ]


async def count_words(reads: Reads, sort: str, limit: int = 40) -> list[Row]:
    """What is named most (words, total)."""
    return await reads.rows(
        "SELECT min(skill.words) AS words, count(*) AS total FROM skill JOIN account ON account.id = skill.account_id "
        "WHERE account.state = 'active' AND skill.sort = ? GROUP BY skill.folded "
        "ORDER BY total DESC, skill.folded LIMIT ?",
        sort,
        limit,
    )


async def _named(reads: Reads, account_ids: list[str]) -> dict[str, list[tuple[str, str]]]:
    if not account_ids:
        return {}
    rows = await reads.rows(
        f"SELECT account_id, sort, words FROM skill WHERE account_id IN ({marks(len(account_ids))}) ORDER BY folded",
        *account_ids,
    )
    named: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        named.setdefault(row["account_id"], []).append((row["sort"], row["words"]))
    return named

"""Every page of the tour in the pseudo-language: whatever people can read is in brackets, or somebody wrote it.

A word outside is one that no translation could ever reach.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from fedchapter import __version__
from fedchapter.cli.demo.stage import Chapter
from fedchapter.members import start_session
from fedchapter.words import PSEUDO
from tests.support.town import Paths, open_town
from tests.words.outside import Data, outside

_TEXTS = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
# What the columns of these names hold are words of ours for states and kinds; a page says them in its own language.
OURS = frozenset(
    {
        "access",
        "cadence",
        "category",
        "channel",
        "decision",
        "direction",
        "join_mode",
        "kind",
        "mode",
        "outcome",
    }
    | {"purpose", "role", "scope", "stage", "state", "type", "visibility", "way", "what"}
)
# Names of software and files, and of whoever is in no database yet: a link that waits for an answer carries it.
NAMES = (
    "fedchapter",
    f"fedchapter {__version__}",
    "PostgreSQL",
    "SQLite",
    "Markdown",
    "draft-cavage-12",
    "RFC 9421",
    "JSON",
    "domain_blocks.csv",
    "domain_allows.csv",
    "Ole",
)


async def what_was_written(chapter: Chapter) -> Data:
    """Every text of the chapter's database that is not a word of ours."""
    found: set[str] = set(NAMES)
    for table in await chapter.run(chapter.house.database.rows(_TEXTS)):
        for row in await chapter.run(chapter.house.database.rows(f'SELECT * FROM "{table["name"]}"')):
            for name, value in row.items():
                found.update(texts_in(value) if name not in OURS else ())
    return Data.of(found)


def texts_in(value: Any) -> Iterator[str]:
    """A text of a row and each of its lines; the texts of what is JSON."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield from (value, *value.splitlines())
        if value.startswith(("{", "[")):
            yield from texts_in(decoded(value))


def decoded(value: str) -> Any:
    """What the JSON says; None where it is none."""
    try:
        return json.loads(value)
    except ValueError:
        return None


async def signed_in(chapter: Chapter, name: str) -> httpx.AsyncClient:
    """A browser that reads the pseudo-language, as that person or (empty) as a visitor."""
    port = chapter.settings.domain.rpartition(":")[2]
    cookies = {f"fedchapter-language-{port}": PSEUDO}
    if name:
        account_id = chapter.people[name].id
        cookies[f"fedchapter-session-{port}"] = await chapter.unit(
            lambda unit: start_session(unit, account_id, "")
        )
    return httpx.AsyncClient(base_url=chapter.settings.origin, cookies=cookies)


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_no_page_says_a_word_that_is_in_no_catalog(tmp_path: Path) -> None:
    async with open_town(tmp_path) as stage:
        paths = Paths(stage)
        tour = {
            "": [*await paths.public(), *await paths.by_link()],
            "lena": await paths.members(),
            "ines": await paths.staff(),
        }
        data, wrong = await what_was_written(stage.riverside), list[str]()
        for name, wanted in tour.items():
            async with await signed_in(stage.riverside, name) as browser:
                wrong += [f"{line}, for {name or 'a visitor'}" for line in await walk(browser, wanted, data)]
    assert wrong == []


async def walk(browser: httpx.AsyncClient, paths: Sequence[str], data: Data) -> list[str]:
    """What stands outside on the pages at those paths."""
    found = []
    for path in paths:
        answer = await browser.get(path)
        if not answer.is_redirect:
            assert f'lang="{PSEUDO}"' in answer.text, f"{path}: {answer.status_code}"
            found += [f"{path}: {piece}" for piece in outside(answer.text, data)]
    return found

"""FEDERATION.md says what the registry does."""

from pathlib import Path

from fedchapter.app.types import find_types

PAGE = Path(__file__).parents[2] / "FEDERATION.md"


def stated() -> dict[str, set[str]]:
    table = PAGE.read_text(encoding="utf-8").partition("### Activities understood")[2].partition("\n## ")[0]
    rows = [line.strip("| \n").split("|") for line in table.splitlines() if line.startswith("| ")]
    return {verb.strip(): set(kinds.replace(" ", "").split(",")) for verb, kinds in rows[1:]}


def test_the_table_of_activities_is_the_registry() -> None:
    registered: dict[str, set[str]] = {}
    for verb, kind in find_types().registry.handlings:
        registered.setdefault(verb, set()).add(kind)
    assert stated() == registered, "run `fedchapter handlers` and correct FEDERATION.md"


def test_every_installed_type_has_a_section() -> None:
    from fedchapter.objects import INSTALLED

    text = PAGE.read_text(encoding="utf-8").lower()
    assert [name for name in INSTALLED if f"### {name}" not in text] == []

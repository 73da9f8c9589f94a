"""What the project promises in words is there: reasons for dependencies, a test for each security row."""

import re
import tomllib

import pytest

from tests.house.source import ROOT, functions, python_files

# The rows of the security checklist that version 0.1 answers; each has a test with the row in its name, as in
# test_a1_a_valid_signature_under_another_actor_is_refused.
SECURITY_ROWS = (
    *(f"a{number}" for number in range(1, 11)),
    *(f"b{number}" for number in range(1, 8)),
    *("c1", "c2", "c3", "d1", "d2", "d4", "d5", "d6", "d7", "e2"),
)


@pytest.mark.parametrize("row", SECURITY_ROWS)
def test_every_security_row_has_a_test_named_after_it(row: str) -> None:
    names = [function.name for _path, module in python_files("tests") for function in functions(module)]
    assert any(name.startswith(f"test_{row}_") for name in names)


def test_every_dependency_is_named_in_the_readme() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8").lower()
    names = [re.split(r"[<>=\[; ]", wanted)[0].lower() for wanted in project["dependencies"]]
    assert [name for name in names if name not in readme] == []

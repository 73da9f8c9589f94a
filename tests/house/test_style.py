"""Files, functions and nesting stay small, names say something, modules say what they are."""

import ast
import re

from tests.house.source import depth, functions, place, python_files, tracked_files

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
MOST_LEVELS = 3
CODE = {".py", ".js", ".css", ".html", ".sh", ".j2"}
SAY_NOTHING = {"utils", "util", "common", "helpers", "helper", "base", "misc"}


def test_no_file_is_longer_than_a_reader_bears() -> None:
    lengths = {
        place(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked_files()
        if path.suffix in CODE and "migrations" not in path.parts
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    assert [
        f"{place(path, function)} {function.name}"
        for path, module in python_files("fedchapter", "tests")
        for function in functions(module)
        if (function.end_lineno or 0) - function.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ] == []


def test_no_function_is_deeper_than_three_levels() -> None:
    assert [
        f"{place(path, function)} {function.name}"
        for path, module in python_files("fedchapter", "tests")
        for function in functions(module)
        if depth(function) > MOST_LEVELS
    ] == []


def test_every_module_says_what_it_is() -> None:
    assert [
        place(path) for path, module in python_files("fedchapter", "tests") if not ast.get_docstring(module)
    ] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [
        place(path)
        for path, _module in python_files("fedchapter", "tests")
        if SAY_NOTHING & {*path.parts, path.stem}
    ] == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    left = re.compile(r"(?:#|//|<!--|\{#)\s*(?:TODO|FIXME|XXX|HACK)\b")
    assert [
        place(path)
        for path in tracked_files()
        if path.suffix in CODE and left.search(path.read_text(encoding="utf-8"))
    ] == []


def test_no_test_sleeps() -> None:
    # Slow hosts of tests/support and tests/bench may: being slow is what they are for.
    assert [
        place(path, node)
        for path, module in python_files("tests")
        for node in ast.walk(module)
        if path.stem.startswith("test_") and isinstance(node, ast.Call) and _is_sleep(node)
    ] == []


def _is_sleep(call: ast.Call) -> bool:
    """A sleep of nothing only lets other tasks run; any other is a wait for luck."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    is_nothing = bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0
    return name == "sleep" and not is_nothing

"""Log lines: one JSON object each for a journal, words for a person, and never the values of variables."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from fedchapter.app.logs import set_up_logs


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """Logging is as it was afterwards."""
    root = logging.getLogger()
    handlers, level, ours = root.handlers, root.level, logging.getLogger("fedchapter").level
    yield
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("fedchapter").setLevel(ours)
    structlog.reset_defaults()


def break_with_a_secret() -> None:
    password = "hunter2 hunter2"
    raise RuntimeError(f"the name has {len(password)} letters")


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_says_where_and_not_what(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(form)
    try:
        break_with_a_secret()
    except RuntimeError as error:
        structlog.get_logger("fedchapter.test").error("broken", exc_info=error)
    said = capsys.readouterr().err
    assert "break_with_a_secret" in said
    assert "15 letters" in said
    assert "hunter2" not in said.replace('password = "hunter2', "")


def test_every_line_for_a_journal_is_an_object_also_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("auto")
    structlog.get_logger("fedchapter.test").info("listening", port=8000)
    structlog.get_logger("fedchapter.test").debug("not this")
    logging.getLogger("uvicorn.error").warning("something %s", "odd")
    logging.getLogger("uvicorn.error").info("not this")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [
        ("listening", "info"),
        ("something odd", "warning"),
    ]
    assert lines[0]["port"] == 8000
    assert lines[0]["timestamp"].endswith("Z")

"""Fixtures of the command line: a chapter on disk, and commands run in this process."""

import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from fedchapter.cli import main
from tests.support.databases import forget_sql
from tests.support.processes import FEDCHAPTER, environment, free_ports

Command = Callable[..., Result]


@dataclass(frozen=True, slots=True)
class Made:
    """A chapter on disk that nobody has started; `said` is what `init` printed."""

    folder: Path
    port: int
    said: str

    @property
    def config(self) -> str:
        """Its settings file."""
        return str(self.folder / "fedchapter.toml")

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://localhost:{self.port}"


@pytest.fixture(scope="session")
def first_made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The chapter that the others are copies of: making keys takes a while."""
    folder, port = tmp_path_factory.mktemp("made") / "chapter", free_ports(1)[0]
    options = ("--domain", f"localhost:{port}", "--name", "Rivertown", "--data", str(folder))
    done = subprocess.run(
        [*FEDCHAPTER, "init", *options],
        cwd=folder.parent,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Made(folder, port, done.stdout)


@pytest.fixture
def made(first_made: Made, tmp_path: Path) -> Made:
    """A chapter of this test's own."""
    folder = tmp_path / "chapter"
    shutil.copytree(first_made.folder, folder)
    config = folder / "fedchapter.toml"
    text = config.read_text(encoding="utf-8").replace(str(first_made.folder), str(folder))
    config.write_text(text, encoding="utf-8")
    return Made(folder, first_made.port, first_made.said)


@pytest.fixture
def fedchapter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Command]:
    """Runs one command in this process, in an empty folder: `fedchapter("peers", "--config", path)`."""
    root = logging.getLogger()
    handlers, level, ours = root.handlers, root.level, logging.getLogger("fedchapter").level
    forget_sql()
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)

    def run(*arguments: str, text: str = "", env: dict[str, str] | None = None) -> Result:
        return CliRunner().invoke(main, arguments, input=text, env=env, catch_exceptions=False)

    yield run
    root.handlers = handlers
    root.setLevel(level)
    logging.getLogger("fedchapter").setLevel(ours)
    structlog.reset_defaults()

"""`fedchapter unlock`: a copy of the roll opens with its passphrase, and nothing is left behind without."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from fedchapter.cli.main import main
from fedchapter.site.exports import seal_file

PASSPHRASE = "five boats at the landing"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An encrypted table."""
    path = tmp_path / "roll-20270301.csv.age"
    path.write_bytes(seal_file(b"name,email\nAna,ana@mail.test\n", PASSPHRASE))
    return path


def test_the_passphrase_opens_the_file_for_its_owner_alone(file: Path) -> None:
    answer = CliRunner().invoke(main, ["unlock", str(file)], input=f"{PASSPHRASE}\n")
    assert answer.exit_code == 0, answer.output
    opened = file.with_suffix("")
    assert opened.read_bytes() == b"name,email\nAna,ana@mail.test\n"
    assert opened.stat().st_mode & 0o777 == 0o600
    again = CliRunner().invoke(main, ["unlock", str(file)], input=f"{PASSPHRASE}\n")
    assert again.exit_code == 1
    assert "is there already" in again.output


@pytest.mark.parametrize("damage", ["passphrase", "flipped", "cut", "another"])
def test_what_does_not_open_leaves_nothing_behind(file: Path, damage: str) -> None:
    data = file.read_bytes()
    changed = {
        "passphrase": data,
        "flipped": data[:-5] + bytes([data[-5] ^ 1]) + data[-4:],
        "cut": data[:-20],
        "another": b"name,email\n",
    }
    file.write_bytes(changed[damage])
    typed = "a wrong passphrase" if damage == "passphrase" else PASSPHRASE
    answer = CliRunner().invoke(main, ["unlock", str(file)], input=f"{typed}\n")
    assert answer.exit_code == 1
    assert "roll-20270301" in answer.output
    assert list(file.parent.iterdir()) == [file]

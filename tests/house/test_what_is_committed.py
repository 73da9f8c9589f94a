"""No commit names a package registry, a folder of somebody's machine, or a secret; the locks pin bytes."""

import json
import re
from pathlib import Path

from tests.house.source import ROOT, place, tracked_files

# Written in two halves, or this file would find itself.
REGISTRIES = re.compile(
    "|".join(
        re.escape(first + second)
        for first, second in [
            ("pypi", ".org"),
            ("pythonhosted", ".org"),
            ("npmjs", ".org"),
            ("npmjs", ".com"),
            ("yarnpkg", ".com"),
            ("deb.debian", ".org"),
        ]
    )
)
MACHINE = re.compile(
    "(?<![A-Za-z0-9.])/(?:work/(?:main|shared)|ro" + r"ot/|home/[a-z]+/|Users/[A-Za-z]+/|opt/pyp)"
)
PRIVATE_KEY = re.compile("-----BEGIN (?:[A-Z]+ )?PRIVATE " + "KEY-----")


def texts() -> list[tuple[Path, str]]:
    return [(path, path.read_text(encoding="utf-8", errors="replace")) for path in tracked_files()]


def test_no_file_names_a_package_registry() -> None:
    assert [place(path) for path, text in texts() if REGISTRIES.search(text)] == []


def test_no_file_names_a_folder_of_a_machine() -> None:
    assert [place(path) for path, text in texts() if MACHINE.search(text)] == []


def test_no_private_key_stands_outside_the_test_vectors() -> None:
    found = [place(path) for path, text in texts() if PRIVATE_KEY.search(text)]
    assert [name for name in found if not name.startswith("tests/")] == []


def test_every_locked_package_has_a_version_and_hashes() -> None:
    for lock in ("requirements.lock", "test-requirements.lock"):
        text = (ROOT / "deploy" / lock).read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
        assert [line for line in lines if not re.match(r"[\w.\-\[\]]+==\S+ .*--hash=sha256:", line)] == []


def test_every_npm_package_has_a_hash_and_no_address() -> None:
    lock = json.loads((ROOT / "tests" / "npm" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []

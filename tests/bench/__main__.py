"""Runs all benchmarks, or the named ones: `python -m tests.bench way_in way_out pages memory digest queue`."""

import importlib
import sys
import tempfile
from pathlib import Path

from tests.bench.report import Report

ALL = ("way_in", "way_out", "pages", "memory", "digest", "roll", "queue", "policy")


def main() -> int:
    """0 when every ratio holds."""
    report = Report()
    for name in sys.argv[1:] or ALL:
        with tempfile.TemporaryDirectory() as folder:
            importlib.import_module(f"tests.bench.{name}").measure(Path(folder), report)
    report.show()
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())

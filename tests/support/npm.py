"""Finds what deploy/test installed from npm: packages, and the Node that runs them."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "npm"


def find_package(name: str) -> Path | None:
    """The folder of an installed package."""
    folder = FOLDER / "node_modules" / name
    return folder if folder.is_dir() else None


def find_node() -> Path | None:
    """Node 22 from npm: what the system calls node may be any version, and Fedify needs this one."""
    programs = (FOLDER / "node_modules" / f"node-linux-{kind}" / "bin" / "node" for kind in ("x64", "arm64"))
    return next((program for program in programs if program.is_file()), None)

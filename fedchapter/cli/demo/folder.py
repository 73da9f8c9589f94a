"""The demo's data folder: which chapters live in it, and whether their story has been told to the end."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import Refusal
from ...settings import Settings, settings_from
from ..settings_file import FILE, write_settings

MARK = "demo.json"
# folder and handle, name
CHAPTERS = (("riverside", "Riverside"), ("hillside", "Hillside"), ("harbor", "Harbor"))


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that the demo made, and the ports its chapters were made for."""

    path: Path
    ports: tuple[int, ...]

    def settings(self) -> list[Settings]:
        """The settings of the three chapters."""
        return [settings_from(values) for values in self._values()]

    def write_settings(self) -> None:
        """Each chapter has a settings file, for the other commands."""
        for values in self._values():
            path = Path(values["data"]) / FILE
            if not path.exists():
                write_settings(path, values)

    def _values(self) -> list[dict[str, Any]]:
        return [
            {
                "domain": f"localhost:{port}",
                "name": name,
                "username": username,
                "data": str(self.path.absolute() / username),
                "listen_port": port,
                "localhost_ports": list(self.ports),
            }
            for (username, name), port in zip(CHAPTERS, self.ports, strict=True)
        ]

    @property
    def told(self) -> bool:
        """Whether the story was told to its end."""
        return bool(_read(self.path).get("told"))

    def mark(self, *, told: bool) -> None:
        """The folder says whose it is, and whether the story is told."""
        self.path.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"ports": list(self.ports), "told": told})
        (self.path / MARK).write_text(text + "\n", encoding="utf-8")


def open_folder(path: Path, ports: Sequence[int], *, fresh: bool) -> Folder:
    """The folder as it was left, or emptied: when asked, or when its story was broken off in the middle.

    Raises Refusal for a folder that is not the demo's, or made for other ports: ids carry the port.
    """
    if path.exists() and any(path.iterdir()) and not (path / MARK).is_file():
        raise Refusal("folder", f"{path} has other things in it. Name an empty or new folder with --data.")
    state = _read(path)
    if fresh or not state.get("told"):
        for username, _ in CHAPTERS:
            shutil.rmtree(path / username, ignore_errors=True)
        folder = Folder(path, tuple(ports))
        folder.mark(told=False)
        return folder
    if tuple(state["ports"]) != tuple(ports):
        made_for = " ".join(str(port) for port in state["ports"])
        raise Refusal(
            "ports",
            f"The demo in {path} was made for the ports {made_for}, which are part of every address in it. "
            "Use those, or start over with --fresh.",
        )
    return Folder(path, tuple(ports))


def _read(path: Path) -> dict[str, Any]:
    try:
        state = json.loads((path / MARK).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return state if isinstance(state, dict) and isinstance(state.get("ports"), list) else {}

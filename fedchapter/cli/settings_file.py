"""Writing a settings file that explains itself: every setting with its form, those that were chosen filled in."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..settings import SETTINGS, Setting, Settings, settings_from

FILE = "fedchapter.toml"


def write_settings(path: Path, chosen: Mapping[str, Any]) -> None:
    """The settings file exists, readable by its owner alone: every setting with its explanation, chosen ones filled in.

    Raises FileExistsError rather than write over one.
    """
    # Never there with other rights, not even for a moment.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(settings_text(chosen))


def settings_text(chosen: Mapping[str, Any]) -> str:
    """The commented file; what is not chosen stands commented out, at its default."""
    defaults = settings_from({"domain": chosen["domain"]})
    lines = [
        "# Settings of this chapter. Variables FEDCHAPTER_<NAME> win over this file. Restart after a change.",
        "",
    ]
    for section in dict.fromkeys(setting.section for setting in SETTINGS):
        lines += [f"[{section}]"]
        for setting in SETTINGS:
            if setting.section == section:
                lines += [
                    f"# {setting.about}",
                    f"# Form: {setting.form}.",
                    _line(setting, chosen, defaults),
                    "",
                ]
    return "\n".join(lines)


def _line(setting: Setting, chosen: Mapping[str, Any], defaults: Settings) -> str:
    if setting.name in chosen:
        return f"{setting.name} = {_toml(setting.read(chosen[setting.name]))}"
    value = "" if setting.name == "database" else getattr(defaults, setting.name)
    return f"#{setting.name} = {_toml(value)}"


def _toml(value: object) -> str:
    """A value as TOML writes it; JSON's strings, numbers, booleans and lists are the same."""
    if isinstance(value, tuple):
        return json.dumps([item if isinstance(item, int) else str(item) for item in value])
    if isinstance(value, bool | int):
        return json.dumps(value)
    # TOML has no escape for the delete character that JSON leaves as it is.
    return json.dumps("" if value is None else str(value), ensure_ascii=False).replace("\x7f", "\\u007f")

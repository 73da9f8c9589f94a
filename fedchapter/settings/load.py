"""Reads settings from a TOML file and FEDCHAPTER_* variables (which win), and names what is wrong.

The file has one table per section; `tomllib` (TOML 1.0) reads it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import SettingsError
from .model import SETTINGS, Settings

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}|localhost(?::\d{1,5})?")
_USERNAME = re.compile(r"[a-z0-9_]{1,30}")


def variable_for(name: str) -> str:
    """The environment variable of a setting."""
    return f"FEDCHAPTER_{name.upper()}"


def load(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """Settings from a file (if given) and variables; raises SettingsError naming place and expected form."""
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    if path is not None:
        for name, value, place in _from_file(path):
            values[name], places[name] = value, place
    for setting in SETTINGS:
        variable = variable_for(setting.name)
        if variable in environment:
            values[setting.name], places[setting.name] = environment[variable], f"variable {variable}"
    return settings_from(values, places)


def settings_from(values: Mapping[str, Any], places: Mapping[str, str] | None = None) -> Settings:
    """Settings from plain values, each read and checked; `places` says where each came from, for messages."""
    known = {setting.name: setting for setting in SETTINGS}
    read: dict[str, Any] = {}
    for name, value in values.items():
        place = (places or {}).get(name, name)
        if name not in known:
            raise SettingsError(f"{place}: there is no setting called {name!r}")
        try:
            read[name] = known[name].read(value)
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"{place}: {value!r} is not {known[name].form}") from error
    if "domain" not in read:
        raise SettingsError(f"domain: is missing (in the settings file, or as {variable_for('domain')})")
    return _completed(Settings(**read))


def _completed(settings: Settings) -> Settings:
    if not _DOMAIN.fullmatch(settings.domain.lower()):
        raise SettingsError(
            f"domain: {settings.domain!r} is not a host name like chapter.example, without https://"
        )
    username = settings.username or _username_from(settings.name)
    if not _USERNAME.fullmatch(username):
        raise SettingsError(f"username: {username!r} is not 1 to 30 of a-z, 0-9 and _")
    if username in ("relay", "actor"):
        raise SettingsError(f"username: {username!r} is taken by the server's own actor")
    if settings.log_form not in ("auto", "console", "json"):
        raise SettingsError(f"log_form: {settings.log_form!r} is not auto, console or json")
    database = settings.database or f"sqlite://{(settings.data / 'fedchapter.sqlite3').absolute()}"
    return replace(settings, domain=settings.domain.lower(), username=username, database=database)


def _username_from(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:30] or "chapter"


def _from_file(path: Path) -> list[tuple[str, Any, str]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path}: there is no such file; `fedchapter init` writes one") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: is not valid TOML: {error}") from error
    found: list[tuple[str, Any, str]] = []
    for section, table in document.items():
        if not isinstance(table, dict):
            raise SettingsError(f"{path}: {section!r} stands outside a [section]")
        found += [(name, value, f"{path}, [{section}] {name}") for name, value in table.items()]
    return found

"""The passphrase of the backups: in the settings, or in a file beside the keys that we make ourselves.

The file protects nothing on this machine, where the rows lie open anyway; it lets the nightly backup run while the
copies that leave the machine stay closed. What opens them afterwards is the recovery kit, on paper.
"""

import os
import secrets
from pathlib import Path

from ..errors import Refusal, SettingsError
from ..settings import Settings

SHORTEST = 12
# Crockford base 32: no letters that look like digits on paper. Six groups of five carry 150 bits.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_GROUPS, _LENGTH = 6, 5


def passphrase_file(settings: Settings) -> Path:
    """Where ours lies, there or not."""
    return settings.data / "backup.passphrase"


def find_passphrase(settings: Settings) -> str | None:
    """The passphrase, or None when there is none yet; raises SettingsError for one that is too short."""
    if settings.backup_passphrase:
        if len(settings.backup_passphrase) < SHORTEST:
            raise SettingsError(f"backup_passphrase: has fewer than {SHORTEST} characters")
        return settings.backup_passphrase
    try:
        return passphrase_file(settings).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def get_passphrase(settings: Settings) -> str:
    """The passphrase; raises Refusal saying how to get one."""
    found = find_passphrase(settings)
    if found is None:
        raise Refusal(
            "no-passphrase",
            "There is no passphrase for backups yet. `fedchapter kit` makes one, and the papers it is kept on.",
        )
    return found


def make_passphrase(settings: Settings) -> str:
    """The passphrase there is, or a new one, in its file."""
    found = find_passphrase(settings)
    if found is not None:
        return found
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    passphrase = "-".join(groups)
    keep_passphrase(settings, passphrase)
    return passphrase


def keep_passphrase(settings: Settings, passphrase: str) -> None:
    """The passphrase is in its file, readable by us alone."""
    path = passphrase_file(settings)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{passphrase}\n")

"""One TLS context for the whole process: each costs 14 ms and some memory (performance.md, "Also")."""

import ssl
from functools import lru_cache
from pathlib import Path

import certifi

from fedchapter.errors import SettingsError


@lru_cache(maxsize=8)
def get_context(extra_ca_file: Path | None) -> ssl.SSLContext:
    """Verifies names and chains against the usual authorities and the extra file; raises SettingsError."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    if extra_ca_file is None:
        return context
    try:
        context.load_verify_locations(cafile=extra_ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(
            f"extra_ca_file: {extra_ca_file} is not a readable file of PEM certificates."
        ) from error
    return context

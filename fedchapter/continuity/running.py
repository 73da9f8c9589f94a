"""Whether this chapter's server runs on this machine: what must not happen while it does asks here."""

import socket

from ..errors import Refusal
from ..settings import Settings

_PATIENCE_S = 2


def is_served(settings: Settings) -> bool:
    """Whether anything listens where `serve` would."""
    try:
        with socket.create_connection((settings.listen_host, settings.listen_port), timeout=_PATIENCE_S):
            return True
    except OSError:
        return False


def check_stopped(settings: Settings) -> None:
    """Raises Refusal while the server runs."""
    if is_served(settings):
        raise Refusal(
            "running",
            "The server still runs (something listens on %(host)s, port %(port)s). Stop it first, workers too: "
            "systemctl stop fedchapter",
            host=settings.listen_host,
            port=settings.listen_port,
        )

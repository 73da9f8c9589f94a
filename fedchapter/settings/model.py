"""The settings themselves: name, form, default and the sentence that explains each.

The dataclass fields are the one list; the example file, the variables and the checks are made from it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

Networks = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is read and explained. `read` turns TOML values and text of variables into the value."""

    name: str
    form: str
    about: str
    read: Callable[[Any], Any]
    section: str


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value.strip()


def _yes(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return known[str(value).strip().lower()]


def _whole(value: Any) -> int:
    if isinstance(value, bool) or int(value) < 0:
        raise ValueError
    return int(value)


def _words(value: Any) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else list(value)
    return tuple(_text(item) for item in items if _text(item))


def _path(value: Any) -> Path:
    return Path(_text(value)).expanduser()


def _maybe_path(value: Any) -> Path | None:
    return _path(value) if value else None


def _networks(value: Any) -> Networks:
    return tuple(ip_network(word) for word in _words(value))


def _ports(value: Any) -> tuple[int, ...]:
    return tuple(_whole(port) for port in ([value] if isinstance(value, int) else _words_or_numbers(value)))


def _words_or_numbers(value: Any) -> list[Any]:
    return [word for word in value.split(",") if word.strip()] if isinstance(value, str) else list(value)


def _set(default: Any, form: str, about: str, read: Callable[[Any], Any], section: str) -> Any:
    return field(default=default, metadata={"form": form, "about": about, "read": read, "section": section})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is fixed while the server runs. Times in seconds, sizes in bytes, as the names say."""

    domain: str = field(
        metadata={
            "form": "a host name like chapter.example, without https:// (or localhost:8001 for a trial)",
            "about": "The chapter's address. It is part of every id and permanent: it can't be changed later.",
            "read": _text,
            "section": "chapter",
        }
    )
    name: str = _set(
        "", "a text", "The chapter's name when it is created; later changed on a page.", _text, "chapter"
    )
    username: str = _set(
        "",
        "letters, digits and _",
        "The part before @ in the chapter's handle; from the name if empty.",
        _text,
        "chapter",
    )
    language: str = _set(
        "en", "a language tag like en or es", "Language of posts that name none.", _text, "chapter"
    )
    data: Path = _set(Path("var"), "a folder", "Where database, uploads and secrets live.", _path, "places")
    database: str = _set(
        "",
        "sqlite:///path or postgres://user:password@host/name",
        "Empty: SQLite in the data folder.",
        _text,
        "places",
    )
    listen_host: str = _set(
        "127.0.0.1", "an address", "Where `serve` listens; the proxy connects here.", _text, "server"
    )
    listen_port: int = _set(8000, "a port number", "The port `serve` listens on.", _whole, "server")
    trusted_proxies: Networks = _set(
        _networks("127.0.0.0/8,::1/128"),
        "a list of networks like 10.0.0.0/8",
        "Whose X-Forwarded-For is believed.",
        _networks,
        "server",
    )
    work_in_serve: bool = _set(
        True,
        "true or false",
        "Let `serve` do the worker's work too; false where `worker` runs apart.",
        _yes,
        "server",
    )
    authorized_fetch: bool = _set(
        False,
        "true or false",
        "Answer ActivityPub GETs only when signed (except the server actor).",
        _yes,
        "federation",
    )
    delivery_concurrency: int = _set(
        200, "a number", "How many deliveries are under way at once.", _whole, "federation"
    )
    lease_s: int = _set(
        120,
        "seconds, more than 65",
        "When work is taken up again whose process died in the middle of it.",
        _whole,
        "federation",
    )
    extra_ca_file: Path | None = _set(
        None,
        "a PEM file",
        "For tests among own machines: one more certificate authority to trust.",
        _maybe_path,
        "testing",
    )
    private_networks: Networks = _set(
        (),
        "a list of networks",
        "For tests among own machines: private networks that peers may live in.",
        _networks,
        "testing",
    )
    localhost_ports: tuple[int, ...] = _set(
        (),
        "a list of ports",
        "For trials on one machine: ports of localhost that peers may listen on, over plain http.",
        _ports,
        "testing",
    )
    smtp: str = _set(
        "",
        "smtp://user:password@host:587 or smtps://…:465",
        "How mail leaves; empty: it is kept in data/outbox as files.",
        _text,
        "mail",
    )
    mail_from: str = _set("", "an address", "Sender of mails; empty: chapter@<domain>.", _text, "mail")
    backup_nightly: bool = _set(
        True, "true or false", "Make an encrypted backup every night.", _yes, "backup"
    )
    backup_folder: Path | None = _set(
        None,
        "a folder",
        "Where backups are kept; empty: data/backups. Best on another disk.",
        _maybe_path,
        "backup",
    )
    backup_passphrase: str = _set(
        "",
        "a text of 12 characters or more",
        "Opens the backups; empty: the one in data/backup.passphrase, which `fedchapter kit` makes.",
        _text,
        "backup",
    )
    backup_after: str = _set(
        "",
        "a command, without a shell",
        "Runs after each backup with the file's path as its last word, to copy it to another machine.",
        _text,
        "backup",
    )
    log_form: str = _set("auto", "auto, console or json", "How log lines look.", _text, "server")

    @property
    def local_trial(self) -> bool:
        """Whether this chapter runs on localhost over plain http."""
        return self.domain.partition(":")[0] == "localhost"

    @property
    def lease(self) -> timedelta:
        """How long a worker has what it claimed to itself."""
        return timedelta(seconds=self.lease_s)

    @property
    def origin(self) -> str:
        """Scheme and host of every id and address of this chapter."""
        return f"{'http' if self.local_trial else 'https'}://{self.domain}"

    @property
    def chapter_uri(self) -> str:
        """The id of the chapter's Group actor; also its page."""
        return f"{self.origin}/@{self.username}"

    @property
    def server_uri(self) -> str:
        """The id of the server's Application actor (FEP-d556)."""
        return f"{self.origin}/actor"

    def uri(self, *parts: str) -> str:
        """An address on this server: `uri("events", id)`."""
        return "/".join((self.origin, *parts))

    def __repr__(self) -> str:
        """Without secrets: database and mail addresses carry passwords."""
        return f"Settings(domain={self.domain!r}, data={str(self.data)!r})"


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(
        name=item.name,
        form=item.metadata["form"],
        about=item.metadata["about"],
        read=item.metadata["read"],
        section=item.metadata["section"],
    )
    for item in fields(Settings)
)

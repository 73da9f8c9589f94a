"""How a letter leaves: by SMTP submission, or as a file where no server is set.

RFC 6409 (submission), RFC 8314 (TLS); aiosmtplib. The mail server is the admin's own choice, from the settings, so
this connection is not made by `net`, which guards those to addresses that somebody else gave us.
"""

import asyncio
import os
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib
import certifi

from ..errors import FedchapterError, SettingsError
from ..settings import Settings

TIMEOUT_S = 60
_FORM = "smtp: expected smtp://user:password@host:587 or smtps://user:password@host:465"
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class LetterRefused(FedchapterError):
    """The mail server will never take this letter; trying again is useless."""


class AddressRefused(LetterRefused):
    """The mail server says that nobody can be reached at the letter's address."""


class LetterDelayed(FedchapterError):
    """The mail server did not take this letter now."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how mail is handed in. The password does not show in repr."""

    host: str
    port: int
    username: str
    password: str
    use_tls: bool
    start_tls: bool

    def __repr__(self) -> str:
        return f"Server({self.host!r}, {self.port})"


def to_server(url: str) -> Server:
    """The server in the setting; raises SettingsError.

    smtp:// means STARTTLS or nothing, but for a server on this machine; `?starttls=yes` or `no` says otherwise (`no`
    to another machine only without a password).
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SettingsError(_FORM) from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/"):
        raise SettingsError(_FORM)
    implicit = parts.scheme == "smtps"
    local = parts.hostname in _LOCAL
    wish = parse_qs(parts.query).get("starttls", [""])[0]
    if wish == "no" and parts.password and not local:
        raise SettingsError(
            "smtp: with starttls=no the password would travel in the open; use smtps:// or drop it"
        )
    return Server(
        host=parts.hostname,
        port=port or (465 if implicit else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=implicit,
        start_tls=not implicit and (wish == "yes" or (wish != "no" and not local)),
    )


class Post:
    """The way out for letters of one instance. Inside `async with` it sends one after another over one connection."""

    def __init__(self, settings: Settings) -> None:
        self._keeps = False
        self._client: aiosmtplib.SMTP | None = None
        self._server = to_server(settings.smtp) if settings.smtp else None
        self._extra_ca_file = settings.extra_ca_file
        self._folder = settings.data / "outbox"
        self._host = mail_host(settings)

    async def __aenter__(self) -> "Post":
        self._keeps = True
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._keeps = False
        await self._hang_up()

    async def send(self, message: EmailMessage, name: str) -> None:
        """The letter has been taken by the mail server, or is a file `name`.eml in data/outbox.

        Raises LetterRefused when that is final (AddressRefused: for whoever it is to), LetterDelayed when it is worth
        another try; neither shows the frames of the mail library, which hold the password.
        """
        if self._server is None:
            await asyncio.to_thread(write_file, self._folder, f"{name}.eml", bytes(message))
            return
        try:
            await self._submit(message, self._server)
        except aiosmtplib.SMTPRecipientsRefused as error:
            if all(500 <= refused.code < 600 for refused in error.recipients):
                raise _refused(error.recipients) from None
            raise LetterDelayed("the mail server did not take the address for now") from None
        except aiosmtplib.SMTPDataError as error:
            if 500 <= error.code < 600:
                raise LetterRefused(f"refused for good: {error.code}") from None
            raise LetterDelayed(f"the mail server answered {error.code}") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise LetterDelayed(f"{type(error).__name__}: {error}"[:300]) from None

    async def _submit(self, message: EmailMessage, server: Server) -> None:
        try:
            self._client = await self._connected(server)
            await self._client.send_message(message)
        except BaseException:
            await self._hang_up()
            raise
        if not self._keeps:
            await self._hang_up()

    async def _connected(self, server: Server) -> aiosmtplib.SMTP:
        """A connection that works: servers hang up after some letters, or some time."""
        if self._client is not None:
            with suppress(aiosmtplib.SMTPException, OSError):
                await self._client.noop()
                return self._client
            await self._hang_up()
        client = self._make_client(server)
        await client.connect()
        return client

    async def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        try:
            await client.quit()
        except (aiosmtplib.SMTPException, OSError):
            client.close()

    async def greet(self) -> None:
        """The mail server answers and lets us in; raises as the mail library or the system do. Nothing is sent."""
        assert self._server is not None
        async with self._make_client(self._server) as client:
            await client.noop()

    def _make_client(self, server: Server) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username or None,
            password=server.password or None,
            use_tls=server.use_tls,
            start_tls=server.start_tls,
            local_hostname=self._host,
            timeout=TIMEOUT_S,
            tls_context=self._context() if server.use_tls or server.start_tls else None,
        )

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=certifi.where())
        if self._extra_ca_file is not None:
            context.load_verify_locations(cafile=self._extra_ca_file)
        return context


def _refused(recipients: Sequence[aiosmtplib.SMTPRecipientRefused]) -> LetterRefused:
    words = f"refused for good: {recipients[0].code}"
    # RFC 3463 §3.8: 5.7 is about who sends, or through whom; the address may be right.
    if any(one.message.startswith("5.7.") for one in recipients):
        return LetterRefused(words)
    return AddressRefused(words)


def mail_host(settings: Settings) -> str:
    """The chapter's host as mail writes it: without a port."""
    return settings.domain.partition(":")[0]


def sender_of(settings: Settings) -> str:
    """The address that letters come from."""
    return settings.mail_from or f"chapter@{mail_host(settings)}"


def write_file(folder: Path, name: str, content: bytes) -> None:
    """The file is there whole, readable by us alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = folder / f".{name}"
    half.touch(mode=0o600)
    half.write_bytes(content)
    os.replace(half, folder / name)  # noqa: PTH105 - atomic, over an earlier try

"""A real mail server on loopback, in the loop of the test, that takes or refuses as the test wants."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = b"riverside", b"p@ss word"


class MailServer:
    """What arrived, and what to answer instead of taking it."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.secure: list[bool] = []
        self.refuses_recipient = ""
        self.refuses_letter = ""
        self.port = 0
        self._servers: list[asyncio.Server] = []

    async def start(self, **options: Any) -> None:
        """It listens; options as aiosmtpd takes them, `ssl_context` for TLS from the start."""
        context: ssl.SSLContext | None = options.pop("ssl_context", None)
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, hostname="mail.test", loop=loop, **options), "127.0.0.1", 0, ssl=context
        )
        self._servers.append(server)
        self.port = server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Nobody listens any more."""
        for server in self._servers:
            server.close()
            await server.wait_closed()

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """One recipient."""
        if self.refuses_recipient:
            return self.refuses_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        """One letter."""
        if self.refuses_letter:
            return self.refuses_letter
        assert isinstance(envelope.content, bytes)
        self.letters.append(message_from_bytes(envelope.content, EmailMessage, policy=policy.default))
        self.secure.append(session.ssl is not None)
        return "250 Taken"


def check_login(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any) -> AuthResult:
    """Whether it is the one user that there is."""
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (USER, PASSWORD)
    return AuthResult(success=right)


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    """Not yet started."""
    server = MailServer()
    yield server
    await server.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for localhost, as a CA file and as the server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    public = built.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    ca_file, both = tmp_path / "mail-ca.pem", tmp_path / "mail.pem"
    ca_file.write_bytes(public)
    both.write_bytes(private + public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return ca_file, context

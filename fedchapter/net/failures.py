"""Turns whatever a connection can raise into a PeerError with a stable code for the federation log."""

import socket
import ssl

import aiohttp
import httpx

from fedchapter.errors import PeerError, PeerFailed

# The first that matches decides, from the cause outwards; the order is from the particular to the general.
_CODES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str, str], ...] = (
    ((ssl.SSLError, ssl.CertificateError, aiohttp.ClientSSLError), "tls", "The secure connection failed."),
    ((aiohttp.ClientConnectorDNSError, socket.gaierror), "dns", "The name could not be looked up."),
    ((TimeoutError, aiohttp.ServerTimeoutError), "timeout", "The server did not answer in time."),
    (aiohttp.ServerDisconnectedError, "disconnected", "The server closed the connection without an answer."),
    (aiohttp.ClientConnectorError, "connect", "The server could not be reached."),
    (aiohttp.ClientPayloadError, "cut-off", "The answer ended too early."),
    (aiohttp.ClientResponseError, "protocol", "The answer was not HTTP."),
    (OSError, "connect", "The connection broke."),
    (httpx.TimeoutException, "timeout", "The server did not answer in time."),
    (httpx.ConnectError, "connect", "The server could not be reached."),
)

CONNECTION_ERRORS = (httpx.HTTPError, aiohttp.ClientError, OSError, ssl.SSLError)


def to_peer_error(error: BaseException, host: str) -> PeerError:
    """The PeerError that it carries or amounts to; the message names the host and no more."""
    chain = _causes(error)
    for cause in chain:
        if isinstance(cause, PeerError):
            return cause
    for cause in chain:
        for kinds, code, sentence in _CODES:
            if isinstance(cause, kinds):
                return PeerFailed(code, f"{host}: {sentence}")
    return PeerFailed("connection", f"{host}: The connection failed.")


def _causes(error: BaseException) -> list[BaseException]:
    chain = [error]
    while chain[-1].__cause__ is not None and len(chain) < 8:
        chain.append(chain[-1].__cause__)
    return chain[::-1]

"""HTTP as uvicorn speaks it over httptools, with what it lacks: an end to headers that are too long or never end.

operations.md §3 row B4. A proxy in front has limits of its own; a server that somebody tries without one, or whose
proxy only passes bytes on, would otherwise keep whatever a stranger sends for as long as they like.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES_MAX = 65_536
HEAD_S = 20.0


class HeadTooLong(Exception):
    """Ends the parsing: httptools reports it as a malformed request, which uvicorn answers with 400 and closes."""


class Protocol(HttpToolsProtocol):
    """One connection. The head of a request has so many bytes and seconds, then the connection is closed."""

    _head_bytes = 0
    _in_head = True
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """The first request has to come."""
        super().connection_made(transport)
        self._start_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Counts what belongs to a head that is not complete yet."""
        if self._in_head:
            self._head_bytes += len(data)
            if self._timer is None:
                self._start_timer()
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES_MAX and not self.transport.is_closing():
            self.send_400_response("The headers of this request are too long.")

    def on_headers_complete(self) -> None:
        """The head is complete, and not too long; raises HeadTooLong."""
        self._stop_timer()
        self._in_head = False
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > HEAD_BYTES_MAX:
            raise HeadTooLong
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Another request may follow."""
        super().on_message_complete()
        self._in_head, self._head_bytes = True, 0

    def _start_timer(self) -> None:
        self._timer = self.loop.call_later(HEAD_S, self._give_up)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self.transport.close()

"""Telling systemd that the server is ready, alive or stopping.

Source: sd_notify(3): one datagram to the socket in NOTIFY_SOCKET; a leading @ stands for an abstract address.
"""

import asyncio
import os
import socket


def notify(state: str) -> bool:
    """Sends `READY=1`, `WATCHDOG=1` or `STOPPING=1`; False where no one listens (not started by systemd)."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.connect(address)
        sender.sendall(state.encode())
    return True


async def keep_watchdog() -> None:
    """Says that the loop is alive, twice as often as systemd asks; returns at once where it does not ask."""
    interval = int(os.environ.get("WATCHDOG_USEC", "0")) / 2_000_000
    while True:
        if interval <= 0 or not notify("WATCHDOG=1"):
            return
        await asyncio.sleep(interval)

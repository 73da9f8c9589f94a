"""A digest to 5,000 addresses: the memory it takes beside one to 500, and how fast the letters leave.

A process of its own for each, since a peak is a process's; the mail server is a real one, in this process.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from fedchapter.app import create_instance
from fedchapter.app.founding import bring_up, found
from fedchapter.app.instance import Instance
from fedchapter.clock import MovedClock
from fedchapter.mail.subscribers import DAILY, Wish, subscribe
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.announcement.service import write
from fedchapter.settings import settings_from
from fedchapter.store import Unit
from tests.bench.peers import free_ports
from tests.bench.report import Report

FEW, MANY = 500, 5000
GROWTH_MAX = 1.15
TEXT = "We meet on Friday, as always. " * 40


class Counting:
    """A mail server that takes everything and counts by address."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """One letter."""
        self.taken.update(envelope.rcpt_tos)
        return "250 Taken"


def measure(folder: Path, report: Report) -> None:
    """Both, one after the other."""
    few, _ = _run(folder / "few", FEW)
    many, seconds = _run(folder / "many", MANY)
    report.figure(f"digest to {MANY} addresses, peak", many, "MB")
    report.figure("digest, letters", MANY / seconds, "per second")
    report.at_most(f"digest, peak beside one to {FEW}", many / few, GROWTH_MAX)


def _run(folder: Path, count: int) -> tuple[float, float]:
    """Peak in MB and seconds of a digest to so many; each address got one letter."""
    folder.mkdir()
    [port] = free_ports(1)
    server = Counting()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        program = [sys.executable, "-m", "tests.bench.digest", str(folder), str(count), str(port)]
        done = subprocess.run(program, check=True, capture_output=True, text=True, env=os.environ)
    finally:
        controller.stop()
    assert len(server.taken) == count, len(server.taken)
    assert max(server.taken.values()) == 1
    peak, seconds = done.stdout.split()[-2:]
    return float(peak), float(seconds)


async def _send(folder: Path, count: int, port: int) -> float:
    clock = MovedClock()
    settings = settings_from(
        {
            "domain": "bench.test",
            "name": "Bench",
            "data": str(folder),
            "database": f"sqlite://{folder}/bench.sqlite3",
            "smtp": f"smtp://127.0.0.1:{port}",
        }
    )
    await bring_up(settings)
    instance = create_instance(settings, clock=clock)
    await instance.open()
    try:
        await found(instance)
        await instance.house.database.run(_fill(instance, count))
        clock.move(timedelta(days=1))
        began_s = perf_counter()
        await instance.settle()
        return perf_counter() - began_s
    finally:
        await instance.close()


async def _fill(instance: Instance, count: int) -> None:
    database = instance.house.database

    async def join(unit: Unit) -> None:
        for number in range(count):
            wish = Wish(True, True, DAILY, "en" if number % 2 else "es")
            await subscribe(unit, f"reader{number}@mail.test", wish, ZoneInfo("UTC"))

    async def publish(unit: Unit) -> None:
        await write(unit, Draft(TEXT, title="On Friday"))

    await database.in_unit(join)
    instance.house.clock.move(timedelta(minutes=1))  # type: ignore[attr-defined]
    for _ in range(10):
        await database.in_unit(publish)


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    [peak] = [line for line in lines if line.startswith("VmHWM")]
    return int(peak.split()[1]) / 1024


if __name__ == "__main__":
    with contextlib.redirect_stdout(sys.stderr):
        took_s = asyncio.run(_send(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
    print(_peak_mb(), took_s)

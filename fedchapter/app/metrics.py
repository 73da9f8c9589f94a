"""Figures for a monitoring system on the same machine: queues, deliveries, outcomes, memory; in Prometheus' text form.

Only for this machine: the proxy keeps /metrics inside, and a request that came through a proxy says so itself. Counted
from the database when asked, so every process of an instance gives the same figures and nothing is counted on the way.
"""

import os
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from pathlib import Path

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response

from .. import __version__
from ..errors import NotFound
from ..federation.waiting import count_by_state
from ..house import House, house_of

FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
_STATES = "SELECT state, count(*) AS total FROM {table} GROUP BY state ORDER BY state"
_OLDEST = "SELECT min(due_at) AS due_at FROM {table} WHERE state = ? AND due_at <= ?"


class _Read(Collector):
    """Hands over what was read just now."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        """The families."""
        return self._found


async def metrics(request: Request) -> Response:
    """The figures, for whoever asks from this machine; NotFound for everybody else."""
    if not is_local(request):
        raise NotFound
    registry = CollectorRegistry()
    registry.register(_Read([*await _database(house_of(request)), *_process()]))
    return Response(
        generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
    )


def is_local(request: Request) -> bool:
    """Whether the request was made on this machine and by no proxy for somebody else."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def _database(house: House) -> list[Metric]:
    database, now = house.database, house.clock.now()
    found: list[Metric] = [
        _family("deliveries", "Deliveries by state.", await count_by_state(database)),
    ]
    for table, name, about in (
        ("inbox_item", "inbox_activities", "Received activities by outcome; new ones wait."),
        ("job", "jobs", "Scheduled jobs by state."),
    ):
        rows = await database.rows(_STATES.format(table=table))
        found.append(_family(name, about, {row["state"]: int(row["total"]) for row in rows}))
    waiting = GaugeMetricFamily(
        "fedchapter_oldest_due_seconds", "For how long the first in a queue has been due.", labels=["queue"]
    )
    for table, state in (("delivery", "due"), ("inbox_item", "new"), ("job", "due")):
        row = await database.row(_OLDEST.format(table=table), state, now)
        due_at = row["due_at"] if row else None
        waiting.add_metric([table], (now - due_at).total_seconds() if due_at else 0)
    rows = await database.rows("SELECT count(*) AS total FROM peer WHERE resting_until_at > ?", now)
    resting = GaugeMetricFamily(
        "fedchapter_resting_peers", "Servers that are left alone for a while.", value=float(rows[0]["total"])
    )
    return [*found, waiting, resting]


def _family(name: str, about: str, counts: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"fedchapter_{name}", about, labels=["state"])
    for state, total in counts.items():
        family.add_metric([state], total)
    return family


def _process() -> Iterator[Metric]:
    version = GaugeMetricFamily("fedchapter_info", "The version that runs.", labels=["version"])
    version.add_metric([__version__], 1)
    yield version
    resident = resident_bytes()
    if resident is not None:
        yield GaugeMetricFamily(
            "process_resident_memory_bytes", "Resident memory of this process.", value=float(resident)
        )


def resident_bytes() -> int | None:
    """The resident memory of this process; None where /proc does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")

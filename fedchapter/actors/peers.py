"""Other servers as we see them behave: which signature they understood, when they last answered, whether they rest.

wire.md §1.6: a host counts as unavailable after failures on 7 distinct UTC days; any success, or any signed message
from it, wakes it. Between the first failure and that day the breaker rests it for a growing while.
"""

from datetime import datetime, timedelta

from ..store import Unit

UNAVAILABLE_DAYS = 7
_LONGEST_REST = timedelta(hours=6)
REST_AFTER_FAILURES = 5


async def see_peer(unit: Unit, host: str) -> None:
    """A validly signed message came from that host: it is known, and awake."""
    await unit.execute(
        "INSERT INTO peer (host, software, scheme, failures, failing_days, failed_on, last_error, first_seen_at, "
        "last_in_at) VALUES (?, '', 'cavage', 0, 0, '', '', ?, ?) ON CONFLICT (host) DO UPDATE SET "
        "failures = 0, failing_days = 0, resting_until_at = NULL, last_in_at = excluded.last_in_at",
        host,
        unit.now,
        unit.now,
    )


async def note_successes(unit: Unit, hosts: dict[str, str]) -> None:
    """Deliveries to these hosts worked; `hosts` maps each to the signature scheme it accepted."""
    await unit.execute_many(
        "INSERT INTO peer (host, software, scheme, failures, failing_days, failed_on, last_error, first_seen_at, "
        "last_out_at) VALUES (?, '', ?, 0, 0, '', '', ?, ?) ON CONFLICT (host) DO UPDATE SET scheme = excluded.scheme, "
        "failures = 0, failing_days = 0, resting_until_at = NULL, last_error = '', last_out_at = excluded.last_out_at",
        [(host, scheme, unit.now, unit.now) for host, scheme in sorted(hosts.items())],
    )


async def note_failures(unit: Unit, errors: dict[str, str]) -> None:
    """Deliveries to these hosts failed for now; after a few in a row they rest."""
    today = unit.now.date().isoformat()
    for host, error in sorted(errors.items()):
        await unit.execute(
            "INSERT INTO peer (host, software, scheme, failures, failing_days, failed_on, last_error, first_seen_at) "
            "VALUES (?, '', 'cavage', 1, 1, ?, ?, ?) ON CONFLICT (host) DO UPDATE SET "
            "failures = peer.failures + 1, last_error = excluded.last_error, failing_days = peer.failing_days + "
            "CASE WHEN peer.failed_on = excluded.failed_on THEN 0 ELSE 1 END, failed_on = excluded.failed_on",
            host,
            today,
            error[:500],
            unit.now,
        )
        row = await unit.row("SELECT failures, failing_days FROM peer WHERE host = ?", host)
        if row and row["failures"] >= REST_AFTER_FAILURES:
            until_at = unit.now + rest_for(row["failures"], row["failing_days"])
            await unit.execute("UPDATE peer SET resting_until_at = ? WHERE host = ?", until_at, host)


def rest_for(failures: int, failing_days: int) -> timedelta:
    """How long a failing host is left alone: a minute at first, doubling up to six hours; a day once unavailable."""
    if failing_days >= UNAVAILABLE_DAYS:
        return timedelta(days=1)
    return min(_LONGEST_REST, timedelta(minutes=1 << min(failures - REST_AFTER_FAILURES, 10)))


def is_resting(resting_until_at: datetime | None, now: datetime) -> bool:
    """Whether deliveries to a host wait."""
    return resting_until_at is not None and resting_until_at > now

"""`fedchapter deliveries`: what is still to be sent, what was not taken, and trying again."""

import click

from ..app import Instance
from ..federation.waiting import count_by_state, find_failed, find_waiting, retry_now
from ..store import Row, Unit
from .opening import with_chapter
from .tables import moment, show_table

EPILOG = """Examples:

\b
  fedchapter deliveries
  fedchapter deliveries --failed --limit 200
  fedchapter deliveries --retry --host hillside.example
"""


@click.command(name="deliveries", epilog=EPILOG)
@click.option("--failed", is_flag=True, help="Show what was refused or given up instead of what waits.")
@click.option("--retry", is_flag=True, help="Try what waits or was given up again, now.")
@click.option("--host", default="", help="With --retry: only deliveries to that server.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@with_chapter
async def command(instance: Instance, failed: bool, retry: bool, host: str, limit: int) -> None:
    """Show deliveries that wait or failed, or try them again."""
    database = instance.house.database
    if retry:

        async def service(unit: Unit) -> int:
            return await retry_now(unit, host)

        retried = await database.in_unit(service)
        click.echo(f"{retried} will be tried again by the running server within a second.")
        return
    counts = await count_by_state(database)
    click.echo(
        "Deliveries: " + (", ".join(f"{total} {state}" for state, total in counts.items()) or "none yet")
    )
    rows = await (find_failed if failed else find_waiting)(database, limit)
    last = "ended (UTC)" if failed else "due (UTC)"
    show_table(
        ("to", "what", "attempts", "state", last, "last answer"), [_cells(row, failed) for row in rows]
    )


def _cells(row: Row, failed: bool) -> tuple[str, ...]:
    said = " ".join(str(part) for part in (row["status"] or "", row["reason"]) if part)
    return (
        row["host"],
        f"{row['verb']} {row['kind']}",
        str(row["attempts"]),
        row["state"],
        moment(row["ended_at"] if failed else row["due_at"]),
        said[:100],
    )

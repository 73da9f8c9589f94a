"""`fedchapter peers`: other servers as this one sees them, and whom the chapter follows."""

import click

from ..actors.peers import is_resting
from ..app import Instance
from ..store import Row
from .opening import with_chapter
from .tables import moment, show_table

EPILOG = """Examples:

\b
  fedchapter peers
  fedchapter peers --failing
"""
_PEERS = """
SELECT peer.host, peer.software, peer.scheme, peer.failures, peer.resting_until_at, peer.last_in_at, peer.last_out_at,
    peer.last_error, (SELECT count(*) FROM follow JOIN actor ON actor.uri = follow.follower_uri
        WHERE actor.host = peer.host AND follow.state = 'accepted' AND follow.followed_uri = ?) AS followers
FROM peer ORDER BY peer.failures DESC, peer.host
"""
_FOLLOWED = """
SELECT follow.state, follow.created_at, actor.username, actor.host, actor.name FROM follow
JOIN actor ON actor.uri = follow.followed_uri WHERE follow.follower_uri = ? ORDER BY actor.host, actor.username
"""
STATES = {"requested": "asked, no answer yet", "accepted": "yes", "rejected": "they said no"}


@click.command(name="peers", epilog=EPILOG)
@click.option("--failing", is_flag=True, help="Only servers that cannot be reached.")
@with_chapter
async def command(instance: Instance, failing: bool) -> None:
    """Show whom the chapter follows, and how other servers behave."""
    database, chapter = instance.house.database, instance.settings.chapter_uri
    if not failing:
        followed = await database.rows(_FOLLOWED, chapter)
        click.echo(f"The chapter follows {len(followed)}:")
        show_table(
            ("handle", "name", "follows", "since (UTC)"),
            [
                (
                    f"@{row['username']}@{row['host']}",
                    row["name"],
                    STATES[row["state"]],
                    moment(row["created_at"]),
                )
                for row in followed
            ],
        )
    rows = [row for row in await database.rows(_PEERS, chapter) if row["failures"] or not failing]
    click.echo(f"{len(rows)} servers known:" if not failing else f"{len(rows)} servers cannot be reached:")
    titles = (
        "host",
        "followers",
        "last heard",
        "last reached",
        "signature",
        "failures",
        "rests until",
        "last error",
    )
    show_table(titles, [_cells(instance, row) for row in rows])


def _cells(instance: Instance, row: Row) -> tuple[str, ...]:
    rests = is_resting(row["resting_until_at"], instance.house.clock.now())
    return (
        row["host"],
        str(row["followers"]),
        moment(row["last_in_at"]),
        moment(row["last_out_at"]),
        row["scheme"],
        str(row["failures"] or ""),
        moment(row["resting_until_at"]) if rests else "",
        row["last_error"][:80],
    )

"""`fedchapter post`: an announcement from the shell."""

from datetime import UTC, datetime
from typing import TextIO
from zoneinfo import ZoneInfo

import click

from ..app import Instance
from ..errors import Refusal
from ..objects.announcement.draft import VISIBILITIES, Draft, Mentioned
from ..objects.announcement.pages.mentions import resolve_mentions
from ..objects.announcement.service import get_post, write
from ..store import Unit
from ..store.choices import find_choice
from .opening import with_chapter

EPILOG = """Examples:

\b
  fedchapter post minutes.md --title "Minutes of Tuesday"
  echo "The hall is **open** tonight. #riverside" | fedchapter post
  fedchapter post call.md --schedule "2027-05-01 09:00" --pin
"""
FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z")


@click.command(name="post", epilog=EPILOG)
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--title", default="", help="With a title it is a long announcement (an Article).")
@click.option("--warning", default="", help="A content warning, shown instead of the text until opened.")
@click.option("--language", default="", help="Like en or es; the chapter's language if not given.")
@click.option("--visibility", type=click.Choice(VISIBILITIES), default="public", show_default=True)
@click.option(
    "--schedule", default="", metavar="TIME", help="Publish then: YYYY-MM-DD HH:MM in the chapter's zone."
)
@click.option("--pin", is_flag=True, help="Put it at the top of the chapter's profile.")
@with_chapter
async def command(
    instance: Instance,
    *,
    file: TextIO,
    title: str,
    warning: str,
    language: str,
    visibility: str,
    schedule: str,
    pin: bool,
) -> None:
    """Announce what stands in FILE (Markdown), or on standard input."""
    if file.isatty():
        click.echo("Write the announcement in Markdown; end with Ctrl-D.", err=True)
    text = file.read()
    draft = Draft(
        text=text,
        title=title,
        language=language,
        warning=warning,
        visibility=visibility,
        publish_at=await _to_publish_at(instance, schedule),
        pinned=pin,
        mentions=await _find_mentioned(instance, text),
    )
    await announce(instance, draft)


async def announce(instance: Instance, draft: Draft) -> None:
    """The draft is published, or waits for its time, and standard output says where; raises Refusal."""
    database = instance.house.database

    async def service(unit: Unit) -> str:
        return await write(unit, draft)

    post = await get_post(database, await database.in_unit(service))
    if post.published_at is None and post.publish_at is not None:
        when = f"{post.publish_at:%Y-%m-%d %H:%M} UTC"
        click.echo(f"Will be published at {when} by the running server: {post.url}")
        return
    row = await database.row("SELECT count(*) AS total FROM delivery WHERE state = 'due'")
    click.echo(f"Published: {post.url}")
    click.echo(f"{row['total'] if row else 0} deliveries wait; the running server makes them.", err=True)


async def _find_mentioned(instance: Instance, text: str) -> tuple[Mentioned, ...]:
    found, lost = await resolve_mentions(instance.house, text)
    for handle in lost:
        click.echo(f"{handle} was not found, and will not be notified.", err=True)
    return found


async def _to_publish_at(instance: Instance, schedule: str) -> datetime | None:
    if not schedule:
        return None
    return to_moment(schedule, await find_choice(instance.house.database, "timezone"))


def to_moment(text: str, zone: str) -> datetime:
    """The time that somebody wrote, in UTC; raises Refusal."""
    for form in FORMS:
        try:
            moment = datetime.strptime(text.strip().replace("Z", "+0000"), form)  # noqa: DTZ007 - placed just below
        except ValueError:
            continue
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    raise Refusal("schedule", f"{text!r} is not a time. Write it like 2027-05-01 09:00.")

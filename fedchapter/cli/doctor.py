"""`fedchapter doctor`: everything that a chapter needs to be reached, believed and kept, looked at once."""

import asyncio
import json
import logging
from pathlib import Path
from typing import Any

import click

from ..app import Instance, create_instance
from ..app.checks import check_there, warnings_of
from ..app.logs import set_up_logs
from ..app.serving import run
from ..continuity.doctor import Finding, Health, examine, worst
from ..continuity.doctor.findings import fail, ok
from ..continuity.marks import check_marks
from ..errors import FedchapterError
from ..mail import Letter, Post, to_message
from ..mail.post import mail_host, sender_of
from ..settings import Settings
from ..words import mark
from .opening import config_option, find_settings

SIGNS = {Health.OK: ("ok  ", "green"), Health.WARN: ("look", "yellow"), Health.FAIL: ("FAIL", "red")}
EPILOG = """Examples:

\b
  fedchapter doctor
  fedchapter doctor --mail ana@example.org
  fedchapter doctor --json
  0 7 * * * fedchapter doctor --quiet || true     (in a crontab: mails what is wrong, and nothing else)

Exit status: 0 all is well, 1 something should be looked at, 2 something does not work. Run it while the server runs:
it asks the chapter's public address like a stranger would.
"""


@click.command(name="doctor", epilog=EPILOG)
@config_option
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--quiet", is_flag=True, help="Say nothing about what is well.")
@click.option("--mail", default="", metavar="ADDRESS", help="Also send a letter to that address.")
def command(config: Path | None, as_json: bool, quiet: bool, mail: str) -> None:
    """Look at name, certificate, proxy, mail, disk, queues, backups, and say what to do."""
    settings = find_settings(config)
    set_up_logs("console", level=logging.CRITICAL)
    found: list[Finding] = []
    run(_examine(settings, mail, found))
    if as_json:
        click.echo(json.dumps([_to_plain(finding) for finding in found], indent=2, ensure_ascii=False))
    else:
        for finding in found:
            if not (quiet and finding.health is Health.OK):
                _show(finding)
        for sentence in () if quiet else warnings_of(settings):
            click.echo(f"note  {sentence}")
    raise SystemExit(worst(found).rank)


async def _examine(settings: Settings, mail: str, found: list[Finding]) -> None:
    try:
        check_marks(settings)
        check_there(settings)
        instance = create_instance(settings)
        await instance.open()
    except (FedchapterError, OSError) as error:
        found.append(_cannot_open(error))
        return
    try:
        found += await instance.house.database.run(examine(instance.house, instance.types.models))
        if mail:
            found.append(await _send(instance, mail))
    finally:
        await instance.close()


def _cannot_open(error: Exception) -> Finding:
    words = error.args[0] if error.args else type(error).__name__
    found = fail(
        mark("The chapter cannot be opened: %(reason)s"),
        mark("Nothing else could be looked at. Correct this first."),
        reason=words,
    )
    return Finding(found.health, found.sentence, found.advice, found.values, "open", mark("Chapter"))


async def _send(instance: Instance, address: str) -> Finding:
    settings, label = instance.settings, mark("Test letter")
    name = f"doctor-{int(instance.house.clock.now().timestamp())}"
    letter = Letter(address, f"A test from {settings.domain}", "If you can read this, letters arrive.")
    message = to_message(
        letter,
        sender=sender_of(settings),
        sender_name=settings.name or settings.username,
        message_id=name,
        host=mail_host(settings),
        sent_at=instance.house.clock.now(),
    )
    try:
        async with asyncio.timeout(60):
            await Post(settings).send(message, name)
    except (FedchapterError, TimeoutError) as error:
        found = fail(
            mark("The letter was not taken: %(reason)s"),
            mark("See what the mail server says."),
            reason=str(error),
        )
    else:
        found = ok(
            mark("A letter to %(address)s was handed in. See whether it arrives, and not as spam."),
            address=address,
        )
    return Finding(found.health, found.sentence, found.advice, found.values, "letter", label)


def _show(finding: Finding) -> None:
    sign, colour = SIGNS[finding.health]
    click.echo(f"{click.style(sign, fg=colour, bold=True)}  {finding.title}: {finding.words}")
    if finding.todo:
        click.echo(f"      → {finding.todo}")


def _to_plain(finding: Finding) -> dict[str, Any]:
    return {"name": finding.name, "state": finding.health.value, "words": finding.words, "todo": finding.todo}

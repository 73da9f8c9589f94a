"""`fedchapter fetch URI`: what is at a remote address, and what would happen if it were sent to us.

The answer is not a guess: the document goes through the same resolver and handler as a message at the inbox, in a unit
of work that is then rolled back. What had to be fetched for it, its author for example, is kept as always.
"""

import json
from dataclasses import replace
from typing import Any

import click

from ..actors import find_follow, from_document
from ..actors.wire import ACTOR_TYPES
from ..app import Instance
from ..errors import PeerError, PeerRefused, Refusal
from ..federation.fetch import fetch_actor, fetch_document, find_or_fetch_actor
from ..federation.holding import after_handler, before_handler
from ..federation.incoming import Incoming, Outcome, ignored
from ..federation.judging import judge as judge_incoming
from ..federation.judging import judge_actor
from ..federation.lookup import Lookup
from ..federation.origin import author_of, check_owner
from ..federation.resolve import Resolver
from ..policy import is_refused_host
from ..vocab.normalise import normalise
from ..vocab.read import id_of, ids_of, type_of
from ..vocab.uris import host_of
from .opening import with_chapter
from .tables import show_table

EPILOG = """Examples:

\b
  fedchapter fetch https://social.example/@ada/112233
  fedchapter fetch --json https://hillside.example/@hillside
"""


class _RolledBack(Exception):
    """Carries the outcome out of a unit that must not be committed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


@click.command(name="fetch", epilog=EPILOG)
@click.argument("uri")
@click.option("--json", "as_json", is_flag=True, help="Print the document itself.")
@with_chapter
async def command(instance: Instance, uri: str, as_json: bool) -> None:
    """Show what is at URI, and whether it would be accepted here."""
    click.echo(f"Asking {host_of(uri)} (signed as {instance.settings.server_uri}) …", err=True)
    document = await fetch_document(instance.house, uri)
    if as_json:
        click.echo(json.dumps(document, indent=2))
        return
    if type_of(document) in ACTOR_TYPES:
        await _show_actor(instance, document)
        return
    _show_object(document)
    outcome = await judge(instance, document)
    click.echo(f"If it were sent to us now: {outcome.state}: {outcome.reason}")


def _show_object(document: dict[str, Any]) -> None:
    show_table(
        ("", ""),
        [
            ("id", str(id_of(document))),
            ("type", type_of(document) or "?"),
            ("by", ", ".join(ids_of(document.get("attributedTo") or document.get("actor")))),
            ("title", str(document.get("name") or "")[:100]),
            ("answers", id_of(document.get("inReplyTo")) or ""),
            ("published", str(document.get("published") or "")),
            ("to", ", ".join(ids_of(document.get("to")))),
            ("cc", ", ".join(ids_of(document.get("cc")))),
            ("page", str(document.get("url") or "")),
        ],
    )


async def _show_actor(instance: Instance, document: dict[str, Any]) -> None:
    facts = from_document(document, str(id_of(document)))
    actor = await fetch_actor(instance.house, facts.uri)
    database, chapter = instance.house.database, instance.settings.chapter_uri
    ours = await find_follow(database, follower_uri=chapter, followed_uri=actor.uri)
    theirs = await find_follow(database, follower_uri=actor.uri, followed_uri=chapter)
    show_table(
        ("", ""),
        [
            ("id", actor.uri),
            ("type", actor.type),
            ("handle", actor.handle),
            ("name", actor.display_name),
            ("inbox", actor.inbox),
            ("shared inbox", actor.shared_inbox),
            (
                "keys",
                ", ".join(f"{key.kind} {key.uri}" for key in facts.keys) or "none: it cannot send to us",
            ),
            ("we follow it", ours["state"] if ours else "no"),
            ("it follows us", theirs["state"] if theirs else "no"),
        ],
    )
    if is_refused_host(instance.house.marks, actor.host):
        click.echo("A post from it would be refused: an admin refused its server.")
        return
    verdict = await judge_actor(instance.house, actor)
    click.echo(f"The decision about a post from it: {verdict.decision} ({verdict.reason}).")


async def judge(instance: Instance, document: dict[str, Any]) -> Outcome:
    """What would become of the document if its author sent it; nothing of that is kept."""
    try:
        return await _try(instance, document)
    except (PeerRefused, Refusal) as error:
        return Outcome("refused", error.message)
    except PeerError as error:
        return Outcome("failed", error.message)


async def _try(instance: Instance, document: dict[str, Any]) -> Outcome:
    house, registry = instance.house, instance.types.registry
    activity = normalise(_as_activity(document))
    if is_refused_host(house.marks, host_of(activity.actor)):
        return Outcome("refused", "an admin refused its server")
    actor = await find_or_fetch_actor(house, activity.actor)
    lookup = Lookup(house)
    incoming: Incoming = await Resolver(house, registry).resolve(activity, actor, lookup)
    check_owner(incoming)
    handling = registry.handlings.get((activity.type, incoming.kind))
    if handling is None:
        return ignored(f"nothing here handles {activity.type} of {type_of(document)} ({incoming.kind})")
    judged = await judge_incoming(house, incoming, lookup)
    incoming = replace(incoming, verdict=judged.verdict)
    ended = before_handler(incoming, judged)
    if ended is not None:
        return ended
    if handling.needs is not None:
        incoming = replace(incoming, fetched=await handling.needs(house, incoming))
    try:
        async with house.database.unit() as unit:
            raise _RolledBack(after_handler(incoming, judged, await handling.handler(unit, incoming)))
    except _RolledBack as done:
        return done.outcome


def _as_activity(document: dict[str, Any]) -> dict[str, Any]:
    """An activity as it is; an object in the Create that its author would have sent."""
    if "actor" in document:
        return document
    author = author_of(document)
    if author is None:
        raise PeerRefused("no-author", "it names no author, or several")
    uri = id_of(document)
    address: dict[str, Any] = {name: document[name] for name in ("to", "cc") if name in document}
    return {"id": f"{uri}#create", "type": "Create", "actor": author, "object": document, **address}

"""Reporting something to its own server, on behalf of the chapter: nobody there learns who asked for it.

wire.md §3.1 (from the server actor; the reported actor stands among the objects); operations.md §1.1 (a copy to the
servers of those replied to, by choice).
"""

from dataclasses import dataclass

from ...actors import ActorRow, find_actor, find_actors
from ...errors import Refusal
from ...store import Known, Unit, know, marks
from ...store.kinds import Reads, find_where
from ...words import mark, say
from ..audit import Entry, Judge, verb, write
from .draft import PRIVATE, SENT, TEXT_CHARS_MAX, ReportSent, Sending
from .naming import to_item
from .rows import Item, ReportRow
from .writing import ITEMS_MAX, add_event, add_report

POSTS_OFFERED = 20
PRIVATE_WORDS = mark("This gives away somebody’s private information. Please look at it.")


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be sent: the actor, its posts known here (newest first), whose servers could get a copy, and the
    addresses of its posts that were private information, of which no word is kept."""

    actor: ActorRow
    posts: tuple[Known, ...]
    others: tuple[ActorRow, ...]
    private: tuple[str, ...] = ()


async def find_offer(reads: Reads, uri: str) -> Offer | None:
    """What could be sent about that post or actor of another server; None where there is nothing of that sort."""
    known = await find_where(reads, "uri = ? AND local = false AND visibility <> 'direct'", uri)
    owner = known[0].owner_uri if known else await _find_private_owner(reads, uri)
    actor = await find_actor(reads, owner or uri)
    if actor is None or actor.local:
        return None
    posts = await find_where(
        reads,
        "owner_uri = ? AND local = false AND visibility <> 'direct' AND state <> 'gone' AND html <> '' "
        "ORDER BY sort_at DESC LIMIT ?",
        *(actor.uri, POSTS_OFFERED),
    )
    posts = [*known, *(one for one in posts if one.uri != uri)]
    others = await _find_answered(reads, actor, posts)
    return Offer(actor, tuple(posts), others, await find_private(reads, actor.uri))


async def _find_private_owner(reads: Reads, uri: str) -> str:
    row = await reads.row(
        "SELECT actor_uri FROM decision WHERE what = 'private' AND target_uri = ? LIMIT 1", uri
    )
    return str(row["actor_uri"]) if row else ""


async def find_private(reads: Reads, actor_uri: str) -> tuple[str, ...]:
    """Posts of that actor that moderators keep away as private information, by address, latest first."""
    rows = await reads.rows(
        "SELECT decision.target_uri AS uri FROM decision JOIN private_text ON private_text.uri = decision.target_uri "
        "WHERE decision.what = 'private' AND decision.undo_of = '' AND decision.actor_uri = ? "
        "ORDER BY decision.id DESC LIMIT ?",
        actor_uri,
        POSTS_OFFERED,
    )
    return tuple(dict.fromkeys(row["uri"] for row in rows))


async def _find_answered(reads: Reads, actor: ActorRow, posts: list[Known]) -> tuple[ActorRow, ...]:
    """One actor for each other server that the posts answer."""
    above = sorted({one.reply_to_uri for one in posts if one.reply_to_uri})
    if not above:
        return ()
    answered = await find_where(reads, f"local = false AND uri IN ({marks(len(above))})", *above)
    owners = await find_actors(reads, [one.owner_uri for one in answered])
    by_host = {one.host: one for one in owners.values() if not one.local and one.host != actor.host}
    return tuple(by_host[host] for host in sorted(by_host))


async def send_report(unit: Unit, sending: Sending, judge: Judge) -> str:
    """The report is on its way; returns its id here. Raises Refusal.

    Of somebody's private information only the address is sent, with words that say no more.
    """
    actor = await find_actor(unit, sending.target_uri)
    if actor is None or actor.local:
        raise Refusal("no-target", "Only somebody on another server can be reported there.")
    wanted = tuple(dict.fromkeys(sending.post_uris))[:ITEMS_MAX]
    kept_away = [uri for uri in await find_private(unit, actor.uri) if uri in wanted]
    posts = await _find_posts(unit, actor, [uri for uri in wanted if uri not in kept_away])
    is_private = sending.category == PRIVATE or bool(kept_away)
    report_id = unit.new_id()
    uri = unit.settings.uri("activities", report_id)
    text = say(PRIVATE_WORDS) if is_private else sending.text.strip()[:TEXT_CHARS_MAX]
    sent = Sending(
        actor.uri,
        (*(one.uri for one in posts), *kept_away),
        text,
        tuple(one.uri for one in await _find_forward(unit, actor, sending.forward)),
        sending.for_id,
        PRIVATE if is_private else sending.category,
    )
    items = [to_item(one, redacted=is_private) for one in posts]
    items += [Item(uri, owner_uri=actor.uri) for uri in kept_away]
    await add_report(unit, _row(unit, report_id, actor, sent, judge), items)
    server = unit.settings.server_uri
    await know(unit, Known(uri, "report", report_id, server, unit.now, local=True, visibility="direct"))
    if sending.for_id:
        await add_event(unit, sending.for_id, "sent", text=actor.host, account_id=judge.account_id)
    await write(unit, Entry(SEND, report_id, actor.uri, evidence=f"/admin/reports/{report_id}"), judge)
    unit.record(ReportSent(uri, sent))
    return report_id


async def _find_posts(unit: Unit, actor: ActorRow, uris: list[str]) -> list[Known]:
    if not uris:
        return []
    found = await find_where(unit, f"uri IN ({marks(len(uris))})", *uris)
    if len(found) < len(set(uris)) or any(one.owner_uri != actor.uri for one in found):
        raise Refusal("no-post", "One of these posts is not here any more. Load the page again.")
    return found


async def _find_forward(unit: Unit, actor: ActorRow, uris: tuple[str, ...]) -> list[ActorRow]:
    found = (await find_actors(unit, list(uris[:10]))).values()
    return [one for one in found if not one.local and one.host != actor.host]


def _row(unit: Unit, report_id: str, actor: ActorRow, sent: Sending, judge: Judge) -> ReportRow:
    return ReportRow(
        id=report_id,
        way="out",
        source="staff",
        uri=unit.settings.uri("activities", report_id),
        reporter_uri=unit.settings.server_uri,
        account_id=judge.account_id,
        email="",
        language="",
        host=actor.host,
        domain="",
        target_uri=actor.uri,
        about="",
        category=sent.category,
        rule="",
        text=sent.text,
        times=1,
        state=SENT,
        outcome="",
        answer="",
        for_id=sent.for_id,
        made_at=unit.now,
        last_at=unit.now,
        closed_at=None,
    )


async def receive_outcome(unit: Unit, uri: str, outcome: str, host: str) -> bool:
    """The other server says what became of our report; False when we sent none of that id to it."""
    changed = await unit.execute(
        "UPDATE report SET answer = ?, last_at = ? WHERE uri = ? AND way = 'out' AND host = ?",
        *(outcome, unit.now, uri, host),
    )
    row = await unit.row("SELECT id FROM report WHERE uri = ? AND way = 'out'", uri)
    if not changed or row is None:
        return False
    await add_event(unit, row["id"], "answered", text=outcome)
    return True


SEND = verb("send-report", mark("Reported something to its server"))

"""Flags coming in, at any of our inboxes, and answers to ours. Their bodies are erased from the log at once.

wire.md §3.1; operations.md §1.2 (never tell whoever is reported), §3 row A9 (an answer counts from who was asked).
"""

from ...errors import PeerRefused
from ...federation import Incoming, Outcome, done, handles, ignored
from ...house import House
from ...moderation.reports.receive import Received, receive_report
from ...moderation.reports.sending import receive_outcome
from ...store import Unit
from ...vocab.uris import host_of
from . import wire


async def check_welcome(house: House, incoming: Incoming) -> None:
    """Raises PeerRefused when reports from there are not taken."""
    if house.marks.rejects_reports(host_of(incoming.activity.actor)):
        raise PeerRefused("reports-refused", "reports from this server are not taken here")


@handles("Flag", kind="report", needs=check_welcome, erases=True)
async def flag(unit: Unit, incoming: Incoming) -> Outcome:
    """Another server reports something."""
    report = wire.from_flag(incoming.activity, unit.settings.origin)
    if not report.uris:
        return ignored("the report names nothing that has an address")
    received = await receive_report(unit, report)
    return _outcome(received)


def _outcome(received: Received) -> Outcome:
    if received.new:
        return done("a report that waits for a moderator")
    if received.merged:
        return done("counted with a report that waits already")
    if received.fine:
        return done("moderators found this to be fine, and it says still the same")
    if received.was_known:
        return ignored("this report is here already")
    return ignored("too many reports from there today")


@handles("Accept", kind="report", erases=True)
async def answered(unit: Unit, incoming: Incoming) -> Outcome:
    """The server that we reported something to says what became of it."""
    if incoming.relayed:
        raise PeerRefused("relayed", "this counts only from the server itself")
    found = wire.from_outcome(incoming.activity)
    if found is None:
        return ignored("it says nothing about what became of the report")
    host = host_of(incoming.activity.actor)
    if not await receive_outcome(unit, found.flag_uri, found.outcome, host):
        raise PeerRefused("not-asked", "we sent no such report there")
    return done(f"they say what became of our report: {found.outcome}")

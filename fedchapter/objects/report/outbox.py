"""What leaves: our reports, and to sister chapters what became of theirs; from the server actor, to nobody else.

wire.md §3.1; §1.6 (Flags go to the personal inbox).
"""

from ...actors.sisters import find_sisters
from ...federation import Audience, publish, publishes
from ...moderation import GivenAway
from ...moderation.actions import Purged
from ...moderation.reports import ReportClosed, ReportReopened, ReportSent
from ...moderation.reports.rows import find_merged, find_report
from ...moderation.reports.writing import erase_words
from ...store import Unit
from ...vocab.uris import host_of
from . import wire

AGAIN = "open"


@publishes(ReportSent)
async def sent(unit: Unit, happening: ReportSent) -> None:
    """Flag to the reported actor's server, and a copy to those that were chosen."""
    sending = happening.sending
    audience = Audience(actors=(sending.target_uri,), personal=True)
    copies = (Audience(actors=sending.forward, personal=True),) if sending.forward else ()
    activity = wire.to_flag(happening, unit.settings.server_uri)
    await publish(unit, activity, audience, kind="report", access="addressed", copies=copies)


@publishes(ReportClosed)
async def closed(unit: Unit, happening: ReportClosed) -> None:
    """Accept with the outcome, to a sister chapter's server."""
    await _tell(unit, happening.report_id, happening.outcome)


@publishes(ReportReopened)
async def reopened(unit: Unit, happening: ReportReopened) -> None:
    """Accept that says that it is looked at again."""
    await _tell(unit, happening.report_id, AGAIN)


async def _tell(unit: Unit, report_id: str, outcome: str) -> None:
    report = await find_report(unit, report_id)
    if report is None or not report.uri or report.source != "flag":
        return
    sisters = {host_of(uri) for uri in await find_sisters(unit, unit.settings.chapter_uri)}
    if report.host not in sisters:
        return
    audience = Audience(actors=(report.reporter_uri,), personal=True)
    for uri in [report.uri, *await find_merged(unit, report.id)]:
        if host_of(uri) != report.host:
            continue
        activity = wire.to_outcome(uri, report.reporter_uri, outcome, unit.settings.server_uri)
        await publish(unit, activity, audience, kind="report", access="addressed")


@publishes(Purged, GivenAway)
async def given_away(unit: Unit, happening: Purged | GivenAway) -> None:
    """What turned out to be private information is in no report any more, whatever it was reported for."""
    gone = happening.objects if isinstance(happening, Purged) else (happening.known,)
    await erase_words(unit, [one.uri for one in gone])

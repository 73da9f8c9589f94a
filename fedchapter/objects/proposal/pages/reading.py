"""Reading proposals: the list by stage, one proposal with its vote, its versions, and one of another chapter."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ....evidence import recompute
from ....house import house_of
from ....members import Permission, find_bar
from ....members.standing import Bar
from ....store import Known, find_known
from ....store.kinds import find_where
from ....tally import OPTIONS, explain
from ....text import excerpt, render_markdown
from ....web import identity_of, render, respond, viewer_of
from ....web.cards import cards, full_item
from ....web.negotiate import missing
from ....web.thread import thread
from ....words import mark, say
from .. import wire
from ..service.remote import find_remote_by_id
from ..service.rows import (
    CLOSED,
    DISCUSSION,
    DRAFT,
    VOTING,
    ProposalRow,
    find_choice_of,
    find_drafts,
    find_named_ballots,
    find_totals,
    find_versions,
    report_of,
    rules_of,
)
from ..service.voting import is_open
from ..service.words import OUTCOMES, option_words, result_line, rules_words, stage_line
from .documents import with_proof
from .elsewhere import part_in
from .figures import member_bars, opinion_bars
from .finding import find_shown, frame_of, get_shown, is_staff, uri_of

LISTED_MAX = 200
STAGE_NAMES = {
    DRAFT: mark("Draft"),
    DISCUSSION: mark("Discussion"),
    VOTING: mark("Vote"),
    CLOSED: mark("Outcome"),
}
_STAGES = """
SELECT uri, stage, outcome, closes_at FROM proposal
UNION ALL SELECT uri, stage, outcome, deadline_at AS closes_at FROM remote_proposal
"""
_BADGES = {"passed": mark("passed"), "not-passed": mark("not passed"), "no-quorum": mark("no quorum")}


async def index(request: Request) -> Response:
    """Proposals here and in chapters that we follow: being voted on, under discussion, decided."""
    house, identity = house_of(request), await identity_of(request)
    known = await find_where(
        house.database,
        "kind = 'proposal' AND listed = true AND state = 'shown' ORDER BY sort_at DESC LIMIT ?",
        LISTED_MAX,
    )
    stages = {row["uri"]: row for row in await house.database.rows(_STAGES)}
    groups: dict[str, list[dict[str, Any]]] = {VOTING: [], DISCUSSION: [], CLOSED: []}
    for item in await cards(house.database, known, kinds=house.kinds, zone=identity.zone):
        row = stages.get(item["object_uri"])
        if row is None:
            continue
        group = row["stage"] if row["stage"] in groups else CLOSED
        item["state"] = badge_of(row["stage"], row["outcome"])
        groups[group].append(item)
    drafts = await find_drafts(house.database) if is_staff(request) else []
    return await render(
        request,
        "proposal/index.html",
        groups=groups,
        drafts=drafts,
        staff=is_staff(request),
        zone=identity.zone,
    )


def badge_of(stage: str, outcome: str) -> str | None:
    """The word on the badge of what is over."""
    return _BADGES.get(outcome) or (mark("withdrawn") if stage == "withdrawn" else None)


async def show(request: Request) -> Response:
    """One proposal: its page or the Article; another chapter's as we know it."""
    row = await find_shown(request)
    if row is None:
        return await _show_remote(request)
    if row.stage == DRAFT:
        return await _page(request, row)

    async def page() -> Response:
        return await _page(request, row)

    async def document() -> dict[str, Any]:
        article = wire.to_article(row, await frame_of(request))
        return await with_proof(request, article, row.changed_at)

    return await respond(request, row.uri, page=page, document=document)


async def _page(request: Request, row: ProposalRow) -> Response:
    house, identity, viewer = house_of(request), await identity_of(request), viewer_of(request)
    known = await find_known(house.database, row.uri) or _draft_card(request, row)
    item = await full_item(house.database, known, kinds=house.kinds, zone=identity.zone)
    item["state"] = badge_of(row.stage, row.outcome)
    item["closes_at"] = row.closes_at if row.stage == VOTING else None
    moderates = viewer is not None and viewer.may(Permission.MODERATE)
    vote = await _vote(request, row) if row.opening else {}
    frame = {"alternate_uri": row.uri} if row.stage != DRAFT else {"noindex": True}
    return await render(
        request,
        "proposal/show.html",
        row=row,
        item=item,
        line=stage_line(row, identity.choices["timezone"]),
        stages=_stages(row),
        staff=is_staff(request),
        vote=vote,
        bar=await _bar(request, row),
        thread=await thread(house.database, row.uri, sees_held=moderates),
        root_uri=row.uri,
        takes_comments=row.stage != DRAFT,
        canonical_url=row.uri,
        og=_about(row, wire.to_summary(row, await frame_of(request))),
        creator=identity.handle,
        zone=identity.zone,
        **frame,
    )


def _stages(row: ProposalRow) -> tuple[list[str], str]:
    if row.stage in STAGE_NAMES:
        return [say(name) for name in STAGE_NAMES.values()], say(STAGE_NAMES[row.stage])
    return [say("Draft"), say("Discussion"), say("Withdrawn")], say("Withdrawn")


def _about(row: ProposalRow, summary: str) -> dict[str, str]:
    return {"title": row.title, "description": excerpt(summary, 300), "url": row.uri}


def _draft_card(request: Request, row: ProposalRow) -> Known:
    chapter_uri = house_of(request).settings.chapter_uri
    return Known(
        row.uri, "proposal", row.id, chapter_uri, row.created_at, local=True, title=row.title, html=row.html
    )


async def _vote(request: Request, row: ProposalRow) -> dict[str, Any]:
    """The figures and words of the vote, and this member's own ballot."""
    house, viewer = house_of(request), viewer_of(request)
    totals = await find_totals(house.database, row.id)
    # Of a closed vote the page counts again, from the signed result, each time it is shown.
    report = recompute(row.result_document) if row.result else report_of(row, totals)
    account_id = viewer.account.id if viewer else ""
    own = await find_choice_of(house.database, row.id, account_id) if viewer else None
    return {
        "open": is_open(row, house.clock.now()),
        "over": bool(row.result),
        "own": own,
        "on_roll": own is not None,
        "members": member_bars(report),
        "others": opinion_bars(totals.others),
        "voters": totals.others.cast,
        "report": report,
        "outcome": say(OUTCOMES.get(row.outcome, "")),
        "line": result_line(report),
        "explained": explain(report) if row.result else [],
        "rules": rules_words(rules_of(row.opening_document)),
        "threshold": float(report.rules.threshold.fraction * 100),
        "options": [(option, option_words(option)) for option in OPTIONS],
        "named": await _named(request, row) if viewer else [],
    }


async def _named(request: Request, row: ProposalRow) -> list[tuple[str, str]]:
    """(name, what they chose): an open ballot, among members."""
    rows = await find_named_ballots(house_of(request).database, row.id)
    return [(one["display_name"] or say("a former member"), option_words(one["choice"])) for one in rows]


async def _bar(request: Request, row: ProposalRow) -> Bar | None:
    """What keeps this member from voting, while that can still matter."""
    house, viewer = house_of(request), viewer_of(request)
    if viewer is None or row.stage not in (DISCUSSION, VOTING):
        return None
    return await find_bar(house.database, viewer.account, house.clock.now())


async def versions(request: Request) -> Response:
    """Every version of the text with its hash."""
    row = await get_shown(request)
    identity = await identity_of(request)
    rows = await find_versions(house_of(request).database, row.id)
    shown = [(one, *_read_version(one["document"])) for one in rows]
    return await render(
        request, "proposal/versions.html", row=row, versions=shown, noindex=True, zone=identity.zone
    )


def _read_version(document: str) -> tuple[str, list[tuple[str, str]]]:
    """The title, and (id, HTML) of each paragraph."""
    version = msgspec.json.decode(document)
    paragraphs = [(one["fc:id"], render_markdown(one["content"])) for one in version["fc:paragraphs"]]
    return version["name"], paragraphs


async def _show_remote(request: Request) -> Response:
    house, identity = house_of(request), await identity_of(request)
    remote = await find_remote_by_id(house.database, request.path_params["id"])
    known = await find_known(house.database, remote["uri"]) if remote else None
    if remote is None or known is None or (known.state != "shown" and not is_staff(request)):
        return await missing(request, uri_of(request))
    item = await full_item(house.database, known, kinds=house.kinds, zone=identity.zone)
    item["state"] = badge_of(remote["stage"], remote["outcome"])
    item["closes_at"] = remote["deadline_at"] if remote["stage"] == VOTING else None
    viewer = viewer_of(request)
    moderates = viewer is not None and viewer.may(Permission.MODERATE)
    return await render(
        request,
        "proposal/remote.html",
        item=item,
        remote=remote,
        line=known.note,
        totals=msgspec.json.decode(remote["totals"]) if remote["totals"] else None,
        options=[(option, option_words(option)) for option in OPTIONS],
        thread=await thread(house.database, known.uri, sees_held=moderates),
        root_uri=known.uri,
        host=item["author"]["host"],
        **await part_in(request, remote),
        takes_comments=True,
        noindex=True,
        zone=identity.zone,
    )

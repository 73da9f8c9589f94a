"""Build the statements that a chapter signs: a version of a text, the opening of a vote, its result.

Decisions §4.2 (ProposalVersion, PollOpen, TallyResult). Our properties carry the prefix `fc`, defined inline,
so that no server has to fetch a context; the keys inside them are named there too. Times are UTC strings
ending in Z, to the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from fedchapter.evidence.canonical import check_canonical, content_hash
from fedchapter.tally import METHOD, OPTIONS, TIE_RULE, Counts, Ratio, Report, Rules, tally

Document = dict[str, Any]
# "open": members see each other's ballots. "hidden-from-members": they do not, but the server could.
Secrecy = Literal["open", "hidden-from-members"]

NS: Final = "https://w3id.org/fedchapter/ns#"
CONTEXT: Final = (
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/data-integrity/v2",
    {"fc": NS, **{name: f"fc:{name}" for name in ("num", "den", *OPTIONS)}},
)


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll frozen at opening: how many eligible members, and when. No names, no hashes of names."""

    count: int
    as_of_at: datetime


def version(
    *, proposal: str, name: str, paragraphs: Sequence[tuple[str, str]], parent: str | None
) -> Document:
    """One version of a proposal's text: its paragraphs as (stable id, text), and the hash of the one before.

    Line ends become \\n, since browsers send \\r\\n and the same words must have the same hash. Raises
    ValueError when two paragraphs share an id.
    """
    ids = [paragraph_id for paragraph_id, _ in paragraphs]
    if len(set(ids)) != len(ids):
        raise ValueError("two paragraphs share an id, so an amendment could not name one of them")
    document: Document = {
        "@context": _context(),
        "type": "fc:ProposalVersion",
        "fc:proposal": proposal,
        "name": _one_line_end(name),
        "fc:paragraphs": [{"fc:id": key, "content": _one_line_end(text)} for key, text in paragraphs],
        "fc:parent": parent,
    }
    check_canonical(document)
    return document


def opening(
    *,
    uri: str,
    chapter: str,
    proposal: str,
    version: str,
    rules: Rules,
    opens_at: datetime,
    closes_at: datetime,
    roll: Roll,
    secrecy: Secrecy = "open",
    may_change: bool = True,
) -> Document:
    """The statement to sign before the first ballot, by `chapter` (its actor) on one `version` (a hash).

    Raises ValueError when it closes before it opens, or the roll is of later than the opening.
    """
    opens, closes, as_of = _checked_times(opens_at, closes_at, roll)
    document: Document = {
        "@context": _context(),
        "id": uri,
        "type": "fc:PollOpen",
        "attributedTo": chapter,
        "fc:proposal": proposal,
        "fc:version": version,
        "fc:method": METHOD,
        "fc:options": list(OPTIONS),
        "fc:tieRule": TIE_RULE,
        "fc:rules": from_rules(rules),
        "fc:opensAt": opens,
        "fc:closesAt": closes,
        "fc:secrecy": secrecy,
        "fc:mayChange": may_change,
        "fc:roll": {"fc:count": roll.count, "fc:asOf": as_of},
    }
    check_canonical(document)
    return document


def _checked_times(opens_at: datetime, closes_at: datetime, roll: Roll) -> tuple[str, str, str]:
    # Compared as written, to the second: Z strings of one length sort as the moments do.
    opens, closes, as_of = from_time(opens_at), from_time(closes_at), from_time(roll.as_of_at)
    if closes <= opens:
        raise ValueError("a vote closes after it opens")
    if as_of > opens:
        raise ValueError("the roll is frozen at the opening or before")
    return opens, closes, as_of


def result(
    *,
    uri: str,
    opening: Document,
    rules: Rules,
    counts: Counts,
    public_opinion: Counts,
    closed_at: datetime,
    software: str,
) -> Document:
    """The statement to sign after the close: the counts of members, and apart from them what others said.

    `software` names what counted, as "fedchapter/0.1.0". Raises ValueError for counts that the roll cannot
    hold, for rules that are not those of `opening`, and for a close before the announced one.
    """
    _check_close(opening, rules, closed_at)
    report = tally(rules, counts, opening["fc:roll"]["fc:count"])
    document: Document = {
        "@context": _context(),
        "id": uri,
        "type": "fc:TallyResult",
        "attributedTo": opening["attributedTo"],
        "fc:opening": opening["id"],
        "fc:openingHash": content_hash(opening),
        "fc:proposal": opening["fc:proposal"],
        "fc:version": opening["fc:version"],
        "fc:method": opening["fc:method"],
        "fc:rules": opening["fc:rules"],
        "fc:roll": opening["fc:roll"],
        "fc:closedAt": from_time(closed_at),
        "fc:counts": from_counts(counts),
        # Accounts that are no members of the chapter answer the poll too: shown, never counted.
        "fc:publicOpinion": from_counts(public_opinion),
        **from_report(report),
        "fc:software": software,
    }
    check_canonical(document)
    return document


def _check_close(opening: Document, rules: Rules, closed_at: datetime) -> None:
    if opening["fc:rules"] != from_rules(rules):
        raise ValueError("the rules are those of the opening, whatever was changed since")
    if from_time(closed_at) < opening["fc:closesAt"]:
        raise ValueError(
            "a vote never closes before the announced time: whoever waited would lose their vote"
        )


def from_report(report: Report) -> Document:
    """What the count found, as the properties that a recount must find again."""
    return {
        "fc:quorum": {
            "fc:cast": report.counts.cast,
            "fc:roll": report.roll_count,
            "fc:needed": report.quorum_needed,
            "fc:met": report.quorum_met,
        },
        "fc:threshold": {
            "fc:yes": report.counts.yes,
            "fc:base": report.base_value,
            "fc:needed": report.needed,
            "fc:reached": report.threshold_reached,
        },
        "fc:ties": [["yes", "no"]] if report.tied else [],
        "fc:outcome": report.outcome,
    }


def from_rules(rules: Rules) -> Document:
    """The rules in whole numbers, every base named."""
    quorum = rules.quorum
    return {
        "fc:threshold": _from_ratio(rules.threshold),
        "fc:strict": rules.strict,
        "fc:base": rules.base,
        "fc:quorum": {
            "fc:share": _from_ratio(quorum.share),
            "fc:strict": quorum.strict,
            "fc:minimum": quorum.minimum,
            "fc:base": quorum.base,
        },
    }


def from_counts(counts: Counts) -> Document:
    """Ballots by option."""
    return {option: getattr(counts, option) for option in OPTIONS}


def from_time(moment_at: datetime) -> str:
    """`2026-11-21T18:00:00Z`; raises ValueError for a time without a zone."""
    if moment_at.tzinfo is None:
        raise ValueError("a time without a zone is not a moment")
    # strftime("%Y") does not pad years below 1000 everywhere; isoformat does.
    return moment_at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _from_ratio(ratio: Ratio) -> Document:
    return {"num": ratio.num, "den": ratio.den}


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _context() -> list[Any]:
    """A fresh copy: a caller that adds to its document must not change everybody's."""
    return [dict(entry) if isinstance(entry, dict) else entry for entry in CONTEXT]

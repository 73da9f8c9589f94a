"""Counts as the bars of a page: shares of what the rules take the share of, to look at, never to decide by."""

from typing import Any

from ....tally import OPTIONS, Counts, Report
from ..service.words import option_words


def member_bars(report: Report) -> list[dict[str, Any]]:
    """What members chose; an abstention has no share where abstentions are not votes."""
    winner = "yes" if report.passed else ""
    bars = []
    for option in OPTIONS:
        has_share = report.base_value > 0 and not (option == "abstain" and report.rules.base == "votes")
        votes = int(getattr(report.counts, option))
        share = 100 * votes / report.base_value if has_share else None
        bars.append(_bar(option, votes, share) | {"winner": option == winner})
    return bars


def opinion_bars(counts: Counts) -> list[dict[str, Any]]:
    """What accounts elsewhere answered, as shares of all their answers."""
    bars = []
    for option in OPTIONS:
        votes = int(getattr(counts, option))
        bars.append(_bar(option, votes, 100 * votes / counts.cast if counts.cast else None))
    return bars


def _bar(option: str, votes: int, share: float | None) -> dict[str, Any]:
    return {"label": option_words(option), "votes": votes, "share": share, "tone": option}

"""What takes two moderators: a sanction on somebody on the roll of an open vote, and suspending a sister chapter.

Issue of moderation. Decision: whatever does such a thing asks `check_ballots` or `check_sisters` first, which raise
NeedsSecond for a judge alone; the registry of actions turns that into a question to the others (asking.py). So no
page, list or undo can do it alone by another way.
"""

from collections.abc import Sequence
from dataclasses import replace

from ..actors.sisters import find_sisters
from ..errors import Refusal
from ..store import Unit
from ..store.choices import find_choice
from ..vocab.uris import parse_url
from ..words import mark
from .audit import Judge
from .ballots import OpenBallot

BALLOT, SISTER = "ballot", "sister"
WORDS = {
    BALLOT: mark(
        "While a vote is open, this takes two moderators: it is about somebody who may vote in it, and every member "
        "will read why."
    ),
    SISTER: mark("That is a sister chapter: suspending it takes two moderators."),
}


class NeedsSecond(Refusal):
    """One moderator alone may not do this. `why` is ballot or sister."""

    def __init__(self, why: str, ballots: Sequence[OpenBallot] = ()) -> None:
        super().__init__("needs-second", WORDS[why])
        self.why, self.ballots = why, tuple(ballots)


def check_ballots(judge: Judge, ballots: Sequence[OpenBallot]) -> Judge:
    """The judge, whose decision every member reads where one of these votes is open; raises NeedsSecond for one alone.

    A rule decides about texts of strangers only, so it is never asked.
    """
    if not ballots or judge.rule:
        return judge
    if not judge.second:
        raise NeedsSecond(BALLOT, ballots)
    path = parse_url(ballots[0].uri, allow_http_localhost=True).path
    return replace(judge, public=True, evidence=path)


async def check_sisters(unit: Unit, judge: Judge, scope: str, subject: str) -> None:
    """Raises NeedsSecond where that actor or host is a sister chapter's, and the chapter wants two for that."""
    if judge.second or judge.rule or await find_choice(unit, "two_for_sisters") != "yes":
        return
    for uri in await find_sisters(unit, unit.settings.chapter_uri):
        host = uri.split("/")[2]
        if uri == subject if scope == "actor" else host == subject or host.endswith(f".{subject}"):
            raise NeedsSecond(SISTER)

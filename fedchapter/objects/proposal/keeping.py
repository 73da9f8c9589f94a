"""How long proposals and votes are kept, and what goes with one from elsewhere."""

from collections.abc import Sequence

from ...store import Known, Unit, marks
from ...store.retention import Kept, forgets, keeps
from ...words import mark
from .service.rows import CLOSED, WITHDRAWN

NAMES_ACTORS = ("poll_voter.actor_uri",)
KEPT = (
    Kept(
        "proposals",
        mark("Proposals of the chapter, their versions and votes"),
        mark("Anybody must be able to count again what was decided. Pseudonyms stand for those who left."),
        ("proposal", "proposal_version", "ballot", "public_opinion", "remote_proposal"),
        until=mark("for good; others’ go with the posts from elsewhere"),
    ),
    Kept(
        "poll-voters",
        mark("Which accounts answered a poll; what they answered is not kept"),
        mark("So that nobody answers twice."),
        ("poll_voter",),
        until=mark("until the poll closes"),
    ),
)


@keeps
async def open_or_answered(unit: Unit, known: Sequence[Known]) -> set[str]:
    """Proposals of other chapters that are still open, or whose poll somebody of ours answered."""
    uris = [one.uri for one in known if one.kind == "proposal"]
    if not uris:
        return set()
    rows = await unit.rows(
        f"SELECT uri FROM remote_proposal WHERE uri IN ({marks(len(uris))}) AND (stage NOT IN (?, ?) "
        "OR EXISTS (SELECT 1 FROM poll_voter WHERE poll_voter.proposal_id = remote_proposal.id))",
        *uris,
        CLOSED,
        WITHDRAWN,
    )
    return {row["uri"] for row in rows}


@forgets
async def forget_proposals(unit: Unit, known: Sequence[Known]) -> None:
    """Their rows."""
    refs = [one.ref for one in known if one.kind == "proposal"]
    if refs:
        await unit.execute(f"DELETE FROM remote_proposal WHERE id IN ({marks(len(refs))})", *refs)

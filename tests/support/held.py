"""Something that waits in the queue, without another server that sends it."""

from typing import Any

from fedchapter.policy.judged import HeldBack
from fedchapter.policy.verdict import HOLD, Verdict
from fedchapter.store import Known, Unit, know
from fedchapter.store.kinds import find_known

STRANGER = Verdict(
    HOLD, "first-replies", "the first post of somebody new here", name="A stranger’s first reply waits"
)


async def hold_comment(unit: Unit, owner_uri: str, html: str, *, root_uri: str = "", **more: Any) -> str:
    """A comment by that actor elsewhere is held, and in the queue; returns its URI."""
    ref = unit.new_id()
    root = await find_known(unit, root_uri)
    uri = f"{owner_uri}/comments/{ref}"
    known = Known(
        uri,
        "comment",
        ref,
        owner_uri,
        unit.now,
        state="held",
        html=html,
        reply_to_uri=root_uri,
        root_uri=(root.root_uri or root.uri) if root else "",
        **more,
    )
    await know(unit, known)
    unit.record(HeldBack(uri, "comment", owner_uri, owner_uri.split("/")[2], STRANGER))
    return uri

"""What a member is told when the account that they linked here moves.

wire.md §2.5. Only a move that we hear of anyway is acted on: asking after others would tell their servers who is a
member here. Whoever signs in with the new account is asked then (site.sign_in_fediverse).
"""

from ...members.identities import note_move
from ...notices import Notice, tell
from ...store import Unit, publishes
from ...words import mark
from .draft import ActorMoved

PAGE = "/me/security"


@publishes(ActorMoved)
async def linked_account_moved(unit: Unit, happening: ActorMoved) -> None:
    """The member who linked the account is asked whether their membership goes along."""
    identity = await note_move(unit, happening.old_uri, happening.new_uri)
    if identity is None:
        return
    text = mark("@%(handle)s, which signs you in, has moved. Say whether the new account is yours.")
    notice = Notice(
        "account", f"moved:{identity.id}:{unit.new_id()}", text, PAGE, {"handle": identity.handle}
    )
    await tell(unit, notice, to=[identity.account_id])

"""What a member is told about the ways into their own account; whoever did not change them learns it in time.

operations.md §3 row D6. The sentences name no chapter and no role: a mail may be read over a shoulder.
"""

from ..house.letters import send_letter
from ..mail import Letter
from ..members import find_account
from ..members.changed import SecurityChanged, Way
from ..store import Unit, publishes
from ..words import mark, say, speaking
from .draft import Notice
from .tell import tell

PAGE = "/me/security"
TEXTS = {
    Way.FEDIVERSE_ADDED: mark("@%(about)s signs you in from now on."),
    Way.FEDIVERSE_REMOVED: mark("@%(about)s does not sign you in any more."),
    Way.FEDIVERSE_MOVED: mark("Your membership goes on with @%(about)s, where your linked account moved to."),
    Way.EMAIL: mark("Your e-mail address has changed."),
    Way.PASSWORD: mark("Your password has changed."),
    Way.PASSWORD_REMOVED: mark("Your password was removed."),
    Way.SECOND_ADDED: mark("A second step was added: %(about)s."),
    Way.SECOND_REMOVED: mark("A second step was removed: %(about)s."),
    Way.RECOVERY_USED: mark("One of your recovery codes was used to sign in."),
}


@publishes(SecurityChanged)
async def security_changed(unit: Unit, happening: SecurityChanged) -> None:
    """The account's owner hears of it; of another address also at the former one, which a thief would have replaced."""
    about = "" if happening.way is Way.EMAIL else happening.about
    key = f"security:{unit.new_id()}"
    notice = Notice("account", key, TEXTS[happening.way], PAGE, {"about": about} if about else {})
    await tell(unit, notice, to=[happening.account_id])
    if happening.way is Way.EMAIL and happening.about:
        await _tell_former_address(unit, happening)


async def _tell_former_address(unit: Unit, happening: SecurityChanged) -> None:
    account = await find_account(unit, happening.account_id)
    if account is None:
        return
    with speaking(account.language):
        text = say(
            "Hello %(person)s,\n\nyour account has another e-mail address now, so this one signs you in no more.\n\n"
            "Was it not you? Then write to an admin at once: %(page)s",
            person=account.display_name,
            page=unit.settings.uri("about"),
        )
        subject = say("Your address was changed")
    await send_letter(unit, Letter(happening.about, subject, text))

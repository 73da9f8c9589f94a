"""What a notice, or a digest of several, says in a letter; each with a way to its reader's settings and a way out.

RFC 8058 (one click); issue of joining (discreet: a subject on a locked screen says nothing about the chapter).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..house import House
from ..mail import Letter
from ..mail.letter import SUBJECT_MAX
from ..members import AccountRow
from ..store.choices import find_choice
from ..store.kinds import Reads
from ..words import mark, say, say_many
from .channels import ALL_DIGESTS, LOCKED
from .draft import KINDS
from .sentences import Shown
from .way_out import token_for

# So many of each kind stand in a digest; the page has the rest.
LISTED_MAX = 15
HELLO = mark("Hello %(person)s,")


@dataclass(frozen=True, slots=True)
class Frame:
    """What every letter of a run needs to know: the chapter's choices, read once."""

    discreet: bool
    zone: str
    language: str

    @classmethod
    async def read(cls, reads: Reads, language: str) -> "Frame":
        """The choices as they are now."""
        discreet = await find_choice(reads, "discreet_mail") == "yes"
        return cls(discreet, await find_choice(reads, "timezone"), language)


def settings_url(house: House, account_id: str, *more: str) -> str:
    """The reader's settings of mail, or what stops one kind."""
    return house.settings.uri("mail", token_for(house.secret, account_id), *more)


def one_letter(house: House, frame: Frame, account: AccountRow, notice: Shown, zone: str) -> Letter:
    """The letter with that notice, in the current language."""
    sentence = notice.say(zone)
    text = "\n\n".join(
        [
            say(HELLO, person=account.display_name),
            sentence,
            _link(house, notice),
            _foot(house, account),
        ]
    )
    if notice.kind in LOCKED:
        return Letter(account.email, say("A change to your account"), text)
    subject = say("Something new for you") if frame.discreet else one_line(sentence)
    stop = settings_url(house, account.id, "stop", notice.kind)
    return Letter(account.email, subject, text, list_id="notices", unsubscribe_url=stop)


def digest_letter(
    house: House, frame: Frame, account: AccountRow, notices: Sequence[Shown], zone: str
) -> Letter:
    """The letter with all of them, by kind, in the current language."""
    parts = [say(HELLO, person=account.display_name)]
    for kind, label in KINDS.items():
        those = [one for one in notices if one.kind == kind]
        if those:
            parts += [_heading(label), *_entries(house, those, zone)]
    parts.append(_foot(house, account))
    count = len(notices)
    subject = say_many("%(count)s new thing for you", "%(count)s new things for you", count)
    if not frame.discreet:
        subject = one_line(notices[0].say(zone)) if count == 1 else subject
    stop = settings_url(house, account.id, "stop", ALL_DIGESTS)
    return Letter(account.email, subject, "\n\n".join(parts), list_id="notices", unsubscribe_url=stop)


def _heading(label: str) -> str:
    said = say(label)
    return f"{said}\n{'-' * min(len(said), 60)}"


def _entries(house: House, notices: Sequence[Shown], zone: str) -> list[str]:
    entries = [f"* {one.say(zone)}\n  {_link(house, one)}" for one in notices[:LISTED_MAX]]
    more = len(notices) - LISTED_MAX
    if more > 0:
        said = say_many("… and %(count)s more:", "… and %(count)s more:", more)
        entries.append(f"* {said}\n  {house.settings.uri('me', 'notices')}")
    return entries


def _link(house: House, notice: Shown) -> str:
    return f"{house.settings.origin}{notice.path}"


def _foot(house: House, account: AccountRow) -> str:
    return say("What you are told, and when: %(url)s", url=settings_url(house, account.id))


def one_line(text: str) -> str:
    """The text as a subject."""
    line = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return line if len(line) <= SUBJECT_MAX else f"{line[: SUBJECT_MAX - 1]}…"

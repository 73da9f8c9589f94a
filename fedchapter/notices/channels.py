"""By which channels somebody hears of a kind: what they chose, or what makes sense until they do.

Issue of notifications; decisions.md §2 (what is urgent reaches people in time, the rest once a day).
"""

from dataclasses import dataclass

from .draft import KINDS

ONCE, DIGEST, NONE = "once", "digest", "none"
MAILS = (ONCE, DIGEST, NONE)
# In the place of a kind: everything that comes in the digest.
ALL_DIGESTS = "digest"
# Always on the page: nobody is governed, and no account changed, behind its owner's back.
ALWAYS_ON_PAGE = frozenset({"chapter", "account"})
# Whoever took over a session must not be able to silence these, nor hold them back by quiet hours or a pause.
LOCKED = frozenset({"account"})


@dataclass(frozen=True, slots=True)
class Channels:
    """Whether it shows on the page; e-mail at once, in the digest or not; and a direct message."""

    page: bool
    mail: str
    message: bool


_MAIL = {
    "announcement": DIGEST,
    "event": DIGEST,
    "reminder": ONCE,
    "proposal": DIGEST,
    "vote": ONCE,
    "reply": ONCE,
    "group": DIGEST,
    "chapter": ONCE,
    "desk": DIGEST,
    "people": ONCE,
    "moderation": ONCE,
    "account": ONCE,
}
assert set(_MAIL) == set(KINDS)


def default_for(kind: str, *, has_email: bool) -> Channels:
    """What somebody hears who chose nothing; without an address, what is urgent comes as a direct message."""
    return Channels(True, _MAIL[kind], _MAIL[kind] == ONCE and not has_email)


def checked(kind: str, chosen: Channels, *, has_email: bool) -> Channels:
    """The choice, but for what nobody can turn off."""
    if kind in LOCKED:
        return default_for(kind, has_email=has_email)
    mail = chosen.mail if chosen.mail in MAILS else _MAIL[kind]
    return Channels(chosen.page or kind in ALWAYS_ON_PAGE, mail, chosen.message)

"""A report before it is stored, and what can happen with one."""

from dataclasses import dataclass

from ...words import mark

FLAG, MEMBER, VISITOR, STAFF = "flag", "member", "visitor", "staff"
SPAM, ABUSE, RULE, PRIVATE, ILLEGAL, OTHER = "spam", "abuse", "rule", "private", "illegal", "other"
CATEGORIES = {
    PRIVATE: mark("It gives away somebody’s private information"),
    ABUSE: mark("Harassment, threats or hate"),
    SPAM: mark("Spam or deceit"),
    RULE: mark("It breaks a rule of this place"),
    ILLEGAL: mark("It is against the law"),
    OTHER: mark("Something else"),
}
OPEN, CLOSED, SENT = "open", "closed", "sent"
ACTED, NOTHING, DUPLICATE, FINE = "acted", "none", "duplicate", "fine"
OUTCOMES = {
    ACTED: mark("Something was done about it"),
    NOTHING: mark("Nothing had to be done"),
    DUPLICATE: mark("It was reported before"),
    FINE: mark("It is fine, and nobody is asked again until it changes"),
}
TEXT_CHARS_MAX = 5000
FORM_CHARS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody complains. `uris` are what is named (actors and posts), `loose` what was named by no address.

    `source` is flag, member or visitor; a flag has its id (`uri`, empty where it is not on its actor's server), the
    actor that sent it and that one's host; a member an account. `text` is plain.
    """

    source: str
    uris: tuple[str, ...]
    text: str = ""
    category: str = OTHER
    rule: str = ""
    loose: tuple[str, ...] = ()
    uri: str = ""
    reporter_uri: str = ""
    host: str = ""
    account_id: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a moderator sends to other servers: who, which posts, which words; `forward` are other actors whose servers
    get a copy, `for_id` the report that is passed on."""

    target_uri: str
    post_uris: tuple[str, ...] = ()
    text: str = ""
    forward: tuple[str, ...] = ()
    for_id: str = ""
    category: str = OTHER


@dataclass(frozen=True, slots=True)
class ReportSent:
    """Our moderators report something to its server; `uri` is the id of the Flag."""

    uri: str
    sending: Sending


@dataclass(frozen=True, slots=True)
class ReportClosed:
    """A report that came in was dealt with; `outcome` is one of OUTCOMES."""

    report_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ReportReopened:
    """A report that was closed waits again: what its reporter was told holds no more."""

    report_id: str

"""A letter and its form on the wire: headers that cannot be broken out of, text with HTML beside it.

RFC 5322; RFC 3834 (Auto-Submitted); RFC 2919 (List-Id); RFC 2369 and RFC 8058 (one-click unsubscribe).
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from ..errors import Refusal
from ..words import say, speaking, spoken

SUBJECT_MAX = 200
ADDRESS_MAX = 254
_LIST = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one address. `list_id` names a list that one can leave; what everybody must get has none.

    `unsubscribe_url` is made from the list when it is empty; `language` is the one spoken where it is written. The text
    is in no repr, so in no log. Raises Refusal for an address, subject or list that could
    carry another header.
    """

    to: str
    subject: str
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    list_id: str = ""
    unsubscribe_url: str = ""
    language: str = field(default_factory=spoken)
    calendar: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        to_address(self.to)
        if not self.subject.strip() or len(self.subject) > SUBJECT_MAX or not self.subject.isprintable():
            raise Refusal(
                "mail-subject", "A subject is one line of 1 to %(max)s characters.", max=SUBJECT_MAX
            )
        if self.list_id and not _LIST.fullmatch(self.list_id):
            raise Refusal("mail-list", "A list is named by lower-case letters, digits and hyphens.")
        url = self.unsubscribe_url
        if url and (not url.isascii() or not url.isprintable() or set(url) & set(" <>,")):
            raise Refusal("mail-unsubscribe", "The address to unsubscribe at is malformed.")


def to_address(text: str) -> Address:
    """The one address in the text; raises Refusal for none, several, or one with a line break in it."""
    if len(text) > ADDRESS_MAX or not text.isprintable() or set(text) & set(' ,;<>"()[]'):
        raise Refusal("mail-address", "This is not one e-mail address.")
    try:
        address = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise Refusal("mail-address", "This is not one e-mail address.") from error
    if not address.username or not address.domain:
        raise Refusal("mail-address", "This is not one e-mail address.")
    return address


def to_message(
    letter: Letter, *, sender: str, sender_name: str, message_id: str, host: str, sent_at: datetime
) -> EmailMessage:
    """The letter as it is sent; the same arguments give the same bytes but for the boundary between its parts."""
    message = EmailMessage(policy=SMTP)
    own = to_address(sender)
    name = "".join(sign for sign in sender_name if sign.isprintable())[:100]
    message["From"] = Address(name, own.username, own.domain)
    message["To"] = to_address(letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<{message_id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    # Exchange answers with absence notes unless told.
    message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    footer = ""
    if letter.list_id:
        message["List-Id"] = f"<{letter.list_id}.{host}>"
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        with speaking(letter.language):
            footer = f"\n\n-- \n{say('No more of these: %(url)s', url=letter.unsubscribe_url)}\n"
    message.set_content(letter.text.rstrip() + (footer or "\n"))
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        message.add_attachment(letter.calendar, subtype="calendar", filename="event.ics")
    return message

"""What tests of the site read in letters, which lie as files where no mail server is set."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from tests.support.network import Chapter


def letters(chapter: Chapter, to: str = "") -> list[EmailMessage]:
    """What left, oldest first; to that address, if one is named."""
    found = sorted((chapter.settings.data / "outbox").glob("*.eml"))
    read = [message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default) for path in found]
    return [letter for letter in read if to in ("", letter["To"])]


def text_of(letter: EmailMessage) -> str:
    """Its plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(letter: EmailMessage, path: str) -> str:
    """The first address in the letter that has that path in it."""
    found = re.search(rf"https?://\S*{path}\S*", text_of(letter))
    assert found, text_of(letter)
    return found[0]

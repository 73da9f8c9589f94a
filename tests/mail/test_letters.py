"""The form of a letter: what its headers say, and what nobody can put into them."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from fedchapter.errors import Refusal, SettingsError
from fedchapter.mail import Letter, read_token, to_message, token_for
from fedchapter.mail.post import to_server

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def sent(letter: Letter, name: str = "Riverside") -> EmailMessage:
    """The letter as whoever gets it reads it."""
    message = to_message(
        letter,
        sender="chapter@riverside.test",
        sender_name=name,
        message_id="01abc",
        host="riverside.test",
        sent_at=AT,
    )
    return message_from_bytes(bytes(message), EmailMessage, policy=policy.default)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return "\n".join(str(body.get_content()).splitlines()) + "\n"


def test_a_letter_says_that_a_machine_wrote_it_and_keeps_its_id() -> None:
    message = sent(Letter("ana@example.org", "Grüße vom Fluß", "Hello Ana"))
    assert message["From"] == "Riverside <chapter@riverside.test>"
    assert message["To"] == "ana@example.org"
    assert message["Subject"] == "Grüße vom Fluß"
    assert message["Message-ID"] == "<01abc@riverside.test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == AT
    assert "List-Unsubscribe" not in message
    assert text_of(message) == "Hello Ana\n"


def test_a_letter_of_a_list_can_be_left_in_one_click_and_by_a_visible_link() -> None:
    url = "https://riverside.test/unsubscribe/" + "x" * 200
    message = sent(Letter("ana@example.org", "News", "Text", "<p>Text</p>", "announcements", url))
    assert message["List-Id"] == "<announcements.riverside.test>"
    assert message["List-Unsubscribe"] == f"<{url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert text_of(message).endswith(f"No more of these: {url}\n")
    assert text_of(message, "html").strip() == "<p>Text</p>"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@example.org\nBcc: all@example.org",
        "ana@example.org\r\nBcc: all@example.org",
        "ana@example.org, ben@example.org",
        "ana@example.org ben@example.org",
        "Ana <ana@example.org>",
        "ana@example.org\x00",
        "ana@exa\u2028mple.org",
        "a" * 250 + "@example.org",
    ],
)
def test_only_one_address_is_an_address(address: str) -> None:
    with pytest.raises(Refusal):
        Letter(address, "Subject", "Text")


@pytest.mark.parametrize("subject", ["", "  ", "a\nBcc: all@example.org", "a\rb", "x" * 201])
def test_a_subject_carries_no_other_header(subject: str) -> None:
    with pytest.raises(Refusal):
        Letter("ana@example.org", subject, "Text")


def test_a_list_and_its_address_carry_no_other_header() -> None:
    for list_id in ("News", "a b", "a\nb", "a.b", "<a>"):
        with pytest.raises(Refusal):
            Letter("ana@example.org", "Subject", "Text", list_id=list_id)
    for url in ("https://a.test/\nBcc: b", "https://a.test/>, <mailto:b"):
        with pytest.raises(Refusal):
            Letter("ana@example.org", "Subject", "Text", unsubscribe_url=url)


def test_the_name_of_a_chapter_carries_no_other_header() -> None:
    message = sent(Letter("ana@example.org", "Subject", "Text"), 'River\r\nBcc: all@example.org "side"')
    assert "Bcc" not in message
    assert message["From"].addresses[0].addr_spec == "chapter@riverside.test"


def test_a_token_leaves_one_list_for_one_address_and_cannot_be_made_up() -> None:
    secret = b"s" * 32
    token = token_for(secret, "Ana@Example.org", "announcements")
    leaving = read_token(secret, token)
    assert leaving is not None
    assert leaving.list_id == "announcements"
    assert token_for(secret, "ana@example.org", "announcements") == token
    assert "ana" not in token
    for forged in (
        token.replace("announcements", "events"),
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        token_for(b"t" * 32, "ana@example.org", "announcements"),
        token.upper(),
        token + "\n",
        "",
    ):
        assert read_token(secret, forged) is None


def test_a_password_travels_only_under_tls() -> None:
    assert to_server("smtp://mail.example.org").start_tls
    assert to_server("smtps://ana:p%40ss@mail.example.org").password == "p@ss"
    assert (to_server("smtps://mail.example.org").port, to_server("smtp://mail.example.org").port) == (
        465,
        587,
    )
    assert not to_server("smtp://localhost:25").start_tls
    assert not to_server("smtp://relay:25?starttls=no").start_tls
    assert "secret" not in repr(to_server("smtps://ana:secret@mail.example.org"))
    with pytest.raises(SettingsError):
        to_server("smtp://ana:secret@mail.example.org?starttls=no")
    for wrong in ("mail.example.org", "http://mail.example.org", "smtp://", "smtp://a:b", "smtp://a/path"):
        with pytest.raises(SettingsError, match="expected smtp://"):
            to_server(wrong)

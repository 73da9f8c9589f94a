"""The mail server of the tests of mail."""

from tests.mail.conftest import mail_server

__all__ = ["mail_server"]

"""The ways in beside name and password: fediverse accounts, authenticators, recovery codes, and short-lived tickets.

operations.md §3 rows D3 and D6. Nothing of this leaves the server: which fediverse account is a member's is known here
and to that account's own server only.
"""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class Identity(Model):
    """A fediverse account with which a member signs in, moved_to_uri is set while a move waits for the member's yes."""

    id = fields.CharField(max_length=26, primary_key=True)
    account_id = fields.CharField(max_length=26)
    actor_uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    handle = fields.CharField(max_length=300, description="name@host, as shown when it was linked")
    host = fields.CharField(max_length=255, description="the server that vouches for it")
    moved_to_uri = fields.CharField(max_length=URI_LENGTH, default="")
    linked_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "identity"
        indexes = (("account_id",),)


class Authenticator(Model):
    """A second step of signing in: an app that shows codes (totp) or a passkey."""

    id = fields.CharField(max_length=26, primary_key=True)
    account_id = fields.CharField(max_length=26)
    kind = fields.CharField(max_length=7, description="totp or passkey")
    label = fields.CharField(max_length=60)
    secret = fields.TextField(default="", description="of a totp, sealed")
    credential = fields.CharField(
        max_length=1400, default="", description="of a passkey, its id in base64url"
    )
    public_key = fields.TextField(default="", description="of a passkey, SPKI in base64url")
    counter = fields.BigIntField(default=0, description="last code's step, or the passkey's count")
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "authenticator"
        indexes = (("account_id",), ("credential",))


class RecoveryCode(Model):
    """A code on paper for whoever lost the authenticator, code is its SHA-256, the row goes when it is used."""

    id = fields.CharField(max_length=26, primary_key=True)
    account_id = fields.CharField(max_length=26)
    code = fields.CharField(max_length=64, unique=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "recovery_code"
        indexes = (("account_id",),)


class Ticket(Model):
    """Something to be shown back once and soon, token is a SHA-256 and data can only be read with the token itself."""

    id = fields.CharField(max_length=26, primary_key=True)
    token = fields.CharField(max_length=64, unique=True)
    purpose = fields.CharField(max_length=16)
    account_id = fields.CharField(max_length=26, default="")
    data = fields.TextField()
    created_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "ticket"
        indexes = (("account_id",), ("ends_at",))

"""Accounts, sessions and invitations.

operations.md §3 rows D6 (argon2id, hashed single-use tokens), D7; DESIGN §1 (privacy by default).
"""

from tortoise import fields
from tortoise.models import Model


class Account(Model):
    """A local person. email is empty unless given, password is an argon2id hash, empty until set."""

    id = fields.CharField(max_length=26, primary_key=True)
    display_name = fields.CharField(max_length=100)
    sort_name = fields.CharField(
        max_length=250,
        default="",
        db_default="",
        description="the name as it is searched and sorted (text.fold)",
    )
    email = fields.CharField(max_length=254, default="")
    password = fields.CharField(max_length=255, default="")
    state = fields.CharField(max_length=8, default="active", description="active left erased")
    language = fields.CharField(max_length=16, default="")
    invited_by = fields.CharField(max_length=26, default="")
    created_at = fields.DatetimeField()
    votes_from_at = fields.DatetimeField(null=True, description="empty is from the beginning")
    good_until = fields.DateField(null=True, description="last day of good standing, empty is unlimited")
    left_at = fields.DatetimeField(null=True)
    handle = fields.CharField(max_length=64, null=True, unique=True, description="public username")

    class Meta:
        table = "account"
        indexes = (("email",), ("state", "sort_name", "id", "email"))


class Session(Model):
    """Somebody signed in on one device, token is the SHA-256 of what the cookie holds."""

    id = fields.CharField(max_length=26, primary_key=True)
    token = fields.CharField(max_length=64, unique=True)
    account_id = fields.CharField(max_length=26)
    device = fields.CharField(max_length=200, default="")
    how = fields.CharField(max_length=9, default="", db_default="", description="password fediverse link")
    second_at = fields.DatetimeField(null=True, description="when the second step was given")
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()

    class Meta:
        table = "session"
        indexes = (("account_id",), ("ends_at",))


class Invitation(Model):
    """A link that can be used once: to join, to become the first admin, or to sign in and set a new password."""

    id = fields.CharField(max_length=26, primary_key=True)
    token = fields.CharField(max_length=64, unique=True)
    purpose = fields.CharField(max_length=8, description="join or sign-in")
    role = fields.CharField(max_length=9, default="member")
    account_id = fields.CharField(max_length=26, default="")
    note = fields.CharField(max_length=200, default="")
    made_by = fields.CharField(max_length=26, default="")
    created_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    used_by = fields.CharField(max_length=26, default="")

    class Meta:
        table = "invitation"

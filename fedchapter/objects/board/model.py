"""What is on the board, ours and our sister chapters', and what was answered.

DESIGN §1 (people who need help and people who can help); nothing here outlives its entry.
"""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class BoardEntry(Model):
    """A need or an offer. account_id is empty for one of a sister chapter, whose actor is owner_uri."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    owner_uri = fields.CharField(max_length=URI_LENGTH)
    account_id = fields.CharField(max_length=26, default="")
    sort = fields.CharField(max_length=5, description="need or offer")
    title = fields.CharField(max_length=120)
    text = fields.TextField(default="", description="Markdown, ours only")
    html = fields.TextField(default="")
    category = fields.CharField(max_length=10)
    named = fields.BooleanField(default=False)
    shared = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "board_entry"
        indexes = (("expires_at",), ("account_id",), ("owner_uri",), ("created_at", "id"))


class BoardAnswer(Model):
    """What somebody wrote to the one who posted an entry, and what came back, account_id is empty for one from afar."""

    id = fields.CharField(max_length=26, primary_key=True)
    uri = fields.CharField(max_length=URI_LENGTH, unique=True)
    entry_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26, default="")
    owner_uri = fields.CharField(max_length=URI_LENGTH, description="the chapter it comes from")
    text = fields.TextField()
    reply = fields.TextField(default="")
    reply_uri = fields.CharField(max_length=URI_LENGTH, default="")
    created_at = fields.DatetimeField()
    replied_at = fields.DatetimeField(null=True)

    class Meta:
        table = "board_answer"
        indexes = (("entry_id",), ("account_id",))

"""Groups inside the chapter, who belongs to them, and what they write for themselves.

DESIGN §1 (precinct groups). Who belongs to a group is known to its members and organizers, and never leaves the server.
"""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class ChapterGroup(Model):
    """A precinct or working group. One with an actor_uri is public and can be followed, and stays so."""

    id = fields.CharField(max_length=26, primary_key=True)
    kind = fields.CharField(max_length=8, description="precinct or working")
    name = fields.CharField(max_length=100)
    slug = fields.CharField(max_length=30, unique=True)
    about = fields.TextField(default="", description="Markdown")
    actor_uri = fields.CharField(max_length=URI_LENGTH, default="")
    joining = fields.CharField(max_length=5, default="open", description="open or asked")
    created_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "chapter_group"
        indexes = (("actor_uri",),)


class GroupMember(Model):
    """A member of the chapter in one of its groups, or somebody who asks to be."""

    id = fields.CharField(max_length=26, primary_key=True)
    group_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26)
    state = fields.CharField(max_length=6, description="asked or member")
    asked_at = fields.DatetimeField()
    joined_at = fields.DatetimeField(null=True)

    class Meta:
        table = "group_member"
        unique_together = (("group_id", "account_id"),)
        indexes = (("account_id", "state"),)


class GroupNote(Model):
    """Something for the members of one group alone. With meets_at it is a meeting."""

    id = fields.CharField(max_length=26, primary_key=True)
    group_id = fields.CharField(max_length=26)
    account_id = fields.CharField(max_length=26, default="")
    title = fields.CharField(max_length=200)
    text = fields.TextField(default="", description="Markdown")
    meets_at = fields.DatetimeField(null=True)
    place = fields.CharField(max_length=200, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "group_note"
        indexes = (("group_id", "id"), ("group_id", "meets_at"))

"""What waits for a moderator: held posts, reports and appeals in one table, so that one queue pages through all."""

from tortoise import fields
from tortoise.models import Model

URI_LENGTH = 1024


class DeskItem(Model):
    """One thing to decide. Items of one group_key are decided together.

    evidence is the text as it was when it came, kept though its origin edits or deletes it.
    """

    id = fields.CharField(max_length=26, primary_key=True)
    sort = fields.CharField(max_length=6, description="held report appeal")
    subject_uri = fields.CharField(
        max_length=URI_LENGTH, description="the post, or the id of the report or appeal"
    )
    actor_uri = fields.CharField(max_length=URI_LENGTH, default="", description="who wrote it or is reported")
    host = fields.CharField(max_length=255, default="")
    gravity = fields.IntField(description="0 to 100, gravest first")
    group_key = fields.CharField(max_length=128, description="wave:, text:, actor: or own id")
    rule = fields.CharField(max_length=64, default="", description="the rule that held it")
    reason = fields.TextField(default="", description="why it waits, in words of the catalogs")
    evidence = fields.TextField(default="", description="JSON: title, note, html, pictures, links")
    state = fields.CharField(max_length=7, default="open", description="open closed expired")
    outcome = fields.CharField(
        max_length=16, default="", description="what was decided, a name of audit.WORDS"
    )
    text_hash = fields.CharField(max_length=64, default="", description="of the words alone: copies share it")
    exact_hash = fields.CharField(max_length=64, default="", description="of all that its author can change")
    opened_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True, description="unseen after that it is gone")
    closed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "desk_item"
        unique_together = (("sort", "subject_uri"),)
        indexes = (
            # The queue groups by reading this one alone.
            ("state", "group_key", "gravity", "opened_at"),
            ("state", "sort"),
            ("text_hash", "state"),
            ("state", "expires_at"),
            ("actor_uri", "state"),
            ("host", "state"),
        )


class DeskClaim(Model):
    """Who looks at a group just now. An old one counts as none."""

    group_key = fields.CharField(max_length=128, primary_key=True)
    account_id = fields.CharField(max_length=26)
    claimed_at = fields.DatetimeField()

    class Meta:
        table = "desk_claim"
        indexes = (("account_id",), ("claimed_at",))


class DeskNote(Model):
    """What one moderator wrote down for the others about a group."""

    id = fields.CharField(max_length=26, primary_key=True)
    group_key = fields.CharField(max_length=128)
    account_id = fields.CharField(max_length=26)
    text = fields.TextField()
    made_at = fields.DatetimeField()

    class Meta:
        table = "desk_note"
        indexes = (("group_key",), ("made_at",))


class DeskFine(Model):
    """A post that was found to be fine: as long as its text is this one, nobody is asked about it again."""

    uri = fields.CharField(max_length=URI_LENGTH, primary_key=True)
    exact_hash = fields.CharField(max_length=64)
    made_by = fields.CharField(max_length=26, default="", description="account id")
    made_at = fields.DatetimeField()

    class Meta:
        table = "desk_fine"
        indexes = (("made_at",),)


class PrivateText(Model):
    """A post that gave somebody away: it stays away however often it is sent, and so does each copy of its words.

    Nothing of the text is kept, only a fingerprint of its words without digits and links (policy.private), empty where
    they are too few to tell copies by.
    """

    uri = fields.CharField(max_length=URI_LENGTH, primary_key=True)
    words_hash = fields.CharField(max_length=64, default="")
    copy_of = fields.CharField(max_length=URI_LENGTH, default="", description="the post it repeats or shows")
    made_by = fields.CharField(max_length=26, default="", description="account id")
    made_at = fields.DatetimeField()

    class Meta:
        table = "private_text"
        indexes = (("words_hash",), ("copy_of",))

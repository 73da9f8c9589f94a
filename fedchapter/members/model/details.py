"""What a member adds to name and contact: a legal name and a phone where the chapter asks, skills and interests.

DESIGN §1: off by default, filled by the member alone, erased with the account.
"""

from tortoise import fields
from tortoise.models import Model


class Detail(Model):
    """One member's own additions, the row is missing when there are none."""

    account_id = fields.CharField(max_length=26, primary_key=True)
    legal_name = fields.CharField(max_length=200, default="")
    phone = fields.CharField(max_length=40, default="")
    skills_for = fields.CharField(max_length=10, default="organizers", description="organizers or groups")
    changed_at = fields.DatetimeField()

    class Meta:
        table = "detail"


class Skill(Model):
    """One thing that a member can do (skill) or cares about (interest), folded is how it is searched for."""

    id = fields.CharField(max_length=26, primary_key=True)
    account_id = fields.CharField(max_length=26)
    sort = fields.CharField(max_length=8, description="skill or interest")
    words = fields.CharField(max_length=60)
    folded = fields.CharField(max_length=120)
    created_at = fields.DatetimeField()

    class Meta:
        table = "skill"
        unique_together = (("account_id", "sort", "folded"),)
        indexes = (("folded",),)

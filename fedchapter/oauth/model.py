"""What other servers gave us so that their people can sign in here: one application for each host.

wire.md §6.3 (registering is throttled, so it is done once and kept); operations.md §3 row D3.
"""

from tortoise import fields
from tortoise.models import Model


class OAuthApp(Model):
    """Our application at one host, with the addresses as they were when it was made, secret is sealed."""

    host = fields.CharField(max_length=255, primary_key=True)
    client_id = fields.CharField(max_length=500)
    secret = fields.TextField()
    scope = fields.CharField(max_length=20)
    redirect_url = fields.CharField(max_length=400)
    server = fields.TextField(description="the endpoints, as JSON")
    made_at = fields.DatetimeField()

    class Meta:
        table = "oauth_app"

"""Domain: other servers, and how speaking with them goes."""

from tortoise import fields
from tortoise.models import Model

from core.clock import now


class Domain(Model):
    """A server we spoke with; the circuit of reliability.md 3.7 stands in these columns.

    Moments of the circuit are milliseconds since 1970; `form` is the signature it took last.
    """

    host = fields.CharField(max_length=255, primary_key=True, generated=False)
    software = fields.CharField(max_length=100, default="")
    software_version = fields.CharField(max_length=100, default="")
    asked_at = fields.DatetimeField(null=True)
    first_seen_at = fields.DatetimeField(default=now)
    heard_at = fields.DatetimeField(null=True)
    reached_at = fields.DatetimeField(null=True)
    form = fields.CharField(max_length=10, default="")
    failures = fields.IntField(default=0)
    failing_since = fields.BigIntField(default=0)
    probe_at = fields.BigIntField(default=0)
    wait_until = fields.BigIntField(default=0)
    is_unavailable = fields.BooleanField(default=False)

    class Meta:
        table = "domain"

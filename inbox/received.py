"""Received: what has already come in."""

import time

from tortoise import fields
from tortoise.models import Model

from core.ids import new_id


class Received(Model):
    """A mark that an activity came, kept for 30 days; `mark` is a hash of its signer and id.

    `at` is in seconds since 1970.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    mark = fields.CharField(max_length=64, unique=True)
    at = fields.BigIntField()

    class Meta:
        table = "received"
        indexes = [("at",)]


async def sweep(*, older_than_days: int = 30) -> None:
    """Forget marks that no server repeats any more (reliability.md 4)."""
    await Received.filter(at__lt=int(time.time()) - older_than_days * 86_400).delete()

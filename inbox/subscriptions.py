"""PushSubscription: an app's letterbox at a push service, and what it wants to be told there."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.tokens import Token
from core import sql
from core.clock import now
from core.jobs import put_many


class Whose(StrEnum):
    """Of whose deeds an app wants to be told."""

    ALL = "all"
    FOLLOWED = "followed"
    FOLLOWER = "follower"
    NONE = "none"


class PushSubscription(Model):
    """One for each token; it goes with it. `sealed` is the token's secret, for its app alone.

    The secret goes back to the app inside what only the app can decrypt, for some know by it which
    of their accounts is meant; at rest it is locked with the secret of this machine (OAU-05).
    """

    id = fields.IntField(primary_key=True)
    token: fields.OneToOneRelation[Token] = fields.OneToOneField(
        "rubric.Token", related_name="subscription"
    )
    token_id: int
    endpoint = fields.CharField(max_length=2000)
    p256dh = fields.CharField(max_length=100)
    auth = fields.CharField(max_length=40)
    is_standard = fields.BooleanField(default=False)
    alerts: Any = fields.JSONField(default=list)
    policy = fields.CharEnumField(Whose, max_length=10, default=Whose.ALL)
    sealed = fields.BinaryField()
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "push_subscription"


async def queue_pushes(notification_id: int, reader_id: int) -> None:
    """Have those apps of a reader told that want to be; in the transaction of what is told."""
    rows = await sql.rows(
        "SELECT p.id FROM push_subscription p JOIN token t ON t.id = p.token_id"
        " JOIN account c ON c.id = t.account_id WHERE c.actor_id = ? AND p.policy <> 'none'",
        [reader_id],
    )
    if rows:
        payloads = [{"notification": notification_id, "to": row["id"]} for row in rows]
        await put_many("web.push", payloads)

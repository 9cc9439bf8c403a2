"""Closing an account: the person is gone at once, the rest follows as work."""

from tortoise.transactions import in_transaction

from actors.accounts import Account
from actors.actor import Actor
from actors.credentials import end_everything
from actors.mailed import MailedToken
from actors.roles import spare_last_admin
from core.clock import now
from core.jobs import put


async def close(account: Account) -> None:
    """Close an account for good; its name stays taken, its address is forgotten (ACC-07).

    Raises roles.LastAdmin.
    """
    async with in_transaction():
        await spare_last_admin(account)
        await end_everything(account)
        await MailedToken.filter(account_id=account.id).delete()
        await Account.filter(id=account.id).update(
            closed_at=now(),
            email="",
            email_key=f"-{account.actor.name}",
            password_hash="",
            reason="",
            preferences={},
        )
        await Actor.filter(id=account.actor_id).update(gone_at=now())
        await put("outbox.close_account", {"actor_id": account.actor_id})

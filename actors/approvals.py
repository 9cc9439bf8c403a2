"""Approvals: letting in, or not, those who asked to join."""

from tortoise.transactions import in_transaction

from actors.accounts import Account
from actors.actor import Actor
from core.clock import now


async def waiting(most: int = 100) -> list[Account]:
    """List who asked and has no answer, the longest waiting first; their actors are loaded."""
    return (
        await Account.filter(approved_at=None, closed_at=None)
        .order_by("id")
        .limit(most)
        .select_related("actor")
    )


async def approve(account: Account) -> bool:
    """Let someone in; False when somebody else has answered already."""
    async with in_transaction():
        changed = await Account.filter(id=account.id, approved_at=None).update(approved_at=now())
        await Actor.filter(id=account.actor_id).update(is_withdrawn=False)
    return bool(changed)


async def decline(account: Account) -> bool:
    """Forget someone who asked; nobody has seen them, so their name is free again."""
    async with in_transaction():
        if not await Account.filter(id=account.id, approved_at=None).exists():
            return False
        await Actor.filter(id=account.actor_id).delete()
    return True

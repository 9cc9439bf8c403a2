"""Answering those who asked to join: the answer, its audit and the letter are one transaction."""

from tortoise.transactions import in_transaction

from actors import approvals
from actors.accounts import Account
from actors.actor import Actor
from core.mail import queue
from core.settings import settings
from moderation.audit import write_down
from web.mails import mail


async def approve(account: Account, by: Actor, *, address: str = "") -> bool:
    """Let someone in, and write to them; False when somebody answered before."""
    letter = mail(
        "approved", account.locale, handle=account.actor.name, url=settings().url("/sign-in")
    )
    async with in_transaction():
        if not await approvals.approve(account):
            return False
        if account.email:
            await queue(account.email, letter.subject, letter.text)
        about = f"account:{account.actor.name}"
        await write_down(by.id, "person.approve", about, address=address)
    return True


async def decline(account: Account, by: Actor, *, reason: str = "", address: str = "") -> bool:
    """Forget someone who asked, and write to them why; False when somebody answered before."""
    letter = mail("declined", account.locale, handle=account.actor.name, reason=reason)
    async with in_transaction():
        if not await approvals.decline(account):
            return False
        if account.email:
            await queue(account.email, letter.subject, letter.text)
        about = f"account:{account.actor.name}"
        await write_down(by.id, "person.decline", about, reason=reason, address=address)
    return True

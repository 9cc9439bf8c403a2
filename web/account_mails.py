"""The e-mails about an account; what is secret in them is made only when they are sent.

The work is the same whether there is such an account or not, so that nobody learns it (ACC-04).
"""

from collections.abc import Mapping
from typing import Any

from actors import credentials, emails
from actors.accounts import Account, find
from actors.mailed import LASTS, Purpose, mailed_token
from core.clock import now
from core.jobs import put
from core.mail import has_mail, queue, send
from core.settings import settings
from web.mails import mail
from web.texts import speaking


async def ask_to_confirm(account: Account, address: str) -> None:
    """Put down a letter that asks to confirm an address; it claims the address when followed."""
    if has_mail():
        await put("web.mail_confirmation", {"account_id": account.id, "address": address})


async def ask_for_reset(address: str) -> None:
    """Put down a letter with a link to a new password, should the address have an account."""
    if has_mail():
        await put("web.mail_reset", {"address": address})


async def send_confirmation(payload: Mapping[str, Any]) -> None:
    """Send the letter of `ask_to_confirm`; to who has an account already, another one."""
    account = await Account.get(id=payload["account_id"]).select_related("actor")
    address = str(payload["address"])
    owner = await find(emails.key_of(address))
    if owner is not None and owner.id != account.id:
        url = settings().url("/password/forgotten")
        letter = mail("already", owner.locale, handle=owner.actor.name, url=url)
    else:
        secret = await mailed_token(account, Purpose.CONFIRM, address)
        letter = mail(
            "confirm",
            account.locale,
            handle=account.actor.name,
            url=settings().url(f"/confirm/{secret}"),
            days=LASTS[Purpose.CONFIRM].days,
        )
    await send(address, letter.subject, letter.text)


async def send_reset(payload: Mapping[str, Any]) -> None:
    """Send the letter of `ask_for_reset`, if there is anyone to send it to."""
    account = await credentials.account_to_write_to(str(payload["address"]))
    if account is None:
        return
    secret = await mailed_token(account, Purpose.RESET, account.email)
    letter = mail(
        "password",
        account.locale,
        handle=account.actor.name,
        url=settings().url(f"/password/{secret}"),
        hours=int(LASTS[Purpose.RESET].total_seconds() // 3600),
    )
    await send(account.email, letter.subject, letter.text)


async def tell_of_change(account: Account, what: object, address: str) -> None:
    """Tell someone, at an address they had, what was changed; call it in the transaction."""
    if not address:
        return
    with speaking(account.locale):
        sentence = str(what)
    url = settings().url("/password/forgotten")
    letter = mail(
        "changed", account.locale, handle=account.actor.name, what=sentence, at=now(), url=url
    )
    await queue(address, letter.subject, letter.text)


async def tell_of_approval(account: Account) -> None:
    """Tell someone that they are let in."""
    url = settings().url("/sign-in")
    letter = mail("approved", account.locale, handle=account.actor.name, url=url)
    await queue(account.email, letter.subject, letter.text)


async def tell_of_refusal(account: Account, reason: str) -> None:
    """Tell someone that they are not let in, and why."""
    letter = mail("declined", account.locale, handle=account.actor.name, reason=reason)
    await queue(account.email, letter.subject, letter.text)

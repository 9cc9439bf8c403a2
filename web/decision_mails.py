"""The e-mail to someone here about whom something was decided."""

from collections.abc import Mapping
from typing import Any

from actors.accounts import Account
from core.mail import has_mail, send
from moderation.decisions import Decision
from moderation.links import link_to
from web.building.decisions import became, measure_words, thing_words
from web.mails import mail
from web.texts import speaking


async def send_decision(payload: Mapping[str, Any]) -> None:
    """Send the letter about a decision, or about what became of it; job `web.mail_decision`."""
    decision = await Decision.get_or_none(id=payload["decision_id"])
    account = await Account.get_or_none(
        actor_id=decision.actor_id if decision else None, closed_at=None
    ).select_related("actor")
    if decision is None or account is None or not account.confirmed_at or not has_mail():
        return
    with speaking(account.locale):
        letter = mail(
            "decision",
            account.locale,
            handle=account.actor.name,
            became=became(str(payload["what"])),
            measure=measure_words(decision.measure),
            thing=thing_words(decision.thing),
            explanation=decision.explanation,
            url=link_to(decision),
        )
    await send(account.email, letter.subject, letter.text)

"""Telling somebody here that the moderators decided something about them."""

from collections.abc import Mapping
from typing import Any

from actors.instance import instance_actor
from inbox.notifications import Event, tell_staff
from moderation.decisions import Decision


async def tell_of_decision(payload: Mapping[str, Any]) -> None:
    """Tell who is concerned, once, in the name of this server; job `inbox.tell_of_decision`.

    The suspended are told as well: they can sign in, read it, and appeal.
    """
    found = Decision.filter(id=payload["decision_id"], issued_at__not_isnull=True)
    decision = await found.select_related("actor").first()
    person = decision.actor if decision else None
    if decision is None or person is None or not person.is_local or person.is_group:
        return
    instance = await instance_actor()
    await tell_staff(person.id, Event.WARNING, instance.id, decision.id)

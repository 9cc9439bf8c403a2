"""Telling somebody here that the moderators decided something about them."""

from collections.abc import Mapping
from typing import Any

from actors.instance import instance_actor
from inbox.notifications import Event, tell_staff
from moderation.decisions import Decision
from moderation.notices import concerned_here


async def tell_of_decision(payload: Mapping[str, Any]) -> None:
    """Tell who is concerned, once, in the name of this server; job `inbox.tell_of_decision`.

    Of a group those who run it are. The suspended are told as well: they can sign in, read it, and
    appeal.
    """
    found = Decision.filter(id=payload["decision_id"], issued_at__not_isnull=True)
    decision = await found.select_related("actor").first()
    person = decision.actor if decision else None
    if decision is None or person is None or not person.is_local:
        return
    instance = await instance_actor()
    for each in await concerned_here(person):
        await tell_staff(each.id, Event.WARNING, instance.id, decision.id)

"""Telling moderators that something waits for them."""

from collections.abc import Mapping
from typing import Any

from actors.accounts import Account, Role
from actors.instance import instance_actor
from inbox.notifications import Event, tell_staff
from moderation.reports import Report


async def tell_of_report(payload: Mapping[str, Any]) -> None:
    """Tell every moderator of a report, in the name of the instance: never the reporter (MOD-01).

    Job `inbox.tell_staff`.
    """
    report = await Report.get_or_none(id=payload["report_id"])
    if report is None:
        return
    instance = await instance_actor()
    for account in await staff():
        await tell_staff(account.actor_id, Event.REPORT, instance.id, report.id)


async def tell_of_appeal(payload: Mapping[str, Any]) -> None:
    """Tell every moderator that an appeal waits; job `inbox.tell_staff_of_appeal`."""
    instance = await instance_actor()
    for account in await staff():
        await tell_staff(account.actor_id, Event.REPORT, instance.id, payload["appeal_id"])


async def staff() -> list[Account]:
    """Return the accounts of moderators and admins who are here."""
    return await Account.filter(
        role__in=[Role.MODERATOR, Role.ADMIN], disabled_at=None, closed_at=None
    )

"""Telling moderators that something waits for them."""

from collections.abc import Mapping
from typing import Any

from actors.accounts import Account, Role
from actors.actor import Actor
from actors.instance import instance_actor
from inbox.notifications import Event, tell_staff
from moderation.appeals import Appeal
from moderation.group_appeals import judges_of
from moderation.group_readers import readers_in
from moderation.reports import Report
from notes.note import Note


async def tell_of_report(payload: Mapping[str, Any]) -> None:
    """Tell every moderator of a report, in the name of the instance: never the reporter (MOD-01).

    Whom it is about is not told of it, though a moderator. What a group answers itself, those who
    run it are told in the name of the group.

    Job `inbox.tell_staff`.
    """
    report = await Report.get_or_none(id=payload["report_id"])
    if report is None:
        return
    if report.group_id is not None:
        group = await Actor.get(id=report.group_id)
        for number in await readers_in(group, report.target_id, report.reporter_id):
            await tell_staff(number, Event.GROUP, group.id, report.id)
        return
    instance = await instance_actor()
    runners = await readers_in(await Actor.get(id=report.target_id))
    for account in await staff():
        if account.actor_id not in (report.target_id, *runners):
            await tell_staff(account.actor_id, Event.REPORT, instance.id, report.id)


async def tell_of_appeal(payload: Mapping[str, Any]) -> None:
    """Tell every moderator that an appeal waits, of a group's decision those of the group as well.

    Job `inbox.tell_staff_of_appeal`.
    """
    instance = await instance_actor()
    appeal = await Appeal.get_or_none(id=payload["appeal_id"]).select_related("decision")
    if appeal is not None and appeal.decision.group_id is not None:
        for number in await judges_of(appeal.decision):
            await tell_staff(number, Event.GROUP, appeal.decision.group_id, appeal.id)
    for account in await staff():
        await tell_staff(account.actor_id, Event.REPORT, instance.id, payload["appeal_id"])


async def tell_of_group(payload: Mapping[str, Any]) -> None:
    """Tell every moderator that somebody would run a group that nobody runs any more.

    Job `inbox.tell_staff_of_group`.
    """
    for account in await staff():
        await tell_staff(account.actor_id, Event.GROUP, payload["group"], payload["group"])


async def tell_of_held(payload: Mapping[str, Any]) -> None:
    """Tell every moderator that a note of somebody here waits for one of them.

    Its author is not told, though a moderator. Job `inbox.tell_staff_of_held`.
    """
    held = Note.filter(id=payload["note_id"], held_at__not_isnull=True, deleted_at=None)
    if note := await held.first():
        instance = await instance_actor()
        for account in await staff():
            if account.actor_id != note.author_id:
                await tell_staff(account.actor_id, Event.REPORT, instance.id, note.id)


async def staff() -> list[Account]:
    """Return the accounts of moderators and admins who are here."""
    return await Account.filter(
        role__in=[Role.MODERATOR, Role.ADMIN], disabled_at=None, closed_at=None
    )

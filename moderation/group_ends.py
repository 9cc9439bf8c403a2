"""Handing a group on, leaving an office, and closing a group after a notice (product.md 3.3)."""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from actors import written
from actors.actor import Actor
from actors.group_documents import whole_document_of
from actors.groups import Group
from actors.memberships import Membership, Role, State, membership_of, stand
from core.clock import now
from core.jobs import put
from moderation.group_acts import check_owns
from moderation.group_closing import close_group
from moderation.group_offices import end_office, pass_role
from moderation.group_record import Act, write_act
from outbox.group_rulings import Ruling, rule_here
from outbox.refusals import NotAllowed, NotValid
from outbox.undo import unfollow

SOONEST, LATEST = timedelta(days=7), timedelta(days=90)
ENDED = "The term ended."


async def transfer(owner: Actor, group: Actor, person: Actor) -> None:
    """Hand a group on to a member who lives here; who owned it moderates from then on."""
    await _check_here(group)
    await check_owns(owner, group)
    row = await membership_of(person, group)
    if row is None or not row.is_member or not person.is_local or not person.is_present:
        raise NotAllowed("Choose a member who lives here.")
    if row.role is Role.OWNER:
        return
    async with in_transaction():
        await stand(person.id, group.id, State.MEMBER, role=Role.OWNER, by_id=owner.id)
        await stand(owner.id, group.id, State.MEMBER, role=Role.MODERATOR, by_id=owner.id)
        if not row.runs:
            await pass_role(group, owner, "Add", person)
        await write_act(group, Act.OWNER, by=owner, person=person)


async def leave(person: Actor, group: Actor) -> None:
    """Leave a group; an office ends with it, and that is told and written down."""
    row = await membership_of(person, group)
    async with in_transaction():
        if group.is_local and row is not None and row.is_member and row.role is Role.MODERATOR:
            await end_office(group, person, by=person)
        await unfollow(person, group)


async def end_terms() -> None:
    """End the offices whose term is over; runs by the clock."""
    due = Membership.filter(
        state=State.MEMBER,
        role=Role.MODERATOR,
        until__lte=now(),
        group__local_name__not_isnull=True,
    )
    for row in await due.limit(100).select_related("group", "person"):
        async with in_transaction():
            await end_office(row.group, row.person, by=None, reason=ENDED)


async def announce_closing(owner: Actor, group: Actor, at: datetime, *, reason: str) -> None:
    """Say that a group will close, a week ahead at least; its members are told."""
    await _check_here(group)
    await check_owns(owner, group)
    if not reason.strip():
        raise NotValid("reason", "Say why; all members will read it.")
    if not now() + SOONEST - timedelta(minutes=5) <= at <= now() + LATEST:
        raise NotValid("at", "Choose a day between a week and three months from now.")
    async with in_transaction():
        await Group.filter(actor_id=group.id).update(closes_at=at)
        await write_act(group, Act.CLOSING, by=owner, until=at, reason=reason.strip())
        await _tell(group, owner)
        payload = {"group": group.id, "what": "closing", "day": f"{at:%Y-%m-%d}"}
        await put("moderation.tell_members", payload | {"reason": reason.strip()})


async def call_off(owner: Actor, group: Actor) -> None:
    """Let a group go on that was to close."""
    await _check_here(group)
    await check_owns(owner, group)
    async with in_transaction():
        waiting = Group.filter(actor_id=group.id, closes_at__not_isnull=True)
        if await waiting.update(closes_at=None):
            await write_act(group, Act.STAYS, by=owner)
            await _tell(group, owner)
            await put("moderation.tell_members", {"group": group.id, "what": "stays"})


async def close_due() -> None:
    """Close the groups whose day has come: its notes stay their authors'; runs by the clock."""
    due = Group.filter(
        closes_at__lte=now(), actor__gone_at=None, actor__local_name__not_isnull=True
    )
    for chosen in await due.limit(20).select_related("actor"):
        async with in_transaction():
            await close_group(chosen.actor)


async def _tell(group: Actor, owner: Actor) -> None:
    written.forget(group)
    await rule_here(group, owner, Ruling("Update", await whole_document_of(group)))


async def _check_here(group: Actor) -> None:
    if not group.is_local:
        raise NotAllowed("This group lives elsewhere; do this there.")

"""Who runs a group, and who is kept out of it: moderators added and removed, bans."""

from datetime import datetime

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.memberships import Role, State, membership_of, stand
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.group_acts import (
    Brought,
    as_said,
    ask_group,
    ask_group_back,
    check_owns,
    check_runs,
    notes_in,
)
from moderation.group_decisions import decide_in, lift_in
from moderation.group_record import Act, write_act
from moderation.vocabulary import Measure
from outbox.group_rulings import Ruling, rule_here, spread_ruling
from outbox.refusals import NotAllowed


async def ban(
    moderator: Actor,
    group: Actor,
    person: Actor,
    *,
    reason: str,
    rule: int = 0,
    until: datetime | None = None,
    with_notes: bool = False,
    brought: Brought | None = None,
    case: Case | None = None,
) -> Decision | None:
    """Keep somebody out of a group until an end, or for good; `with_notes` removes what they
    posted there as well, at most the newest hundred."""
    await _check_below(moderator, group, person)
    if not group.is_local:
        ruling = _ban_asked_of(group, person, reason, until, with_notes=with_notes)
        await ask_group(group, moderator, ruling)
        return None
    undo = {"with_notes": with_notes} | ({"brought": brought} if brought else {})
    async with in_transaction():
        decision = await decide_in(
            group,
            moderator,
            Measure.LEAVE_GROUP,
            about=person,
            reason=reason,
            rule=rule,
            until=until,
            undo=undo,
            case=case,
        )
        for note in await notes_in(group, person) if with_notes else []:
            await decide_in(group, moderator, Measure.REMOVE, about=note, reason=reason, rule=rule)
    return decision


def _ban_asked_of(
    group: Actor, person: Actor, reason: str, until: datetime | None, *, with_notes: bool
) -> Ruling:
    return Ruling(
        "Block",
        person.uri,
        target=group.uri,
        reason=as_said(reason),
        until=until,
        concerned=[person],
        more={"removeData": True} if with_notes else {},
    )


async def unban(
    moderator: Actor,
    group: Actor,
    person: Actor,
    *,
    reason: str = "",
    brought: Brought | None = None,
) -> None:
    """Let somebody join again before their ban ends."""
    await check_runs(moderator, group)
    if not group.is_local:
        await ask_group_back(group, moderator, "Block", person.uri, reason, target=group.uri)
        return
    measure = Measure.LEAVE_GROUP
    await lift_in(group, moderator, measure, about=person, reason=reason, brought=brought)


async def add_moderator(
    owner: Actor,
    group: Actor,
    person: Actor,
    *,
    until: datetime | None = None,
    brought: Brought | None = None,
) -> None:
    """Let a member moderate, until the end of a term or for as long as they like."""
    await check_runs(owner, group)
    if not group.is_local:
        await ask_group(group, owner, Ruling("Add", person.uri, target=group.moderators_uri))
        return
    await check_owns(owner, group)
    row = await membership_of(person, group)
    if row is None or not row.is_member:
        raise NotAllowed("Only members can become moderators.")
    if row.role is Role.OWNER or (row.runs and row.until == until):
        return
    async with in_transaction():
        await stand(
            person.id, group.id, State.MEMBER, role=Role.MODERATOR, until=until, by_id=owner.id
        )
        await pass_role(group, owner, "Add", person, brought)
        await write_act(group, Act.MODERATOR_IN, by=owner, person=person, until=until)


async def remove_moderator(
    by: Actor, group: Actor, person: Actor, *, reason: str = "", brought: Brought | None = None
) -> None:
    """End the office of a moderator: by who owns the group, or by themselves."""
    await check_runs(by, group)
    if not group.is_local:
        target = group.moderators_uri
        await ask_group(group, by, Ruling("Remove", person.uri, target=target, reason=reason))
        return
    if by.id != person.id:
        await check_owns(by, group)
    row = await membership_of(person, group)
    if row is not None and row.role is Role.OWNER:
        raise NotAllowed("Hand the group on first.")
    if row is None or not row.is_member or row.role is not Role.MODERATOR:
        return
    async with in_transaction():
        await end_office(group, person, by=by, reason=reason, brought=brought)


async def end_office(
    group: Actor,
    person: Actor,
    *,
    by: Actor | None,
    reason: str = "",
    brought: Brought | None = None,
) -> None:
    """Make a moderator an ordinary member, and say so everywhere; call in a transaction."""
    await stand(person.id, group.id, State.MEMBER, role=Role.MEMBER)
    await pass_role(group, by or group, "Remove", person, brought)
    await write_act(group, Act.MODERATOR_OUT, by=by, person=person, reason=reason)


async def _check_below(moderator: Actor, group: Actor, person: Actor) -> None:
    """Moderators are put out by who owns the group, and owners by nobody."""
    mine = await check_runs(moderator, group)
    theirs = await membership_of(person, group)
    if person.id == moderator.id:
        raise NotAllowed("You cannot ban yourself. Leave the group instead.")
    if person.is_group and person.is_local:
        raise NotAllowed("Groups are no members.")
    if theirs is None or not theirs.runs or not group.is_local:
        return
    if theirs.role is Role.OWNER or mine.role is not Role.OWNER:
        raise NotAllowed("Who runs the group cannot be banned from it.")


async def pass_role(
    group: Actor, by: Actor, verb: str, person: Actor, brought: Brought | None = None
) -> None:
    """Say everywhere that somebody moderates a group, or no longer; call in a transaction."""
    if brought:
        await spread_ruling(group, brought, person.uri, [person])
        return
    ruling = Ruling(verb, person.uri, target=group.moderators_uri, concerned=[person])
    await rule_here(group, by if by.is_local else group, ruling)

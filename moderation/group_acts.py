"""What those who run a group may do in it, one function for each act, here and elsewhere.

Each asks whether they may. In a group that lives here it has its effect, is written into the
group's record and passed on; `brought` is the activity of a moderator elsewhere, passed on as it
came, `case` that of the reports it answers. To a group elsewhere it is sent, and has its effect
once the group passes it on.
"""

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.memberships import Membership, Role, State, membership_of, stand
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.group_decisions import decide_in, lift_in
from moderation.group_record import Act, write_act
from moderation.vocabulary import Measure
from notes.group_marks import settle_pin
from notes.note import Note
from notes.reactions import Pin
from outbox.group_rulings import Ruling, act_before, ask_there, rule_here, spread_ruling
from outbox.refusals import NotAllowed, NotValid

MOST_PINS = 10
MOST_REMOVED = 100

RUN = "Only those who run this group can do this."
OWN = "Only who owns this group can do this."

Brought = dict[str, Any]

# What is said to a group elsewhere, and the measure that it is in a group here.
REMOVAL = ("Delete", Measure.REMOVE)
LOCK = ("Lock", Measure.CLOSE)


async def remove(
    moderator: Actor,
    group: Actor,
    note: Note,
    *,
    reason: str,
    rule: int = 0,
    brought: Brought | None = None,
    case: Case | None = None,
) -> Decision | None:
    """Take a note out of a group and say why; None where a group elsewhere is asked to."""
    if note.author_id == moderator.id:
        raise NotAllowed("This is yours: delete it instead.")
    return await _rule(REMOVAL, moderator, group, note, reason, rule, brought, case)


async def restore(
    moderator: Actor, group: Actor, note: Note, *, reason: str = "", brought: Brought | None = None
) -> None:
    """Let a removed note stand again; of their own only who owns the group may."""
    role = (await check_runs(moderator, group)).role
    if group.is_local and note.author_id == moderator.id and role is not Role.OWNER:
        raise NotAllowed("You are part of this; someone else has to decide.")
    await _rule_back(REMOVAL, moderator, group, note, reason, brought)


async def lock(
    moderator: Actor,
    group: Actor,
    note: Note,
    *,
    reason: str,
    rule: int = 0,
    brought: Brought | None = None,
    case: Case | None = None,
) -> Decision | None:
    """Close a thread, or what is below a comment, to answers."""
    return await _rule(LOCK, moderator, group, note, reason, rule, brought, case)


async def unlock(
    moderator: Actor, group: Actor, note: Note, *, reason: str = "", brought: Brought | None = None
) -> None:
    """Let it be answered again."""
    await _rule_back(LOCK, moderator, group, note, reason, brought)


async def pin(
    moderator: Actor, group: Actor, note: Note, *, brought: Brought | None = None
) -> None:
    """Show a thread first in a group."""
    await check_runs(moderator, group)
    check_inside(note, group)
    if note.in_reply_to_uri or note.held_at is not None:
        raise NotAllowed("Only threads that stand in the group can be pinned.")
    if not group.is_local:
        await _ask(group, moderator, Ruling("Add", note.uri, target=group.featured_uri))
        return
    others = Pin.filter(actor_id=group.id).exclude(note_id=note.id)
    if await others.count() >= MOST_PINS:
        raise NotAllowed("At most 10 threads can be pinned. Take another pin away first.")
    if not await Pin.exists(actor_id=group.id, note_id=note.id):
        await _settle_pin(moderator, group, note, is_pinned=True, brought=brought)


async def unpin(
    moderator: Actor, group: Actor, note: Note, *, brought: Brought | None = None
) -> None:
    """Take a pin away."""
    await check_runs(moderator, group)
    check_inside(note, group)
    if not group.is_local:
        await _ask(group, moderator, Ruling("Remove", note.uri, target=group.featured_uri))
    elif await Pin.exists(actor_id=group.id, note_id=note.id):
        await _settle_pin(moderator, group, note, is_pinned=False, brought=brought)


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
        more = {"removeData": True} if with_notes else {}
        await _ask(
            group,
            moderator,
            Ruling(
                "Block",
                person.uri,
                target=group.uri,
                reason=_said(reason),
                until=until,
                concerned=[person],
                more=more,
            ),
        )
        return None
    undo = {"with_notes": with_notes} | ({"brought": brought} if brought else {})
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
    for note in await _notes_in(group, person) if with_notes else []:
        await decide_in(group, moderator, Measure.REMOVE, about=note, reason=reason, rule=rule)
    return decision


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
        await _ask_back(group, moderator, "Block", person.uri, reason, target=group.uri)
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
        await _ask(group, owner, Ruling("Add", person.uri, target=group.moderators_uri))
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
        await _ask(group, by, Ruling("Remove", person.uri, target=target, reason=reason))
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


async def check_runs(moderator: Actor, group: Actor) -> Membership:
    """Raise NotAllowed unless somebody moderates or owns a group."""
    row = await membership_of(moderator, group)
    if row is None or not row.runs or not moderator.is_present or not group.is_present:
        raise NotAllowed(RUN)
    return row


async def check_owns(owner: Actor, group: Actor) -> None:
    """Raise NotAllowed unless somebody owns a group."""
    if (await check_runs(owner, group)).role is not Role.OWNER:
        raise NotAllowed(OWN)


def check_inside(note: Note, group: Actor) -> None:
    """Raise NotAllowed unless a note stands in a group, or did."""
    if note.group_id != group.id or note.deleted_at is not None or note.is_boost:
        raise NotAllowed("This note is not in the group.")


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


async def _settle_pin(
    moderator: Actor, group: Actor, note: Note, *, is_pinned: bool, brought: Brought | None
) -> None:
    verb, act = ("Add", Act.PIN) if is_pinned else ("Remove", Act.UNPIN)
    async with in_transaction():
        await settle_pin(note, group, is_pinned=is_pinned)
        if brought:
            await spread_ruling(group, brought, note.uri)
        else:
            by = moderator if moderator.is_local else group
            await rule_here(group, by, Ruling(verb, note.uri, target=group.featured_uri))
        await write_act(group, act, by=moderator, note=note)


async def pass_role(
    group: Actor, by: Actor, verb: str, person: Actor, brought: Brought | None = None
) -> None:
    """Say everywhere that somebody moderates a group, or no longer; call in a transaction."""
    if brought:
        await spread_ruling(group, brought, person.uri, [person])
        return
    ruling = Ruling(verb, person.uri, target=group.moderators_uri, concerned=[person])
    await rule_here(group, by if by.is_local else group, ruling)


async def _notes_in(group: Actor, person: Actor) -> list[Note]:
    found = Note.filter(
        group_id=group.id, author_id=person.id, deleted_at=None, hidden_at=None, boost_of_id=None
    )
    return await found.order_by("-id").limit(MOST_REMOVED).select_related("author")


async def _rule(
    kind: tuple[str, Measure],
    moderator: Actor,
    group: Actor,
    note: Note,
    reason: str,
    rule: int,
    brought: Brought | None,
    case: Case | None,
) -> Decision | None:
    verb, measure = kind
    await check_runs(moderator, group)
    check_inside(note, group)
    if not group.is_local:
        await _ask(group, moderator, Ruling(verb, note.uri, reason=_said(reason)))
        return None
    undo = {"brought": brought} if brought else None
    return await decide_in(
        group, moderator, measure, about=note, reason=reason, rule=rule, undo=undo, case=case
    )


async def _rule_back(
    kind: tuple[str, Measure],
    moderator: Actor,
    group: Actor,
    note: Note,
    reason: str,
    brought: Brought | None,
) -> None:
    verb, measure = kind
    await check_runs(moderator, group)
    check_inside(note, group)
    if not group.is_local:
        await _ask_back(group, moderator, verb, note.uri, reason)
        return
    await lift_in(group, moderator, measure, about=note, reason=reason, brought=brought)


async def _ask(group: Actor, moderator: Actor, ruling: Ruling) -> None:
    async with in_transaction():
        await ask_there(group, moderator, ruling)


async def _ask_back(
    group: Actor, moderator: Actor, verb: str, about: str, reason: str, **more: Any
) -> None:
    act = await act_before(moderator, verb, about, **more)
    await _ask(group, moderator, Ruling("Undo", act, reason=reason))


def _said(reason: str) -> str:
    """Return a reason in one line; elsewhere too nothing is taken away without one."""
    words = " ".join(reason.split())[:500]
    if not words:
        raise NotValid("reason", "Say why; the author and everyone else will read it.")
    return words

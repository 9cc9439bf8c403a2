"""What those who run a group may do in it, one function for each act, here and elsewhere.

Each asks whether they may. In a group that lives here it has its effect, is written into the
group's record and passed on; `brought` is the activity of a moderator elsewhere, passed on as it
came, `case` that of the reports it answers. To a group elsewhere it is sent, and has its effect
once the group passes it on.
"""

from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.memberships import Membership, Role, membership_of
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
        await ask_group(group, moderator, Ruling("Add", note.uri, target=group.featured_uri))
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
        await ask_group(group, moderator, Ruling("Remove", note.uri, target=group.featured_uri))
    elif await Pin.exists(actor_id=group.id, note_id=note.id):
        await _settle_pin(moderator, group, note, is_pinned=False, brought=brought)


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


async def notes_in(group: Actor, person: Actor) -> list[Note]:
    """List somebody's newest notes in a group, at most MOST_REMOVED."""
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
        await ask_group(group, moderator, Ruling(verb, note.uri, reason=as_said(reason)))
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
        await ask_group_back(group, moderator, verb, note.uri, reason)
        return
    await lift_in(group, moderator, measure, about=note, reason=reason, brought=brought)


async def ask_group(group: Actor, moderator: Actor, ruling: Ruling) -> None:
    """Send a ruling to a group that lives elsewhere, which has the say."""
    async with in_transaction():
        await ask_there(group, moderator, ruling)


async def ask_group_back(
    group: Actor, moderator: Actor, verb: str, about: str, reason: str, **more: Any
) -> None:
    """Ask a group elsewhere to undo what a moderator of ours had asked for before."""
    act = await act_before(moderator, verb, about, **more)
    await ask_group(group, moderator, Ruling("Undo", act, reason=reason))


def as_said(reason: str) -> str:
    """Return a reason in one line; elsewhere too nothing is taken away without one."""
    words = " ".join(reason.split())[:500]
    if not words:
        raise NotValid("reason", "Say why; the author and everyone else will read it.")
    return words

"""Notes put out of sight until their case is decided, and shown again."""

from datetime import timedelta

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.jobs import put
from moderation import case_machine as machine
from moderation.audit import write_down
from moderation.cases import Case, ProvisionalHide, name_of, state_of
from moderation.decisions import is_hidden_by_decision
from moderation.duty import standing
from moderation.rows import keep
from notes.hiding import hide, show_again
from notes.note import Note
from outbox.refusals import NotAllowed, NotValid


async def hide_for_now(
    case: Case, moderator: Actor, note: Note, *, reason: str, hours: int, address: str = ""
) -> ProvisionalHide:
    """Put a note out of sight until the case is decided, for 72 hours at most; tell its author."""
    if note.author_id != case.target_id:
        raise NotValid("note", "This note is not by the person the case is about.")
    at, before = now(), state_of(case)
    who = await standing(moderator, case)
    until = at + timedelta(hours=hours)
    hidden = machine.hide(case, who, note.id, reason=reason, until=until, at=at)
    if await ProvisionalHide.exists(note_id=note.id, ended_at=None):
        raise NotAllowed("This note is hidden already.")
    async with in_transaction():
        await hidden.save(force_create=True)
        await hide(note)
        await keep(case)
        await put("moderation.tell_hidden", {"hide_id": hidden.id})
        await write_down(
            moderator.id,
            "case.hide",
            name_of(case),
            before=before,
            after={"note": str(note.id), "until": until.isoformat()},
            reason=reason,
            address=address,
        )
    return hidden


async def end_hide(hidden: ProvisionalHide, *, is_decided: bool) -> None:
    """Show a provisionally hidden note again, unless a decision hides it by now."""
    machine.end_hide(hidden, now(), is_decided=is_decided)
    async with in_transaction():
        open_yet = ProvisionalHide.filter(id=hidden.id, ended_at=None)
        if not await open_yet.update(ended_at=hidden.ended_at):
            return
        note = await Note.get_or_none(id=hidden.note_id).select_related("author")
        if note is not None and not await is_hidden_by_decision(note.id):
            await show_again(note)
            await put("moderation.tell_hidden", {"hide_id": hidden.id, "is_over": True})

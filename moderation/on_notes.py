"""What the measures about notes do, and how each is undone (product.md 6.3)."""

from tortoise.queryset import QuerySet

from core.clock import now
from moderation.decisions import Decision, is_hidden_by_decision
from moderation.states import DecisionState
from moderation.vocabulary import Measure
from notes.edits import keep_edit
from notes.hiding import hide, show_again
from notes.note import Note
from outbox.delete import take_back_everywhere
from outbox.restore import bring_back
from outbox.update import send_note

MARKS = {Measure.QUIET: "quieted_at", Measure.AGE: "adults_at", Measure.CLOSE: "closed_at"}


async def note_of(decision: Decision) -> Note | None:
    """Return the note it is about as long as it is there, with its author."""
    found = Note.filter(id=decision.note_id, deleted_at=None)
    return await found.select_related("author").first()


async def mark(decision: Decision) -> None:
    """Keep a note out of public lists, behind the age gate, or without further answers."""
    values: dict[str, object] = {MARKS[decision.measure]: now()}
    if decision.measure == Measure.CLOSE:
        values["slow_minutes"] = decision.minutes
    await Note.filter(id=decision.note_id).update(**values)


async def unmark(decision: Decision) -> None:
    """Take the mark away, unless another decision wants it."""
    if await _is_wanted(decision):
        return
    values: dict[str, object] = {MARKS[decision.measure]: None}
    if decision.measure == Measure.CLOSE:
        values["slow_minutes"] = 0
    await Note.filter(id=decision.note_id).update(**values)


async def label(decision: Decision) -> None:
    """Put a content note before a note, and its media out of sight until asked."""
    if (note := await note_of(decision)) is None:
        return
    decision.undo = {"summary": note.summary, "is_sensitive": note.is_sensitive}
    words = note.summary or decision.label
    if (before := await _labelled(decision)) and note.summary == before.label:
        # Ours stands there already: what the author wrote is what that one remembers.
        decision.undo, words = dict(before.undo), decision.label
    await _reword(note, words, is_sensitive=True)


async def unlabel(decision: Decision) -> None:
    """Take the content note away again, unless the author has reworded it."""
    note = await note_of(decision)
    if note is None or await _is_wanted(decision):
        return
    before = dict(decision.undo)
    if note.summary in (decision.label, before.get("summary", "")):
        await _reword(
            note, before.get("summary", ""), is_sensitive=bool(before.get("is_sensitive"))
        )


async def take_out(decision: Decision) -> None:
    """Stop showing a note; where it has to go everywhere at once, ask for that too."""
    if (note := await note_of(decision)) is None:
        return
    await hide(note)
    if decision.everywhere_now:
        await delete_elsewhere(decision, note)


async def put_back(decision: Decision) -> None:
    """Show a note again as it was; under a new id where its Delete is out already."""
    note = await note_of(decision)
    if note is None or decision.note_id is None:
        return
    if await is_hidden_by_decision(decision.note_id, but=decision.id):
        return
    await show_again(note)
    if decision.deleted_elsewhere_at is not None:
        fresh = await bring_back(note)
        decision.restored_as = fresh.id


async def delete_elsewhere(decision: Decision, note: Note) -> None:
    """Have a note from here deleted on all servers, once."""
    if note.is_local and decision.deleted_elsewhere_at is None:
        decision.deleted_elsewhere_at = now()
        await take_back_everywhere(note)


async def _reword(note: Note, summary: str, *, is_sensitive: bool) -> None:
    await keep_edit(note)
    note.summary, note.is_sensitive = summary[:500], is_sensitive
    if note.is_local:
        note.edited_at = now()
    await note.save(update_fields=["summary", "is_sensitive", "edited_at"])
    if note.is_local and note.held_at is None and note.author.is_present:
        await send_note(note)


async def _labelled(decision: Decision) -> Decision | None:
    """Return the newest other decision in force that put words before a note."""
    return await _others(decision).order_by("-id").first()


async def _is_wanted(decision: Decision) -> bool:
    return await _others(decision).exists()


def _others(decision: Decision) -> QuerySet[Decision]:
    alike = Decision.filter(
        note_id=decision.note_id, measure=decision.measure, state=DecisionState.IN_FORCE
    )
    return alike.exclude(id=decision.id)

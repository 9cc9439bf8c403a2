"""A note of someone here that a filter holds: it goes out, or back to them with a reason."""

from collections.abc import Mapping
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.jobs import put
from core.settings import settings
from moderation.audit import write_down
from moderation.notice_words import WORDS, in_language
from moderation.policy import current
from notes.attachments import Attachment
from notes.drafts import DraftMedia, SavedDraft
from notes.note import Note
from notes.polls import Poll
from notes.quoting import chosen_for
from notes.removal import remove
from outbox.personal import write_to
from outbox.refusals import NotAllowed, NotValid

MOST_REASON = 500
OWN = "Somebody else has to look at this: it is your own note."


async def send_back(note: Note, moderator: Actor, reason: str, *, address: str = "") -> SavedDraft:
    """Put a held note of someone here back among their drafts, with its pictures and the reason.

    It was sent nowhere, so nobody is told but its author, who is loaded. Raises NotValid where
    nobody says why, and NotAllowed for one's own note.
    """
    check_others(note, moderator)
    if not reason.strip():
        raise NotValid("reason", "Say why, so that they know what to change.")
    async with in_transaction():
        # Written, that whoever lets it out at this moment waits for us, or we for them.
        held = Note.filter(id=note.id, deleted_at=None, held_at__not_isnull=True)
        if not await held.update(held_because=note.held_because):
            raise NotAllowed("Somebody has answered this already.")
        draft = await _as_draft(note, reason.strip()[:MOST_REASON])
        await remove(note)
        await write_down(
            moderator.id,
            "held.refuse",
            f"note:{note.id}",
            before={"held because": note.held_because},
            after={"draft": str(draft.id)},
            reason=draft.problem,
            address=address,
        )
        told = {"actor_id": note.author_id, "draft_id": draft.id, "reason": draft.problem}
        await put("moderation.tell_held", told)
    return draft


def check_others(note: Note, moderator: Actor) -> None:
    """Raise NotAllowed for whoever would answer their own note."""
    if note.author_id == moderator.id:
        raise NotAllowed(OWN)


async def tell_let_out(note: Note) -> None:
    """Have the author of a note told that it is shown; call in the transaction that shows it."""
    await put("moderation.tell_held", {"actor_id": note.author_id, "note_id": note.id})


async def tell_author(payload: Mapping[str, Any]) -> None:
    """Tell an author what became of a note that was held; job `moderation.tell_held`."""
    author = await Actor.get_or_none(id=payload["actor_id"], gone_at=None)
    if author is None:
        return
    words = WORDS[in_language(current().sections.language)]
    if number := payload.get("draft_id"):
        link = settings().url(f"/drafts/{number}")
        text = words["held.back"].format(reason=payload["reason"], link=link)
    else:
        number = payload["note_id"]
        text = words["held.out"].format(link=settings().url(f"/n/{number}"))
    await write_to(author, text, key=f"held {number}")


async def _as_draft(note: Note, reason: str) -> SavedDraft:
    quoted = await Note.get_or_none(uri=note.quote_uri) if note.quote_uri else None
    draft = await SavedDraft.create(
        id=new_id(),
        author_id=note.author_id,
        title=note.title,
        text=note.source,
        summary=note.summary,
        is_sensitive=note.is_sensitive,
        language=note.language,
        audience=note.audience,
        in_reply_to_id=note.in_reply_to_id,
        quoted_id=quoted.id if quoted else None,
        quoting=chosen_for(note),
        group_id=note.group_id,
        poll=await _poll_of(note),
        problem=reason,
        changed_at=now(),
    )
    media = await Attachment.filter(note_id=note.id).order_by("position", "id")
    await Attachment.filter(note_id=note.id).update(note_id=None)
    for place, each in enumerate(media):
        await DraftMedia.create(draft_id=draft.id, attachment_id=each.id, position=place)
    return draft


async def _poll_of(note: Note) -> dict[str, Any] | None:
    poll = await Poll.get_or_none(note_id=note.id)
    if poll is None:
        return None
    ends = poll.ends_at or now()
    return {
        "options": [each["title"] for each in poll.options],
        "seconds": int((ends - note.created_at).total_seconds()),
        "is_multiple": poll.is_multiple,
    }

"""Publishing what was scheduled, once each; what cannot be published goes back with the reason."""

from collections.abc import Mapping
from typing import Any

from actors.accounts import Account
from core.clock import now
from moderation.newcomers import as_posted_by, may_post
from moderation.posting import NotReady, Nudge, post
from notes.drafts import SavedDraft, media_of
from notes.note import Note
from notes.scheduled import MOST_TRIES, back_to_drafts, wait
from outbox.draft import draft_from
from outbox.refusals import NotAllowed, NotValid

GONE = "The note you answered is no longer there."
BROKEN = "It could not be published, and the fault is ours. Please try again."
NOT_CONFIRMED = "Confirm your e-mail address first; then you can publish this."


async def publish_scheduled(payload: Mapping[str, Any]) -> None:
    """Publish a note whose time has come; job `moderation.publish_scheduled`.

    The row of a saved draft goes in the transaction that makes its note: should this process end in
    between, or two of them try, there is one note.
    """
    due = SavedDraft.get_or_none(id=payload["id"], publish_at__lte=now())
    draft = await due.select_related("author")
    if draft is None:
        return
    if draft.tries > MOST_TRIES:
        await back_to_drafts(draft, BROKEN)
        return
    await publish_saved(draft)


async def publish_saved(draft: SavedDraft) -> Note | None:
    """Publish a saved draft now, its `author` loaded.

    None when it waits for its pictures, or went back to the drafts with the reason.
    """
    account = await Account.get(actor_id=draft.author_id).select_related("actor")
    media = (await media_of([draft]))[draft.id]
    problem = ""
    if draft.in_reply_to_id:
        draft.in_reply_to = await Note.get(id=draft.in_reply_to_id).select_related("author")
        problem = GONE if draft.in_reply_to.deleted_at else ""
    if draft.quoted_id:
        draft.quoted = await Note.get(id=draft.quoted_id).select_related("author")
    if not may_post(account):
        problem = NOT_CONFIRMED
    if not problem:
        try:
            ready = as_posted_by(account, draft_from(draft, media))
            return await post(
                draft.author, ready, language=account.locale, thought_over=draft.thought_over
            )
        except NotReady:
            await wait(draft)
            return None
        except (NotValid, NotAllowed, Nudge) as error:
            problem = str(error)
    await back_to_drafts(draft, problem)
    return None

"""ScheduledStatus: a note whose time is to come (mastodon-api.md 6.1)."""

from typing import Any

import msgspec

from core.clock import now
from notes.attachments import load_media
from notes.drafts import SavedDraft, media_of
from web.api.answers import ts
from web.api.entities.accounts import VISIBILITY
from web.api.entities.media import MediaAttachment, media_of_upload


class ScheduledStatus(msgspec.Struct, kw_only=True):
    """`params` are as they were sent, with the names they were sent by."""

    id: str
    scheduled_at: str
    params: dict[str, Any]
    media_attachments: list[MediaAttachment]


async def scheduled_of(draft: SavedDraft) -> ScheduledStatus:
    """Write a scheduled note."""
    return (await all_scheduled([draft]))[0]


async def all_scheduled(drafts: list[SavedDraft]) -> list[ScheduledStatus]:
    """Write scheduled notes, in their order: three queries."""
    media = await media_of(drafts)
    ids = [number for each in media.values() for number in each]
    marks = ", ".join("?" for _ in ids) or "NULL"
    uploads = {each.id: each for each in await load_media(f"id IN ({marks})", ids)}
    return [
        ScheduledStatus(
            id=str(draft.id),
            scheduled_at=ts(draft.publish_at or now()),
            params=_params(draft, media[draft.id]),
            media_attachments=[
                media_of_upload(uploads[each]) for each in media[draft.id] if each in uploads
            ],
        )
        for draft in drafts
    ]


def _params(draft: SavedDraft, media: list[int]) -> dict[str, Any]:
    return {
        "text": draft.text,
        "visibility": VISIBILITY[draft.audience],
        "sensitive": draft.is_sensitive,
        "spoiler_text": draft.summary,
        "media_ids": [str(each) for each in media],
        "in_reply_to_id": str(draft.in_reply_to_id) if draft.in_reply_to_id else None,
        "language": draft.language or None,
        "poll": _poll(draft),
        "scheduled_at": None,
        "quoted_status_id": str(draft.quoted_id) if draft.quoted_id else None,
        "quote_approval_policy": draft.quoting.value,
        "idempotency": None,
        "application_id": 0,
        "with_rate_limit": False,
        "rubric": {
            "title": draft.title,
            "audience": draft.audience.value,
            "circles": [str(each) for each in draft.circles or ()],
        },
    }


def _poll(draft: SavedDraft) -> dict[str, Any] | None:
    if not draft.poll:
        return None
    return {
        "options": draft.poll["options"],
        "expires_in": draft.poll["seconds"],
        "multiple": draft.poll["is_multiple"],
        "hide_totals": draft.poll.get("hides_totals", False),
    }

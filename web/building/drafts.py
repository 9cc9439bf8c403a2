"""Drafts and scheduled notes → what their lists and previews show."""

from collections.abc import Sequence

from core.clock import now
from core.html import shown
from core.names import shortened
from moderation.posting import check_local, nudge_of, undescribed
from notes.attachments import Attachment, load_media
from notes.drafts import SavedDraft, media_of
from notes.note import Note
from notes.text import render
from outbox.draft import Draft, draft_from, tag_url
from outbox.refusals import NotValid
from web.building.honesty import of_draft, outside_of
from web.building.media import media_view
from web.building.times import local_time, told_time
from web.refusals import why
from web.views.composing import DraftCard, Preview

EXCERPT = 120


async def draft_cards(drafts: Sequence[SavedDraft]) -> tuple[DraftCard, ...]:
    """Show drafts with their covers: three queries."""
    media = await media_of(drafts)
    covers = await loaded([numbers[0] for numbers in media.values() if numbers])
    by_id = {each.id: each for each in covers}
    return tuple(_card(draft, media[draft.id], by_id) for draft in drafts)


async def loaded(ids: Sequence[int]) -> list[Attachment]:
    """Read uploads with their files, in this order."""
    if not ids:
        return []
    marks = ", ".join("?" for _ in ids)
    found = {each.id: each for each in await load_media(f"id IN ({marks})", list(ids))}
    return [found[number] for number in ids if number in found]


async def preview_of(draft: SavedDraft) -> Preview:
    """Show a draft as the note it would be; whom it names is looked up when it is published."""
    ids = (await media_of([draft]))[draft.id]
    if draft.in_reply_to_id:
        draft.in_reply_to = await Note.get(id=draft.in_reply_to_id).select_related("author")
    if draft.quoted_id:
        draft.quoted = await Note.get(id=draft.quoted_id).select_related("author")
    wanted = draft_from(draft, ids)
    media = await loaded(ids)
    nudge, problem = await _said_of(wanted)
    return Preview(
        draft.id,
        shown(render(wanted.source, tag_url=tag_url)),
        draft.title.strip(),
        draft.summary.strip(),
        draft.is_sensitive,
        draft.language,
        tuple(media_view(each, is_open=False) for each in media if each.files),
        draft.audience.value,
        tuple(draft.poll["options"]) if draft.poll else (),
        len(await undescribed(draft.author, ids)),
        "" if nudge else (problem or _problem(draft)),
        "" if nudge == draft.thought_over else nudge,
        await of_draft(wanted, draft.author),
        await outside_of(wanted, draft.author),
    )


async def _said_of(wanted: Draft) -> tuple[str, str]:
    """Return what the policy asks to be thought about, and what is wrong."""
    try:
        return nudge_of(await check_local(wanted)), ""
    except NotValid as error:
        return "", why(error)


def _problem(draft: SavedDraft) -> str:
    return why(ValueError(draft.problem)) if draft.problem else ""


def _card(draft: SavedDraft, media: Sequence[int], covers: dict[int, Attachment]) -> DraftCard:
    cover = covers.get(media[0]) if media else None
    at = draft.publish_at
    return DraftCard(
        draft.id,
        shortened(draft.title.strip() or " ".join(draft.text.split()), EXCERPT),
        draft.changed_at,
        media_view(cover, is_open=False) if cover and cover.files else None,
        len(media),
        draft.audience.value,
        draft.language,
        _problem(draft),
        at,
        local_time(at, draft.zone) if at else "",
        told_time(at, draft.zone) if at else "",
        draft.zone,
        bool(at and at <= now()),
    )

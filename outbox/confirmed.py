"""Sending on what somebody posted here before they confirmed their address (product.md 3.1)."""

from collections.abc import Mapping
from typing import Any

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from actors.accounts import Account
from actors.actor import Actor
from core.clock import now
from core.jobs import Lane, put
from notes.incoming import count_reply
from notes.note import Audience, Note
from notes.waiting import Waiting
from outbox.addresses import is_open
from outbox.create import announce_new
from outbox.draft import narrowed

BATCH = 20


async def send_waiting(payload: Mapping[str, Any]) -> None:
    """Make what waits what it was meant to be, and send it; job `outbox.send_waiting`.

    A note, what it becomes and its letters stand in one transaction, a batch of notes to each.
    """
    author = await Actor.get(id=payload["actor_id"])
    if not author.is_present or not await Account.exists(
        actor_id=author.id, confirmed_at__not_isnull=True
    ):
        return
    async with in_transaction():
        rows = await Waiting.filter(note__author_id=author.id).order_by("id").limit(BATCH)
        for row in rows:
            await _send(row, author)
        if len(rows) == BATCH:
            await put("outbox.send_waiting", payload, lane=Lane.SOON)


async def _send(row: Waiting, author: Actor) -> None:
    await Waiting.filter(id=row.id).delete()
    note = await Note.get(id=row.note_id)
    if note.deleted_at is not None or note.audience != Audience.SERVER:
        return
    parent = await Note.get_or_none(id=note.in_reply_to_id) if note.in_reply_to_id else None
    # What it answers may be for fewer people by now.
    note.audience, note.author = narrowed(row.audience, parent, author), author
    await Note.filter(id=note.id).update(audience=note.audience)
    if note.held_at is not None:
        return  # It goes out once somebody has looked at it, to whom it is for by now.
    if is_open(note):
        if parent:
            await count_reply(parent, note, 1)
        await Actor.filter(id=author.id).update(
            notes_count=F("notes_count") + 1, last_note_at=now()
        )
    await announce_new(note)

"""Notes that are published at a time to come: set, changed, taken when they are due, sent back."""

from datetime import datetime, timedelta

from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core import sql
from core.clock import now
from core.jobs import Lane, put_many
from core.paging import Page, window
from core.rows import load
from notes.drafts import SavedDraft

PUBLISH = "moderation.publish_scheduled"
SOONEST = timedelta(minutes=5)
LATEST = timedelta(days=366)
MOST_SCHEDULED = 300
MOST_A_DAY = 25
LEASE = timedelta(minutes=2)
MOST_TRIES = 8


class BadTime(ValueError):
    """A note cannot be published then; the text is a sentence for its author."""


async def schedule(draft: SavedDraft, at: datetime, *, zone: str = "") -> None:
    """Have a draft published at a time at least five minutes ahead. Raises BadTime."""
    if at < now() + SOONEST:
        raise BadTime("Choose a time at least five minutes from now.")
    if at > now() + LATEST:
        raise BadTime("Choose a time within a year.")
    await _check_room(draft, at)
    await _set(draft, at, zone)


async def publish_when_ready(draft: SavedDraft) -> None:
    """Have a draft published as soon as the work on its pictures and videos is done."""
    await _set(draft, now(), draft.zone)


async def back_to_drafts(draft: SavedDraft, problem: str = "") -> None:
    """Make a scheduled note a draft again; `problem` says why it could not be published.

    There may be more drafts than one may begin then: nothing is thrown away for that.
    """
    await SavedDraft.filter(id=draft.id).update(
        publish_at=None, held_until=None, tries=0, problem=problem, changed_at=now()
    )


async def scheduled_of(author: Actor) -> list[SavedDraft]:
    """List what someone has scheduled, the next one first."""
    found = SavedDraft.filter(author_id=author.id, publish_at__not_isnull=True)
    return await found.order_by("publish_at", "id").limit(MOST_SCHEDULED)


async def scheduled_page(author: Actor, page: Page) -> list[SavedDraft]:
    """List a page of what someone has scheduled, the last written first, and one more."""
    end, ends = window("id", page)
    return await load(
        SavedDraft, f"author_id = ? AND publish_at IS NOT NULL{end}", [author.id, *ends]
    )


async def queue_due(most: int = 50) -> None:
    """Put down the work of publishing what is due; runs by the clock.

    Whatever is put down is left alone for LEASE; should that work break off, it is put down again.
    """
    moment = now()
    async with in_transaction():
        due = SavedDraft.filter(publish_at__lte=moment).order_by("publish_at").limit(most)
        due = due.filter(Q(held_until=None) | Q(held_until__lt=moment))
        if sql.is_postgres():
            due = due.select_for_update(skip_locked=True)
        ids = [draft.id for draft in await due]
        held = {"held_until": moment + LEASE, "tries": F("tries") + 1}
        await SavedDraft.filter(id__in=ids).update(**held)
        await put_many(PUBLISH, [{"id": number} for number in ids], lane=Lane.SOON)


async def wait(draft: SavedDraft) -> None:
    """Have a note wait for the work on its pictures; that was no try."""
    at = min(draft.publish_at or now(), now())
    await SavedDraft.filter(id=draft.id).update(publish_at=at, held_until=None, tries=0)


async def _set(draft: SavedDraft, at: datetime, zone: str) -> None:
    draft.publish_at, draft.zone = at, zone[:64]
    await SavedDraft.filter(id=draft.id).update(
        publish_at=at, zone=zone[:64], held_until=None, tries=0, problem=""
    )


async def _check_room(draft: SavedDraft, at: datetime) -> None:
    others = SavedDraft.filter(author_id=draft.author_id, publish_at__not_isnull=True).exclude(
        id=draft.id
    )
    if await others.count() >= MOST_SCHEDULED:
        raise BadTime("You have scheduled 300 notes. Publish or delete one of them first.")
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    of_day = others.filter(publish_at__gte=day, publish_at__lt=day + timedelta(days=1))
    if await of_day.count() >= MOST_A_DAY:
        raise BadTime("You have scheduled 25 notes for this day. Choose another day.")

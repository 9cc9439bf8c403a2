"""Announcement: what those who run the place want everyone here to know for a while."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.broker import Topic, publish
from core.clock import now
from core.ids import new_id
from moderation.audit import write_down
from outbox.refusals import NotAllowed, NotValid

MOST_TEXT = 2_000
MOST_KINDS = 8
MOST_AT_ONCE = 20
LONGEST_EMOJI = 16


class Announcement(Model):
    """Words in one or several languages, as Markdown; shown from one moment to another."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    words: Any = fields.JSONField(default=dict)
    starts_at = fields.DatetimeField(null=True)
    ends_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "announcement"


class AnnouncementRead(Model):
    """Somebody has read an announcement, and wants it out of the way."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    announcement: fields.ForeignKeyRelation[Announcement] = fields.ForeignKeyField(
        "rubric.Announcement", related_name=False
    )
    announcement_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    actor_id: int

    class Meta:
        table = "announcement_read"
        unique_together = [("announcement", "actor")]
        indexes = [("actor_id",)]


class AnnouncementReaction(Model):
    """Somebody answers an announcement with a character that is a picture."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    announcement: fields.ForeignKeyRelation[Announcement] = fields.ForeignKeyField(
        "rubric.Announcement", related_name=False
    )
    announcement_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    actor_id: int
    name = fields.CharField(max_length=64)

    class Meta:
        table = "announcement_reaction"
        unique_together = [("announcement", "actor", "name")]
        indexes = [("actor_id",)]


async def announce(
    words: Mapping[str, str],
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    by: Actor | None = None,
    address: str = "",
) -> Announcement:
    """Make an announcement; nobody's is the operator's. Raises NotValid."""
    kept = {tag: text.strip() for tag, text in words.items() if text.strip()}
    if not kept:
        raise NotValid("text", "Write something.")
    if any(len(text) > MOST_TEXT for text in kept.values()):
        raise NotValid("text", "At most 2000 characters.")
    if ends_at is not None and ends_at <= max(now(), starts_at or now()):
        raise NotValid("ends", "Choose an end that is still to come, and after the beginning.")
    async with in_transaction():
        made = await Announcement.create(words=kept, starts_at=starts_at, ends_at=ends_at)
        await write_down(
            by.id if by else None,
            "announcement.make",
            f"announcement:{made.id}",
            after={"words": kept},
            address=address,
        )
        if starts_at is None or starts_at <= now():
            await publish(Topic.ANNOUNCED, id=made.id)
    return made


async def take_back(made: Announcement, *, by: Actor, address: str = "") -> None:
    """Delete an announcement."""
    async with in_transaction():
        await Announcement.filter(id=made.id).delete()
        await write_down(
            by.id,
            "announcement.delete",
            f"announcement:{made.id}",
            before={"words": made.words},
            address=address,
        )
        await publish(Topic.UNANNOUNCED, id=made.id)


async def every() -> list[Announcement]:
    """Return those that are shown or will be, and the last that were, the newest first."""
    return await Announcement.all().order_by("-id").limit(100)


async def shown_now() -> list[Announcement]:
    """Return what is announced at this moment, the newest first."""
    at = now()
    begun = Q(starts_at=None) | Q(starts_at__lte=at)
    open_yet = Q(ends_at=None) | Q(ends_at__gt=at)
    return await Announcement.filter(begun, open_yet).order_by("-id").limit(MOST_AT_ONCE)


async def read_by(actor: Actor, found: Sequence[Announcement]) -> frozenset[int]:
    """Return which of these somebody has read."""
    rows = AnnouncementRead.filter(
        actor_id=actor.id, announcement_id__in=[each.id for each in found]
    )
    return frozenset(row["announcement_id"] for row in await rows.values("announcement_id"))


async def dismiss(made: Announcement, actor: Actor) -> None:
    """Note that somebody has read it; once."""
    await AnnouncementRead.get_or_create(announcement_id=made.id, actor_id=actor.id)


async def react(made: Announcement, actor: Actor, name: str) -> None:
    """Answer with a picture; once with each. Raises NotValid, or NotAllowed for too many kinds."""
    if not is_emoji(name):
        raise NotValid("name", "This is no emoji.")
    rows = await AnnouncementReaction.filter(announcement_id=made.id).values("name")
    kinds = {row["name"] for row in rows}
    if name not in kinds and len(kinds) >= MOST_KINDS:
        raise NotAllowed("This has as many kinds of reactions as one can.")
    async with in_transaction():
        await AnnouncementReaction.get_or_create(
            announcement_id=made.id, actor_id=actor.id, name=name
        )
        await _tell_count(made, name)


async def unreact(made: Announcement, actor: Actor, name: str) -> None:
    """Take an answer back."""
    async with in_transaction():
        own = AnnouncementReaction.filter(announcement_id=made.id, actor_id=actor.id, name=name)
        if await own.delete():
            await _tell_count(made, name)


async def _tell_count(made: Announcement, name: str) -> None:
    of_this = AnnouncementReaction.filter(announcement_id=made.id, name=name)
    await publish(Topic.REACTED, id=made.id, name=name, count=await of_this.count())


async def reactions_to(
    found: Sequence[Announcement],
) -> dict[int, list[AnnouncementReaction]]:
    """Return all answers to these, in the order they came."""
    kept: dict[int, list[AnnouncementReaction]] = {each.id: [] for each in found}
    rows = AnnouncementReaction.filter(announcement_id__in=list(kept)).order_by("id")
    for each in await rows:
        kept[each.announcement_id].append(each)
    return kept


def is_emoji(text: str) -> bool:
    """Tell whether a text is a picture and nothing else: a symbol, and what belongs to it."""
    if not 0 < len(text) <= LONGEST_EMOJI:
        return False
    kinds = [unicodedata.category(each) for each in text]
    # Selectors, joiners, skin tones, and the digits and tags of keycaps and flags.
    joined = not any(each.isascii() for each in text) and all(
        kind in ("So", "Sk", "Sm", "Mn", "Me", "Cf") for kind in kinds
    )
    is_keycap = text[-1] == "\u20e3" and text[0] in "0123456789#*"
    return is_keycap or (joined and "So" in kinds)

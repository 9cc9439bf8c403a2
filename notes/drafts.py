"""SavedDraft: a note not posted yet, as far as it is written; perhaps with a time to come."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core import sql
from core.clock import now
from core.ids import new_id
from notes.attachments import Attachment, unposted
from notes.note import Audience, Note
from notes.quoting import Quoting

MOST_DRAFTS = 100
MOST_KEPT = 40_000  # characters of a field; nothing typed is lost, nothing pasted fills the disk
UNTOUCHED = timedelta(days=30)
WRITTEN = (
    *("title", "text", "tags", "summary", "is_sensitive", "language", "audience", "circles"),
    *("in_reply_to_id", "quoted_id", "quoting", "group_id", "flair", "poll"),
)
_LENGTHS = {"language": 20}


class DraftsFull(ValueError):
    """Someone has as many drafts as there may be; the text is a sentence for them."""


class SavedDraft(Model):
    """What someone wrote, right or wrong: it is checked when it is posted.

    With `publish_at` it is a scheduled note, else a draft. `problem` is a sentence in English, or
    in the words of the policy: why it came back from there. `held_until` is the lease of whoever
    is publishing it. `zone` names where its author's clock stands. `thought_over` is what the
    policy asked them to think about, in its words, once they went on nevertheless.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    author: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    author_id: int
    title = fields.TextField(default="")
    text = fields.TextField(default="")
    tags = fields.TextField(default="")
    summary = fields.TextField(default="")
    is_sensitive = fields.BooleanField(default=False)
    language = fields.CharField(max_length=20, default="")
    audience = fields.CharEnumField(Audience, max_length=10, default=Audience.PUBLIC)
    circles: Any = fields.JSONField(null=True)
    """The ids of the circles it is for, if it is for some."""
    in_reply_to: fields.ForeignKeyNullableRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    in_reply_to_id: int | None
    quoted: fields.ForeignKeyNullableRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    quoted_id: int | None
    quoting = fields.CharEnumField(
        Quoting, max_length=10, default=Quoting.PUBLIC, db_default=Quoting.PUBLIC.value
    )
    group_id = fields.BigIntField(null=True)
    flair: Any = fields.JSONField(null=True)
    poll: Any = fields.JSONField(null=True)
    publish_at = fields.DatetimeField(null=True)
    zone = fields.CharField(max_length=64, default="")
    problem = fields.TextField(default="")
    thought_over = fields.TextField(default="", db_default="")
    held_until = fields.DatetimeField(null=True)
    tries = fields.SmallIntField(default=0)
    created_at = fields.DatetimeField(default=now)
    changed_at = fields.DatetimeField(default=now)

    class Meta:
        table = "draft"
        indexes = [("author_id", "id"), ("publish_at",), ("in_reply_to_id",), ("quoted_id",)]

    @property
    def page(self) -> str:
        """The path where its author sees it as it would be."""
        return f"/drafts/{self.id}"


class DraftMedia(Model):
    """An upload stands in a draft; in one, and at one place of it."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    draft: fields.ForeignKeyRelation[SavedDraft] = fields.ForeignKeyField(
        "rubric.SavedDraft", related_name=False
    )
    draft_id: int
    attachment: fields.OneToOneRelation[Attachment] = fields.OneToOneField(
        "rubric.Attachment", related_name=False
    )
    attachment_id: int
    position = fields.SmallIntField(default=0)

    class Meta:
        table = "draft_media"
        indexes = [("draft_id", "position")]


async def keep_draft(
    author: Actor,
    written: Mapping[str, Any],
    media: Sequence[int],
    *,
    draft: SavedDraft | None = None,
) -> SavedDraft:
    """Save what someone wrote (columns in WRITTEN) and their uploads in order, in a new draft or in
    one of theirs; the uploads of others are left out (MED-08). Raises DraftsFull."""
    columns = {name: _cut(name, written[name]) for name in WRITTEN if name in written}
    async with in_transaction():
        if draft is None:
            await _check_room(author)
            draft = await SavedDraft.create(id=new_id(), author_id=author.id, **columns)
        else:
            touched = columns | {"changed_at": now(), "problem": "", "thought_over": ""}
            await SavedDraft.filter(id=draft.id).update(**touched)
            draft.update_from_dict(touched)
        await _put_in(draft, media)
    return draft


async def think_over(draft: SavedDraft, asked: str) -> None:
    """Remember that an author goes on though the policy asked this of them; nothing if nothing."""
    draft.thought_over = asked
    await SavedDraft.filter(id=draft.id).update(thought_over=asked)


async def draft_of(author: Actor, number: int | None) -> SavedDraft | None:
    """Return a draft or scheduled note, if it is this person's."""
    return await SavedDraft.get_or_none(id=number, author_id=author.id) if number else None


async def drafts_of(author: Actor) -> list[SavedDraft]:
    """List someone's drafts, the last touched first; there are never more than MOST_DRAFTS."""
    found = SavedDraft.filter(author_id=author.id, publish_at=None)
    return await found.order_by("-changed_at").limit(MOST_DRAFTS)


async def media_of(drafts: Sequence[SavedDraft]) -> dict[int, list[int]]:
    """Return the ids of the uploads of each draft, in order: one query."""
    found: dict[int, list[int]] = {draft.id: [] for draft in drafts}
    for row in await sql.rows(
        "SELECT draft_id, attachment_id FROM draft_media"  # noqa: S608
        f" WHERE draft_id IN ({sql.marks(found)}) ORDER BY position, id",
        list(found),
    ):
        found[row["draft_id"]].append(row["attachment_id"])
    return found


async def drop_draft(draft: SavedDraft) -> bool:
    """Throw a draft away with its uploads, whose files go with the next sweep; False when it went
    before."""
    async with in_transaction():
        media = (await media_of([draft]))[draft.id]
        # Those that hang on a note by now stay.
        await unposted().filter(id__in=media).update(created_at=_LONG_AGO)
        return bool(await SavedDraft.filter(id=draft.id).delete())


async def sweep() -> None:
    """Let go of the uploads of drafts that nobody touched for 30 days; their words stay. Runs by
    the clock."""
    old = await SavedDraft.filter(publish_at=None, changed_at__lt=now() - UNTOUCHED).values("id")
    ids = [row["id"] for row in old]
    await sql.rows(f"DELETE FROM draft_media WHERE draft_id IN ({sql.marks(ids)})", ids)  # noqa: S608


_LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


async def _check_room(author: Actor) -> None:
    if await SavedDraft.filter(author_id=author.id, publish_at=None).count() >= MOST_DRAFTS:
        raise DraftsFull("You have 100 drafts. Publish or delete one of them first.")


async def _put_in(draft: SavedDraft, media: Sequence[int]) -> None:
    own = await unposted().filter(id__in=list(media), owner_id=draft.author_id)
    kept = {each.id for each in own}
    wanted = [number for number in dict.fromkeys(media) if number in kept]
    # A picture stands in one draft: where it was put last.
    await sql.rows(
        f"DELETE FROM draft_media WHERE draft_id = ? OR attachment_id IN ({sql.marks(wanted)})",  # noqa: S608
        [draft.id, *wanted],
    )
    for position, number in enumerate(wanted):
        await DraftMedia.create(draft_id=draft.id, attachment_id=number, position=position)


def _cut(name: str, value: Any) -> Any:
    return value[: _LENGTHS.get(name, MOST_KEPT)] if type(value) is str else value

"""Note: what someone posted, here or elsewhere."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.indexes import FilledIndex


class Audience(StrEnum):
    """Who can see a note (product.md 5.1); the client API's words are public, unlisted, private,
    direct. What is for this server never leaves it. What is in an open group is public, in a closed
    one for its members. For whom a note for mutuals or circles is, was counted out when it was
    published, and stands beside it (notes/chosen.py)."""

    PUBLIC = "public"
    QUIET = "quiet"
    FOLLOWERS = "followers"
    MUTUALS = "mutuals"
    CIRCLE = "circle"
    SERVER = "server"
    MEMBERS = "members"
    PEOPLE = "people"
    SELF = "self"


class Shows(StrEnum):
    """What is seen first of a note: by this, lists are narrowed."""

    TEXT = "text"
    PHOTOS = "photos"
    VIDEO = "video"


class Note(Model):
    """A note, or a boost of one: then `boost_of` is set and it has no words of its own.

    `content` is safe HTML, cleaned once when it came (core/html.py). A deleted note keeps its row
    with `deleted_at`, without words, so that it cannot come back. `held_at` hides it until a
    moderator looks. `group_id` is the group it was posted in, or its thread was; what that
    made of it stands in notes/group_posts.py. Counts are of public acts; `remote_likes` and
    `remote_boosts` are hints. By decision `hidden_at` takes it out of everyone's sight,
    `quieted_at` out of public lists, `adults_at` puts it behind the age gate, and `closed_at`
    ends its answers, or with `slow_minutes` slows them down.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    url = fields.CharField(max_length=1000, default="")
    author: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="notes"
    )
    author_id: int
    is_local = fields.BooleanField(default=False)
    kind = fields.CharField(max_length=30, default="Note")
    audience = fields.CharEnumField(Audience, max_length=20, default=Audience.PUBLIC)
    title = fields.CharField(max_length=200, default="")
    content = fields.TextField(default="")
    source = fields.TextField(default="")
    summary = fields.CharField(max_length=500, default="")
    is_sensitive = fields.BooleanField(default=False)
    language = fields.CharField(max_length=20, default="")
    in_reply_to_uri = fields.CharField(max_length=1000, default="")
    in_reply_to: fields.ForeignKeyNullableRelation["Note"] = fields.ForeignKeyField(
        "rubric.Note", related_name="answers", null=True, on_delete=fields.SET_NULL
    )
    in_reply_to_id: int | None
    thread_id = fields.BigIntField(default=0)
    context_uri = fields.CharField(max_length=1000, default="")
    group_id = fields.BigIntField(null=True)
    boost_of: fields.ForeignKeyNullableRelation["Note"] = fields.ForeignKeyField(
        "rubric.Note", related_name="boosts", null=True
    )
    boost_of_id: int | None
    quote_uri = fields.CharField(max_length=1000, default="")
    card_id = fields.BigIntField(null=True)
    """What its first link leads to (notes/cards.py)."""
    app: Any = fields.JSONField(null=True)
    """The app it was posted by: its name, and its page, if it has one."""
    emojis: Any = fields.JSONField(default=list)
    interaction: Any = fields.JSONField(null=True)
    has_media = fields.BooleanField(default=False)
    shows = fields.CharEnumField(
        Shows, max_length=10, default=Shows.TEXT, db_default=Shows.TEXT.value
    )
    likes_count = fields.IntField(default=0)
    boosts_count = fields.IntField(default=0)
    replies_count = fields.IntField(default=0)
    quotes_count = fields.IntField(default=0, db_default=0)
    remote_likes = fields.IntField(default=0)
    remote_boosts = fields.IntField(default=0)
    created_at = fields.DatetimeField(default=now)
    edited_at = fields.DatetimeField(null=True)
    deleted_at = fields.DatetimeField(null=True)
    held_at = fields.DatetimeField(null=True)
    held_because = fields.CharField(max_length=500, default="")
    hidden_at = fields.DatetimeField(null=True)
    quieted_at = fields.DatetimeField(null=True)
    adults_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    slow_minutes = fields.IntField(default=0, db_default=0)
    fetched_at = fields.DatetimeField(null=True)

    class Meta:
        table = "note"
        unique_together = [("author", "boost_of")]
        indexes = [
            Index(fields=("author_id", "id")),
            Index(fields=("thread_id", "id")),
            Index(fields=("in_reply_to_id", "id")),
            Index(fields=("in_reply_to_uri",)),
            Index(fields=("boost_of_id", "id")),
            Index(fields=("card_id", "id")),
            Index(fields=("group_id", "id")),
            Index(fields=("audience", "is_local", "id")),
            # Tortoise names an index after its columns alone, and there is one of these already.
            PartialIndex(
                fields=("author_id", "id"),
                name="idx_note_to_people",
                condition={"audience": "people"},
            ),
            # Few notes have a video: looking for the next must not walk over all others.
            PartialIndex(
                fields=("audience", "is_local", "id"),
                name="idx_note_of_video",
                condition={"shows": "video"},
            ),
            # Few notes wait to be looked at, and moderators ask for them often.
            FilledIndex(fields=("id",), name="idx_note_held", filled="held_at"),
        ]

    @property
    def page(self) -> str:
        """The path of its page on this instance."""
        return f"/n/{self.id}"

    @property
    def is_boost(self) -> bool:
        """Whether this row says "look at that note" and nothing else."""
        return self.boost_of_id is not None


class Edit(Model):
    """What a note said before it was edited."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="edits"
    )
    note_id: int
    title = fields.CharField(max_length=200, default="")
    content = fields.TextField(default="")
    source = fields.TextField(default="")
    summary = fields.CharField(max_length=500, default="")
    is_sensitive = fields.BooleanField(default=False)
    attachments: Any = fields.JSONField(default=list)
    poll_options: Any = fields.JSONField(null=True)
    written_at = fields.DatetimeField()

    class Meta:
        table = "note_edit"
        indexes = [("note_id",)]


class Tombstone(Model):
    """A deleted thing we never knew: should its Create come late, it is refused (ORG-17).

    Also marks an Undo that came before what it undoes. It speaks for its owner alone: a neighbour
    on the same server may bury the same id, and neither takes the other's place.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000)
    owner_uri = fields.CharField(max_length=1000, default="")
    at = fields.DatetimeField(default=now)

    class Meta:
        table = "tombstone"
        unique_together = [("uri", "owner_uri")]

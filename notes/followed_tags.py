"""FollowedTag, FeaturedTag: tags that people here read in their homes, and those they show."""

from collections.abc import Iterable

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.ids import new_id
from core.paging import Page, Slice, cut, window
from core.rows import load_ids
from notes.note import Note
from notes.tags import Tag, tag_called

MOST_FOLLOWED = 1000
MOST_FEATURED = 10
MOST_READERS = 5000
_FEATURED = "n.author_id = ? AND n.audience IN ('public', 'quiet') AND n.deleted_at IS NULL"


class TagsFull(Exception):
    """Somebody follows, or shows, as many tags as one may."""


class FollowedTag(Model):
    """A reader wants the public notes with a tag in their home."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    reader_id: int
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("rubric.Tag", related_name=False)
    tag_id: int

    class Meta:
        table = "followed_tag"
        unique_together = [("reader", "tag")]
        indexes = [("tag_id",)]


class FeaturedTag(Model):
    """A tag that somebody here shows on their page."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    actor_id: int
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField("rubric.Tag", related_name=False)
    tag_id: int

    class Meta:
        table = "featured_tag"
        unique_together = [("actor", "tag")]
        indexes = [("tag_id",)]


async def follow_tag(reader: Actor, name: str) -> Tag:
    """Have the public notes with a tag come into one's home; raises TagsFull."""
    if await FollowedTag.filter(reader_id=reader.id).count() >= MOST_FOLLOWED:
        raise TagsFull(f"You follow {MOST_FOLLOWED} tags already")
    tag = await tag_called(name)
    await FollowedTag.get_or_create(reader_id=reader.id, tag_id=tag.id)
    return tag


async def unfollow_tag(reader: Actor, name: str) -> None:
    """Follow a tag no longer, and take out of one's home what came by it alone."""
    tag = await Tag.get_or_none(name=name)
    if tag is None or not await FollowedTag.filter(reader_id=reader.id, tag_id=tag.id).delete():
        return
    await sql.rows(
        "DELETE FROM home_entry WHERE reader_id = ? AND note_id IN (SELECT t.note_id"
        " FROM note_tag t JOIN note n ON n.id = t.note_id WHERE t.tag_id = ? AND n.author_id <> ?"
        " AND n.author_id NOT IN (SELECT followed_id FROM follow WHERE follower_id = ?)"
        " AND NOT EXISTS (SELECT 1 FROM note_tag o JOIN followed_tag f ON f.tag_id = o.tag_id"
        " WHERE o.note_id = t.note_id AND f.reader_id = ?))",
        [reader.id, tag.id, reader.id, reader.id, reader.id],
    )


async def tags_followed_by(reader: Actor, page: Page) -> Slice[Tag]:
    """List the tags somebody follows, the last followed first; ids of the page are no tags'."""
    end, ends = window("id", page)
    rows = await sql.rows(
        f"SELECT id, tag_id FROM followed_tag WHERE reader_id = ?{end}",  # noqa: S608
        [reader.id, *ends],
    )
    numbers = {row["id"]: row["tag_id"] for row in rows}
    found = cut(list(numbers), page)
    tags = await load_ids(Tag, (numbers[each] for each in found.rows))
    return found.holding([tags[numbers[each]] for each in found.rows])


async def readers_of_tags(note: Note) -> list[int]:
    """Return who reads the tags of a note in their home: so many at most, the longest first."""
    rows = await sql.rows(
        "SELECT f.reader_id, MIN(f.id) AS first FROM note_tag t JOIN followed_tag f"
        " ON f.tag_id = t.tag_id WHERE t.note_id = ? GROUP BY f.reader_id ORDER BY first LIMIT ?",
        [note.id, MOST_READERS],
    )
    return [row["reader_id"] for row in rows]


async def feature(actor: Actor, name: str) -> FeaturedTag:
    """Show a tag on one's page; raises TagsFull."""
    tag = await tag_called(name)
    if found := await FeaturedTag.get_or_none(actor_id=actor.id, tag_id=tag.id):
        return found
    if await FeaturedTag.filter(actor_id=actor.id).count() >= MOST_FEATURED:
        raise TagsFull(f"You can show {MOST_FEATURED} tags at most")
    return (await FeaturedTag.get_or_create(actor_id=actor.id, tag_id=tag.id))[0]


async def unfeature(actor: Actor, name: str) -> None:
    """Show a tag no longer."""
    await FeaturedTag.filter(actor_id=actor.id, tag__name=name).delete()


async def featured_by(actor: Actor) -> list[sql.Row]:
    """Return the tags on someone's page: `id`, `name`, how often used (`uses`), and `last`, an id.

    Only notes that everyone may see are counted.
    """
    return await sql.rows(
        "SELECT f.id, g.name, COUNT(n.id) AS uses, MAX(n.id) AS last FROM featured_tag f"  # noqa: S608
        " JOIN tag g ON g.id = f.tag_id LEFT JOIN note_tag t ON t.tag_id = g.id"
        f" AND t.note_id IN (SELECT n.id FROM note n WHERE {_FEATURED})"
        " LEFT JOIN note n ON n.id = t.note_id WHERE f.actor_id = ?"
        " GROUP BY f.id, g.name ORDER BY uses DESC, f.id",
        [actor.id, actor.id],
    )


async def used_by(actor: Actor, most: int) -> list[Tag]:
    """Return the tags somebody used most in notes for everyone, without those they show."""
    rows = await sql.rows(
        "SELECT t.tag_id, COUNT(*) AS uses FROM note n JOIN note_tag t ON t.note_id = n.id"  # noqa: S608
        f" WHERE {_FEATURED} AND t.tag_id NOT IN"
        " (SELECT tag_id FROM featured_tag WHERE actor_id = ?)"
        " GROUP BY t.tag_id ORDER BY uses DESC, t.tag_id LIMIT ?",
        [actor.id, actor.id, most],
    )
    tags = await load_ids(Tag, (row["tag_id"] for row in rows))
    return [tags[row["tag_id"]] for row in rows]


async def marked_by(reader: Actor, tags: Iterable[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Tell which of these tags a reader follows, and which they show."""
    ids = list(tags)
    held = f"tag_id IN ({sql.marks(ids)})"
    rows = await sql.rows(
        f"SELECT 'follows' AS kind, tag_id FROM followed_tag WHERE reader_id = ? AND {held}"  # noqa: S608
        f" UNION ALL SELECT 'shows', tag_id FROM featured_tag WHERE actor_id = ? AND {held}",
        [reader.id, *ids, reader.id, *ids],
    )
    kinds = {kind: frozenset(r["tag_id"] for r in rows if r["kind"] == kind) for kind in _KINDS}
    return kinds["follows"], kinds["shows"]


_KINDS = ("follows", "shows")

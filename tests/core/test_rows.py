"""Rows as models, written and read by plain statements."""

from datetime import UTC, datetime

from tortoise.transactions import in_transaction

from actors.actor import Actor, Kind
from core.rows import (
    exists,
    insert,
    insert_all,
    load,
    load_ids,
    load_locked,
    load_one,
    set_columns,
)
from notes.note import Audience, Note

OTHER = {"uri": "https://b.example/u/ben", "name": "ben", "host": "b.example"}
MOMENT = datetime(2026, 11, 20, 10, 30, 15, 250_000, UTC)


async def _author() -> Actor:
    made = await insert(
        Actor, {"uri": "https://a.example/u/ana", "name": "ana", "host": "a.example"}
    )
    assert made
    return made


async def test_what_is_written_is_read_the_same_by_either_road(here):
    author = await _author()
    values = {
        "uri": "https://a.example/n/1",
        "author_id": author.id,
        "audience": Audience.FOLLOWERS,
        "content": "<p>谷</p>",
        "is_sensitive": True,
        "emojis": [{"shortcode": "谷", "url": "https://a.example/e.png"}],
        "interaction": {"canQuote": {}},
        "created_at": MOMENT,
    }

    written = await insert(Note, values)
    read = await Note.get(uri=values["uri"])

    assert written
    for name in Note._meta.fields_db_projection:
        assert getattr(written, name) == getattr(read, name), name
    assert read.audience is Audience.FOLLOWERS
    assert read.created_at == MOMENT
    assert read.emojis == values["emojis"]


async def test_defaults_are_those_of_the_model(here):
    author = await _author()

    assert author.kind is Kind.PERSON
    assert author.id > 0
    assert author.facts == []
    assert author.created_at.tzinfo is not None
    assert author.local_name is None


async def test_a_row_is_written_once(here):
    author = await _author()
    again = await insert(Actor, {"uri": author.uri, "name": "ben", "host": "a.example"})

    assert again is None
    found = await load(Actor, "uri = ?", [author.uri])
    assert [each.name for each in found] == ["ana"]


async def test_rows_are_found_by_what_is_asked(here):
    author = await _author()

    assert await load_one(Actor, "uri = ?", ["https://nobody.example"]) is None
    assert set(await load_ids(Actor, [author.id, None, 1])) == {author.id}
    assert await exists("actor", "name = ?", ["ana"])
    assert not await exists("actor", "name = ?", ["ben"])


async def test_a_row_makes_the_model_that_tortoise_would_make(here):
    author = await _author()
    values = {"uri": "https://a.example/n/1", "author_id": author.id, "edited_at": MOMENT}
    await insert(Note, values | {"emojis": [{"shortcode": "谷"}], "audience": Audience.QUIET})

    (ours,) = await load(Note, "uri = ?", [values["uri"]])
    theirs = await Note.get(uri=values["uri"])

    names = [*Note._meta.fields_db_projection, "_partial", "_saved_in_db", "_custom_generated_pk"]
    for name in names:
        assert getattr(ours, name) == getattr(theirs, name), name
        assert type(getattr(ours, name)) is type(getattr(theirs, name)), name


async def test_a_model_from_a_row_can_be_changed_and_saved(here):
    author = await _author()

    (found,) = await load(Actor, "id = ?", [author.id])
    found.title = "Ana of the hills"
    await found.save()

    assert (await Actor.get(id=author.id)).title == "Ana of the hills"


async def test_many_rows_are_written_at_once_and_read_the_same(here):
    author = await _author()
    made = [
        Note(uri=f"https://a.example/n/{n}", author_id=author.id, emojis=[{"shortcode": "谷"}])
        for n in range(3)
    ]

    await insert_all(Note, made)
    read = await load(Note, "author_id = ? ORDER BY id", [author.id])

    assert [each.id for each in read] == [each.id for each in made]
    for name in Note._meta.fields_db_projection:
        assert [getattr(each, name) for each in read] == [getattr(each, name) for each in made]
    made[0].content = "changed"
    await made[0].save()  # it is known to be in the database
    assert await Note.all().count() == 3


async def test_nothing_is_written_of_no_rows(here):
    await insert_all(Note, [])

    assert await Note.all().count() == 0


async def test_columns_of_one_row_are_written_and_no_others(here):
    author, other = await _author(), await insert(Actor, OTHER)
    assert other

    await set_columns(Actor, author.id, {"name": "anna", "is_locked": True, "avatar": ""})

    read = await load(Actor, "name IN ('anna', 'ben') ORDER BY name DESC")
    assert [(each.name, each.is_locked) for each in read] == [("ben", False), ("anna", True)]


async def test_a_row_is_read_for_whoever_changes_it(here):
    author = await _author()

    async with in_transaction():
        found = await load_locked(Actor, author.id)
        missing = await load_locked(Actor, author.id + 1)

    assert found == author
    assert missing is None

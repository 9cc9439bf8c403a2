"""Finding people, tags and notes, as apps ask for them; and who may find what."""

import pytest
from tortoise.transactions import in_transaction

from core.paging import Page
from notes import search
from notes.note import Note
from notes.reactions import Bookmark, Like
from notes.removal import remove
from notes.search import NoteWords
from notes.tags import tag_note
from outbox import delete
from tests.factories import addressed, boosted, followed, noted, stranger

SEARCH = "/api/v2/search"


async def written(author, text="Hills", **columns):
    """A note that is in the index."""
    note = await noted(author, f"<p>{text}</p>", **columns)
    await search.index(note)
    return note


async def found(app, words, **more):
    """The ids of the statuses that are found."""
    answer = await app.get(SEARCH, q=words, type="statuses", **more)
    return [int(each["id"]) for each in answer["statuses"]]


async def test_everything_is_searched_at_once(settle, client):
    mei = await settle("mei")
    ana = await settle("hillary", is_discoverable=True, is_indexable=True)
    note = await written(ana, "hill")
    await tag_note(note, "Hillside")

    shown = await (await client(mei)).get(SEARCH, q="hill")

    assert [each["id"] for each in shown["accounts"]] == [str(ana.id)]
    assert [each["name"] for each in shown["hashtags"]] == ["hillside"]
    assert len(shown["hashtags"][0]["history"]) == 7
    assert [each["id"] for each in shown["statuses"]] == [str(note.id)]
    assert shown["collections"] == []


async def test_the_elder_search_has_tags_by_name(settle, client):
    ana = await settle("ana")
    await tag_note(await noted(ana), "Hills")

    shown = await (await client(ana)).get("/api/v1/search", q="#hil")

    assert shown["hashtags"] == ["hills"]


async def test_a_type_narrows_the_search(settle, client):
    ana = await settle("ana", is_discoverable=True, is_indexable=True)
    await tag_note(await written(ana, "ana"), "ana")
    app = await client()

    for kind in ("accounts", "hashtags", "statuses"):
        shown = await app.get(SEARCH, q="ana", type=kind)
        filled = [name for name, value in shown.items() if value]
        assert filled == [kind]


async def test_only_whose_author_allows_it_is_found_by_strangers(settle, client):
    mei, ana, bo = await settle("mei"), await settle("ana", is_indexable=True), await settle("bo")
    allowed = await written(ana)
    for note in ({"audience": "quiet"}, {"audience": "followers"}, {"audience": "people"}):
        await written(ana, **note)
    await written(bo)
    await followed(mei, ana)

    assert await found(await client(), "hills") == [allowed.id]
    assert await found(await client(mei), "hills") == [allowed.id]


async def test_ones_own_notes_and_those_one_had_to_do_with_are_found(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    own = await written(mei, audience="people")
    liked, kept, named, shared, other = [await written(ana) for _ in range(5)]
    await Like.create(actor_id=mei.id, note_id=liked.id, uri=f"{mei.uri}/likes/1")
    await Bookmark.create(actor_id=mei.id, note_id=kept.id)
    await addressed(named, mei)
    await boosted(mei, shared)

    ids = await found(await client(mei), "hills")

    assert ids == [shared.id, named.id, kept.id, liked.id, own.id]
    assert other.id not in ids


async def test_PRIV_13_what_one_may_no_longer_see_is_not_found(settle, client):
    mei, ana = await settle("mei"), await settle("ana", is_indexable=True)
    note = await written(ana, audience="followers")
    await Bookmark.create(actor_id=mei.id, note_id=note.id)
    await written(ana)
    app = await client(mei)

    hidden = await found(app, "hills")
    await (await client(ana)).post(f"/api/v1/accounts/{mei.id}/block")

    assert note.id not in hidden
    assert len(hidden) == 1
    assert await found(app, "hills") == []


async def test_muted_people_are_not_found(settle, client):
    mei, ana = await settle("mei"), await settle("ana", is_indexable=True)
    await written(ana)
    app = await client(mei)

    await app.post(f"/api/v1/accounts/{ana.id}/mute")

    assert await found(app, "hills") == []


@pytest.mark.parametrize(
    ("text", "words", "is_found"),
    [
        ("北京天气很好", "天气", True),
        ("北京天气很好", "好", True),
        ("北京天气很好", "北京很好", False),
        ("北京天气很好", "北京 很好", True),
        ("東京タワー", "タワー", True),
        ("안녕하세요", "안녕", True),
        ("Up the Hills", "hills UP", True),
        ("Up the Hills", "hills down", False),
        ("Up the Hills", "hill", False),
        ("Crème brûlée", "creme", True),
        ("one two", "one OR three", False),
        ("1e5 0x1f 3d v2", "3d 1e5 v2", True),
        ("a@b.example/c-d", "b example", True),
    ],
)
async def test_words_are_found_in_many_writings(settle, client, text, words, is_found):
    ana = await settle("ana")
    note = await written(ana, text)

    assert await found(await client(ana), words) == ([note.id] if is_found else [])


@pytest.mark.parametrize("words", ['"', "*", "a:b", "(", "'", "NEAR(", "%", "\\", "-x", "^a"])
async def test_OPS_01_signs_of_the_databases_are_only_signs(settle, client, words):
    status, shown = await (await client(await settle("ana"))).ask(
        "GET", SEARCH, params={"q": words}
    )

    assert status == 200
    assert shown["statuses"] == []


async def test_a_note_is_found_as_it_is_now(settle, client, settle_down):
    app = await client(await settle("mei"))

    made = await app.post("/api/v1/statuses", status="hills", spoiler_text="warned")
    first = await found(app, "hills warned")
    await app.ask("PUT", f"/api/v1/statuses/{made['id']}", json={"status": "valleys"})
    stale, fresh = await found(app, "hills"), await found(app, "valleys")
    await app.ask("DELETE", f"/api/v1/statuses/{made['id']}")

    assert first == fresh == [int(made["id"])]
    assert stale == await found(app, "valleys") == []
    assert await NoteWords.all().count() == 0


async def test_notes_from_elsewhere_are_found_edited_and_deleted(
    settle, client, remote, settle_down
):
    mei = await settle("mei")
    ana = remote.person("ana")
    app = await client(mei)
    tag = {"type": "Mention", "href": mei.uri, "name": "@mei"}
    note = remote.note(ana, "<p>Far hills</p>", to=[mei.uri], tag=[tag])

    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()
    first = await found(app, "far hills")
    changed = note | {"content": "<p>Near hills</p>", "updated": "2026-01-02T00:00:00Z"}
    await remote.send(mei.inbox, remote.activity("Update", ana, changed), ana)
    await settle_down()
    stale, fresh = await found(app, "far"), await found(app, "near")
    await remote.send(mei.inbox, remote.activity("Delete", ana, note["id"]), ana)
    await settle_down()

    assert len(first) == 1
    assert (stale, fresh) == ([], first)
    assert await found(app, "near") == []


async def test_a_page_goes_on_by_offset_and_by_id(settle, client):
    mei = await settle("mei")
    notes = [await written(mei) for _ in range(5)]
    ids = [each.id for each in notes]
    app = await client(mei)

    assert await found(app, "hills", limit=2) == [ids[4], ids[3]]
    assert await found(app, "hills", limit=2, offset=2) == [ids[2], ids[1]]
    assert await found(app, "hills", limit=2, max_id=str(ids[3])) == [ids[2], ids[1]]
    assert await found(app, "hills", limit=2, min_id=str(ids[1])) == [ids[3], ids[2]]


async def test_one_author_is_searched(settle, client):
    mei, ana = await settle("mei", is_indexable=True), await settle("ana", is_indexable=True)
    note = await written(mei)
    await written(ana)

    assert await found(await client(ana), "hills", account_id=str(mei.id)) == [note.id]


async def test_following_narrows_people(settle, client):
    mei = await settle("mei")
    bea, ben = await settle("bea", is_discoverable=True), await settle("ben", is_discoverable=True)
    await followed(mei, ben)
    app = await client(mei)

    every = await app.get(SEARCH, q="be", type="accounts")
    some = await app.get(SEARCH, q="be", type="accounts", following="true")

    assert [each["id"] for each in every["accounts"]] == [str(ben.id), str(bea.id)]
    assert [each["id"] for each in some["accounts"]] == [str(ben.id)]


async def test_an_address_is_looked_up_when_it_is_wished(settle, client, remote):
    mei = await settle("mei")
    ana = remote.person("ana")
    app = await client(mei)

    known = await app.get(SEARCH, q=ana.uri)
    fetched = await app.get(SEARCH, q=ana.uri, resolve="true")
    again = await app.get(SEARCH, q=ana.uri)

    assert known["accounts"] == []
    assert [each["username"] for each in fetched["accounts"]] == ["ana"]
    assert again["accounts"] == fetched["accounts"]


async def test_a_notes_address_finds_it(settle, client):
    mei, bo = await settle("mei"), await stranger("bo")
    note = await noted(bo)
    hidden = await noted(bo, audience="followers")
    app = await client(mei)

    assert [each["id"] for each in (await app.get(SEARCH, q=note.uri))["statuses"]] == [
        str(note.id)
    ]
    assert (await app.get(SEARCH, q=hidden.uri))["statuses"] == []


@pytest.mark.parametrize("path", [SEARCH, "/api/v1/search"])
async def test_what_search_refuses(settle, client, path):
    app, nobody = await client(await settle("mei")), await client()

    assert (await app.ask("GET", path))[0] == 400
    assert (await app.ask("GET", path, params={"q": " "}))[0] == 400
    assert (await nobody.ask("GET", path, params={"q": "x", "resolve": "true"}))[0] == 401
    assert (await nobody.ask("GET", path, params={"q": "x", "offset": "5"}))[0] == 401
    assert (await nobody.ask("GET", path, params={"q": "x"}))[0] == 200
    narrow = await client(await settle("ana"), "read:statuses")
    assert (await narrow.ask("GET", path, params={"q": "x"}))[0] == 403


async def test_what_was_there_before_is_indexed(settle):
    mei = await settle("mei")
    notes = [await noted(mei, "<p>hills</p>") for _ in range(3)]
    await search.index(notes[1])

    assert await search.index_older(0) == notes[2].id
    assert await search.index_older(notes[2].id) is None

    assert (await search.find("hills", mei, Page())).rows == [each.id for each in notes[::-1]]


async def test_what_is_removed_by_others_is_found_no_more(settle):
    mei = await settle("mei")
    one, other = await written(mei), await written(mei)

    await delete.withdraw(mei, await Note.get(id=one.id))
    async with in_transaction():
        await remove(other)

    assert (await search.find("hills", mei, Page())).rows == []


async def test_a_word_longer_than_any_name_finds_nobody_and_breaks_nothing(settle, client):
    app = await client(await settle("mei"))

    for path in ("/api/v1/accounts/search", "/api/v2/search", "/api/v1/peers/search"):
        for words in ("a" * 70_000, "%_!" * 30_000):
            status, _ = await app.ask("GET", path, json={"q": words})
            assert status == 200, path

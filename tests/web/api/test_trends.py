"""What and whom there is to find: trends by the published formula, suggestions, the directory."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from moderation import trending as by_policy
from notes.note import Note
from notes.reactions import Bookmark, Like
from notes.removal import remove
from notes.tags import tag_note
from notes.trending import Formula, TrendingNote, count_anew, trending
from tests.factories import boosted, followed, noted, stranger

SAID = Formula(1.0, 0.8, 0.8, 0.5, 24.0, 72, 3, 3)


async def crowd(settle, count=4):
    """People who are no newcomers."""
    people = [await settle(f"p{number}") for number in range(count)]
    await Actor.filter(id__in=[each.id for each in people]).update(
        created_at=now() - timedelta(days=9)
    )
    return people


async def likes(note, *people, **columns):
    """They like it."""
    for person in people:
        uri = f"{person.uri}/likes/{note.id}"
        await Like.create(actor_id=person.id, note_id=note.id, uri=uri, **columns)


async def test_each_person_counts_by_the_strongest_thing_they_did(settle):
    author = await settle("mei", is_discoverable=True)
    one, two, three, four = await crowd(settle)
    note = await noted(author)
    await likes(note, one, two, three, four, author)
    await Bookmark.create(actor_id=one.id, note_id=note.id)
    await boosted(two, note)
    await noted(three, answers=note)

    await count_anew(SAID)

    [row] = await TrendingNote.all()
    assert row.score == pytest.approx(1.0 + 0.8 + 0.8 + 0.5, rel=0.01)
    assert (row.people, row.saves, row.comments, row.boosts, row.likes) == (4, 1, 1, 1, 4)


async def test_MOD_07_a_server_full_of_people_moves_nothing(settle):
    author = await settle("mei", is_discoverable=True)
    near = await crowd(settle, 3)
    old = now() - timedelta(days=9)
    bought = await noted(author)
    loved = await noted(await settle("ben", is_discoverable=True))
    flock = [await stranger(f"s{each}", "flock.example", created_at=old) for each in range(40)]
    await likes(bought, *flock)
    await likes(loved, *near)

    await count_anew(SAID)
    [row] = await TrendingNote.all()
    assert (row.note_id, row.people) == (loved.id, 3)

    # From several servers it is many people who like it, of each as many as count.
    for host in ("a.example", "b.example"):
        others = [await stranger(f"t{each}", host, created_at=old) for each in range(5)]
        await likes(bought, *others)
        await likes(loved, *others)
    await count_anew(SAID)

    counted = {each.note_id: (each.people, each.likes) for each in await TrendingNote.all()}
    assert counted == {bought.id: (6, 6), loved.id: (7, 7)}


async def test_the_sum_halves_with_a_day(settle):
    author = await settle("mei", is_discoverable=True)
    people = await crowd(settle)
    written = now() - timedelta(hours=24)
    note = await noted(author, id=new_id(written), created_at=written)
    await likes(note, *people)

    await count_anew(SAID)

    assert (await TrendingNote.get(note_id=note.id)).score == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize(
    "spoil",
    ["few", "quiet", "sensitive", "hidden", "newcomers", "old", "suspended", "held", "gone"],
)
async def test_what_is_not_eligible_does_not_trend(settle, spoil):
    author = await settle("mei", is_discoverable=spoil != "hidden")
    people = await crowd(settle)
    if spoil == "newcomers":
        await Actor.all().update(created_at=now())
    columns = {
        "quiet": {"audience": "quiet"},
        "sensitive": {"is_sensitive": True},
        "held": {"held_at": now()},
    }.get(spoil, {})
    note = await noted(author, **columns)
    for person in people[: 2 if spoil == "few" else 4]:
        number = new_id(now() - timedelta(hours=73)) if spoil == "old" else new_id()
        await likes(note, person, id=number)
    if spoil == "suspended":
        await Actor.filter(id=author.id).update(suspended_at=now())
    if spoil == "gone":
        await Note.filter(id=note.id).update(deleted_at=now())

    await count_anew(SAID)

    assert await TrendingNote.all().count() == 0


async def test_an_author_has_one_place_among_the_first(settle):
    mei, ana = [await settle(name, is_discoverable=True) for name in ("mei", "ana")]
    people = await crowd(settle)
    first, second = await noted(mei), await noted(mei)
    other = await noted(ana)
    for note, count in ((first, 4), (second, 4), (other, 3)):
        await likes(note, *people[:count])

    await count_anew(SAID)

    assert await trending(3) == [second.id, other.id, first.id]
    assert await trending(4) == []


async def test_trends_are_counted_anew_and_forget_what_is_removed(settle):
    author = await settle("mei", is_discoverable=True)
    people = await crowd(settle)
    note = await noted(author)
    await likes(note, *people)
    await count_anew(SAID)

    await count_anew(SAID)
    twice = await TrendingNote.all().count()
    await remove(note)

    assert twice == 1
    assert await TrendingNote.all().count() == 0


async def test_apps_read_trending_notes_once_there_are_enough(settle, client):
    mei = await settle("mei", is_discoverable=True)
    people = await crowd(settle)
    notes = [await noted(mei) for _ in range(20)]
    for note in notes[:19]:
        await likes(note, *people)
    await by_policy.count_anew()
    app = await client(people[0])

    too_few = await app.get("/api/v1/trends/statuses")
    await likes(notes[19], *people)
    await by_policy.count_anew()
    found = await app.get("/api/v1/trends/statuses")
    rest = await app.get("/api/v1/trends/statuses", limit=15, offset=15)

    assert too_few == []
    assert len(found) == 20
    assert found[0]["favourited"] is True
    assert [each["id"] for each in rest] == [each["id"] for each in found[15:]]


async def test_the_policys_numbers_count(settle):
    author = await settle("mei", is_discoverable=True)
    note = await noted(author)
    await likes(note, *await crowd(settle))

    await count_anew(replace(SAID, like=2.0, least_people=4))
    loud = await TrendingNote.get(note_id=note.id)
    await count_anew(replace(SAID, least_people=5))

    assert loud.score == pytest.approx(8.0, rel=0.01)
    assert await TrendingNote.all().count() == 0


async def test_tags_trend_by_the_people_who_use_them(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    for author, tag in ((mei, "loud"), (mei, "loud"), (mei, "loud"), (mei, "both"), (ana, "both")):
        await tag_note(await noted(author), tag)
    app = await client()

    found = await app.get("/api/v1/trends/tags")
    old = await app.get("/api/v1/trends", limit=1, offset=1)

    assert [each["name"] for each in found] == ["both", "loud"]
    assert found[0]["history"][0]["accounts"] == "2"
    assert [each["name"] for each in old] == ["loud"]


async def test_friends_of_friends_are_suggested_first(settle, client):
    mei, ana, bo = (
        await settle("mei"),
        *[await settle(name, hides_follows=False) for name in ("ana", "bo")],
    )
    near = await stranger("near", is_discoverable=True)
    once = await stranger("once", is_discoverable=True)
    known = await settle("known", is_discoverable=True, followers_count=9)
    await settle("shy", followers_count=99)
    for one, other in ((mei, ana), (mei, bo), (ana, near), (bo, near), (ana, once)):
        await followed(one, other)
    app = await client(mei)

    found = await app.get("/api/v2/suggestions")
    old = await app.get("/api/v1/suggestions", limit=1)

    assert [each["account"]["id"] for each in found] == [str(near.id), str(known.id)]
    assert [each["sources"] for each in found] == [["friends_of_friends"], ["most_followed"]]
    assert found[0]["source"] == "global"
    assert [each["id"] for each in old] == [str(near.id)]


async def test_who_hides_whom_they_follow_suggests_nobody(settle, client):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    near = await stranger("near", is_discoverable=True)
    for one, other in ((mei, ana), (mei, bo), (ana, near), (bo, near)):
        await followed(one, other)

    assert await (await client(mei)).get("/api/v2/suggestions") == []


async def test_a_suggestion_is_dismissed(settle, client):
    mei, ana = await settle("mei"), await settle("ana", is_discoverable=True)
    app, path = await client(mei), "/api/v1/suggestions"

    before = await app.get(path)
    gone = await app.ask("DELETE", f"{path}/{ana.id}")
    odd = await app.ask("DELETE", f"{path}/12345")

    assert [each["id"] for each in before] == [str(ana.id)]
    assert gone == (200, {})
    assert odd[0] == 404
    assert await app.get(path) == []


async def test_the_blocked_and_the_muted_are_not_suggested(settle, client):
    mei = await settle("mei")
    ana, bo = [await settle(name, is_discoverable=True) for name in ("ana", "bo")]
    app = await client(mei)
    await app.post(f"/api/v1/accounts/{ana.id}/mute")
    await app.post(f"/api/v1/accounts/{bo.id}/block")

    assert await app.get("/api/v2/suggestions") == []


async def test_the_directory_has_whom_may_be_found(settle, client):
    ana = await settle("ana", is_discoverable=True, last_note_at=now() - timedelta(days=1))
    bo = await stranger("bo", is_discoverable=True, last_note_at=now())
    cy = await settle("cy", is_discoverable=True)
    await settle("shy", last_note_at=now())
    app, path = await client(), "/api/v1/directory"

    async def names(**asked):
        return [each["username"] for each in await app.get(path, **asked)]

    assert await names() == ["bo", "ana"]
    assert await names(order="new") == ["cy", "bo", "ana"]
    assert await names(order="new", local="true") == ["cy", "ana"]
    assert await names(order="new", offset=1, limit=1) == ["bo"]
    assert {ana.id, bo.id, cy.id}

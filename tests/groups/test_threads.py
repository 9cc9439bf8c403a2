"""Threads of groups elsewhere are completed in the background, and within bounds."""

import pytest

from actors.actor import Actor
from actors.memberships import State, groups_of, runs, stand
from core.jobs import Job
from federation.allowance import Budget
from federation.urls import MAX_IRI
from inbox import answers, forwarded
from inbox.answers import fetch_answers
from inbox.group_case import listed_moderators
from inbox.group_threads import want_threads
from inbox.notifications import Event, Notification
from notes.group_posts import GroupPost
from notes.note import Note
from tests.groups.played import Scene, joined


@pytest.fixture
async def scene(settle, server, third, settle_down):
    """A group with one post, by somebody of a third server."""
    mei = await settle("mei")
    there = server.person("tea", "Group")
    group = await joined(mei, server, there, settle_down)
    author = third.person("ana")
    page = third.note(author, "<p>post</p>", audience=there.uri)
    found = Scene(mei, server, there, group, author, page, there, settle_down)
    await found.passes_on(third.activity("Create", author, page))
    return found


def collection(server, uri, items, kind="OrderedCollection"):
    return server.serve({"id": uri, "type": kind, "orderedItems": items})


async def test_answers_are_read_three_levels_deep_and_stand_in_the_group(scene, third):
    above, notes = scene.page, []
    for level in range(5):
        note = third.note(scene.author, f"<p>level {level}</p>", inReplyTo=above["id"])
        third.serve(above | {"replies": f"{above['id']}/replies"})
        collection(third, f"{above['id']}/replies", [note["id"]])
        notes.append(note["id"])
        above = note

    await fetch_answers({"uri": scene.page["id"]})

    kept = await Note.filter(uri__in=notes).order_by("id")
    assert {each.uri for each in kept} == set(notes[:3])
    assert {each.group_id for each in kept} == {scene.group.id}
    top = await scene.note()
    assert (await GroupPost.get(note_id=top.id)).active == max(each.id for each in kept)


async def test_hubzilla_lists_activities_and_peertube_has_comments(scene, third):
    one, two = (
        third.note(scene.author, "<p>answer</p>", inReplyTo=scene.page["id"]) for _ in range(2)
    )
    context, comments = f"{third.base}/context", f"{third.base}/comments"
    collection(third, context, [third.activity("Create", scene.author, one)])
    collection(third, comments, [two["id"]])

    third.serve(scene.page | {"context": context})
    await fetch_answers({"uri": scene.page["id"]})
    third.serve(scene.page | {"comments": comments})
    await fetch_answers({"uri": scene.page["id"]})

    for each in (one, two):
        assert (await Note.get(uri=each["id"])).group_id == scene.group.id


async def test_a_long_thread_is_left_to_further_jobs_up_to_a_bound(
    scene, third, settle_down, monkeypatch
):
    monkeypatch.setattr(answers, "FETCHES", 12)
    monkeypatch.setattr(answers, "MOST", 25)
    notes = [
        third.note(scene.author, f"<p>{each}</p>", inReplyTo=scene.page["id"])["id"]
        for each in range(30)
    ]
    context = f"{third.base}/context"
    collection(third, context, notes)
    third.serve(scene.page | {"context": context})

    await fetch_answers({"uri": scene.page["id"]})
    first = await Note.filter(uri__in=notes).count()
    await settle_down()

    assert 0 < first < 12
    assert await Note.filter(uri__in=notes).count() == 25


async def test_a_list_of_another_server_and_strange_answers_are_let_be(scene, third, elsewhere):
    forged = elsewhere.note(elsewhere.person("mal"), "<p>forged</p>", inReplyTo=scene.page["id"])
    collection(elsewhere, f"{elsewhere.base}/replies", [forged["id"]])
    third.serve(scene.page | {"replies": f"{elsewhere.base}/replies"})

    await fetch_answers({"uri": scene.page["id"]})

    assert not await Note.exists(uri=forged["id"])


async def test_a_group_is_looked_through_once_an_hour(scene, server, settle_down):
    asked = server.fetches.count("/users/tea/outbox")

    await want_threads(scene.group)
    await settle_down()

    assert asked == 1
    assert server.fetches.count("/users/tea/outbox") == 1


async def test_one_bad_thing_in_a_letter_does_not_hide_the_others(scene, third):
    """An id may be as long as ids are; what is made of it is no longer one that can be kept."""
    head = third.note(scene.author, "<p>long</p>", audience=scene.there.uri)
    uri = head["id"] + "x" * (MAX_IRI - len(head["id"]))
    long = third.serve(head | {"id": uri})
    good = third.note(scene.author, "<p>good</p>", audience=scene.there.uri)

    await scene.passes_on([long["id"], good["id"]])

    note = await Note.get(uri=good["id"])
    assert note.group_id == scene.group.id
    assert (await Note.get(uri=uri)).group_id == scene.group.id


async def test_to_be_listed_as_a_moderator_makes_nobody_here_a_member(scene, server, settle):
    ben = await settle("ben")
    listed = collection(server, f"{scene.there.uri}/moderators", [ben.uri])
    await Actor.filter(id=scene.group.id).update(moderators_uri=listed["id"])
    group = await Actor.get(id=scene.group.id)

    await listed_moderators(group, Budget(), anew=True)
    before = await groups_of(ben)
    await stand(ben.id, group.id, State.MEMBER)
    await listed_moderators(group, Budget(), anew=True)

    assert before == []
    assert await runs(ben, group)


async def test_DOS_09_a_change_that_is_told_again_and_again_is_looked_up_six_times(scene, third):
    """And once more when the hour is over: what stands there last is read in the end."""
    path = scene.page["id"].removeprefix(third.base)
    asked = third.fetches.count(path)
    update = third.activity("Update", scene.author, scene.page)
    for number in range(10):
        await scene.passes_on([update | {"id": f"{update['id']}/{number}/{n}"} for n in range(2)])
    at_once = third.fetches.count(path) - asked
    third.serve(scene.page | {"content": "<p>last</p>", "updated": "2026-11-25T10:00:00Z"})

    forwarded._looks.clear()
    waiting = Job.filter(name="inbox.forwarded")
    assert await waiting.count() == 1
    await waiting.update(due=0)
    await scene.settle_down()

    assert at_once == 6
    assert (await scene.note()).content == "<p>last</p>"


async def test_DOS_09_all_changes_in_one_letter_share_what_it_may_ask(scene, third):
    pages = [third.note(scene.author, f"<p>{n}</p>", audience=scene.there.uri) for n in range(30)]
    for start in (0, 15):
        await scene.passes_on([each["id"] for each in pages[start : start + 15]])
    asked = len(third.fetches)

    await scene.passes_on([third.activity("Update", scene.author, each) for each in pages])

    assert len(third.fetches) - asked == 20


@pytest.mark.parametrize("is_first", [True, False])
async def test_a_comment_that_comes_by_itself_and_by_the_group_is_there_once(
    scene, third, is_first
):
    bob = third.person("bob")
    comment = third.note(bob, "<p>me too</p>", inReplyTo=scene.page["id"], cc=[scene.mei.uri])
    comment["tag"] = [{"type": "Mention", "href": scene.mei.uri, "name": "@mei"}]
    create = third.activity("Create", bob, comment)

    async def by_itself() -> None:
        assert await third.send(scene.mei.inbox, create, bob) == 202
        await scene.settle_down()

    async def by_the_group() -> None:
        await scene.passes_on(create)
        await scene.passes_on(comment["id"])

    for way in (by_itself, by_the_group) if is_first else (by_the_group, by_itself):
        await way()

    note = await Note.get(uri=comment["id"])
    assert note.group_id == scene.group.id
    assert (await scene.note()).replies_count == 1
    assert not await Note.exists(boost_of_id=note.id)
    told = Notification.filter(reader_id=scene.mei.id, note_id=note.id, event=Event.MENTION)
    assert await told.count() == 1

"""Posting into groups elsewhere, each by the rules of its kind (federation.md 8, 10.3)."""

from dataclasses import replace

import pytest

from core.clock import now
from core.jobs import Job
from inbox.notifications import Event, Notification
from inbox.timelines import HomeEntry
from notes.attachments import Attachment
from notes.documents import document_of, parts_of
from notes.group_marks import settle_lock
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from outbox.create import publish
from outbox.delete import withdraw
from outbox.draft import Draft
from outbox.like import like
from outbox.refusals import NotAllowed
from outbox.undo import unlike
from outbox.update import edit
from tests.groups.played import PUBLIC, Scene, joined, recorded

LEMMY = ("lemmy/lemmy--objects-group.json", "enterprise.lemmy.ml", {})
MBIN = (
    "mbin/mbin--AnnounceTest__testAnnounceUpdateMagazine__1.json",
    "kbin.test",
    {"published": None, "updated": None},
)
NODEBB = (
    "nodebb/discourse-activity-pub--case_1-group_actor.json",
    "community.nodebb.org",
    {},
)
DISCOURSE = ("discourse/lemmy--objects-group.json", "socialhub.activitypub.rocks", {})
GUPPE = ("guppe/akkoma--fixtures-guppe-actor.json", "gup.pe", {})
MOBILIZON = ("mobilizon/lemmy--objects-group.json", "mobilizon.fr", {})
FRIENDICA = ("friendica/lemmy--objects-person_2.json", "poliverso.org", {"type": "Group"})
KINDS = {
    "lemmy": LEMMY,
    "mbin": MBIN,
    "nodebb": NODEBB,
    "discourse": DISCOURSE,
    "guppe": GUPPE,
    "mobilizon": MOBILIZON,
    "friendica": FRIENDICA,
}


def group_of(server, kind):
    name, host, values = KINDS[kind]
    document = recorded(name, server.hosts(host))
    if kind == "mbin":
        document = document["object"]["object"] | {"id": f"{server.base}/m/test"}
    return server.actor({k: v for k, v in (document | values).items() if v is not None})


@pytest.fixture
async def member(settle, server, third, settle_down, request):
    """Mei, who joined a group of the kind the test names."""
    mei = await settle("mei")
    there = group_of(server, getattr(request, "param", "lemmy"))
    group = await joined(mei, server, there, settle_down)
    server.letters.clear()
    return Scene(mei, server, there, group, there, {}, there, settle_down)


@pytest.mark.parametrize("member", KINDS, indirect=True)
async def test_a_post_goes_to_the_group_once_addressed_as_it_demands(member):
    await Note.all().delete()
    note = await publish(member.mei, Draft(text="First line\n\nand more", group_id=member.group.id))
    await member.settle_down()

    creates = [each for each in member.server.letters if each.type == "Create"]
    create = creates[0].document
    post = create["object"]
    assert len(creates) == 1
    assert create["to"] == post["to"] == [member.there.uri, PUBLIC]
    assert create["audience"] == post["audience"] == member.there.uri
    assert post["name"] == "First line"
    assert post["cc"][0] == member.mei.followers_uri
    mentioned = [each["href"] for each in post["tag"] if each["type"] == "Mention"]
    assert mentioned == [member.there.uri]
    assert post["attributedTo"] == member.mei.uri
    assert post["published"]
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.PENDING


@pytest.mark.parametrize("member", ["lemmy", "guppe"], indirect=True)
@pytest.mark.parametrize("whole", [True, False])
async def test_it_waits_until_the_group_passes_it_on(member, whole):
    note = await publish(member.mei, Draft(text="hello there", group_id=member.group.id))
    await member.settle_down()
    create = member.server.last("Create")

    await member.passes_on(create if whole else note.uri)

    assert (await GroupPost.get(note_id=note.id)).standing is Standing.ACCEPTED
    boost = await Note.get(boost_of_id=note.id, author_id=member.group.id)
    assert await HomeEntry.filter(note_id__in=[note.id, boost.id]).count() == 1


@pytest.mark.parametrize("what", ["create", "note", "whole"])
async def test_nodebb_a_reject_is_shown_to_the_author_with_its_reason(member, what):
    note = await publish(member.mei, Draft(text="hello there", group_id=member.group.id))
    await member.settle_down()
    create = member.server.last("Create")
    about = {"create": create["id"], "note": note.uri, "whole": create}[what]
    reject = member.server.activity("Reject", member.there, about, summary="off topic")

    assert await member.server.send(member.mei.inbox, reject, member.there) == 202
    await member.settle_down()

    post = await GroupPost.get(note_id=note.id)
    assert (post.standing, post.reason) == (Standing.REFUSED, "off topic")
    told = await Notification.get(reader_id=member.mei.id, event=Event.GROUP)
    assert told.note_id == note.id


async def test_another_group_rejects_nothing(member, third, settle_down):
    note = await publish(member.mei, Draft(text="hello there", group_id=member.group.id))
    await settle_down()
    other = third.person("other", "Group")
    reject = third.activity("Reject", other, note.uri, summary="no")

    await third.send(member.mei.inbox, reject, other)
    await settle_down()

    assert (await GroupPost.get(note_id=note.id)).standing is Standing.PENDING


async def test_comments_likes_edits_and_deletes_go_to_the_group_as_well(member, third):
    author = third.person("ana")
    page = third.note(author, "<p>post</p>", name="post", audience=member.there.uri)
    await member.passes_on(third.activity("Create", author, page))
    parent = await member.note(page)

    comment = await publish(member.mei, Draft(text="a comment", in_reply_to=parent))
    await like(member.mei, parent)
    await member.settle_down()
    await edit(member.mei, comment, Draft(text="a better comment"))
    await unlike(member.mei, parent)
    await member.settle_down()
    await withdraw(member.mei, comment)
    await member.settle_down()

    uri = member.there.uri
    assert member.server.types() == ["Create", "Like", "Update", "Undo", "Delete"]
    for letter in member.server.letters:
        assert letter.document["audience"] == uri
        assert uri in letter.document["to"]
    create = member.server.last("Create")["object"]
    assert create["inReplyTo"] == page["id"]
    assert "name" not in create
    assert create["to"] == [uri, PUBLIC]
    assert set(third.types()) >= {"Create", "Like", "Update", "Undo", "Delete"}


async def test_whom_the_group_banned_posts_nothing_there(member):
    block = {
        "id": member.server.id("a"),
        "type": "Block",
        "actor": member.there.uri,
        "object": member.mei.uri,
        "target": member.there.uri,
        "summary": "spam",
        "endTime": "2036-01-01T00:00:00Z",
    }
    await member.passes_on(block)

    with pytest.raises(NotAllowed, match="spam"):
        await publish(member.mei, Draft(text="hello", group_id=member.group.id))

    assert not await Note.exists(author_id=member.mei.id)


async def test_a_lock_takes_no_comments_neither_from_here_nor_by_letter(member, third):
    author = third.person("ana")
    page = third.note(author, "<p>post</p>", name="post", audience=member.there.uri)
    await member.passes_on(third.activity("Create", author, page))
    note = await member.note(page)
    await settle_lock(note, member.group, is_locked=True, reason="said enough")

    with pytest.raises(NotAllowed, match="said enough"):
        await publish(member.mei, Draft(text="one more", in_reply_to=note))
    answer = third.note(author, "<p>one more</p>", inReplyTo=page["id"], cc=[member.mei.uri])
    await third.send(member.mei.inbox, third.activity("Create", author, answer), author)
    await member.settle_down()

    assert not await Note.exists(uri=answer["id"])


async def test_a_removal_of_ours_leaves_it_with_its_author_and_says_why(member):
    note = await publish(member.mei, Draft(text="hello there", group_id=member.group.id))
    await member.settle_down()
    await member.passes_on(member.server.last("Create"))
    delete = {
        "id": member.server.id("a"),
        "type": "Delete",
        "actor": member.there.uri,
        "object": note.uri,
        "summary": "Rule 2: no greetings",
    }

    await member.passes_on(delete)

    kept, post = await Note.get(id=note.id), await GroupPost.get(note_id=note.id)
    assert kept.deleted_at is None
    assert (post.standing, post.reason) == (Standing.REMOVED, "Rule 2: no greetings")
    assert not await Note.exists(boost_of_id=note.id)
    assert await Notification.exists(reader_id=member.mei.id, event=Event.GROUP)
    undo = {"id": member.server.id("a"), "type": "Undo", "actor": member.there.uri}
    await member.passes_on(undo | {"object": delete})
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.ACCEPTED
    assert not await Job.filter(parked=True).exists()
    assert kept.created_at < now()


async def test_what_has_no_words_is_called_by_its_picture_or_its_author(member):
    note = await publish(member.mei, Draft(text="ok", group_id=member.group.id))
    parts = (await parts_of([note]))[note.id]
    picture = Attachment(alt="Hills in mist")
    picture.files = []

    names = [document_of(note, parts)["name"]]
    note.content = ""
    names += [document_of(note, replace(parts, attachments=[picture]))["name"]]
    names += [document_of(note, parts)["name"]]

    assert names == ["ok \u2026", "Hills in mist", "mei"]

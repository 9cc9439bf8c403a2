"""Lemmy: its communities are followed, pass whole activities on, and moderate so (FEP-1b12)."""

import pytest

from actors.actor import Actor
from actors.follows import Follow
from actors.groups import Group, Posting, See
from actors.memberships import Membership, Role, State, membership_of
from actors.remote import look_up
from inbox.notifications import Event, Notification
from inbox.timelines import HomeEntry
from notes.group_marks import lock_on
from notes.group_posts import GroupPost, Standing
from notes.note import Audience, Note
from notes.reactions import Like, Pin
from notes.visibility import may_see
from outbox.follow import follow
from outbox.undo import unfollow
from tests.groups.played import PUBLIC, Scene, joined, recorded

HOSTS = ("enterprise.lemmy.ml", "ds9.lemmy.ml")


@pytest.fixture
def tenforward(server):
    """The recorded community, its moderators at the recorded address."""
    hosts = server.hosts(*HOSTS)
    featured = f"{server.base}/c/tenforward/featured"
    group = server.actor(recorded("lemmy/lemmy--objects-group.json", hosts, featured=featured))
    server.serve(
        {
            "id": f"{group.uri}/moderators",
            "type": "OrderedCollection",
            "orderedItems": [f"{server.base}/users/lemmy_beta"],
        }
    )
    return group


def page_of(server, author, group, **more):
    """A post as the outbox of a recorded community has it."""
    outbox = recorded("lemmy/lemmy--collections-group_outbox.json", server.hosts(*HOSTS))
    page = outbox["orderedItems"][0]["object"]["object"] | {
        "id": server.id("post"),
        "attributedTo": author.uri,
        "to": [group.uri, PUBLIC],
        "audience": group.uri,
        "content": "<p>words</p>",
    }
    return server.serve(page | more)


def created(server, author, page):
    return {
        "id": server.id("activities/create"),
        "type": "Create",
        "actor": author.uri,
        "to": page["to"],
        "object": page,
        "audience": page["audience"],
    }


async def test_a_community_is_found_by_its_handle_and_by_its_url(settle, server, tenforward):
    await settle("mei")

    by_handle = await look_up(f"!tenforward@{server.host}")
    by_url = await look_up(tenforward.uri)

    assert by_handle.id == by_url.id
    assert by_handle.is_group
    group = await Group.get(actor_id=by_handle.id)
    assert (group.post, group.see) == (Posting.EVERYONE, See.EVERYONE)
    assert by_handle.moderators_uri == f"{tenforward.uri}/moderators"


async def test_it_is_asked_with_a_follow_and_left_with_its_undo(
    settle, server, tenforward, settle_down
):
    mei = await settle("mei")
    found = await look_up(f"!tenforward@{server.host}")
    await follow(mei, found)
    await settle_down()
    asked = server.last("Follow")
    assert (await membership_of(mei, found)).state is State.ASKED
    assert (asked["actor"], asked["object"], asked["to"]) == (
        mei.uri,
        tenforward.uri,
        [tenforward.uri],
    )
    assert server.letters[-1].path == "/c/tenforward/inbox"

    accept = server.activity("Accept", tenforward, asked, to=[mei.uri])
    await server.send(mei.inbox, accept, tenforward)
    await settle_down()

    assert (await membership_of(mei, found)).state is State.MEMBER
    await unfollow(mei, found)
    await settle_down()
    undone = server.last("Undo")
    assert undone["object"]["id"] == asked["id"]
    assert undone["object"]["type"] == "Follow"
    assert (await membership_of(mei, found)).state is State.LEFT


async def test_a_refusal_is_kept_with_its_reason(settle, server, tenforward, settle_down):
    mei = await settle("mei")
    found = await look_up(f"!tenforward@{server.host}")
    await follow(mei, found)
    await settle_down()

    reject = server.activity("Reject", tenforward, server.last("Follow"), summary="full")
    await server.send(mei.inbox, reject, tenforward)
    await settle_down()

    row = await membership_of(mei, found)
    assert (row.state, row.reason, row.by_id) == (State.LEFT, "full", found.id)
    assert not await Follow.exists(follower_id=mei.id)
    await follow(mei, found)
    assert (await membership_of(mei, found)).state is State.ASKED


async def test_a_post_lands_once_in_the_group_and_in_members_homes(
    settle, server, tenforward, settle_down
):
    mei = await settle("mei")
    group = await joined(mei, server, tenforward, settle_down)
    nutomic = server.person("nutomic")
    page = page_of(server, nutomic, tenforward)
    announce = server.announce(tenforward, created(server, nutomic, page))
    for letter in (announce, server.announce(tenforward, page["id"])):
        assert await server.send(mei.inbox, letter, tenforward) == 202
        await settle_down()

    note = await Note.get(uri=page["id"]).select_related("author")
    assert (note.title, note.group_id, note.author.uri) == (
        "another outbox test",
        group.id,
        nutomic.uri,
    )
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.ACCEPTED
    boost = await Note.get(boost_of_id=note.id, author_id=group.id)
    assert boost.uri == announce["id"]
    assert [each.note_id for each in await HomeEntry.filter(reader_id=mei.id)] == [boost.id]


def comment_of(server, author, group, parent, **more):
    """The recorded comment, below something that was posted."""
    document = recorded(
        "lemmy/lemmy--objects-comment.json",
        server.hosts(*HOSTS),
        id=server.id("comment"),
        attributedTo=author.uri,
        inReplyTo=parent["id"] if isinstance(parent, dict) else parent,
        to=[group.uri, PUBLIC],
        audience=group.uri,
        cc=[],
        context=None,
        published="2026-11-20T13:42:43.966208Z",
        updated=None,
    )
    return server.serve(document | more)


@pytest.fixture
async def scene(settle, server, third, tenforward, settle_down):
    """Mei is a member; a post by somebody of a third server stands in the group."""

    mei = await settle("mei")
    group = await joined(mei, server, tenforward, settle_down)
    author = third.person("picard")
    page = page_of(third, author, tenforward)
    mod = server.person("lemmy_beta")
    found = Scene(mei, server, tenforward, group, author, page, mod, settle_down)
    await found.passes_on(created(third, author, page))
    return found


async def test_a_comment_stands_below_its_post_and_in_nobodys_home(
    scene, third, tenforward, settle_down
):
    comment = comment_of(third, scene.author, tenforward, scene.page)
    before = await HomeEntry.all().count()

    await scene.passes_on(created(third, scene.author, comment))

    note, top = await Note.get(uri=comment["id"]), await scene.note()
    assert (note.in_reply_to_id, note.group_id) == (top.id, scene.group.id)
    assert (await GroupPost.get(note_id=top.id)).active == note.id
    assert await HomeEntry.all().count() == before
    assert not await Note.exists(boost_of_id=note.id)


async def test_nothing_is_believed_on_the_word_of_the_group_alone(
    scene, server, third, elsewhere, tenforward
):
    victim = elsewhere.person("victim")
    forged = page_of(third, victim, tenforward, id=elsewhere.id("post"), content="<p>forged</p>")
    beside = third.note(scene.author, "<p>to nobody here</p>")

    await scene.passes_on(created(elsewhere, victim, forged))
    await scene.passes_on(created(third, scene.author, beside | {"audience": tenforward.uri}))

    assert not await Note.exists(uri=forged["id"])
    kept = await Note.get(uri=beside["id"])
    assert kept.group_id is None
    assert not await GroupPost.exists(note_id=kept.id)


async def test_what_the_author_changes_and_withdraws_is_looked_up(scene, third):
    newer = scene.page | {"content": "<p>newer</p>", "updated": "2026-11-25T10:00:00Z"}
    update = {
        "id": third.id("activities/update"),
        "type": "Update",
        "actor": scene.author.uri,
        "object": newer | {"content": "<p>not what stands there</p>"},
    }
    third.serve(newer)
    await scene.passes_on(update)
    assert (await scene.note()).content == "<p>newer</p>"

    delete = {
        "id": third.id("activities/delete"),
        "type": "Delete",
        "actor": scene.author.uri,
        "object": scene.page["id"],
    }
    await scene.passes_on(delete)
    assert (await scene.note()).deleted_at is None

    third.statuses[scene.page["id"].removeprefix(third.base)] = 410
    await scene.passes_on(delete | {"id": third.id("activities/delete")})
    assert (await scene.note()).deleted_at is not None


async def test_likes_are_counted_once_their_own_server_says_so(scene, third, elsewhere, tenforward):
    ana = elsewhere.person("ana")
    like = recorded("lemmy/pyfedi--testing_data-body_1.json", {})["object"] | {
        "id": elsewhere.id("activities"),
        "actor": ana.uri,
        "object": scene.page["id"],
        "audience": tenforward.uri,
    }
    await scene.passes_on(like)
    assert (await scene.note()).likes_count == 0

    elsewhere.serve(like)
    await scene.passes_on(like)
    await scene.passes_on(like)
    assert (await scene.note()).likes_count == 1

    undo = recorded("lemmy/lemmy--activities-voting-undo_like_note.json", {}) | {
        "id": elsewhere.id("activities"),
        "actor": ana.uri,
        "object": like,
        "audience": tenforward.uri,
    }
    await scene.passes_on(undo)
    assert (await scene.note()).likes_count == 1
    elsewhere.serve(undo)
    await scene.passes_on(undo)
    assert (await scene.note()).likes_count == 0


async def test_a_dislike_takes_the_like_of_the_same_person_back(scene, elsewhere, tenforward):
    ana = elsewhere.person("ana")
    acts = [
        recorded("lemmy/lemmy--activities-voting-dislike_page.json", {})
        | {
            "id": elsewhere.id("activities"),
            "type": kind,
            "actor": ana.uri,
            "object": scene.page["id"],
            "audience": tenforward.uri,
        }
        for kind in ("Like", "Dislike")
    ]
    for act in acts:
        elsewhere.serve(act)

    await scene.passes_on(acts[0])
    assert await Like.all().count() == 1
    await scene.passes_on(acts[1])

    assert (await scene.note()).likes_count == 0
    assert not await Like.exists()


async def test_a_removal_takes_the_words_and_keeps_the_reason_and_is_taken_back(scene, third):
    undo = scene.ruling("lemmy/lemmy--activities-deletion-undo_remove_note.json")
    removal = undo["object"] | {
        "actor": scene.mod.uri,
        "object": scene.page["id"],
        "id": f"{undo['id']}/delete",
    }
    await scene.passes_on(removal | {"actor": scene.author.uri.replace("picard", "q")})
    assert (await scene.note()).deleted_at is None

    await scene.passes_on(removal)
    note = await scene.note()
    post = await GroupPost.get(note_id=note.id)
    assert (note.content, note.deleted_at is None) == ("", False)
    assert (post.standing, post.reason) == (Standing.REMOVED, "bad comment")
    assert not await Note.exists(boost_of_id=note.id)
    await scene.passes_on(created(third, scene.author, scene.page))
    assert (await scene.note()).deleted_at is not None

    await scene.passes_on(undo | {"object": removal})
    note = await scene.note()
    assert (note.content, note.deleted_at) == ("<p>words</p>", None)
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.ACCEPTED
    assert await Note.exists(boost_of_id=note.id, author_id=scene.group.id)


@pytest.mark.parametrize("what", ["page", "note"])
async def test_a_lock_holds_with_its_reason_until_it_is_undone(scene, third, tenforward, what):
    about = scene.page
    if what == "note":
        about = comment_of(third, scene.author, tenforward, scene.page)
        await scene.passes_on(created(third, scene.author, about))
    lock = scene.ruling(f"lemmy/lemmy--activities-community-lock_{what}.json", object=about["id"])
    unlock = scene.ruling(
        f"lemmy/lemmy--activities-community-undo_lock_{what}.json", object=lock, actor=scene.mod.uri
    )

    await scene.passes_on(lock | {"actor": third.person("q").uri, "id": third.id("lock")})
    note = await Note.get(uri=about["id"])
    assert await lock_on(note) is None
    await scene.passes_on(lock)
    assert "reason for" in (await lock_on(note)).reason
    assert (await lock_on(await scene.note()) is None) == (what == "note")
    await scene.passes_on(unlock)

    assert await lock_on(note) is None


async def test_pins_and_the_moderators_are_those_of_the_community(
    scene, server, third, tenforward, settle_down
):
    featured = f"{tenforward.uri}/featured"
    add = {"id": server.id("a"), "type": "Add", "actor": scene.mod.uri, "target": featured}
    await scene.passes_on(add | {"object": scene.page["id"]})
    note = await scene.note()
    assert await Pin.exists(actor_id=scene.group.id, note_id=note.id)
    await scene.passes_on(
        add | {"id": server.id("a"), "type": "Remove", "object": scene.page["id"]}
    )
    assert not await Pin.exists()

    await look_up(scene.author.uri)
    listed = server.things["/c/tenforward/moderators"]
    server.serve(listed | {"orderedItems": [scene.mod.uri, scene.author.uri]})
    moderators = f"{tenforward.uri}/moderators"
    await scene.passes_on(add | {"object": scene.author.uri, "target": moderators})
    row = await Membership.get(group_id=scene.group.id, person__uri=scene.author.uri)
    assert row.role is Role.MODERATOR

    server.serve(listed)
    out = {"type": "Remove", "object": scene.author.uri, "target": moderators}
    await scene.passes_on(add | out | {"id": server.id("a")})
    await row.refresh_from_db()
    assert row.role is Role.MEMBER


async def test_a_ban_of_one_of_ours_is_told_and_ends(scene, server, tenforward):
    block = scene.ruling(
        "lemmy/lemmy--activities-block-block_user.json",
        object=scene.mei.uri,
        target=tenforward.uri,
        endTime="2036-11-01T12:23:50.151874Z",
    )
    await scene.passes_on(block | {"actor": scene.author.uri, "id": f"{scene.author.uri}/block"})
    assert (await membership_of(scene.mei, scene.group)).state is State.MEMBER

    await scene.passes_on(block)
    row = await membership_of(scene.mei, scene.group)
    assert (row.is_banned, row.reason, row.until.year) == (True, "spam post", 2036)
    told = await Notification.get(reader_id=scene.mei.id, event=Event.GROUP)
    assert told.actor_id == scene.group.id

    undo = scene.ruling("lemmy/lemmy--activities-block-undo_block_user.json", object=block)
    await scene.passes_on(undo)
    assert (await membership_of(scene.mei, scene.group)).state is State.MEMBER


async def test_the_data_of_somebody_banned_goes_where_the_community_says_so(scene, tenforward):
    await scene.passes_on(
        scene.ruling(
            "lemmy/lemmy--activities-block-block_user.json",
            object=scene.author.uri,
            target=tenforward.uri,
        )
    )

    note = await scene.note()
    assert note.deleted_at is not None
    assert (await GroupPost.get(note_id=note.id)).reason == "spam post"


async def test_the_community_itself_changes(scene, server, tenforward):
    update = scene.ruling("lemmy/lemmy--activities-community-update_community.json")
    tenforward.written["name"] = "The Updated Community"

    await scene.passes_on(update | {"object": update["object"] | {"id": tenforward.uri}})

    assert (await Actor.get(id=scene.group.id)).title == "The Updated Community"


async def test_an_account_that_the_community_says_is_gone_is_asked_for(scene, third, server):
    delete = recorded("lemmy/lemmy--activities-deletion-delete_user.json", {})
    delete |= {"actor": scene.author.uri, "object": scene.author.uri, "id": third.id("delete")}
    await scene.passes_on(delete)
    assert (await Actor.get(uri=scene.author.uri)).gone_at is None

    third.statuses[scene.author.uri.removeprefix(third.base)] = 410
    await scene.passes_on(delete | {"id": third.id("delete")})

    assert (await Actor.get(uri=scene.author.uri)).gone_at is not None
    assert (await scene.note()).deleted_at is not None


async def test_a_stranger_group_makes_us_ask_nobody(settle, server, third, tenforward, settle_down):
    mei = await settle("mei")
    author = third.person("picard")
    page = page_of(third, author, tenforward)
    asked = len(third.fetches)

    letter = server.announce(tenforward, created(third, author, page))
    await server.send(mei.inbox, letter, tenforward)
    await settle_down()

    assert not await Note.exists()
    assert len(third.fetches) == asked


async def test_joining_brings_the_newest_threads(settle, server, tenforward, settle_down):
    mei = await settle("mei")
    nutomic = server.person("nutomic")
    pages = [page_of(server, nutomic, tenforward, name=f"post {each}") for each in range(3)]
    outbox = recorded("lemmy/lemmy--collections-group_outbox.json", server.hosts(*HOSTS))
    wrapped = outbox["orderedItems"][0]
    items = [
        wrapped
        | {
            "id": server.id("activities/announce"),
            "actor": tenforward.uri,
            "object": created(server, nutomic, page),
        }
        for page in pages
    ]
    server.serve(outbox | {"id": f"{tenforward.uri}/outbox", "orderedItems": items})
    server.serve(
        {"id": f"{tenforward.uri}/featured", "type": "OrderedCollection", "orderedItems": pages[:1]}
    )

    group = await joined(mei, server, tenforward, settle_down)

    threads = await GroupPost.filter(group_id=group.id).select_related("note")
    assert {each.note.uri for each in threads} == {page["id"] for page in pages}
    assert [each.note.uri for each in threads if each.pinned_at] == [pages[0]["id"]]
    assert await HomeEntry.filter(reader_id=mei.id).count() == 3


async def test_leaving_takes_what_it_passed_on_out_of_the_home(scene, settle_down):
    assert await HomeEntry.filter(reader_id=scene.mei.id).count() == 1

    await unfollow(scene.mei, scene.group)
    await settle_down()

    assert not await HomeEntry.exists(reader_id=scene.mei.id)


async def test_who_comes_back_before_the_farewell_was_read_stays(scene, settle_down):
    await unfollow(scene.mei, scene.group)
    await follow(scene.mei, scene.group)
    await settle_down()

    assert await Follow.exists(follower_id=scene.mei.id, followed_id=scene.group.id)
    assert await HomeEntry.filter(reader_id=scene.mei.id).count() == 1


async def test_what_is_in_a_private_community_is_seen_by_its_members_alone(
    settle, server, third, tenforward, settle_down
):
    tenforward.written["manuallyApprovesFollowers"] = True
    mei, ben = await settle("mei"), await settle("ben")
    group = await joined(mei, server, tenforward, settle_down)
    assert (await Group.get(actor_id=group.id)).see is See.MEMBERS
    author = third.person("picard")
    page = page_of(third, author, tenforward, to=[tenforward.uri, tenforward.followers], cc=[])
    scene = Scene(mei, server, tenforward, group, author, page, tenforward, settle_down)

    await scene.passes_on(created(third, author, page), to=[tenforward.followers], cc=[])

    note = await scene.note()
    assert note.audience is Audience.MEMBERS
    seen = [await may_see(each, note) for each in (mei, ben, None)]
    assert seen == [True, False, False]
    assert await HomeEntry.filter(reader_id=mei.id).count() == 1
    await unfollow(mei, group)
    await settle_down()
    assert not await may_see(mei, note)


async def test_several_things_in_one_letter_share_what_it_may_ask(scene, third, server):
    many = [third.note(scene.author, f"<p>{each}</p>", cc=[scene.there.uri]) for each in range(40)]
    asked = len(third.fetches)

    await scene.passes_on([each["id"] for each in many])

    assert len(third.fetches) - asked <= 20
    assert 5 < await Note.filter(uri__in=[each["id"] for each in many]).count() <= 20

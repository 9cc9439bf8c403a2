"""Mbin, PieFed, NodeBB, Discourse, PeerTube, Friendica, Guppe, Smithereen, Mobilizon, Hubzilla: how
each is joined, how its groups pass things on, and what that does here (federation.md 10.1)."""

import pytest

from actors.actor import Actor
from actors.follows import Follow
from actors.groups import Group, Join, Posting
from actors.memberships import Membership, State, membership_of
from actors.remote import look_up
from core.jobs import Job
from inbox.answers import fetch_answers
from inbox.notifications import Event, Notification
from inbox.timelines import HomeEntry
from moderation.reports import Report
from notes.group_marks import lock_on
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from notes.reactions import Like, Pin
from outbox.create import publish
from outbox.draft import Draft
from outbox.follow import follow
from outbox.undo import unfollow
from tests.groups.played import PUBLIC, Scene, joined, recorded


async def asked_and_left(mei, server, group, settle_down):
    """Mei asks, is let in, and leaves; what she said, in order."""
    found = await joined(mei, server, group, settle_down)
    assert (await membership_of(mei, found)).state is State.MEMBER
    await unfollow(mei, found)
    await settle_down()
    return [letter.document for letter in server.letters]


async def stands(scene, page):
    """That something stands in the group as a thread, and in Mei's home, once."""
    note = await Note.get(uri=page["id"]).select_related("author")
    assert note.group_id == scene.group.id
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.ACCEPTED
    boost = await Note.get(boost_of_id=note.id, author_id=scene.group.id)
    homes = await HomeEntry.filter(note_id__in=[note.id, boost.id])
    assert [each.reader_id for each in homes] == [scene.mei.id]
    return note


# Mbin


@pytest.fixture
async def magazine(settle, server, third, settle_down):
    """A magazine with a post in it, all as its snapshots have it."""
    mei = await settle("mei")
    hosts = server.hosts("kbin.test")
    update = recorded("mbin/mbin--AnnounceTest__testAnnounceUpdateMagazine__1.json", hosts)
    there = server.actor(
        update["object"]["object"]
        | {"id": f"{server.base}/m/test", "published": "2024-01-01T00:00:00Z", "updated": None}
    )
    owner = server.person("owner")
    server.serve(
        {
            "id": f"{there.uri}/moderators",
            "type": "OrderedCollection",
            "orderedItems": [owner.uri],
        }
    )
    group = await joined(mei, server, there, settle_down)
    user = third.person("user")
    announce = recorded("mbin/mbin--AnnounceTest__testAnnounceCreateEntry__1.json", hosts)
    page = announce["object"]["object"] | {
        "id": third.id("m/test/t"),
        "attributedTo": user.uri,
        "published": "2024-01-01T00:00:00Z",
    }
    third.serve(page)
    scene = Scene(mei, server, there, group, user, page, owner, settle_down)
    create = announce["object"] | {
        "id": third.id("f/object"),
        "actor": user.uri,
        "object": page,
        "published": "2024-01-01T00:00:00Z",
    }
    await scene.passes_on(create)
    return scene


def snapshot(scene, name, **values):
    """What an Mbin magazine announces in one of its snapshots, in this scene."""
    hosts = scene.server.hosts("kbin.test")
    inner = recorded(f"mbin/mbin--AnnounceTest__{name}__1.json", hosts)["object"]
    return inner | {"id": scene.server.id("f/object")} | values


async def test_mbin_a_magazine_is_followed_and_its_entries_land(magazine):
    note = await stands(magazine, magazine.page)

    assert note.title == "test"
    asked = magazine.server.last("Follow")
    assert set(asked) >= {"id", "actor", "object"}
    assert asked["object"] == magazine.there.uri


async def test_mbin_a_moderators_removal_says_a_blank_for_a_reason(magazine):
    delete = snapshot(magazine, "testAnnounceDeleteEntryByModerator")
    tombstone = delete["object"] | {"id": magazine.page["id"]}

    await magazine.passes_on(
        delete
        | {"actor": magazine.author.uri.replace("user", "x")}
        | {"object": tombstone, "id": f"{magazine.author.uri}/d"}
    )
    assert (await magazine.note()).deleted_at is None
    await magazine.passes_on(delete | {"object": tombstone})

    note = await magazine.note()
    post = await GroupPost.get(note_id=note.id)
    assert (note.deleted_at is None, post.standing, post.reason) == (False, Standing.REMOVED, "")


async def test_mbin_pins_and_unpins(magazine):
    pin = snapshot(magazine, "testAnnounceAddPinnedPost", object=magazine.page["id"])
    unpin = snapshot(magazine, "testAnnounceRemovePinnedPost", object=magazine.page["id"])

    await magazine.passes_on(pin)
    assert await Pin.exists(actor_id=magazine.group.id)
    assert (await GroupPost.get(group_id=magazine.group.id)).pinned_at
    await magazine.passes_on(unpin)

    assert not await Pin.exists()


async def test_mbin_a_lock_by_the_author_holds(magazine, third):
    lock = recorded(
        "mbin/mbin--LockTest__testLockEntryByAuthor__1.json",
        {},
        id=third.id("f/object"),
        actor=magazine.author.uri,
        object=magazine.page["id"],
    )
    await magazine.passes_on(lock)

    assert await lock_on(await magazine.note())


async def test_mbin_ban_and_its_end_have_no_date(magazine):
    block = recorded("mbin/mbin--BlockTest__testBlockUser__1.json", {}) | {
        "id": magazine.server.id("f/object"),
        "actor": magazine.mod.uri,
        "object": magazine.mei.uri,
        "target": magazine.there.uri,
    }
    await magazine.passes_on(block)
    row = await membership_of(magazine.mei, magazine.group)
    assert (row.is_banned, row.reason, row.until) == (True, "some test", None)

    undo = snapshot(magazine, "testAnnounceUndoBlockUser", object=block)
    await magazine.passes_on(undo)
    assert not (await membership_of(magazine.mei, magazine.group)).is_banned


async def test_mbin_the_ban_that_its_moderator_brings_is_no_block_between_people(
    magazine, settle_down
):
    block = recorded("mbin/mbin--BlockTest__testBlockUser__1.json", {}) | {
        "id": magazine.server.id("f/object"),
        "actor": magazine.mod.uri,
        "object": magazine.mei.uri,
        "target": magazine.there.uri,
    }
    assert await magazine.server.send(magazine.mei.inbox, block, magazine.mod) == 202
    await settle_down()

    assert (await membership_of(magazine.mei, magazine.group)).is_banned
    assert await Follow.exists(follower_id=magazine.mei.id)


async def test_mbin_a_like_counts_when_its_server_confirms_it(magazine, third):
    like = snapshot(
        magazine,
        "testAnnounceLikeEntryComment",
        id=third.id("f/object"),
        actor=third.person("user2").uri,
        object=magazine.page["id"],
    )
    third.serve(like)
    await magazine.passes_on(like)
    assert (await magazine.note()).likes_count == 1

    undo = recorded("mbin/mbin--UndoTest__testUndoLikeEntryComment__1.json", {}) | {
        "id": third.id("f/object"),
        "actor": like["actor"],
        "object": like,
    }
    third.serve(undo)
    await magazine.passes_on(undo)
    assert not await Like.exists()


async def test_mbin_an_announced_change_is_read_where_it_stands(magazine, third):
    hosts = magazine.server.hosts("kbin.test")
    update = recorded("mbin/mbin--UpdateTest__testUpdateEntry__1.json", hosts)
    newer = magazine.page | {"name": "newer", "updated": "2024-02-01T00:00:00Z"}
    third.serve(newer)

    await magazine.passes_on(
        update | {"id": third.id("f/object"), "actor": magazine.author.uri, "object": magazine.page}
    )

    assert (await magazine.note()).title == "newer"


async def test_mbin_a_private_message_in_an_announce_goes_nowhere(magazine, third):
    message = snapshot(magazine, "testAnnounceCreateMessage")
    note = message["object"] | {
        "id": third.id("message"),
        "attributedTo": magazine.author.uri,
        "published": "2024-01-01T00:00:00Z",
    }
    third.serve(note)

    await magazine.passes_on(
        message | {"actor": magazine.author.uri, "object": note, "id": third.id("f/object")}
    )

    assert not await Note.exists(uri=note["id"])


async def test_mbin_a_boost_of_a_comment_floods_no_home(magazine, third):
    comment = third.note(
        magazine.author,
        "<p>comment</p>",
        inReplyTo=magazine.page["id"],
        audience=magazine.there.uri,
    )
    before = await HomeEntry.all().count()
    boost = recorded("mbin/mbin--AnnounceTest__testMagazineBoostEntryComment__1.json", {})
    letter = boost | {
        "id": magazine.server.id("f/object"),
        "actor": magazine.there.uri,
        "object": comment["id"],
        "published": "2024-01-01T00:00:00Z",
    }
    assert await magazine.server.send(magazine.mei.inbox, letter, magazine.there) == 202
    await magazine.settle_down()

    note = await Note.get(uri=comment["id"])
    assert note.group_id == magazine.group.id
    assert await HomeEntry.all().count() == before


# PieFed


@pytest.fixture
async def community(settle, server, third, settle_down):
    """A PieFed community; there is none in the records, but its follow, answers and moderators."""
    mei = await settle("mei")
    hosts = server.hosts("example.com")
    moderators = recorded("piefed/pyfedi--feeds-feed_moderators.json", hosts)
    there = server.actor(
        {
            "id": f"{server.base}/f/feedname",
            "type": "Group",
            "preferredUsername": "feedname",
            "inbox": f"{server.base}/f/feedname/inbox",
            "outbox": f"{server.base}/f/feedname/outbox",
            "followers": f"{server.base}/f/feedname/followers",
            "attributedTo": moderators["id"],
        }
    )
    server.serve(moderators)
    group = await joined(mei, server, there, settle_down)
    author = third.person("username")
    page = third.note(author, "<p>words</p>", type="Page", name="post", audience=there.uri)
    mod = server.person("username")
    return Scene(mei, server, there, group, author, page, mod, settle_down)


async def test_piefed_the_follow_has_the_recorded_shape(community):
    hosts = community.server.hosts("example.com")
    expected = recorded("piefed/pyfedi--feed_follow-01.json", hosts)

    asked = community.server.last("Follow")

    assert asked["to"] == expected["to"]
    assert (asked["type"], asked["object"]) == (expected["type"], expected["object"])


async def test_piefed_a_reject_as_recorded_refuses(community, settle_down):
    hosts = community.server.hosts("example.com")
    reject = recorded("piefed/pyfedi--feed_follow-03.json", hosts)
    asked = community.server.last("Follow")

    letter = reject | {"object": reject["object"] | {"id": asked["id"], "actor": asked["actor"]}}
    assert await community.server.send(community.mei.inbox, letter, community.there) == 202
    await settle_down()

    assert (await membership_of(community.mei, community.group)).state is State.LEFT
    assert not await Follow.exists(follower_id=community.mei.id)


async def test_piefed_several_activities_in_one_announce_are_taken_one_by_one(community, third):
    other = third.note(
        community.author, "<p>other</p>", type="Page", name="other", audience=community.there.uri
    )
    acts = [third.activity("Create", community.author, each) for each in (community.page, other)]
    await community.passes_on(acts)

    for page in (community.page, other):
        await stands(community, page)


async def test_piefed_what_a_feed_adds_to_what_it_follows_changes_nothing(community):
    hosts = community.server.hosts("example.com")
    for name in ("add", "remove"):
        letter = recorded(f"piefed/pyfedi--feeds-feed_{name}.json", hosts)
        assert await community.server.send(community.mei.inbox, letter, community.there) == 202
        await community.settle_down()

    assert not await Note.exists()
    assert not await Job.filter(parked=True).exists()


async def test_piefed_a_thread_moves_to_another_community_of_the_server(community, third, settle):
    await community.passes_on(third.activity("Create", community.author, community.page))
    other = community.server.person("other", "Group")
    there = await look_up(f"!other@{community.server.host}")
    move = community.server.activity(
        "Move",
        community.mod,
        community.page["id"],
        origin=community.there.uri,
        target=other.uri,
    )

    await community.passes_on(move | {"actor": community.author.uri, "id": third.id("move")})
    assert (await community.note()).group_id == community.group.id
    await community.passes_on(move)

    note = await community.note()
    assert note.group_id == there.id
    assert (await GroupPost.get(note_id=note.id)).group_id == there.id


async def test_piefed_a_report_passed_on_is_one_by_the_community(community, settle_down):
    note = await publish(community.mei, Draft(text=f"hello @feedname@{community.server.host}"))
    await settle_down()
    flag = community.server.activity(
        "Flag", community.mod, note.uri, summary="spam", to=[community.there.uri]
    )
    await community.passes_on(flag)

    report = await Report.get(target_id=community.mei.id)
    assert report.reporter_host == community.server.host


async def test_lemmy_a_warning_reaches_its_author(community, settle_down):
    note = await publish(community.mei, Draft(text=f"hello @feedname@{community.server.host}"))
    await settle_down()
    await Note.filter(id=note.id).update(group_id=community.group.id)
    warn = community.server.activity("Warn", community.mod, note.uri, summary="Rule 1: be kind")
    await community.passes_on(warn | {"actor": community.author.uri, "id": "x"})
    await community.passes_on(warn)

    assert await Notification.exists(reader_id=community.mei.id, event=Event.GROUP)
    row = await Membership.get(person_id=community.mei.id, group_id=community.group.id)
    assert row.reason == "Rule 1: be kind"


# NodeBB


@pytest.fixture
async def category(settle, server, third, settle_down):
    """A NodeBB category with the recorded topic in it."""
    mei = await settle("mei")
    hosts = server.hosts("community.nodebb.org")
    there = server.actor(recorded("nodebb/discourse-activity-pub--case_1-group_actor.json", hosts))
    group = await joined(mei, server, there, settle_down)
    author = server.person("author")
    letter = recorded("nodebb/discourse-activity-pub--case_1-received_1.json", hosts)
    page = server.serve(letter["object"] | {"attributedTo": author.uri})
    scene = Scene(mei, server, there, group, author, page, there, settle_down)
    await scene.passes_on(page, id=letter["id"])
    return scene


async def test_nodebb_a_topic_lands_whose_note_is_embedded(category):
    note = await stands(category, category.page)

    assert note.title == "Is ActivityPub too complicated?"
    assert category.server.letters[0].path == "/category/30/inbox"


async def test_nodebb_a_like_with_the_note_in_it_is_looked_up(category, third):
    hosts = category.server.hosts("community.nodebb.org")
    letter = recorded("nodebb/discourse-activity-pub--case_1-received_8.json", hosts)
    like = letter["object"] | {"id": third.id("f/object"), "actor": third.person("Fitik").uri}
    third.serve(like | {"object": category.page["id"]})

    await category.passes_on(like, to=letter["to"], cc=[PUBLIC])

    assert (await category.note()).likes_count == 1


async def test_nodebb_the_second_announce_of_a_topic_shows_it_no_second_time(category):
    hosts = category.server.hosts("community.nodebb.org")
    letter = recorded("nodebb/discourse-activity-pub--case_1-received_4.json", hosts)

    await category.passes_on(category.page, id=letter["id"], to=letter["to"], cc=letter["cc"])

    await stands(category, category.page)


async def test_nodebb_the_thread_is_completed_by_its_context(category, third):
    answer = third.note(
        third.person("ana"), "<p>answer</p>", inReplyTo=category.page["id"], audience=None
    )
    category.server.serve(
        {
            "id": category.page["context"],
            "type": "OrderedCollection",
            "orderedItems": [category.page["id"], answer["id"]],
        }
    )

    await fetch_answers({"uri": category.page["id"]})

    note = await Note.get(uri=answer["id"])
    assert note.in_reply_to_id == (await category.note()).id
    assert note.group_id == category.group.id


# Discourse


async def test_discourse_a_category_is_followed_and_speaks_1b12(settle, server, third, settle_down):
    mei = await settle("mei")
    hosts = server.hosts("socialhub.activitypub.rocks")
    there = server.actor(recorded("discourse/lemmy--objects-group.json", hosts))
    group = await joined(mei, server, there, settle_down)
    author = server.person("ana")
    page = server.note(author, "<p>topic</p>", type="Article", name="A topic", audience=there.uri)
    create = server.activity("Create", author, page) | {"actor": author.document(server.base)}
    scene = Scene(mei, server, there, group, author, page, there, settle_down)

    await scene.passes_on(create)

    assert (await stands(scene, page)).title == "A topic"


# PeerTube


async def test_peertube_a_channel_shows_the_videos_of_its_owner(settle, server, third, settle_down):
    mei = await settle("mei")
    hosts = server.hosts("tilvids.com", "framatube.org")
    owner = f"{server.base}/users/owner"
    there = server.actor(
        recorded("peertube/lemmy--objects-group.json", hosts)
        | {"attributedTo": [{"type": "Person", "id": owner}]}
    )
    server.person("owner")
    group = await joined(mei, server, there, settle_down)
    assert (await Group.get(actor_id=group.id)).post is Posting.MODERATORS
    name = "kitsune--objects-framatube.org_videos_watch_217eefeb-883d-45be-b7fc-a788ad8507d3.json"
    video = server.serve(
        recorded(f"peertube/{name}", hosts)
        | {
            "attributedTo": [
                {"type": "Person", "id": owner},
                {"type": "Group", "id": there.uri},
            ]
        }
    )
    letter = recorded("peertube/lemmy--activities-announce_video.json", hosts)
    assert letter["actor"] == there.uri

    status = await server.send(mei.inbox, letter | {"object": video["id"]}, there)
    await settle_down()

    assert status == 202
    scene = Scene(mei, server, there, group, there, video, there, settle_down)
    note = await stands(scene, video)
    assert (note.kind, note.author.uri) == ("Video", owner)


# Friendica and Guppe


async def test_friendica_a_forum_boosts_what_mentions_it(settle, server, third, settle_down):
    mei = await settle("mei")
    hosts = server.hosts("poliverso.org", "lemmy.schuerz.at")
    there = server.actor(
        recorded("friendica/lemmy--objects-person_2.json", hosts) | {"type": "Group"}
    )
    group = await joined(mei, server, there, settle_down)
    author = third.person("jakob")
    mention = {"type": "Mention", "href": there.uri, "name": "@informapirata"}
    note = recorded(
        "friendica/lemmy--objects-note_1.json",
        third.hosts("soc.schuerz.at") | hosts,
        attributedTo=author.uri,
        inReplyTo=None,
        tag=[mention],
        to=[PUBLIC],
        cc=[there.uri],
    )
    third.serve(note)
    scene = Scene(mei, server, there, group, author, note, there, settle_down)

    await scene.passes_on(note["id"])

    await stands(scene, note)
    undo = server.activity(
        "Undo", there, {"type": "Announce", "id": "x", "actor": there.uri, "object": note["id"]}
    )
    await server.send(mei.inbox, undo, there)
    await settle_down()
    assert (await scene.note()).group_id is None
    assert not await GroupPost.exists()


async def test_guppe_answers_with_a_bare_id_and_boosts(settle, server, third, settle_down):
    mei = await settle("mei")
    there = server.actor(
        recorded("guppe/akkoma--fixtures-guppe-actor.json", server.hosts("gup.pe"))
    )
    found = await look_up(f"@Bernie2020@{server.host}")
    await follow(mei, found)
    await settle_down()
    accept = server.activity("Accept", there, server.last("Follow")["id"])
    assert await server.send(mei.inbox, accept, there) == 202
    await settle_down()
    assert (await membership_of(mei, found)).state is State.MEMBER

    author = third.person("ana")
    mention = {"type": "Mention", "href": there.uri, "name": "@bernie2020"}
    note = third.note(author, "<p>hi</p>", tag=[mention], cc=[there.uri, author.followers])
    scene = Scene(mei, server, there, found, author, note, there, settle_down)
    await scene.passes_on(note["id"])

    await stands(scene, note)


# Smithereen


@pytest.fixture
async def wall(settle, server, third, settle_down):
    """A Smithereen group: it wants a Join, and posts are added to its wall."""
    mei = await settle("mei")
    there = server.person(
        "club",
        "Group",
        capabilities={"acceptsJoins": True},
        wall=f"{server.base}/users/club/wall",
    )
    author = third.person("grishka")
    note = recorded(
        "smithereen/lemmy--objects-note.json",
        third.hosts("friends.grishka.me"),
        attributedTo=author.uri,
        inReplyTo=None,
        replies=None,
        tag=[],
        cc=[there.uri],
        target={
            "type": "Collection",
            "id": f"{there.uri}/wall",
            "attributedTo": there.uri,
        },
    )
    third.serve(note)
    found = await joined(mei, server, there, settle_down)
    return Scene(mei, server, there, found, author, note, there, settle_down)


async def test_smithereen_is_asked_with_a_join_and_left_with_a_leave(wall, settle_down):
    await unfollow(wall.mei, wall.group)
    await settle_down()

    said = [(each.type, each.document["object"]) for each in wall.server.letters]
    assert said == [("Join", wall.there.uri), ("Leave", wall.there.uri)]
    assert wall.server.letters[0].document["to"] == [wall.there.uri]
    assert (await membership_of(wall.mei, wall.group)).state is State.LEFT


async def test_smithereen_adds_to_its_wall_and_deletes_from_it(wall, third, settle_down):
    async def adds(about, **more):
        add = wall.server.activity("Add", wall.there, about, **more)
        assert await wall.server.send(wall.mei.inbox, add, wall.there) == 202
        await settle_down()

    foreign = {"type": "Collection", "id": f"{third.base}/wall", "attributedTo": third.base}
    await adds(wall.page["id"], target=foreign)
    assert not await Note.exists()
    await adds(wall.page["id"], target=wall.page["target"])

    note = await stands(wall, wall.page)
    delete = wall.server.activity("Delete", wall.there, wall.page["id"])
    assert await wall.server.send(wall.mei.inbox, delete, wall.there) == 202
    await settle_down()
    assert (await wall.note()).deleted_at is not None
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.REMOVED


async def test_smithereen_a_group_deletes_nothing_that_was_posted_elsewhere(
    wall, third, settle_down
):
    beside = third.note(wall.author, "<p>beside</p>", cc=[wall.mei.uri])
    create = third.activity("Create", wall.author, beside)
    assert await third.send(wall.mei.inbox, create, wall.author) == 202
    await settle_down()
    delete = wall.server.activity("Delete", wall.there, beside["id"])
    assert await wall.server.send(wall.mei.inbox, delete, wall.there) == 202
    await settle_down()

    assert (await Note.get(uri=beside["id"])).deleted_at is None


# Mobilizon


@pytest.fixture
def ateliers(server):
    """The recorded group of Mobilizon."""
    return server.actor(
        recorded("mobilizon/lemmy--objects-group.json", server.hosts("mobilizon.fr"))
    )


async def test_mobilizon_is_asked_with_a_join_and_left_with_a_leave(
    settle, server, ateliers, settle_down
):
    mei = await settle("mei")

    said = await asked_and_left(mei, server, ateliers, settle_down)

    join = recorded("mobilizon/mobilizon--fixtures-mobilizon-join-activity.json", {})
    leave = recorded("mobilizon/mobilizon--fixtures-mobilizon-leave-activity.json", {})
    assert [each["type"] for each in said] == [join["type"], leave["type"]] == ["Join", "Leave"]
    assert [each["object"] for each in said] == [ateliers.uri, ateliers.uri]
    assert {"id", "actor"} <= set(said[1])


async def test_mobilizon_that_takes_the_invited_alone_is_followed_until_it_invites(
    settle, server, ateliers, settle_down
):
    mei = await settle("mei")
    ateliers.written["openness"] = "invite_only"
    found = await look_up(f"!contribateliers@{server.host}")
    assert (await Group.get(actor_id=found.id)).join is Join.INVITE
    admin = server.person("admin")
    invite = recorded("mobilizon/mobilizon--fixtures-mobilizon-invite-activity.json", {}) | {
        "id": server.id("member"),
        "actor": admin.uri,
        "object": ateliers.uri,
        "target": mei.uri,
    }
    assert await server.send(mei.inbox, invite, admin) == 202
    await settle_down()
    assert (await membership_of(mei, found)).state is State.INVITED

    await follow(mei, found)
    await settle_down()

    accept = server.last("Accept")
    assert (accept["actor"], accept["object"]) == (mei.uri, invite["id"])


async def test_mobilizon_somebody_of_another_server_invites_into_nothing(
    settle, server, third, ateliers, settle_down
):
    mei = await settle("mei")
    found = await look_up(f"!contribateliers@{server.host}")
    stranger = third.person("admin")
    invite = recorded("mobilizon/mobilizon--fixtures-mobilizon-invite-activity.json", {}) | {
        "id": third.id("member"),
        "actor": stranger.uri,
        "object": ateliers.uri,
        "target": mei.uri,
    }

    assert await third.send(mei.inbox, invite, stranger) == 202
    await settle_down()

    assert await membership_of(mei, found) is None


async def test_mobilizon_an_article_is_by_the_person_in_the_group(
    settle, server, ateliers, settle_down
):
    mei = await settle("mei")
    group = await joined(mei, server, ateliers, settle_down)
    author = server.person("tcit")
    event = recorded("mobilizon/mobilizon--fixtures-mobilizon-post-activity.json", {})["object"]
    article = server.serve(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": server.id("p"),
            "type": "Article",
            "name": "News",
            "content": "<p>words</p>",
            "actor": author.uri,
            "attributedTo": ateliers.uri,
            "to": event["to"],
            "cc": [ateliers.followers],
            "published": event["published"],
        }
    )
    activity = server.serve(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{article['id']}/activity",
            "type": "Create",
            "actor": author.uri,
            "attributedTo": ateliers.uri,
            "object": article,
            "to": event["to"],
        }
    )
    scene = Scene(mei, server, ateliers, group, author, article, ateliers, settle_down)

    # It names the activity by its id.
    await scene.passes_on(activity["id"])

    note = await stands(scene, article)
    assert (note.title, note.author.uri) == ("News", author.uri)


# Hubzilla


async def test_hubzilla_a_conversation_holds_whole_activities(settle, server, third, settle_down):
    mei = await settle("mei")
    there = server.person("forum", "Group")
    group = await joined(mei, server, there, settle_down)
    author = third.person("mike")
    page = third.note(author, "<p>post</p>", cc=[there.uri])
    target = {
        "type": "Collection",
        "id": f"{server.base}/conversation/1",
        "attributedTo": there.uri,
    }
    add = server.activity(
        "Add", there, third.activity("Create", author, page), target=target, to=[PUBLIC]
    )
    assert await server.send(mei.inbox, add, there) == 202
    await settle_down()

    scene = Scene(mei, server, there, group, author, page, there, settle_down)
    await stands(scene, page)


async def test_hubzilla_a_conversation_of_a_person_is_looked_up_as_what_is_forwarded(
    settle, server, third, settle_down
):
    mei = await settle("mei")
    owner = server.person("owner")
    top = server.note(owner, "<p>post</p>", cc=[mei.uri])
    create = server.activity("Create", owner, top)
    await server.send(mei.inbox, create, owner)
    await settle_down()
    answer = third.note(third.person("mike"), "<p>answer</p>", inReplyTo=top["id"])
    forged = third.note(third.people["mike"], "<p>forged</p>", inReplyTo=top["id"])
    third.things.clear()
    third.serve(answer)

    for each, owned in ((answer, owner.uri), (forged, owner.uri)):
        target = {"type": "Collection", "id": f"{owner.uri}/c", "attributedTo": owned}
        inner = third.activity("Create", third.people["mike"], each)
        add = server.activity("Add", owner, inner, target=target, to=[PUBLIC])
        assert await server.send(mei.inbox, add, owner) == 202
        await settle_down()

    assert await Note.exists(uri=answer["id"])
    assert not await Note.exists(uri=forged["id"])


async def test_gnusocial_a_group_is_known_as_one(settle, server):
    await settle("mei")
    there = server.actor(
        recorded("gnusocial/lemmy--objects-group.json", server.hosts("instance.gnusocial.test"))
    )

    assert (await look_up(there.uri)).is_group
    assert await Actor.exists(uri=there.uri, kind="Group")

"""A group that lives here, seen from other servers: joined, posted in, and passed on by it."""

import pytest

from actors.actor import Actor, by_uri
from actors.follows import Follow
from actors.groups import Group, Join, Posting, See, make_group
from actors.memberships import Membership, State, ban, membership_of, stand
from federation.proofs import verify_proof
from inbox.group_desk import answer_request, invite, keep_out, let_in
from inbox.notifications import Event, Notification
from inbox.timelines import HomeEntry
from notes.group_posts import GroupPost, Standing
from notes.hiding import hide, show_again
from notes.note import Audience, Note
from notes.reactions import Like
from outbox.create import publish
from outbox.delete import withdraw
from outbox.draft import Draft
from outbox.follow import follow
from outbox.like import like
from outbox.refusals import NotAllowed
from outbox.undo import unfollow, unlike
from outbox.update import edit
from tests.remote import PUBLIC
from tests.walks.people import actor_of, known, say


@pytest.fixture
async def mei(settle):
    return await settle("mei")


@pytest.fixture
def found(mei):
    """Make a group that Mei owns."""

    async def make(name="tea", **chosen):
        return await make_group(mei, name, title=name.title(), **chosen)

    return make


async def joined(remote, group, settle_down, name="ana", **more):
    """Someone there who follows a group here, as they told it."""
    person, _ = await known(remote, name, **more)
    await say(remote, "Follow", person, group.uri, group.inbox, settle_down, to=[group.uri])
    return person


def addressed(group, **more):
    return {"to": [group.uri, PUBLIC], "cc": [], "audience": group.uri} | more


async def posts(remote, person, group, settle_down, content="<p>Hello tea</p>", **more):
    """Someone there posts in a group here, as Lemmy does."""
    document = remote.note(person, content, **(addressed(group) | more))
    create = await say(
        remote, "Create", person, document, group.inbox, settle_down, audience=group.uri
    )
    return document, create


def announces(remote):
    return [got.document for got in remote.letters if got.type == "Announce"]


def passed_on(remote, kind):
    inner = [each["object"] for each in announces(remote)]
    return [each for each in inner if isinstance(each, dict) and each["type"] == kind]


async def test_the_document_has_what_lemmy_demands(remote, found):
    tea = await found(language="en", flair=[{"name": "Green", "color": "#00ff00"}])

    ana, _ = await known(remote, "ana")
    _, document = await remote.get(tea.uri, ana)
    _, same = await remote.get(f"{tea.uri}.json", ana, accept="text/html")
    _, moderators = await remote.get(document["attributedTo"], ana)
    _, people = await remote.get(document["followers"], ana)
    _, finger = await remote.get(
        f"{remote.here.server.base_url}/.well-known/webfinger?resource=acct:tea@{tea.host}"
    )

    assert document["type"] == "Group"
    assert document["manuallyApprovesFollowers"] is False
    assert document["postingRestrictedToMods"] is False
    assert document["attributedTo"] == document["moderators"] == f"{tea.uri}/moderators"
    assert document["language"] == [{"identifier": "en", "name": "English"}]
    assert document["tag"][0]["preferredUsername"] == "green"
    assert {"inbox", "outbox", "followers", "featured", "publicKey", "endpoints"} <= set(document)
    assert "following" not in document
    assert same == document
    assert moderators["orderedItems"] == [remote.here.url("/u/mei")]
    assert (people["totalItems"], "first" in people) == (1, False)
    assert finger["links"][0]["href"] == tea.uri


async def test_a_group_of_this_server_is_not_served(remote, found):
    hall = await found("hall", see=See.SERVER)

    ana, _ = await known(remote, "ana")

    statuses = [
        (await remote.get(address, ana))[0]
        for address in (hall.uri, f"{hall.uri}.json", hall.outbox, hall.moderators_uri)
    ]

    assert statuses == [404] * 4


async def test_who_follows_an_open_group_has_joined_and_may_leave(remote, found, settle_down):
    tea = await found()
    ana = await joined(remote, tea, settle_down)
    inside = await membership_of(await actor_of(ana), tea)
    accept = remote.last("Accept")

    await say(remote, "Undo", ana, accept["object"], tea.inbox, settle_down)

    assert inside.state is State.MEMBER
    assert accept["object"]["actor"] == ana.uri
    assert (await membership_of(await actor_of(ana), tea)).state is State.LEFT
    assert not await Follow.exists(follower__uri=ana.uri)


async def test_who_asks_a_closed_group_waits_for_an_answer(remote, found, mei, settle_down):
    den = await found("den", see=See.MEMBERS, join=Join.REQUEST, remote_members="any")
    await Follow.filter(followed_id=den.id).update(is_accepted=True)

    ana = await joined(remote, den, settle_down, "ana")
    eve = await joined(remote, den, settle_down, "eve")
    before = remote.types()
    told = await Notification.filter(reader_id=mei.id, event=Event.GROUP).count()
    await answer_request(mei, den, await actor_of(ana), is_accepted=True)
    await answer_request(mei, den, await actor_of(eve), is_accepted=False, reason="No room")
    await settle_down()

    assert (before, told) == ([], 2)
    assert remote.last("Accept")["object"]["actor"] == ana.uri
    assert (remote.last("Reject")["summary"], remote.last("Reject")["object"]["actor"]) == (
        "No room",
        eve.uri,
    )
    assert (await membership_of(await actor_of(ana), den)).is_member
    with pytest.raises(NotAllowed):
        await answer_request(await actor_of(ana), den, await actor_of(eve), is_accepted=True)


async def test_whoever_may_read_follows_while_the_membership_waits(remote, found, settle_down):
    tea = await found(join=Join.REQUEST, post=Posting.MEMBERS)

    ana = await joined(remote, tea, settle_down)
    _, create = await posts(remote, ana, tea, settle_down)

    assert remote.last("Accept")
    assert (await membership_of(await actor_of(ana), tea)).state is State.ASKED
    assert remote.last("Reject")["object"] == create["id"]


async def test_the_banned_are_sent_back(remote, found, mei, settle_down):
    tea = await found()
    _, actor = await known(remote, "ana")
    await ban(actor, tea, reason="Rule 1", until=None, by_id=mei.id)

    await joined(remote, tea, settle_down)

    assert "Rule 1" in remote.last("Reject")["summary"]
    assert not await Follow.exists(follower_id=actor.id)


async def test_the_invited_are_let_in_at_once(remote, found, mei, settle_down):
    den = await found("den", see=See.MEMBERS, join=Join.INVITE, remote_members="any")
    _, actor = await known(remote, "ana")

    eve = await joined(remote, den, settle_down, "eve")
    await invite(mei, den, actor)
    await settle_down()
    ana = await joined(remote, den, settle_down)

    assert remote.last("Reject")["object"]["actor"] == eve.uri
    assert remote.last("Invite")["target"] == ana.uri
    assert remote.last("Accept")["object"]["actor"] == ana.uri
    assert (await membership_of(actor, den)).is_member


async def test_a_post_is_passed_on_as_it_came_and_boosted_once(remote, found, settle_down):
    tea = await found()
    ana = await joined(remote, tea, settle_down)

    note, create = await posts(remote, ana, tea, settle_down)
    await remote.send(tea.inbox, create, ana)
    await settle_down()

    wrapped = [each for each in announces(remote) if isinstance(each["object"], dict)]
    plain = [each for each in announces(remote) if isinstance(each["object"], str)]
    assert [each["object"] for each in wrapped] == [
        {key: value for key, value in create.items() if key != "@context"}
    ]
    assert wrapped[0]["audience"] == tea.uri
    assert (wrapped[0]["to"], wrapped[0]["cc"]) == ([PUBLIC], [tea.followers_uri])
    assert [each["object"] for each in plain] == [note["id"]]
    kept = await Note.get(uri=note["id"])
    assert (kept.group_id, kept.audience) == (tea.id, Audience.PUBLIC)
    assert (await GroupPost.get(note_id=kept.id)).standing is Standing.ACCEPTED


@pytest.mark.parametrize("way", ["to", "cc", "audience", "target", "mention", "own letterbox"])
async def test_every_way_of_posting_in_a_group_is_understood(remote, found, settle_down, way):
    tea = await found()
    await joined(remote, tea, settle_down)
    bob, _ = await known(remote, "bob")
    more = {
        "to": {"to": [tea.uri, PUBLIC]},
        "cc": {"to": [PUBLIC], "cc": [tea.uri, tea.followers_uri]},
        "audience": {"to": [PUBLIC], "audience": tea.uri},
        "target": {
            "to": [PUBLIC],
            "target": {"type": "Collection", "id": f"{tea.uri}/wall", "attributedTo": tea.uri},
        },
        "mention": {
            "to": [PUBLIC],
            "tag": [{"type": "Mention", "href": tea.uri, "name": f"@tea@{tea.host}"}],
        },
        "own letterbox": {"to": [PUBLIC]},
    }[way]

    document = remote.note(bob, "<p>@tea First line</p><p>and more</p>", **more)
    inbox = tea.inbox if way == "own letterbox" else tea.shared_inbox
    await say(remote, "Create", bob, document, inbox, settle_down)

    post = await GroupPost.get(note__uri=document["id"])
    assert (post.group_id, post.title) == (tea.id, "First line")
    assert passed_on(remote, "Create")[0]["object"]["id"] == document["id"]


async def test_a_comment_of_a_stranger_goes_to_all_who_follow_and_is_not_boosted(
    remote, elsewhere, found, settle_down
):
    tea = await found()
    ana = await joined(remote, tea, settle_down)
    note, _ = await posts(remote, ana, tea, settle_down)
    bob, _ = await known(elsewhere, "bob")

    comment = elsewhere.note(bob, "<p>Yes</p>", inReplyTo=note["id"], cc=[ana.uri])
    await say(elsewhere, "Create", bob, comment, tea.shared_inbox, settle_down)

    ids = [each["object"]["id"] for each in passed_on(remote, "Create")]
    assert ids == [note["id"], comment["id"]]
    assert comment["id"] not in [each["object"] for each in announces(remote)]
    kept = await Note.get(uri=comment["id"])
    assert kept.group_id == tea.id
    assert (await GroupPost.get(note__uri=note["id"])).active == kept.id


async def test_changes_likes_and_deletions_are_passed_on(remote, elsewhere, found, settle_down):
    tea = await found()
    ana = await joined(remote, tea, settle_down)
    lem = await joined(elsewhere, tea, settle_down, "lem")
    group_there, _ = await known(elsewhere, "books", "Group")
    note, _ = await posts(remote, ana, tea, settle_down)

    changed = note | {"content": "<p>New</p>", "updated": "2026-11-21T10:00:00Z"}
    await say(remote, "Update", ana, changed, tea.inbox, settle_down)
    liked = await say(elsewhere, "Like", lem, note["id"], tea.inbox, settle_down)
    await say(elsewhere, "Undo", lem, liked, tea.inbox, settle_down)
    gone = {"id": note["id"], "type": "Tombstone"}
    await say(remote, "Delete", ana, gone, tea.inbox, settle_down, to=[PUBLIC])

    assert group_there
    assert [each["object"]["content"] for each in passed_on(elsewhere, "Update")] == ["<p>New</p>"]
    # Servers without groups would not know what to do with likes.
    assert [len(passed_on(each, "Like")) for each in (remote, elsewhere)] == [0, 1]
    assert [len(passed_on(each, "Undo")) for each in (remote, elsewhere)] == [0, 1]
    assert len(passed_on(elsewhere, "Delete")) == 1
    plain = [each for each in announces(elsewhere) if each["object"] == note["id"]]
    assert elsewhere.last("Undo")["object"]["id"] == plain[0]["id"]
    assert not await Like.exists()


async def test_nobody_passes_on_what_another_deleted_or_changed(remote, found, settle_down):
    tea = await found()
    ana = await joined(remote, tea, settle_down)
    note, _ = await posts(remote, ana, tea, settle_down)
    eve, _ = await known(remote, "eve")

    await say(remote, "Delete", eve, note["id"], tea.inbox, settle_down, to=[PUBLIC])
    await say(remote, "Like", eve, note["id"] + "x", tea.inbox, settle_down)

    assert passed_on(remote, "Delete") == passed_on(remote, "Like") == []
    assert await Note.exists(uri=note["id"], deleted_at=None)


async def test_what_is_refused_goes_back_with_the_reason(remote, found, settle_down):
    tea = await found(post=Posting.MODERATORS)
    ana = await joined(remote, tea, settle_down)

    note, create = await posts(remote, ana, tea, settle_down)

    assert remote.last("Reject")["object"] == create["id"]
    assert "moderators" in remote.last("Reject")["summary"]
    assert announces(remote) == []
    assert not await Note.exists(uri=note["id"])


async def test_what_waits_is_seen_by_nobody_until_it_is_let_in(
    remote, found, mei, settle, settle_down
):
    tea = await found(post=Posting.APPROVAL)
    ben = await settle("ben")
    ana = await joined(remote, tea, settle_down)
    await follow(ben, tea)
    await settle_down()
    theirs, _ = await posts(remote, ana, tea, settle_down)
    bad, bad_create = await posts(remote, ana, tea, settle_down, "<p>Buy</p>")
    ours = await publish(ben, Draft(text="My tea", group_id=tea.id))
    await settle_down()
    waiting = announces(remote), await GroupPost.filter(standing=Standing.PENDING).count()

    for uri in (theirs["id"], ours.uri):
        await let_in(mei, tea, await GroupPost.get(note__uri=uri))
    await keep_out(mei, tea, await GroupPost.get(note__uri=bad["id"]), reason="No ads")
    await settle_down()

    assert waiting == ([], 3)
    assert {each["object"]["id"] for each in passed_on(remote, "Create")} == {
        theirs["id"],
        ours.uri,
    }
    assert remote.last("Reject")["object"] == bad_create["id"]
    assert remote.last("Reject")["summary"] == "No ads"
    assert not await Note.exists(uri=bad["id"], deleted_at=None)
    with pytest.raises(NotAllowed):
        await let_in(mei, tea, await GroupPost.get(note__uri=theirs["id"]))


async def test_what_a_decision_hides_is_not_let_in_and_counts_right_afterwards(
    remote, found, mei, settle, settle_down
):
    tea = await found(post=Posting.APPROVAL)
    ben = await settle("ben")
    await follow(ben, tea)
    await settle_down()
    note = await publish(ben, Draft(text="My tea", group_id=tea.id))
    await settle_down()
    note = await Note.get(id=note.id).select_related("author")
    await hide(note)

    with pytest.raises(NotAllowed, match="A decision hides this note"):
        await let_in(mei, tea, await GroupPost.get(note_id=note.id))
    await show_again(note)
    await let_in(mei, tea, await GroupPost.get(note_id=note.id))

    note = await Note.get(id=note.id)
    assert (note.hidden_at, note.held_at) == (None, None)
    assert (await Actor.get(id=ben.id)).notes_count == 1


async def test_our_post_reaches_everyone_with_a_proof_and_is_at_home_here(
    remote, found, settle, settle_down
):
    tea = await found()
    await joined(remote, tea, settle_down)
    ben, cai = await settle("ben"), await settle("cai")
    await follow(cai, tea)
    await settle_down()

    note = await publish(ben, Draft(text="A new tea", title="Oolong", group_id=tea.id))
    await settle_down()
    comment = await publish(cai, Draft(text="I like it", in_reply_to=note))
    await settle_down()
    status, _ = await remote.get(passed_on(remote, "Create")[1]["id"])

    create, answer = passed_on(remote, "Create")
    verify_proof(create, (await by_uri(ben.uri)).multikey, method=ben.multikey_id)
    assert create["object"]["to"] == [tea.uri, PUBLIC]
    assert create["object"]["audience"] == create["audience"] == tea.uri
    assert answer["object"]["id"] == comment.uri
    assert status == 404
    at_home = await HomeEntry.filter(reader_id=cai.id).values_list("note__boost_of_id", flat=True)
    assert note.id in at_home
    # One letter for the server of all who follow, and none of the author's own.
    assert len([got for got in remote.letters if got.type == "Create"]) == 0


async def test_our_edits_likes_and_deletions_reach_the_group(remote, found, settle, settle_down):
    tea = await found()
    await joined(remote, tea, settle_down)
    await known(remote, "books", "Group")
    ben, cai = await settle("ben"), await settle("cai")
    note = await publish(ben, Draft(text=f"About @tea@{tea.host}: leaves"))
    await settle_down()

    await edit(ben, note, Draft(text="Leaves"))
    await like(cai, note)
    await settle_down()
    await unlike(cai, note)
    await settle_down()
    await withdraw(ben, await Note.get(id=note.id))
    await settle_down()

    assert note.group_id == tea.id
    kinds = [each["object"] for each in announces(remote)]
    names = [each["type"] for each in kinds if isinstance(each, dict)]
    assert sorted(names) == ["Create", "Delete", "Like", "Undo", "Update"]
    assert remote.last("Undo")["object"]["object"] == note.uri


async def test_our_post_is_refused_with_the_reason(found, settle, settle_down):
    tea = await found(post=Posting.MODERATORS)
    ben = await settle("ben")

    with pytest.raises(NotAllowed, match="moderators"):
        await publish(ben, Draft(text="Mine", group_id=tea.id))
    with pytest.raises(NotAllowed, match="moderators"):
        await publish(ben, Draft(text="Hello @tea"))

    assert not await Note.exists(author_id=ben.id)


async def test_a_private_word_that_names_a_group_is_no_post(found, settle, settle_down):
    tea = await found()
    ben = await settle("ben")

    note = await publish(ben, Draft(text="psst @tea", audience=Audience.PEOPLE))

    assert note.group_id is None
    assert not await GroupPost.exists(group_id=tea.id)


async def test_what_is_in_a_closed_group_goes_to_the_servers_of_members_alone(
    remote, elsewhere, found, mei, settle, settle_down
):
    remote.runs("rubric")
    elsewhere.runs("rubric")
    den = await found("den", see=See.MEMBERS, join=Join.REQUEST)
    ben = await settle("ben")
    await stand(ben.id, den.id, State.MEMBER)
    ana = await joined(remote, den, settle_down)
    eve = await joined(elsewhere, den, settle_down, "eve")
    await answer_request(mei, den, await actor_of(ana), is_accepted=True)
    await settle_down()

    note = await publish(ben, Draft(text="Between us", group_id=den.id))
    await settle_down()
    as_member, _ = await remote.get(note.uri, ana)
    as_stranger, _ = await elsewhere.get(note.uri, eve)
    unsigned, _ = await remote.get(note.uri)
    asked = f"{den.followers_uri}?is_follower={ana.uri}"
    known_there = [
        (await each.get(asked, who))[0] for each, who in ((remote, ana), (elsewhere, eve))
    ]

    assert note.audience == Audience.MEMBERS
    assert passed_on(remote, "Create")[0]["object"]["to"] == [den.uri, den.followers_uri]
    assert (as_member, as_stranger, unsigned) == (200, 404, 401)
    assert known_there == [200, 404]
    assert elsewhere.letters == []
    assert await HomeEntry.exists(reader_id=ben.id, note_id=note.id)


@pytest.mark.parametrize(("software", "taken"), [("rubric", "aware"), ("mastodon", "any")])
async def test_what_members_elsewhere_say_in_a_closed_group_stays_inside(
    remote, found, settle_down, software, taken
):
    remote.runs(software)
    den = await found("den", see=See.MEMBERS, remote_members=taken)
    ana = await joined(remote, den, settle_down)
    bob, _ = await known(remote, "bob")
    for_it = {"to": [den.uri, den.followers_uri], "cc": [], "audience": den.uri}

    note, _ = await posts(remote, ana, den, settle_down, **for_it)
    stranger, create = await posts(remote, bob, den, settle_down, **for_it)

    kept = await Note.get(uri=note["id"])
    assert (kept.audience, kept.group_id) == (Audience.MEMBERS, den.id)
    assert not await Note.exists(uri=stranger["id"])
    assert remote.last("Reject")["object"] == create["id"]


async def test_a_locked_thread_takes_no_comments(remote, found, settle, settle_down):
    tea = await found()
    ana = await joined(remote, tea, settle_down)
    note, _ = await posts(remote, ana, tea, settle_down)
    kept = await Note.get(uri=note["id"]).select_related("author")
    await GroupPost.filter(note_id=kept.id).update(locked_at=kept.created_at)

    comment, create = await posts(remote, ana, tea, settle_down, inReplyTo=note["id"])
    with pytest.raises(NotAllowed, match="locked"):
        await publish(await settle("ben"), Draft(text="Me too", in_reply_to=kept))

    assert remote.last("Reject")["object"] == create["id"]
    assert not await Note.exists(uri=comment["id"])


async def test_the_only_owner_stays(found, mei, settle_down):
    tea = await found()

    with pytest.raises(NotAllowed):
        await unfollow(mei, tea)

    assert (await Membership.get(group_id=tea.id)).is_member
    assert await Group.all().count() == 1

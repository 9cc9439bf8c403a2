"""What people do with each other's notes across servers: liking, boosting, pinning, voting,
reporting, leaving; in every order, and again."""

import itertools
import json

import pytest

from actors.actor import Actor
from actors.follows import Follow
from core.clock import now
from core.jobs import Job
from core.paging import Page
from federation.proofs import verify_proof
from inbox.notifications import Event, Notification
from inbox.polls import tell_ended
from inbox.reading import home
from inbox.timelines import HomeEntry
from moderation.reports import Report
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.polls import Poll, Vote
from notes.reactions import Like, Pin
from outbox.add import pin, unpin
from outbox.announce import boost
from outbox.create import publish
from outbox.delete import close_account
from outbox.draft import Draft, PollDraft
from outbox.flag import send_report
from outbox.like import like
from outbox.refusals import NotAllowed
from outbox.undo import unboost, unlike
from outbox.vote import vote
from tests.remote import PUBLIC
from tests.walks.people import befriended, came, fan_of, follows, known, say


async def counts(note):
    """How many like and boost a note."""
    found = await Note.get(id=note.id)
    return found.likes_count, found.boosts_count


@pytest.mark.parametrize(("kind", "place"), [("Like", 0), ("Announce", 1)])
async def test_likes_and_boosts_settle_whatever_order_they_come_in(
    settle, remote, settle_down, kind, place
):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")

    for order in itertools.permutations(["do", "undo", "again"]):
        note = await publish(mei, Draft(text="hello"))
        done = remote.activity(kind, ana, note.uri, to=[PUBLIC])
        undone = remote.activity("Undo", ana, done)
        again = remote.activity(kind, ana, note.uri, to=[PUBLIC])
        letters = {"do": done, "undo": undone, "again": again}
        for step in (*order, *order):
            await remote.send(mei.inbox, letters[step], ana)
            await settle_down()
        # One of the two was taken back; whether the other counts depends on what came between.
        is_there = (await counts(note))[place]
        kept = Note.filter(boost_of_id=note.id) if place else Like.filter(note_id=note.id)
        assert await kept.count() == is_there <= 1
        assert is_there == (order != ("do", "again", "undo") and order != ("again", "do", "undo"))
        told = Event.BOOST if place else Event.LIKE
        assert await Notification.filter(note_id=note.id, event=told).count() == is_there


async def test_a_like_is_counted_once_told_once_and_taken_back(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello"))

    first = await say(remote, "Like", ana, note.uri, mei.inbox, settle_down)
    await say(remote, "Like", ana, note.uri, mei.inbox, settle_down)
    await say(remote, "EmojiReact", ana, note.uri, mei.inbox, settle_down, content="🍵")
    before = await counts(note), await Notification.filter(reader_id=mei.id).count()
    await say(remote, "Undo", ana, first["id"], mei.inbox, settle_down)
    await say(remote, "Undo", ana, first["id"], mei.inbox, settle_down)

    assert before == ((1, 0), 1)
    assert await counts(note) == (0, 0)
    assert not await Notification.exists()


async def test_our_likes_and_boosts_go_out_and_are_taken_back(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    fan, _ = await fan_of(mei, remote, "fan")
    note = await came(remote, ana, mei, settle_down)

    for _ in range(2):
        await like(mei, note)
        await boost(mei, note)
    await settle_down()
    there = remote.types(), await counts(note)
    liked, boosted = remote.last("Like"), remote.last("Announce")
    for _ in range(2):
        await unlike(mei, note)
        await unboost(mei, note)
    await settle_down()
    undone = [got.document["object"] for got in remote.letters if got.type == "Undo"]

    assert sorted(there[0]) == ["Announce", "Like"]
    assert there[1] == (1, 1)
    assert liked["object"] == boosted["object"] == note.uri
    assert {each["id"] for each in undone} == {liked["id"], boosted["id"]}
    assert {each["type"] for each in undone} == {"Like", "Announce"}
    assert await counts(note) == (0, 0)
    assert fan


async def test_a_public_activity_can_be_proven_by_whoever_has_it(settle, remote, settle_down):
    mei = await settle("mei")
    await fan_of(mei, remote)

    await publish(mei, Draft(text="hello"))
    await settle_down()

    create = remote.last("Create")
    verify_proof(create, mei.multikey, method=mei.multikey_id)
    assert create["proof"]["verificationMethod"] == f"{mei.uri}#ed25519"


async def test_what_we_did_not_see_is_not_boosted_into_being(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    note = remote.note(ana)

    await say(remote, "Announce", ana, note["id"], mei.inbox, settle_down)
    await say(remote, "Like", ana, note["id"], mei.inbox, settle_down)

    assert not await Note.exists()
    assert "/notes/1" not in remote.fetches


async def test_a_boost_of_someone_followed_comes_home_and_goes(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara = elsewhere.person("cara")
    note = elsewhere.note(cara, "<p>worth it</p>")

    boosted = await say(remote, "Announce", ana, note["id"], mei.inbox, settle_down, to=[PUBLIC])
    shown = [row.boost_of.content for row in (await home(mei, Page())).rows]
    await say(remote, "Undo", ana, boosted, mei.inbox, settle_down)

    assert shown == ["<p>worth it</p>"]
    assert not await HomeEntry.exists()
    assert (await Note.get(uri=note["id"])).boosts_count == 0


async def test_a_group_passes_on_what_lies_at_its_origin(settle, remote, elsewhere, settle_down):
    mei = await settle("mei")
    group, _ = await befriended(mei, remote, "tea", kind="Group")
    cara = elsewhere.person("cara")
    note = elsewhere.note(cara, "<p>first</p>", audience=group.uri)
    path = note["id"].removeprefix(elsewhere.base)

    async def pass_on(kind, about):
        inner = elsewhere.activity(kind, cara, about)
        await say(remote, "Announce", group, inner, mei.inbox, settle_down)
        return await Note.get(uri=note["id"])

    first = (await pass_on("Create", note)).content
    elsewhere.things[path] = note | {"content": "<p>new</p>", "updated": "2026-11-21T10:00:00Z"}
    forged = note | {"content": "<p>forged</p>", "updated": "2026-11-22T10:00:00Z"}
    second = (await pass_on("Update", forged)).content
    not_yet = (await pass_on("Delete", note["id"])).deleted_at
    elsewhere.statuses[path] = 410
    gone = (await pass_on("Delete", note["id"])).deleted_at

    assert (first, second) == ("<p>first</p>", "<p>new</p>")
    assert not_yet is None
    assert gone


async def test_a_group_floods_no_home_with_comments_and_likes(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    group, _ = await befriended(mei, remote, "tea", kind="Group")
    cara = elsewhere.person("cara")
    post = elsewhere.note(cara, "<p>post</p>", audience=group.uri)
    comment = elsewhere.note(cara, "<p>comment</p>", inReplyTo=post["id"], audience=group.uri)
    liked = elsewhere.activity("Like", cara, post["id"])
    elsewhere.things[liked["id"].removeprefix(elsewhere.base)] = liked
    odd = {"type": "Update", "actor": 7}

    for inner in (
        elsewhere.activity("Create", cara, post),
        elsewhere.activity("Create", cara, comment),
        liked,
        post["id"],
        odd,
    ):
        await say(remote, "Announce", group, inner, mei.inbox, settle_down, to=[PUBLIC])

    shown = [row.boost_of.content for row in (await home(mei, Page())).rows]
    assert shown == ["<p>post</p>"]
    assert (await Note.get(uri=comment["id"])).in_reply_to_uri == post["id"]
    assert (await Note.get(uri=post["id"])).likes_count == 1
    assert not await Job.filter(name__startswith="inbox.").exists()


async def test_pins_go_out_and_lie_in_the_collection(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    note = await publish(mei, Draft(text="first of all"))
    narrow = await publish(mei, Draft(text="friends", audience=Audience.FOLLOWERS))

    await pin(mei, note)
    with pytest.raises(NotAllowed):
        await pin(mei, narrow)
    await settle_down()
    pinned = (await wire.get("/u/mei/featured", ana)).json
    await unpin(mei, note)
    await settle_down()

    assert [each["id"] for each in pinned["orderedItems"]] == [note.uri]
    for kind in ("Add", "Remove"):
        assert remote.last(kind)["object"] == note.uri
        assert remote.last(kind)["target"] == mei.featured_uri


async def test_their_pins_are_fetched_and_taken_away(settle, remote, settle_down):
    mei = await settle("mei")
    ana, actor = await befriended(mei, remote)
    note = remote.note(ana, "<p>first of all</p>")
    target = f"{ana.uri}/featured"

    await say(remote, "Add", ana, note["id"], mei.inbox, settle_down, target=target)
    pinned = await Pin.filter(actor_id=actor.id).select_related("note")
    await say(remote, "Remove", ana, note["id"], mei.inbox, settle_down, target=target)

    assert [each.note.uri for each in pinned] == [note["id"]]
    assert not await Pin.exists()


def ballot(remote, voter, note, choice, **more):
    """A vote, as Mastodon sends it."""
    return {
        "id": remote.id("votes"),
        "type": "Note",
        "name": choice,
        "inReplyTo": note.uri,
        "attributedTo": voter.uri,
        "to": [note.author.uri],
    } | more


async def test_votes_come_in_once_and_results_go_out(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    bob, _ = await known(remote, "bob")
    question = Draft(text="tea?", poll=PollDraft(["green", "black"], 600))
    note = await publish(mei, question)
    await settle_down()

    for voter, choice in ((ana, "green"), (ana, "black"), (ana, "green"), (bob, "black")):
        await say(
            remote, "Create", voter, ballot(remote, voter, note, choice), mei.inbox, settle_down
        )
    await say(remote, "Create", bob, ballot(remote, bob, note, "milk"), mei.inbox, settle_down)
    poll = await Poll.get(note_id=note.id)
    waiting = await Job.filter(name="outbox.tell_votes").count()
    await Job.filter(name="outbox.tell_votes").update(due=0)
    await settle_down()
    sent = remote.last("Update")["object"]

    assert [each["votes"] for each in poll.options] == [1, 1]
    assert poll.voters_count == 2
    assert waiting == 1
    assert [each["replies"]["totalItems"] for each in sent["oneOf"]] == [1, 1]
    assert sent["votersCount"] == 2
    # No vote is an answer, and nobody is told of one.
    assert (await Note.get(id=note.id)).replies_count == 0
    assert not await Notification.exists()


async def test_several_votes_may_come_in_one_letter(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    poll = PollDraft(["green", "black", "white"], 600, is_multiple=True)
    note = await publish(mei, Draft(text="tea?", poll=poll))
    several = [ballot(remote, ana, note, choice) for choice in ("green", "white")]
    stolen = ballot(remote, ana, note, "black", attributedTo=f"{remote.base}/users/eve")

    await say(remote, "Create", ana, [*several, stolen], mei.inbox, settle_down)

    assert [each["votes"] for each in (await Poll.get(note_id=note.id)).options] == [1, 0, 1]


async def test_who_may_not_see_a_poll_has_no_vote(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    poll = PollDraft(["green", "black"], 600)
    note = await publish(mei, Draft(text="tea?", poll=poll, audience=Audience.FOLLOWERS))

    await say(remote, "Create", ana, ballot(remote, ana, note, "green"), mei.inbox, settle_down)

    assert not await Vote.exists()
    assert not await Note.exclude(id=note.id).exists()


async def test_a_poll_that_ends_is_told_to_all_once(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    ben = await settle("ben")
    note = await publish(mei, Draft(text="tea?", poll=PollDraft(["green", "black"], 600)))
    await vote(ben, note, [0])
    await settle_down()
    await Poll.filter(note_id=note.id).update(ends_at=now())
    remote.letters.clear()

    for _ in range(3):
        await tell_ended()
    await settle_down()
    late = ballot(remote, ana, note, "black")
    await say(remote, "Create", ana, late, mei.inbox, settle_down)
    with pytest.raises(NotAllowed):
        await vote(await settle("cai"), note, [1])

    assert remote.types() == ["Update"]
    ended = remote.last("Update")["object"]
    assert ended["closed"] == ended["endTime"]
    assert [each["votes"] for each in (await Poll.get(note_id=note.id)).options] == [1, 0]
    told = await Notification.filter(event=Event.POLL).values_list("reader_id", flat=True)
    assert sorted(told) == sorted([mei.id, ben.id])


def question(remote, author, votes, **more):
    """A Question there, with so many votes for each answer."""
    options = [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": count}}
        for name, count in votes.items()
    ]
    return remote.note(
        author, type="Question", oneOf=options, votersCount=sum(votes.values()), **more
    )


async def test_our_vote_goes_out_and_their_count_comes_back(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    asked = question(remote, ana, {"green": 3, "black": 4}, endTime="2099-01-01T00:00:00Z")
    await say(remote, "Create", ana, asked, mei.inbox, settle_down)
    note = await Note.get(uri=asked["id"]).select_related("author")

    await vote(mei, note, [1])
    with pytest.raises(NotAllowed):
        await vote(mei, note, [0])
    await settle_down()
    sent, path = remote.last("Create"), remote.letters[-1].path
    ours = await Poll.get(note_id=note.id)
    # Mastodon sends new counts with the date of the last edit, or with none.
    counted = question(remote, ana, {"green": 3, "black": 9}, id=asked["id"])
    await say(remote, "Update", ana, counted, mei.inbox, settle_down)
    theirs = await Poll.get(note_id=note.id)

    assert path == "/users/ana/inbox"
    assert (sent["object"]["name"], sent["object"]["inReplyTo"]) == ("black", asked["id"])
    assert "content" not in sent["object"]
    assert sent["to"] == sent["object"]["to"] == [ana.uri]
    assert [each["votes"] for each in ours.options] == [3, 5]
    assert [each["votes"] for each in theirs.options] == [3, 9]
    assert (await Note.get(id=note.id)).edited_at is None


async def test_counts_come_in_after_an_edit_too(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    asked = question(remote, ana, {"a": 1, "b": 2})
    await say(remote, "Create", ana, asked, mei.inbox, settle_down)
    edited = asked | {"content": "<p>better</p>", "updated": "2026-11-21T10:00:00Z"}
    await say(remote, "Update", ana, edited, mei.inbox, settle_down)

    counted = edited | {"oneOf": question(remote, ana, {"a": 5, "b": 6})["oneOf"]}
    await say(remote, "Update", ana, counted, mei.inbox, settle_down)

    poll = await Poll.get(note__uri=asked["id"])
    assert [each["votes"] for each in poll.options] == [5, 6]


async def test_a_report_from_there_is_kept_and_told_to_nobody_it_is_about(
    settle, remote, settle_down
):
    mei = await settle("mei")
    server, _ = await known(remote, "server", kind="Application")
    note = await publish(mei, Draft(text="hello"))

    for _ in range(2):
        await say(
            remote, "Flag", server, [mei.uri, note.uri], mei.inbox, settle_down, content="rude"
        )
    await say(remote, "Flag", server, f"{remote.base}/users/x", mei.inbox, settle_down)

    report = await Report.get()
    assert (report.target_id, report.reporter_host) == (mei.id, remote.host)
    assert not await Notification.filter(reader_id=mei.id).exists()


async def test_our_report_goes_out_in_the_name_of_the_house(settle, remote, settle_down):
    await settle("mei")
    ana, actor = await known(remote, "ana")
    note = remote.note(ana)

    await send_report(actor, [note["id"]], "rude")
    await settle_down()

    flag = remote.last("Flag")
    assert flag["object"] == [ana.uri, note["id"]]
    assert flag["actor"].endswith("/actor")
    assert "mei" not in str(flag)


async def test_an_actor_who_leaves_takes_everything_along(settle, remote, settle_down):
    mei = await settle("mei")
    ana, actor = await befriended(mei, remote)
    await follows(actor, mei)
    await Actor.filter(id=mei.id).update(followers_count=1)
    note = await publish(mei, Draft(text="tea?", poll=PollDraft(["green", "black"], 600)))
    theirs = [await came(remote, ana, mei, settle_down) for _ in range(3)]
    answer = await came(remote, ana, mei, settle_down, inReplyTo=note.uri, cc=[mei.uri])
    await say(remote, "Like", ana, note.uri, mei.inbox, settle_down)
    await say(remote, "Announce", ana, note.uri, mei.inbox, settle_down, to=[PUBLIC])
    await say(remote, "Create", ana, ballot(remote, ana, note, "green"), mei.inbox, settle_down)
    await like(mei, theirs[0])

    await say(remote, "Delete", ana, ana.uri, mei.inbox, settle_down)

    left = await Note.filter(author_id=actor.id)
    kept = await Note.get(id=note.id)
    assert {each.content for each in left} == {""}
    assert all(each.deleted_at for each in left)
    assert len(left) == len([*theirs, answer])
    assert (kept.likes_count, kept.boosts_count, kept.replies_count) == (0, 0, 0)
    assert [each["votes"] for each in (await Poll.get(note_id=note.id)).options] == [0, 0]
    assert not await Follow.exists()
    assert (await Actor.get(id=mei.id)).followers_count == 0
    assert not await Notification.exists()
    assert not await Mention.exists()
    gone = await Actor.get(id=actor.id)
    assert gone.gone_at
    assert (gone.title, gone.about) == ("", "")
    assert [entry.note_id for entry in await HomeEntry.all()] == [note.id]


async def test_someone_from_here_who_leaves_is_erased(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    note = await publish(mei, Draft(text="hello"))
    await settle_down()

    await close_account({"actor_id": mei.id})
    await settle_down()

    assert remote.last("Delete")["object"] == mei.uri
    assert (await Note.get(id=note.id)).content == ""
    assert (await wire.get("/u/mei", ana)).status == 410
    assert (await wire.get(f"/n/{note.id}", ana)).status == 410
    assert (await Actor.get(id=mei.id)).notes_count == 0


async def test_a_changed_actor_is_read_where_they_live(settle, remote, settle_down):
    mei = await settle("mei")
    ana, actor = await befriended(mei, remote)
    spare = remote.person("spare")
    old = remote.activity("Update", ana, ana.document(remote.base) | {"name": "Forged"})
    ana.more |= {"name": "Ana Two", "summary": "<p>new</p>"}
    remote.fetches.clear()

    for _ in range(3):
        await remote.send(mei.inbox, old | {"id": remote.id()}, ana)
    await settle_down()
    changed = await Actor.get(id=actor.id)
    fetched = list(remote.fetches)
    # The key is changed as well: the letter that says so is signed with the old one.
    letter = remote.activity("Update", ana, ana.uri)
    signer = ana.signer
    ana.private, ana.public = spare.private, spare.public
    status = await remote.post(mei.inbox, json.dumps(letter).encode(), signer)
    await settle_down()

    assert (changed.title, changed.about) == ("Ana Two", "<p>new</p>")
    assert fetched == ["/users/ana"]
    assert status == 202
    assert (await Actor.get(id=actor.id)).public_key == spare.public
    await say(remote, "Like", ana, mei.uri, mei.inbox, settle_down)

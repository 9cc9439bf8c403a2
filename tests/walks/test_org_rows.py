"""What may it say? Each row of security.md 4, against the whole running application."""

import json
from datetime import timedelta

import pytest
from hypothesis import Phase, given, seed
from hypothesis import settings as hypothesis

from actors.actor import Actor
from actors.follows import Follow
from actors.remote import look_up
from core.clock import now
from core.jobs import Job
from federation.errors import FederationError
from inbox.fetch import note_of
from inbox.handle import HANDLERS
from inbox.notifications import Notification
from inbox.timelines import HomeEntry
from notes.attachments import Attachment
from notes.note import Audience, Note, Tombstone
from notes.polls import Poll
from notes.reactions import Pin
from outbox.create import publish
from outbox.draft import Draft, PollDraft
from outbox.follow import follow
from tests.federation.zoo import documents
from tests.remote import PUBLIC
from tests.walks.people import actor_of, befriended, came, fan_of, follows, known, say

FORGED = "<p>forged</p>"


async def test_ORG_01_a_document_speaks_for_its_own_address_alone(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara = elsewhere.person("cara")
    true = elsewhere.note(cara, "<p>true</p>")
    odd = {
        "/notes/foreign": true | {"content": FORGED},
        "/notes/list": true | {"id": [f"{remote.base}/notes/list"]},
        "/notes/none": {key: value for key, value in true.items() if key != "id"},
        "/notes/other": remote.note(ana, FORGED, id=f"{remote.base}/notes/elsewhere"),
    }
    remote.things.pop("/notes/elsewhere")
    remote.things |= odd

    for path in odd:
        await say(remote, "Announce", ana, f"{remote.base}{path}", mei.inbox, settle_down)

    assert not await Note.exists()


@pytest.mark.parametrize("author", ["other", "own"])
async def test_ORG_05_an_embedded_copy_counts_only_with_its_signers_origin(
    settle, remote, elsewhere, settle_down, author
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara = elsewhere.person("cara")
    true = elsewhere.note(cara, "<p>true</p>", cc=[mei.uri])
    writer = ana.uri if author == "own" else cara.uri
    forged = true | {"content": FORGED, "attributedTo": writer}

    for kind in ("Create", "Announce", "Update", "Like", "Flag"):
        await say(remote, kind, ana, forged, mei.inbox, settle_down)

    assert [note.content for note in await Note.filter(boost_of_id=None)] == ["<p>true</p>"]
    assert (await Note.get(uri=true["id"]).select_related("author")).author.uri == cara.uri


async def test_ORG_06_nobody_writes_in_anothers_name(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    victim, _ = await befriended(mei, remote, "victim")
    authors = [1, "1", None, [], {}, [victim.uri, ana.uri], victim.uri, "mei", mei.uri, [mei.uri]]

    for author in authors:
        note = remote.note(ana, FORGED, attributedTo=author)
        await say(remote, "Create", ana, note, mei.inbox, settle_down)

    # What is fetched instead of the copy says the same, and is attributed to one person at most.
    wrong = await Note.exclude(author__uri=ana.uri)
    assert [note.author_id for note in wrong] in ([], [(await actor_of(victim)).id])
    assert not await Note.filter(author_id=mei.id).exists()


async def test_ORG_06_nobody_posts_what_another_wrote(settle, remote, settle_down):
    mei, ben = await settle("mei"), await settle("ben")
    ana, her = await befriended(mei, remote)
    eve, _ = await known(remote, "eve")
    mention = {"type": "Mention", "href": ben.uri, "name": "@ben"}
    theirs = remote.note(eve, "<p>hi</p>", to=[PUBLIC, ben.uri], tag=[mention])
    ours = await publish(ben, Draft(text="for @mei", audience=Audience.PEOPLE))
    await settle_down()
    await HomeEntry.all().delete()

    for about in (theirs["id"], theirs, ours.uri):
        await say(remote, "Create", ana, about, mei.inbox, settle_down)

    # Eve's note is known here, for its own server was asked; nobody was told of it by Ana.
    assert await Note.filter(uri=theirs["id"], author__uri=eve.uri).exists()
    assert not await HomeEntry.exists()
    assert not await Notification.filter(actor_id=her.id).exists()


async def test_ORG_07_a_neighbour_changes_and_deletes_nothing(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    bob, _ = await befriended(mei, remote, "bob")
    note = await came(remote, ana, mei, settle_down)
    document = remote.things[note.uri.removeprefix(remote.base)]
    newer = {"content": FORGED, "updated": "2026-11-21T10:00:00Z"}

    for kind, about in (
        ("Update", document | newer),
        ("Update", document | newer | {"attributedTo": bob.uri}),
        ("Delete", note.uri),
        ("Delete", {"id": note.uri, "type": "Tombstone"}),
        ("Undo", {"type": "Create", "id": f"{note.uri}/activity", "actor": ana.uri}),
    ):
        await say(remote, kind, bob, about, mei.inbox, settle_down)

    kept = await Note.get(id=note.id)
    assert (kept.content, kept.deleted_at) == ("<p>Hello</p>", None)


async def test_ORG_07_a_groups_moderators_take_out_what_was_posted_in_it(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    group, _ = await befriended(
        mei, remote, "tea", kind="Group", attributedTo=f"{remote.base}/moderators"
    )
    ana, _ = await befriended(mei, elsewhere)
    mod = elsewhere.person("mod")
    moderators = {
        "id": f"{remote.base}/moderators",
        "type": "OrderedCollection",
        "orderedItems": [mod.uri],
    }
    remote.things["/moderators"] = moderators
    inside = await came(elsewhere, ana, mei, settle_down, audience=group.uri, cc=[group.uri])
    beside = await came(elsewhere, ana, mei, settle_down, content="<p>hi tea</p>", cc=[group.uri])

    async def passes_on(person, note):
        delete = elsewhere.activity("Delete", person, note.uri, summary="Rule 2: ads")
        await say(remote, "Announce", group, delete, mei.inbox, settle_down)
        return bool((await Note.get(id=note.id)).deleted_at)

    assert not await passes_on(elsewhere.person("bob"), inside)
    assert not await passes_on(mod, beside)
    assert await passes_on(mod, inside)
    assert (await Tombstone.get(uri=inside.uri)).owner_uri == mod.uri


async def test_ORG_08_nobody_says_what_is_ours(settle, remote, settle_down, wire):
    mei, ben = await settle("mei"), await settle("ben")
    ana, _ = await befriended(mei, remote)
    note = await publish(ben, Draft(text="mine"))
    await settle_down()
    invented = f"{mei.uri.rpartition('/u/')[0]}/n/123"
    spelled = invented.replace("http://localhost", "http://LOCALHOST").replace("/n/", ":/n/")
    own = {"type": "Note", "content": FORGED, "attributedTo": ben.uri, "to": [PUBLIC]}

    for uri in (note.uri, invented, spelled, f"{invented}#x", invented.replace("http", "https")):
        for kind in ("Create", "Update", "Announce", "Delete"):
            await say(remote, kind, ana, own | {"id": uri}, mei.inbox, settle_down)

    assert FORGED not in [each.content for each in await Note.all()]
    assert (await Note.get(id=note.id)).deleted_at is None
    assert {each.author_id for each in await Note.filter(boost_of_id=None)} == {ben.id}


async def test_ORG_08_an_actor_of_ours_is_not_changed_from_outside(settle, remote, wire):
    mei = await settle("mei")
    ana = remote.person("ana")
    document = ana.document(remote.base) | {"id": mei.uri}
    before = await Actor.get(id=mei.id).values()

    answer = await wire.send(wire.letter(ana, remote.activity("Update", ana, document)))

    assert answer.status in (202, 401)
    assert await Actor.get(id=mei.id).values() == before


async def test_ORG_09_letterboxes_lie_with_their_actor(settle, remote, elsewhere):
    await settle("mei")
    foreign = f"{elsewhere.base}/inbox"
    for number, inbox in enumerate(
        (foreign, "ftp://x/inbox", "", None, [foreign], {"id": foreign})
    ):
        person = remote.person(f"bad{number}", inbox=inbox)
        with pytest.raises(FederationError):
            await look_up(f"@{person.name}@{remote.host}")
    ana, actor = await known(
        remote,
        "ana",
        endpoints={"sharedInbox": foreign},
        outbox=foreign,
        followers=foreign,
        featured=f"{elsewhere.base}/featured",
    )

    assert not await Actor.filter(name__startswith="bad").exists()
    assert (actor.shared_inbox, actor.letterbox) == ("", ana.inbox)
    assert (actor.outbox, actor.followers_uri, actor.featured_uri) == ("", "", "")


async def test_ORG_10_only_http_addresses_are_kept(settle, remote, settle_down):
    mei = await settle("mei")
    script = "javascript:alert(1)"
    ana, actor = await befriended(
        mei,
        remote,
        url=script,
        icon={"type": "Image", "url": script},
        image={"type": "Image", "url": f"data:text/html,{script}"},
        attachment=[{"type": "PropertyValue", "name": "x", "value": f'<a href="{script}">x</a>'}],
    )
    note = await came(
        remote,
        ana,
        mei,
        settle_down,
        content=f'<p><a href="{script}">x</a></p>',
        url=script,
        attachment=[{"type": "Image", "mediaType": "image/png", "url": script}],
    )

    kept = json.dumps(await Actor.get(id=actor.id).values(), default=str)
    kept += json.dumps(await Note.get(id=note.id).values(), default=str)
    assert "javascript" not in kept
    assert "data:" not in kept
    assert not await Attachment.exists()


async def test_ORG_11_a_handle_needs_a_webfinger_that_points_back(settle, remote, elsewhere):
    await settle("mei")
    here = remote.here.server.domain
    elsewhere.person("boss")
    _, liar = await known(remote, "liar", webfinger=f"boss@{elsewhere.host}")
    _, thief = await known(remote, "thief", webfinger=f"mei@{here}")

    assert liar.full_handle == f"liar@{remote.host}"
    assert thief.full_handle == f"thief@{remote.host}"
    assert (await look_up("@mei")).is_local


async def test_ORG_11_one_handle_is_one_actor(settle, remote, settle_down, wire):
    mei = await settle("mei")
    _, actor = await befriended(mei, remote)
    double = remote.person("double", preferredUsername="ana")
    asked = remote.activity("Follow", double, mei.uri)

    refused = await wire.send(wire.letter(double, asked))
    # The host now says that the name belongs to the other id, as after a new installation.
    remote.people["ana"] = double
    accepted = await wire.send(wire.letter(double, asked | {"id": remote.id()}))
    await settle_down()

    assert (refused.status, accepted.status) == (401, 202)
    assert (await Actor.get(id=actor.id)).gone_at
    assert (await look_up(f"@ana@{remote.host}")).uri == double.uri


async def test_ORG_11_a_group_may_have_the_name_of_a_person(settle, remote):
    await settle("mei")
    _, person = await known(remote, "tea")
    group = remote.person("c-tea", kind="Group", preferredUsername="tea")

    found = await look_up(group.uri)

    assert found.is_group
    assert found.full_handle == person.full_handle
    assert (await Actor.get(id=person.id)).gone_at is None


async def test_ORG_12_a_page_leads_to_nobody(settle, remote):
    await settle("mei")
    ana = remote.person("ana")
    remote.things["/page"] = {"id": ana.uri, "type": "Person"}

    with pytest.raises(FederationError):
        await look_up(f"{remote.base}/missing")
    assert not await Actor.filter(uri=f"{remote.base}/page").exists()


async def test_ORG_13_a_boost_shows_what_the_author_wrote(settle, remote, elsewhere, settle_down):
    mei = await settle("mei")
    group, _ = await befriended(mei, remote, "tea", kind="Group")
    cara = elsewhere.person("cara")
    true = elsewhere.note(cara, "<p>true</p>", audience=group.uri)
    forged = true | {"content": FORGED}
    create = elsewhere.activity("Create", cara, forged)

    await say(remote, "Announce", group, create, mei.inbox, settle_down)

    kept = await Note.get(uri=true["id"])
    assert kept.content == "<p>true</p>"
    assert await Note.filter(boost_of_id=kept.id, author__uri=group.uri).exists()
    assert await HomeEntry.filter(reader_id=mei.id).count() == 1


async def test_ORG_13_what_is_not_open_is_boosted_by_nobody_else(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    bob, _ = await befriended(mei, remote, "bob")
    mine = await publish(mei, Draft(text="for friends", audience="followers"))
    theirs = await came(remote, ana, mei, settle_down, to=[ana.followers], cc=[])

    for uri in (mine.uri, theirs.uri):
        await say(remote, "Announce", bob, uri, mei.inbox, settle_down)
    await say(remote, "Announce", ana, theirs.uri, mei.inbox, settle_down, to=[ana.followers])

    boosts = await Note.exclude(boost_of_id=None).select_related("author")
    assert [boost.author.uri for boost in boosts] == [ana.uri]
    assert (await Note.get(id=mine.id)).boosts_count == 0


async def test_ORG_14_an_accept_does_not_outlive_its_follow(settle, remote, settle_down):
    mei = await settle("mei")
    ana, actor = await known(remote, "ana")
    asked = await follow(mei, actor)
    await settle_down()
    letter = remote.last("Follow")
    await Follow.filter(id=asked.id).delete()

    await say(remote, "Accept", ana, letter, mei.inbox, settle_down)

    assert not await Follow.exists()


async def test_ORG_15_what_others_did_is_not_theirs_to_undo(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    bob, _ = await known(remote, "bob")
    note = await publish(mei, Draft(text="like me"))
    liked = await say(remote, "Like", ana, note.uri, mei.inbox, settle_down)
    boosted = await say(remote, "Announce", ana, note.uri, mei.inbox, settle_down, to=[PUBLIC])
    followed = await Follow.get(follower__uri=ana.uri)
    own = remote.note(bob)

    for about in (liked, liked["id"], boosted, boosted["id"], followed.uri):
        await say(remote, "Undo", bob, about, mei.inbox, settle_down)
    for kind in ("Reject", "Accept"):
        await say(remote, kind, bob, followed.uri, mei.inbox, settle_down)
    for kind, about, target in (
        ("Add", own["id"], mei.featured_uri),
        ("Add", note.uri, f"{bob.uri}/featured"),
        ("Remove", note.uri, mei.featured_uri),
    ):
        await say(remote, kind, bob, about, mei.inbox, settle_down, target=target)

    kept = await Note.get(id=note.id)
    assert (kept.likes_count, kept.boosts_count) == (1, 1)
    assert await Follow.exists(id=followed.id)
    assert not await Pin.exists()


async def test_ORG_16_nobody_is_led_to_whom_does_not_name_the_old_address(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    ana, actor = await befriended(mei, remote)
    targets = {
        "unnamed": elsewhere.person("unnamed").uri,
        "moved": elsewhere.person(
            "moved", alsoKnownAs=[ana.uri], movedTo=f"{elsewhere.base}/users/unnamed"
        ).uri,
        "itself": ana.uri,
        "nothing": f"{elsewhere.base}/users/nobody",
        "ours": mei.uri,
        "script": "javascript:alert(1)",
    }

    for target in targets.values():
        await say(remote, "Move", ana, ana.uri, mei.inbox, settle_down, target=target)
    bob, _ = await known(remote, "bob", alsoKnownAs=[ana.uri])
    await say(remote, "Move", bob, ana.uri, mei.inbox, settle_down, target=bob.uri)

    assert [each.followed_id for each in await Follow.filter(follower_id=mei.id)] == [actor.id]
    assert (await Actor.get(id=actor.id)).moved_at is None


async def test_ORG_16_followers_move_once_in_seven_days(settle, remote, elsewhere, settle_down):
    mei = await settle("mei")
    ana, actor = await befriended(mei, remote)
    first = elsewhere.person("first", alsoKnownAs=[ana.uri])
    second = elsewhere.person("second", alsoKnownAs=[ana.uri])

    async def follow_after(target):
        await say(remote, "Move", ana, ana.uri, mei.inbox, settle_down, target=target.uri)
        found = await Follow.filter(follower_id=mei.id).select_related("followed")
        return {each.followed.uri for each in found}

    assert await follow_after(first) == {first.uri}
    await follows(mei, actor)
    assert await follow_after(second) == {first.uri, ana.uri}
    await Actor.filter(id=actor.id).update(moved_at=now() - timedelta(days=8))
    assert await follow_after(second) == {first.uri, second.uri}


async def test_ORG_16_someone_may_move_here(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    new = await settle("ana", aliases=[ana.uri])

    await say(remote, "Move", ana, ana.uri, mei.inbox, settle_down, target=new.uri)

    assert [each.followed_id for each in await Follow.filter(follower_id=mei.id)] == [new.id]


async def test_ORG_17_only_the_very_thing_is_deleted_and_it_stays_so(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    note = await came(remote, ana, mei, settle_down)
    document = remote.things[note.uri.removeprefix(remote.base)]

    for uri in (f"{note.uri}#1", f"{note.uri}/", f"{note.uri}?x", note.uri.upper()):
        await remote.send(mei.inbox, remote.activity("Delete", ana, uri), ana)
        await settle_down()
    still_there = (await Note.get(id=note.id)).deleted_at is None
    await say(remote, "Delete", ana, note.uri, mei.inbox, settle_down)
    for kind in ("Create", "Update"):
        await say(remote, kind, ana, document, mei.inbox, settle_down)

    gone = await Note.get(uri=note.uri)
    assert still_there
    assert gone.deleted_at
    assert gone.content == ""
    assert not await HomeEntry.exists()


@pytest.mark.parametrize("kind", ["Delete", "Undo"])
async def test_ORG_17_no_neighbour_buries_what_has_not_come_yet(settle, remote, settle_down, kind):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    bob, _ = await befriended(mei, remote, "bob")
    note = remote.note(ana)

    await say(remote, kind, bob, note["id"], mei.inbox, settle_down)
    await say(remote, "Create", ana, note, mei.inbox, settle_down)

    assert (await Note.get(uri=note["id"])).deleted_at is None


async def test_ORG_17_nobody_elsewhere_deletes_who_lives_here(settle, remote, wire):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")

    forged = remote.activity("Delete", ana, mei.uri) | {"actor": mei.uri}
    as_mei = await wire.send(wire.letter(ana, forged))
    as_ana = await wire.send(wire.letter(ana, remote.activity("Delete", ana, mei.uri)))

    assert (as_mei.status, as_ana.status) == (400, 202)
    assert (await Actor.get(id=mei.id)).gone_at is None


async def test_ORG_18_counts_are_hints_and_never_below_nothing(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)

    def option(votes):
        return {"type": "Note", "name": str(votes), "replies": {"totalItems": votes}}

    note = await came(
        remote,
        ana,
        mei,
        settle_down,
        type="Question",
        oneOf=[option(-1), option("12"), option(2**40), option(3)],
        votersCount=-5,
        likes={"type": "Collection", "totalItems": -7},
        shares={"type": "Collection", "totalItems": "many"},
    )
    huge = remote.note(ana, likes={"totalItems": 2**63})
    answer = await wire.send(wire.letter(ana, remote.activity("Create", ana, huge)))

    poll = await Poll.get(note_id=note.id)
    assert [each["votes"] for each in poll.options] == [0, 0, 2**31 - 1, 3]
    assert poll.voters_count == 0
    assert (note.remote_likes, note.remote_boosts, note.likes_count) == (0, 0, 0)
    assert answer.status == 400


async def test_ORG_18_nobody_counts_our_votes_for_us(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    draft = Draft(text="tea?", poll=PollDraft(["yes", "no"], 600))
    note = await publish(mei, draft)
    await settle_down()
    question = remote.last("Create")["object"]
    question["oneOf"][0]["replies"]["totalItems"] = 99

    for about in (question, question | {"attributedTo": ana.uri}):
        await say(remote, "Update", ana, about, mei.inbox, settle_down)

    assert [each["votes"] for each in (await Poll.get(note_id=note.id)).options] == [0, 0]


async def test_ORG_19_one_activity_with_an_id_of_its_own(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = remote.activity("Follow", ana, mei.uri)
    malformed = [
        json.dumps([asked]).encode(),
        json.dumps({"type": "Collection", "items": [asked]}).encode(),
        b'"Follow"',
        b"",
        b"{",
        *[
            json.dumps(asked | changed).encode()
            for changed in (
                {"id": {"id": asked["id"]}},
                {"id": ""},
                {"id": 7},
                {"id": "https://example.org/1"},
                {"actor": [ana.uri, mei.uri]},
                {"type": None},
                {"object": None},
            )
        ],
    ]

    await refused([wire.letter(ana, each) for each in malformed], 400)
    await refused([wire.letter(ana, asked | {"id": None})], 202)


async def test_ORG_21_who_is_suspended_is_not_heard(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, actor = await befriended(mei, remote)
    bob, _ = await befriended(mei, remote, "bob")
    old = await came(remote, ana, mei, settle_down)
    document = remote.things[old.uri.removeprefix(remote.base)]
    fresh = remote.note(ana, FORGED, updated="2026-11-22T10:00:00Z")
    waiting = wire.letter(ana, remote.activity("Create", ana, fresh))
    waits = (await wire.send(waiting)).status
    await Actor.filter(id=actor.id).update(suspended_at=now())
    await settle_down()

    statuses = [
        (await wire.send(wire.letter(ana, remote.activity(kind, ana, about)))).status
        for kind, about in (
            ("Create", fresh),
            ("Update", document | {"content": FORGED, "updated": "2026-11-22T10:00:00Z"}),
            ("Announce", old.uri),
            ("Follow", mei.uri),
            ("Like", old.uri),
        )
    ]
    await say(remote, "Announce", bob, fresh["id"], mei.inbox, settle_down)
    await say(remote, "Announce", bob, old.uri, mei.inbox, settle_down)
    with pytest.raises(FederationError):
        await note_of(fresh["id"])

    # The key may still be in memory; then it is the handler that knows.
    assert {waits, *statuses} <= {202, 401, 403}
    assert [note.uri for note in await Note.all()] == [old.uri]
    assert (await Note.get(id=old.id)).content == "<p>Hello</p>"


async def test_ORG_21_nothing_goes_out_for_who_was_suspended(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    note = await publish(mei, Draft(text="on its way"))
    await Actor.filter(id=mei.id).update(suspended_at=now())
    await settle_down()

    paths = ["/u/mei", "/u/mei/outbox", f"/n/{note.id}", f"/n/{note.id}/replies"]
    answers = [await wire.get(path, ana) for path in paths]
    finger = await wire.get(f"/.well-known/webfinger?resource=acct:mei@{wire.host}")
    letter = await wire.send(
        wire.letter(ana, remote.activity("Follow", ana, mei.uri), path="/u/mei/inbox")
    )

    assert remote.letters == []
    assert [answer.status for answer in answers] == [200, 404, 404, 404]
    left = answers[0].json
    assert (left["suspended"], left["name"], "icon" in left) == (True, "", False)
    assert (finger.status, letter.status) == (404, 404)


async def test_ORG_22_whatever_comes_no_handler_breaks(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    mine = await publish(mei, Draft(text="here"))
    kinds = [*HANDLERS, "Whatever", "Note", ""]

    statuses = set()
    for number, odd in enumerate(odd_documents(150)):
        document = odd | {"actor": ana.uri, "id": remote.id(), "type": kinds[number % len(kinds)]}
        if isinstance(document.get("object"), dict) and number % 2:
            document["object"] |= {"id": mine.uri if number % 4 == 1 else remote.id("notes")}
            document["object"] |= {"type": "Note", "attributedTo": ana.uri}
        elif number % 3 == 0:
            document["object"] = mine.uri
        answer = await wire.send(wire.letter(ana, json.dumps(document).encode()))
        statuses.add(answer.status)
    await settle_down()

    assert statuses == {202, 400}
    assert not await Job.filter(name__startswith="inbox.").exists()
    assert (await Note.get(id=mine.id)).deleted_at is None


def odd_documents(most):
    """Documents of any shape."""
    found = []

    @seed(1)
    @hypothesis(max_examples=most, deadline=None, database=None, phases=[Phase.generate])
    @given(documents())
    def take(odd):
        found.append(odd)

    take()
    return found

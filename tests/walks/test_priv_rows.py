"""Limited notes stay limited: the rows of security.md 13 and LD-05, asked for by other servers."""

from dataclasses import replace

import pytest

from actors.actor import Actor
from actors.blocks import Block
from actors.circles import make_circle, put_in_circle
from actors.follows import Follow
from core.clock import now
from core.ids import new_id
from core.paging import Page
from inbox.notifications import Notification
from inbox.reading import home
from inbox.threads import thread_of
from inbox.timelines import HomeEntry
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.reactions import Like
from outbox.announce import boost
from outbox.block import block
from outbox.create import publish
from outbox.delete import withdraw
from outbox.draft import Draft
from outbox.like import like
from outbox.narrow import narrow
from outbox.refusals import NotAllowed
from outbox.sent import Sent
from outbox.undo import unblock
from tests.remote import PUBLIC
from tests.walks.people import actor_of, came, fan_of, follows, known, say
from tests.walks.wire import set_to

OPEN = (Audience.PUBLIC, Audience.QUIET)
HERE = (Audience.SERVER, Audience.SELF)
NARROW = (Audience.FOLLOWERS, Audience.PEOPLE, Audience.CIRCLE, Audience.SELF)


async def four(mei, remote):
    """A note of each audience that needs no group; the one for people is for Ana alone, and so is
    that for a circle."""
    circles = await circle_of(mei, await actor_of(remote.people["ana"]))
    return {
        audience: await publish(
            mei,
            Draft(text=f"dear @ana@{remote.host}", audience=audience, circles=circles),
        )
        for audience in Audience
        # Ana follows Mei, and Mei does not follow her.
        if audience not in (Audience.MEMBERS, Audience.MUTUALS)
    }


async def circle_of(owner, person):
    """The ids of the circles of someone: one, with this person in it."""
    friends = await make_circle(owner, "Friends")
    await put_in_circle(friends, person)
    return [friends.id]


async def policy_for(note, **allowed):
    """Say who may do what with a note."""
    policy = {f"can{key}": {"automaticApproval": value} for key, value in allowed.items()}
    await Note.filter(id=note.id).update(interaction=policy)
    note.interaction = policy


async def test_PRIV_01_limited_notes_are_read_by_those_they_are_for(
    settle, remote, elsewhere, settle_down, wire
):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    cara, _ = await known(elsewhere, "cara")
    notes = await four(mei, remote)
    await settle_down()

    for audience, note in notes.items():
        create = await Sent.get(kind="Create", object_uri=note.uri)
        parts = [f"/n/{note.id}/{part}" for part in ("replies", "likes", "shares", "context")]
        activity = create.uri.removeprefix(wire.here.server.base_url)
        # What is for this server, or for its author, is for nobody elsewhere, named or not.
        for viewer, sees in ((ana, audience not in HERE), (cara, audience in OPEN)):
            assert (await wire.get(f"/n/{note.id}", viewer)).status == (200 if sees else 404)
        for path in (*parts, activity):
            for viewer in (ana, cara):
                is_open = (await wire.get(path, viewer)).status == 200
                assert is_open is (audience in OPEN), (audience, path)
        for path in (f"/n/{note.id}", *parts, activity):
            assert (await wire.get(path)).status == 401


async def test_PRIV_01_a_right_ends_with_what_it_came_from(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, actor = await fan_of(mei, remote)
    note = await publish(mei, Draft(text="for friends", audience=Audience.FOLLOWERS))

    first = await wire.get(f"/n/{note.id}", ana)
    await Follow.filter(follower_id=actor.id).delete()
    second = await wire.get(f"/n/{note.id}", ana)

    assert (first.status, second.status) == (200, 404)


async def test_PRIV_02_what_may_not_be_seen_is_not_there(
    settle, remote, elsewhere, settle_down, wire
):
    mei = await settle("mei")
    await fan_of(mei, remote)
    cara, _ = await known(elsewhere, "cara")
    notes = await four(mei, remote)
    gone = await publish(mei, Draft(text="soon gone", audience=Audience.FOLLOWERS))
    await withdraw(mei, gone)
    hidden = [notes[audience] for audience in NARROW] + [gone]

    missing = await wire.get(f"/n/{new_id()}", cara)
    for note in hidden:
        for part in ("", "/replies", "/likes", "/shares", "/context"):
            answer = await wire.get(f"/n/{note.id}{part}", cara)
            assert _alike(answer) == _alike(missing)


def _alike(answer):
    told = {k: v for k, v in answer.headers.items() if k not in ("x-request-id", "date")}
    return answer.status, told, {k: v for k, v in answer.json.items() if k != "request_id"}


async def test_PRIV_03_public_numbers_count_public_things(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, her = await fan_of(mei, remote)
    circles = await circle_of(mei, her)
    public = await publish(mei, Draft(text="public"))

    async def numbers():
        outbox = (await wire.get("/u/mei/outbox", ana)).json
        page = (await wire.get("/u/mei/outbox?page=true", ana)).json
        nodeinfo = (await wire.get("/nodeinfo/2.1")).json
        return (
            outbox["totalItems"],
            len(page["orderedItems"]),
            nodeinfo["usage"]["localPosts"],
            nodeinfo["usage"]["localComments"],
            (await Actor.get(id=mei.id)).notes_count,
            (await Note.get(id=public.id)).replies_count,
        )

    before = await numbers()
    for audience in NARROW:
        text = f"@ana@{remote.host} psst"
        draft = Draft(text=text, audience=audience, circles=circles)
        await publish(mei, draft)
        await publish(mei, replace(draft, in_reply_to=public))
    await came(remote, ana, mei, settle_down, to=[mei.uri], cc=[], inReplyTo=public.uri)
    await settle_down()

    assert await numbers() == before == (1, 1, 1, 0, 1, 0)


async def test_PRIV_04_what_is_for_few_goes_no_further(settle, remote, elsewhere, settle_down):
    mei, ben = await settle("mei"), await settle("ben")
    await fan_of(mei, remote)
    cara, _ = await known(elsewhere, "cara")
    await follows(ben, mei)
    note = await publish(mei, Draft(text="for friends", audience=Audience.FOLLOWERS))
    await settle_down()
    remote.letters.clear()

    with pytest.raises(NotAllowed):
        await boost(ben, note)
    answer = elsewhere.note(cara, inReplyTo=note.uri, to=[mei.uri, mei.followers_uri], cc=[])
    await say(elsewhere, "Create", cara, answer, mei.inbox, settle_down)

    assert remote.letters == []


async def test_PRIV_05_an_edit_narrows_and_never_widens(settle, remote, settle_down):
    mei, ben = await settle("mei"), await settle("ben")
    ana, actor = await known(remote, "ana")
    for reader in (mei, ben):
        await follows(reader, actor)
    note = await came(remote, ana, mei, settle_down)
    document = remote.things[note.uri.removeprefix(remote.base)]

    audiences = []
    for second, to in enumerate(([ana.followers], [PUBLIC], [mei.uri], [ana.followers], [PUBLIC])):
        edited = document | {"to": to, "cc": [], "updated": f"2026-11-21T10:00:0{second}Z"}
        await say(remote, "Update", ana, edited, mei.inbox, settle_down)
        audiences.append((await Note.get(id=note.id)).audience)

    assert audiences == ["followers", "followers", "people", "people", "people"]
    assert (await home(mei, Page())).rows == [note]
    assert (await home(ben, Page())).rows == []


@pytest.mark.parametrize(
    "to",
    [
        "https://www.w3.org/ns/activitystreams#public",
        "https://www.w3.org/ns/activitystreams",
        "https://example.org/#Public",
        "https://example.org/users/someone/followers",
        "public",
        {"id": "Everyone"},
        [],
        None,
    ],
)
async def test_PRIV_06_an_unknown_audience_is_the_most_private(settle, remote, settle_down, to):
    mei, ben = await settle("mei"), await settle("ben")
    ana, actor = await known(remote, "ana")
    for reader in (mei, ben):
        await follows(reader, actor)

    note = await came(remote, ana, mei, settle_down, to=to, cc=[])

    assert note.audience == Audience.CIRCLE
    assert (await home(mei, Page())).rows == [note], "it was brought to her own letterbox"
    assert (await home(ben, Page())).rows == []


async def test_PRIV_06_public_has_three_spellings(settle, remote, settle_down):
    mei = await settle("mei")
    ana, actor = await known(remote, "ana")
    await follows(mei, actor)

    for spelling in (PUBLIC, "as:Public", "Public"):
        note = await came(remote, ana, mei, settle_down, to=spelling, cc=[])
        assert note.audience == Audience.PUBLIC
        note = await came(remote, ana, mei, settle_down, to=[ana.followers], cc=[spelling])
        assert note.audience == Audience.QUIET


async def test_PRIV_07_the_blocked_read_nothing(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, actor = await fan_of(mei, remote)
    server = remote.person("server", kind="Application")
    notes = await four(mei, remote)
    await settle_down()
    await block(mei, actor)
    remote.letters.clear()
    paths = ["/u/mei/outbox", "/u/mei/outbox?page=true", "/u/mei/followers", "/u/mei/featured"]
    paths += [f"/n/{note.id}" for note in notes.values()]
    public = f"/n/{notes[Audience.PUBLIC].id}"
    paths += [f"{public}/{part}" for part in ("replies", "likes", "shares", "context")]
    create = await Sent.get(kind="Create", object_uri=notes[Audience.PUBLIC].uri)
    paths.append(create.uri.removeprefix(wire.here.server.base_url))

    for path in paths:
        for viewer in (ana, server):
            assert (await wire.get(path, viewer)).status == 404, (path, viewer.name)
    for viewer in (ana, server):
        # Our letters to them must stay believable, the Block first of all.
        shown = (await wire.get("/u/mei", viewer)).json
        assert "publicKey" in shown
        assert "summary" not in shown
    await publish(mei, Draft(text=f"about @ana@{remote.host}"))
    await publish(mei, Draft(text=f"to @ana@{remote.host}", audience=Audience.PEOPLE))
    await settle_down()
    assert remote.types() == ["Block"]


async def test_PRIV_07_others_of_a_blocked_ones_server_read_on(settle, remote, settle_down, wire):
    mei = await settle("mei")
    _, actor = await fan_of(mei, remote)
    bob, _ = await fan_of(mei, remote, "bob")
    server = remote.person("server", kind="Application")
    note = await publish(mei, Draft(text="hello"))
    await block(mei, actor)

    for viewer in (bob, server):
        assert (await wire.get(f"/n/{note.id}", viewer)).status == 200


async def test_PRIV_07_what_the_blocked_say_has_no_effect(settle, remote, settle_down):
    mei, ben = await settle("mei"), await settle("ben")
    ana, actor = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello"))
    await block(mei, actor)
    await follows(ben, actor)
    await settle_down()
    tag = {"type": "Mention", "href": mei.uri, "name": "@mei"}
    remote.letters.clear()

    mention = remote.note(ana, cc=[mei.uri], tag=[tag])
    answer = remote.note(ana, inReplyTo=note.uri, cc=[mei.uri], tag=[tag])
    for kind, about in (
        ("Create", mention),
        ("Create", answer),
        ("Like", note.uri),
        ("Announce", note.uri),
        ("Follow", mei.uri),
    ):
        await say(remote, kind, ana, about, mei.inbox, settle_down)

    kept = await Note.get(id=note.id)
    assert not await Notification.filter(reader_id=mei.id).exists()
    assert (kept.likes_count, kept.boosts_count, kept.replies_count) == (0, 0, 0)
    assert not await Like.exists()
    assert remote.types() == ["Reject"]
    # Ben follows her and has not blocked her: he reads what she says to all.
    assert [each.uri for each in (await home(ben, Page())).rows] == [mention["id"]]
    assert (await thread_of(note, ben)).descendants == []


async def test_PRIV_07_answers_of_before_are_hidden_as_well(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, actor = await known(remote, "ana")
    bob, _ = await known(remote, "bob")
    note = await publish(mei, Draft(text="hello"))
    answer = await came(remote, ana, mei, settle_down, inReplyTo=note.uri, cc=[mei.uri])

    before = (await wire.get(f"/n/{note.id}/replies?page=true", bob)).json["items"]
    await block(mei, actor)
    after = (await wire.get(f"/n/{note.id}/replies?page=true", bob)).json["items"]

    assert (before, after) == ([answer.uri], [])
    assert (await thread_of(note, mei)).descendants == []


async def test_PRIV_07_a_block_from_there_works_both_ways(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, actor = await fan_of(mei, remote)
    await follows(mei, actor)
    theirs = await came(remote, ana, mei, settle_down)

    blocked = await say(remote, "Block", ana, mei.uri, mei.inbox, settle_down)
    await publish(mei, Draft(text=f"hello @ana@{remote.host}"))
    await settle_down()
    unheard = (remote.types(), (await home(mei, Page())).rows, await Follow.exists())
    with pytest.raises(NotAllowed):
        await like(mei, theirs)
    await say(remote, "Undo", ana, blocked, mei.inbox, settle_down)

    assert unheard[0] == []
    assert theirs not in unheard[1]
    assert not unheard[2]
    assert not await Block.exists()


async def test_PRIV_07_after_an_unblock_they_hear_again(settle, remote, settle_down):
    mei = await settle("mei")
    _, actor = await known(remote, "ana")
    await block(mei, actor)
    await unblock(mei, actor)
    await publish(mei, Draft(text=f"hello @ana@{remote.host}"))
    await settle_down()

    assert sorted(remote.types()) == ["Block", "Create", "Undo"]


async def test_PRIV_08_who_follows_is_told_only_where_the_owner_allows(settle, remote, wire):
    mei = await settle("mei")
    ana, actor = await fan_of(mei, remote)
    await follows(mei, actor)
    await Actor.filter(id=mei.id).update(followers_count=1, following_count=1)

    for allowed in (False, True):
        await Actor.filter(id=mei.id).update(hides_follows=not allowed)
        for name in ("followers", "following"):
            whole = (await wire.get(f"/u/mei/{name}", ana)).json
            page = (await wire.get(f"/u/mei/{name}?page=true", ana)).json
            assert whole["totalItems"] == 1
            assert ("first" in whole) is allowed
            assert (page.get("orderedItems") == [ana.uri]) is allowed


async def test_PRIV_09_only_a_real_mention_tells(settle, remote, settle_down):
    mei, ben = await settle("mei"), await settle("ben")
    ana, actor = await known(remote, "ana")
    await follows(mei, actor)
    await follows(ben, actor)
    words = f"<p>@mei@{remote.here.server.domain} and @ben</p>"

    silent = await came(remote, ana, mei, settle_down, to=[mei.uri], cc=[], content=words)

    assert not await Notification.exists()
    assert await Mention.filter(note_id=silent.id, actor_id=mei.id, is_silent=True).exists()
    assert [row.reader_id for row in await HomeEntry.filter(note_id=silent.id)] == [mei.id]
    assert (await thread_of(silent, ben)).ancestors == []


async def test_PRIV_11_what_a_signature_opened_is_kept_by_no_cache(
    settle, remote, settle_down, wire
):
    mei = await settle("mei")
    ana, _ = await fan_of(mei, remote)
    notes = await four(mei, remote)
    paths = ["/u/mei", "/u/mei/outbox", "/u/mei/followers"]
    paths += [f"/n/{note.id}" for kind, note in notes.items() if kind not in HERE]

    for path in paths:
        answer = await wire.get(path, ana)
        assert answer.status == 200
        assert answer.headers["cache-control"] == "private, no-store"
        assert {"Accept", "Signature"} <= set(answer.headers["vary"].split(", "))
    stub = await wire.get("/u/mei")
    assert stub.headers["cache-control"].startswith("public")
    assert "Signature" in stub.headers["vary"]
    assert set(stub.json) <= {
        *("@context", "id", "type", "preferredUsername", "webfinger", "inbox", "url"),
        *("publicKey", "assertionMethod"),
    }


async def test_PRIV_15_what_an_author_does_not_allow_has_no_effect(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    friend, _ = await fan_of(mei, remote, "friend")
    note = await publish(mei, Draft(text="hello"))
    await policy_for(
        note, Like=[mei.followers_uri], Reply=[mei.followers_uri], Announce=[mei.uri, friend.uri]
    )
    await settle_down()

    async def act(person):
        answer = remote.note(person, inReplyTo=note.uri, cc=[mei.uri])
        for kind, about in (("Create", answer), ("Like", note.uri), ("Announce", note.uri)):
            await say(remote, kind, person, about, mei.inbox, settle_down, to=[PUBLIC])
        kept = await Note.get(id=note.id)
        return kept.replies_count, kept.likes_count, kept.boosts_count

    assert await act(ana) == (0, 0, 0)
    assert not await Notification.filter(actor__uri=ana.uri).exists()
    assert not await Note.filter(author__uri=ana.uri).exists()
    assert await act(friend) == (1, 1, 1)


async def test_PRIV_15_who_is_named_may_answer_and_those_here_obey_too(settle, remote, settle_down):
    mei, ben = await settle("mei"), await settle("ben")
    ana, _ = await known(remote, "ana")
    note = await publish(mei, Draft(text=f"hello @ana@{remote.host}"))
    await policy_for(note, Like=[mei.uri], Reply=[mei.uri], Announce=[mei.uri])
    await settle_down()

    answer = await came(remote, ana, mei, settle_down, inReplyTo=note.uri, cc=[mei.uri])
    for attempt in (
        like(ben, note),
        boost(ben, note),
        publish(ben, Draft(text="me too", in_reply_to=note)),
    ):
        with pytest.raises(NotAllowed):
            await attempt

    assert answer.in_reply_to_id == note.id
    await publish(mei, Draft(text="I may", in_reply_to=note))


async def test_PRIV_15_a_fetched_answer_is_measured_like_one_that_came(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    _, bob = await known(remote, "bob")
    cara = elsewhere.person("cara")
    await follows(mei, bob)
    note = await publish(mei, Draft(text="hello"))
    await policy_for(note, Reply=[mei.followers_uri])
    answer = elsewhere.note(cara, inReplyTo=note.uri)

    await say(remote, "Announce", remote.people["bob"], answer["id"], mei.inbox, settle_down)
    forwarded = elsewhere.activity("Create", cara, answer)
    await remote.send(mei.inbox, forwarded, remote.people["bob"])
    await settle_down()

    assert answer["id"] in {f"{elsewhere.base}{path}" for path in elsewhere.fetches}
    assert not await Note.exists(uri=answer["id"])


async def test_LD_05_what_is_for_few_carries_no_proof(settle, remote, settle_down):
    mei = await settle("mei")
    _, her = await fan_of(mei, remote)
    circles = await circle_of(mei, her)
    for audience in NARROW:
        draft = Draft(text=f"@ana@{remote.host}", audience=audience, circles=circles)
        note = await publish(mei, draft)
        await withdraw(mei, note)
    await settle_down()

    for sent in await Sent.all():
        assert not {"proof", "signature"} & set(sent.document()), sent.kind
    assert b'"proof"' not in b"".join(letter.body for letter in remote.letters)


async def test_PRIV_05_narrowing_deletes_the_old_note_wherever_it_went(
    settle, remote, elsewhere, settle_down, wire
):
    mei, ben = await settle("mei"), await settle("ben")
    ana, _ = await fan_of(mei, remote)
    await known(elsewhere, "cara")
    await follows(ben, mei)
    note = await publish(mei, Draft(text=f"hello @ana@{remote.host} @cara@{elsewhere.host} #tea"))
    answer = await publish(ben, Draft(text="nice", in_reply_to=note))
    await settle_down()
    there = elsewhere.types()

    fresh = await narrow(mei, note, Audience.FOLLOWERS)
    for wider in (Audience.PUBLIC, Audience.QUIET, Audience.FOLLOWERS):
        with pytest.raises(NotAllowed):
            await narrow(mei, fresh, wider)
    await settle_down()

    assert there == ["Create"]
    for other in (remote, elsewhere):
        assert other.last("Delete")["object"]["id"] == note.uri
    assert remote.last("Create")["object"]["to"] == [mei.followers_uri]
    assert remote.last("Create")["object"]["id"] == fresh.uri != note.uri
    assert (await wire.get(f"/n/{note.id}", ana)).status == 410
    assert (await wire.get(f"/n/{fresh.id}", ana)).status == 200
    assert (await Note.get(id=answer.id)).in_reply_to_id == fresh.id
    assert [each.id for each in (await home(ben, Page())).rows if each.author_id == mei.id] == [
        fresh.id
    ]
    assert (await Actor.get(id=mei.id)).notes_count == 0


async def test_PRIV_06_a_note_brought_to_someone_is_for_them(settle, remote, settle_down):
    mei, ben = await settle("mei"), await settle("ben")
    ana, actor = await known(remote, "ana")
    for reader in (mei, ben):
        await follows(reader, actor)
    limited = {"to": [f"{ana.uri}/a/secret"], "cc": []}

    brought = await came(remote, ana, mei, settle_down, **limited)
    to_all = remote.note(ana, **limited)
    shared = f"{remote.here.server.base_url}/inbox"
    await say(remote, "Create", ana, to_all, shared, settle_down)

    assert brought.audience == Audience.CIRCLE
    assert (await home(mei, Page())).rows == [brought]
    assert (await home(ben, Page())).rows == []
    assert not await Notification.exists()


async def test_PRIV_01_an_outbox_shows_no_more_than_the_pages(settle, wire, settle_down):
    """What strangers read behind a gate for adults, and a boost of what went, is not in it."""
    mei, ben = await settle("mei"), await settle("ben")
    note, other = [await publish(mei, Draft(text=f"note {number}")) for number in range(2)]
    theirs = await publish(ben, Draft(text="theirs"))
    await boost(mei, theirs)
    await settle_down()
    sent = [await Sent.get(object_uri=each.uri, kind="Create") for each in (note, other)]
    paths = [each.uri.removeprefix(wire.here.server.base_url) for each in sent]

    async def seen(lax):
        page = (await lax.get("/u/mei/outbox?page=true")).json["orderedItems"]
        return len(page), [(await lax.get(each)).status for each in paths]

    async with set_to(wire, "federation", authorized_fetch=False) as lax:
        before = await seen(lax)
        await Note.filter(id=note.id).update(adults_at=now())
        await Note.filter(id=theirs.id).update(audience=Audience.FOLLOWERS)
        after = await seen(lax)

    assert before == (3, [200, 200])
    assert after == (1, [404, 200])

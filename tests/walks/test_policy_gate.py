"""The policy at the door: servers that are rejected, limited or held, and filters for notes."""

import pytest

from actors.actor import Actor
from actors.follows import Follow, is_following
from core.clock import now
from core.paging import Page
from inbox.create import release
from inbox.notifications import Event, Notification
from inbox.reading import federated, home
from moderation.adopting import adopt, write_version
from moderation.reading import draft_from
from notes.attachments import Attachment
from notes.note import Audience, Note, Shows
from outbox.create import publish
from outbox.draft import Draft
from tests.moderation.drafts import RULE, entry, servers
from tests.walks.people import actor_of, befriended, came, fan_of, follows, known, say
from tests.walks.wire import everything

PICTURE = {"type": "Image", "mediaType": "image/png", "url": "https://media.example/1.png"}


@pytest.fixture
def decree(settle_down):
    """Publish a policy, and have done what follows from it."""
    version = 1

    async def publish_policy(**tables):
        nonlocal version
        draft = draft_from({"based_on": version, "rules": [RULE], **tables})
        await adopt(draft, summary={"en": "For this test."})
        version += 1
        await settle_down()

    return publish_policy


def banned(word, then, **more):
    """A filter for one word."""
    return {
        "filters": [
            {"id": "word", "rule": RULE["id"], "when": {"words": [word]}, "then": then, **more}
        ]
    }


async def test_a_rejected_server_is_refused_openly_and_leaves_nothing(
    settle, remote, settle_down, decree, wire
):
    mei = await settle("mei")
    ana, actor = await befriended(mei, remote)
    await follows(actor, mei)
    old = await came(remote, ana, mei, settle_down)
    await decree(**servers(entry(remote.host)))
    before = await everything()
    remote.fetches.clear()

    letters = [remote.activity(kind, ana, mei.uri) for kind in ("Follow", "Like", "Create")]
    statuses = [(await wire.send(wire.letter(ana, each))).status for each in letters]
    read = [await wire.get(path, ana) for path in ("/u/mei", "/u/mei/outbox")]
    left = await everything() == before
    await publish(mei, Draft(text=f"hello @ana@{remote.host}"))
    await settle_down()

    assert statuses == [403, 403, 403]
    assert [answer.status for answer in read] == [403, 403]
    assert left
    assert remote.fetches == []
    assert remote.letters == []
    assert old not in (await home(mei, Page())).rows
    # The follows sleep, and wake when the server is let in again.
    await decree()
    assert await is_following(mei, await actor_of(ana))
    assert old in (await home(mei, Page())).rows
    assert (await wire.send(wire.letter(ana, letters[0]))).status == 202


async def test_a_dropped_server_is_not_told(settle, remote, decree, wire):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    await decree(**servers(entry(remote.host, "drop")))
    before = await everything()

    answer = await wire.send(wire.letter(ana, remote.activity("Follow", ana, mei.uri)))
    read = await wire.get("/u/mei", ana)

    assert (answer.status, read.status) == (202, 404)
    assert await everything() == before


async def test_nothing_is_fetched_from_a_rejected_server(
    settle, remote, elsewhere, settle_down, decree
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara, _ = await known(elsewhere, "cara")
    note = elsewhere.note(cara)
    answer = remote.note(ana, inReplyTo=note["id"])
    await decree(**servers(entry(elsewhere.host)))
    elsewhere.fetches.clear()

    await say(remote, "Announce", ana, note["id"], mei.inbox, settle_down)
    await say(remote, "Create", ana, answer, mei.inbox, settle_down)
    await remote.send(mei.inbox, elsewhere.activity("Create", cara, note), ana)
    await settle_down()

    assert elsewhere.fetches == []
    assert not await Note.exists(uri=note["id"])


async def test_a_limited_server_is_heard_by_those_who_follow_and_asks(
    settle, remote, settle_down, decree
):
    mei, ben = await settle("mei"), await settle("ben")
    ana, _ = await befriended(mei, remote)
    await decree(**servers(entry(remote.host, "limit")))

    note = await came(remote, ana, mei, settle_down)
    await say(remote, "Follow", ana, ben.uri, ben.inbox, settle_down)

    assert note.audience == Audience.QUIET
    assert note in (await home(mei, Page())).rows
    assert note not in (await federated(mei, Page())).rows
    assert not (await Follow.get(followed_id=ben.id)).is_accepted
    assert await Notification.filter(reader_id=ben.id, event=Event.FOLLOW_REQUEST).exists()


async def test_no_media_keeps_the_words_alone(settle, remote, settle_down, decree):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    await decree(**servers(entry(remote.host, "no_media")))

    note = await came(remote, ana, mei, settle_down, attachment=[PICTURE])
    document = remote.things[note.uri.removeprefix(remote.base)]
    edited = document | {"content": "<p>new</p>", "updated": "2026-11-21T10:00:00Z"}
    await say(remote, "Update", ana, edited, mei.inbox, settle_down)

    kept = await Note.get(id=note.id)
    assert (kept.content, kept.has_media, kept.shows) == ("<p>new</p>", False, Shows.TEXT)
    assert not await Attachment.exists()


async def test_what_is_held_is_seen_by_nobody_until_it_is_released(
    settle, remote, settle_down, decree
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    await decree(**servers(entry(remote.host, "hold")))
    tag = {"type": "Mention", "href": mei.uri, "name": "@mei"}

    note = await publish(mei, Draft(text="hello"))
    await settle_down()

    held = await came(remote, ana, mei, settle_down, inReplyTo=note.uri, cc=[mei.uri], tag=[tag])
    shown = [each.id for each in (await home(mei, Page())).rows]
    before = shown, await Notification.all().count(), (await Note.get(id=note.id)).replies_count
    released = [await release(held) for _ in range(2)]

    assert before == ([note.id], 0, 0)
    assert released == [True, False]
    assert (await home(mei, Page())).rows == [note, held]
    assert (await Note.get(id=note.id)).replies_count == 1
    assert await Notification.filter(reader_id=mei.id, event=Event.MENTION).count() == 1


@pytest.mark.parametrize("then", ["label", "limit", "hold", "reject"])
async def test_a_filter_does_what_it_says(settle, remote, settle_down, decree, then):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    await decree(**banned("casino", then))
    spam = remote.note(ana, "<p>Come to our <b>CASINO</b></p>")
    fine = remote.note(ana, "<p>Come to our house</p>")

    for each in (spam, fine):
        await say(remote, "Create", ana, each, mei.inbox, settle_down)

    found = await Note.get_or_none(uri=spam["id"])
    shown = [note.uri for note in (await home(mei, Page())).rows]
    if then == "reject":
        assert found is None
        assert shown == [fine["id"]]
        return
    label = RULE["title"]["en"] if then == "label" else ""
    assert (found.summary, found.is_sensitive) == (label, then == "label")
    assert bool(found.held_at) is (then == "hold")
    assert (found.audience == Audience.QUIET) is (then == "limit")
    assert (spam["id"] in shown) is (then != "hold")
    assert fine["id"] in shown


async def test_a_filter_reads_what_a_poll_lets_choose(settle, remote, settle_down, decree):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    await decree(**banned("casino", "reject"))
    asked = {"type": "Question", "oneOf": [{"name": "The sea"}, {"name": "The casino"}]}
    spam = remote.note(ana, "<p>Where to?</p>", **asked)

    await say(remote, "Create", ana, spam, mei.inbox, settle_down)

    assert not await Note.exists(uri=spam["id"])


async def test_an_edit_goes_through_the_same_door(settle, remote, settle_down, decree):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    await decree(**banned("casino", "hold"))
    note = await came(remote, ana, mei, settle_down)
    document = remote.things[note.uri.removeprefix(remote.base)]

    edited = document | {"content": "<p>casino</p>", "updated": "2026-11-21T10:00:00Z"}
    await say(remote, "Update", ana, edited, mei.inbox, settle_down)

    assert (await Note.get(id=note.id)).held_at
    assert (await home(mei, Page())).rows == []


async def test_a_filter_meets_what_is_fetched_too(settle, remote, elsewhere, settle_down, decree):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara = elsewhere.person("cara")
    await decree(**banned("casino", "reject", where="remote"))
    spam = elsewhere.note(cara, "<p>casino</p>")

    await say(remote, "Announce", ana, spam["id"], mei.inbox, settle_down)

    assert not await Note.filter(author__local_name=None).exists()


async def test_a_note_from_here_for_a_rejected_server_stays_here(
    settle, remote, elsewhere, settle_down, decree
):
    mei = await settle("mei")
    await fan_of(mei, remote)
    await fan_of(mei, elsewhere, "cara")
    await decree(**servers(entry(remote.host)))

    await publish(mei, Draft(text="for friends", audience=Audience.FOLLOWERS))
    await settle_down()

    assert remote.letters == []
    assert elsewhere.types() == ["Create"]


async def test_who_is_let_in_again_is_heard_at_once_before_everybody_was_gone_through(
    settle, remote, settle_down, decree, wire
):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    await decree(**servers(entry(remote.host)))
    refused = await wire.send(wire.letter(ana, remote.activity("Like", ana, mei.uri)))
    await adopt(draft_from({"based_on": 2, "rules": [RULE]}), summary={"en": "Peace."})

    asked = await wire.send(wire.letter(ana, remote.activity("Follow", ana, mei.uri)))
    read = await wire.get("/u/mei", ana)
    await settle_down()

    assert (refused.status, asked.status, read.status) == (403, 202, 200)
    assert await is_following(await actor_of(ana), mei)
    # What is answered goes out, and is not left out as for who is kept out.
    assert remote.types() == ["Accept"]


async def test_what_another_process_published_lets_a_letter_in_before_this_one_looks_again(
    settle, remote, settle_down, decree, wire
):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    await decree(**servers(entry(remote.host)))
    refused = await wire.send(wire.letter(ana, remote.activity("Like", ana, mei.uri)))
    free = draft_from({"based_on": 2, "rules": [RULE]}).sections
    await write_version(3, free, {"en": "Peace."}, "operator", now())

    asked = await wire.send(wire.letter(ana, remote.activity("Follow", ana, mei.uri)))

    assert (refused.status, asked.status) == (403, 202)


async def test_who_was_remembered_as_kept_out_is_not_refused_when_the_row_says_otherwise(
    settle, remote, decree, wire
):
    mei = await settle("mei")
    ana, actor = await known(remote, "ana")
    # As in a second process, or between the look at the policy and the job that follows from it.
    await Actor.filter(id=actor.id).update(suspended_at=now())
    refused = await wire.send(wire.letter(ana, remote.activity("Like", ana, mei.uri)))
    await Actor.filter(id=actor.id).update(suspended_at=None)

    asked = await wire.send(wire.letter(ana, remote.activity("Follow", ana, mei.uri)))

    assert (refused.status, asked.status) == (403, 202)

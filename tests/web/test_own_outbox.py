"""The ActivityPub client API: posting to one's outbox, each verb and each refusal."""

import io
import json
from functools import partial
from typing import Any

import pytest
from aiohttp import FormData

from actors.accounts import Account
from actors.actor import Actor
from actors.blocks import Block
from actors.follows import Follow, is_following
from actors.groups import See, make_group
from federation.vocabulary import PUBLIC
from inbox.notifications import Event, Notification
from moderation.policy import put_in_force
from moderation.sections import Content
from moderation.vocabulary import AltText
from notes.attachments import Attachment
from notes.boards import BoardNote, Sharing
from notes.group_posts import GroupPost
from notes.note import Audience, Note
from notes.polls import Poll
from notes.quotes import Quote
from notes.quoting import chosen_for
from notes.reactions import Like, Pin
from outbox import gather
from tests.factories import followed, noted
from tests.moderation.drafts import policy_of
from tests.web.api.test_media import picture
from tests.web.programs import AS2, LD, Program, program_of
from tests.web.test_compose import with_policy


@pytest.fixture
def program(wire):
    """A program of someone: `await program(mei, "read")`."""
    return partial(program_of, wire)


def note_of(text: str = "<p>Hello</p>", **more: Any) -> dict[str, Any]:
    return {"type": "Note", "content": text, "to": [PUBLIC]} | more


async def only_note() -> Note:
    return await Note.get().select_related("author")


async def test_a_bare_note_is_wrapped_cleaned_and_posted(settle, program):
    mei = await settle("mei")
    app = await program(mei)

    where = await app.done(
        note_of("<p>Tea &amp; <b>time</b><script>x()</script> #Tea</p>", id="https://x.example/1")
    )

    note = await only_note()
    assert note.audience == Audience.PUBLIC
    assert note.source == "Tea & **time** #Tea"
    assert "<strong>time</strong>" in note.content
    assert "script" not in note.content
    assert note.uri.startswith(mei.uri.partition("/u/")[0])
    status, said, _ = await app.send("GET", where, headers={"Accept": AS2})
    assert status == 200
    assert (said["type"], said["actor"], said["object"]["id"]) == ("Create", mei.uri, note.uri)


async def test_words_that_came_in_one_language_alone_are_taken(settle, program):
    app = await program(await settle("mei"))

    where = await app.done(
        {
            "type": "Article",
            "to": PUBLIC,
            "nameMap": {"zh": "茶"},
            "summaryMap": {"zh": "注意"},
            "contentMap": {"zh": "<p>早晨</p>"},
        }
    )
    note = await only_note()
    changed = {"id": note.uri, "type": "Article", "contentMap": {"en": "<p>Morning</p>"}}
    await app.done({"type": "Update", "object": changed})
    after = await only_note()

    assert where
    assert (note.title, note.summary, note.source, note.language) == ("茶", "注意", "早晨", "zh")
    assert (after.title, after.source, after.language) == ("茶", "Morning", "en")
    await app.refused({"type": "Note", "to": PUBLIC, "contentMap": {"en": 7}}, 422)
    await app.refused({"type": "Note", "to": PUBLIC, "contentMap": []}, 422)


async def test_what_was_changed_of_a_profile_is_answered_as_an_activity(settle, program):
    mei = await settle("mei")
    app = await program(mei)

    status, said, told = await app.post(
        {"type": "Update", "object": {"id": mei.uri, "nameMap": {"en": "Mei Lin"}}}
    )

    assert (status, said["id"]) == (201, told["Location"])
    assert (said["type"], said["actor"], said["object"]) == ("Update", mei.uri, mei.uri)
    assert (await Actor.get(id=mei.id)).title == "Mei Lin"


async def test_markdown_that_came_as_source_is_kept(settle, program):
    app = await program(await settle("mei"))
    source = {"content": "Some *tea*", "mediaType": "text/markdown"}

    await app.done({"type": "Create", "object": note_of("<p>ignored</p>", source=source)})

    assert (await only_note()).source == "Some *tea*"


@pytest.mark.parametrize(
    ("addresses", "audience"),
    [
        ({"to": [PUBLIC]}, "public"),
        ({"to": "as:Public"}, "public"),
        ({"to": ["{followers}"], "cc": [PUBLIC]}, "quiet"),
        ({"to": ["{followers}"]}, "followers"),
        ({"bto": ["{followers}"]}, "followers"),
        ({}, "people"),
    ],
)
async def test_addresses_say_who_may_read(settle, program, addresses, audience):
    mei = await settle("mei")
    filled = json.loads(json.dumps(addresses).replace("{followers}", mei.followers_uri))

    await (await program(mei)).done({"type": "Note", "content": "x"} | filled)

    assert (await only_note()).audience == audience


async def test_who_is_addressed_is_told_and_the_blind_are_seen_by_nobody(
    settle, program, settle_down
):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    app = await program(mei)

    where = await app.done(
        {
            "type": "Create",
            "to": [ana.uri],
            "bcc": [bo.uri],
            "object": {"type": "Note", "content": "x"},
        }
    )
    await settle_down()

    note = await only_note()
    told = await Notification.filter(event=Event.MENTION).values_list("reader_id", flat=True)
    assert sorted(told) == sorted([ana.id, bo.id])
    _, sent, _ = await app.send("GET", where, headers={"Accept": AS2})
    assert sent["to"] == [ana.uri]
    assert bo.uri not in json.dumps(sent)
    reader = await program(ana)
    _, shown, _ = await reader.send("GET", note.uri, headers={"Accept": AS2})
    assert shown["id"] == note.uri
    assert bo.uri not in json.dumps(shown)
    gone = await app.done({"type": "Delete", "object": note.uri})
    _, sent, _ = await app.send("GET", gone, headers={"Accept": AS2})
    assert bo.uri not in json.dumps(sent)


async def test_a_blind_recipient_elsewhere_gets_the_letter(settle, program, remote, settle_down):
    mei, person = await settle("mei"), remote.person("ana")
    app = await program(mei)

    await app.done({"type": "Note", "content": "psst", "bto": [person.uri]})
    await settle_down()

    (letter,) = remote.letters
    assert letter.path == "/users/ana/inbox"
    assert person.uri not in json.dumps(letter.document)


async def test_an_answer_is_an_answer(settle, program):
    mei, ana = await settle("mei"), await settle("ana")
    parent = await noted(ana, audience=Audience.QUIET)

    await (await program(mei)).done(note_of(inReplyTo=parent.uri))

    note = await Note.get(in_reply_to_id=parent.id)
    assert note.audience == Audience.QUIET


async def test_nobody_answers_what_they_may_not_see(settle, program):
    parent = await noted(await settle("ana"), audience=Audience.FOLLOWERS)
    app = await program(await settle("mei"))

    await app.refused(note_of(inReplyTo=parent.uri), 404)

    assert await Note.all().count() == 1


async def test_a_question_is_asked_and_voted_on(settle, program, settle_down):
    mei, ana = await settle("mei"), await settle("ana")
    options = [{"type": "Note", "name": name} for name in ("yes", "no")]

    await (await program(mei)).done(
        {"type": "Question", "content": "Tea?", "to": PUBLIC, "oneOf": options}
    )
    note = await only_note()
    other = await program(ana)
    await other.done({"type": "Note", "name": "no", "inReplyTo": note.uri, "to": [mei.uri]})

    poll = await Poll.get(note_id=note.id)
    assert [each["votes"] for each in poll.options] == [0, 1]
    assert await other.refused({"type": "Note", "name": "maybe", "inReplyTo": note.uri}, 422)
    assert await other.refused({"type": "Note", "name": "yes", "inReplyTo": note.uri}, 403)


async def test_the_same_key_makes_one_note(settle, program):
    app = await program(await settle("mei"))

    places = [await app.done(note_of(), **{"Idempotency-Key": "k"}) for _ in range(2)]

    assert places[0] == places[1]
    assert await Note.all().count() == 1


async def test_a_note_is_changed_in_part(settle, program):
    mei = await settle("mei")
    app = await program(mei)
    await app.done(note_of("one", name="Title", summary="careful"))
    note = await only_note()

    await app.done({"type": "Update", "object": {"id": note.uri, "type": "Note", "content": "two"}})
    changed = await only_note()
    await app.done({"type": "Update", "object": {"id": note.uri, "summary": None}})

    assert (changed.source, changed.title, changed.summary) == ("two", "Title", "careful")
    assert (await only_note()).summary == ""


async def test_a_note_is_deleted(settle, program):
    app = await program(await settle("mei"))
    await app.done(note_of())
    note = await only_note()

    await app.done({"type": "Delete", "object": {"id": note.uri, "type": "Tombstone"}})

    assert (await only_note()).deleted_at is not None
    await app.refused({"type": "Delete", "object": note.uri}, 404)


async def test_what_is_anothers_stays_as_it_is(settle, program):
    mei, ana = await settle("mei"), await settle("ana")
    theirs = await noted(ana)
    app = await program(mei)

    for said in (
        {"type": "Update", "object": {"id": theirs.uri, "content": "mine"}},
        {"type": "Delete", "object": theirs.uri},
        {"type": "Add", "object": theirs.uri, "target": mei.featured_uri},
        {"type": "Undo", "object": {"type": "Like", "object": theirs.uri}},
        {"type": "Undo", "object": theirs.uri},
    ):
        await app.refused(said, 404)
    for said in (
        {"type": "Update", "object": {"id": ana.uri, "name": "mine"}},
        {"type": "Delete", "object": mei.uri},
    ):
        await app.refused(said, 404)
    for said in (
        {"type": "Like", "actor": ana.uri, "object": theirs.uri},
        {"type": "Create", "object": note_of(attributedTo=ana.uri)},
    ):
        await app.refused(said, 403)
    status, said, _ = await app.send(
        "POST", f"/u/{ana.name}/outbox", data=json.dumps(note_of()), headers={"Content-Type": AS2}
    )
    assert (status, said["error"]) == (403, "This action is not allowed")
    assert (await Note.get(id=theirs.id)).content == theirs.content
    assert await Note.all().count() == 1


async def test_a_like_and_a_boost_come_and_go(settle, program):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana)
    app = await program(mei)

    like = await app.done({"type": "Like", "object": note.uri})
    boost = await app.done({"type": "Announce", "object": note.uri})

    assert (await Like.get()).uri == like
    assert await Note.exists(uri=boost, boost_of_id=note.id)
    await app.done({"type": "Undo", "object": like})
    await app.done({"type": "Undo", "object": {"type": "Announce", "object": note.uri}})
    assert not await Like.exists()
    assert not await Note.exists(uri=boost, deleted_at=None)
    await app.refused({"type": "Undo", "object": like}, 404)


async def test_following_and_blocking_come_and_go(settle, program, settle_down):
    mei, ana = await settle("mei"), await settle("ana")
    app = await program(mei)

    await app.done({"type": "Follow", "object": ana.uri})
    await settle_down()
    assert await is_following(mei, ana)
    await app.done({"type": "Undo", "object": {"type": "Follow", "object": ana.uri}})
    assert not await Follow.exists()
    block = await app.done({"type": "Block", "object": ana.uri})
    assert (await Block.get()).uri == block
    await app.refused({"type": "Follow", "object": ana.uri}, 403)
    await app.done({"type": "Undo", "object": block})
    assert not await Block.exists()


async def test_someone_elsewhere_is_looked_up_and_followed(settle, program, remote, settle_down):
    mei, person = await settle("mei"), remote.person("ana")

    where = await (await program(mei)).done({"type": "Follow", "object": person.uri})
    await settle_down()

    assert [each.document["id"] for each in remote.letters] == [where]


async def test_nobody_is_asked_at_a_server_that_is_kept_out_or_is_none(settle, program, remote):
    app = await program(await settle("mei"))

    for uri in ("http://127.0.0.1:1/u/x", f"{remote.base}/users/nobody"):
        status, _, _ = await app.post({"type": "Follow", "object": uri})
        assert status in (404, 503)
    await app.refused({"type": "Follow", "object": "urn:x"}, 422)
    await app.refused({"type": "Follow"}, 422)


async def test_who_asks_to_follow_is_answered(settle, program, settle_down):
    mei = await settle("mei", is_locked=True)
    ana, bo = await settle("ana"), await settle("bo")
    app = await program(mei)
    first = await followed(ana, mei, is_accepted=False)
    second = await followed(bo, mei, is_accepted=False)

    await app.done({"type": "Accept", "object": first.uri})
    await app.done({"type": "Reject", "object": {"type": "Follow", "id": second.uri}})

    assert await is_following(ana, mei)
    assert not await Follow.exists(follower_id=bo.id)
    await app.done({"type": "Reject", "object": first.uri})
    assert not await Follow.exists()
    await app.refused({"type": "Accept", "object": second.uri}, 404)
    foreign = await followed(mei, ana, is_accepted=False)
    await app.refused({"type": "Accept", "object": foreign.uri}, 404)


async def test_notes_are_pinned_and_put_on_boards(settle, program):
    mei, ana = await settle("mei"), await settle("ana")
    mine, theirs = await noted(mei), await noted(ana)
    board = await gather.make(mei, "Tea", sharing=Sharing.PRIVATE)
    page = f"{mei.uri.partition('/u/')[0]}/boards/{board.id}"
    app = await program(mei)

    await app.done({"type": "Add", "object": mine.uri, "target": mei.featured_uri})
    await app.done({"type": "Add", "object": theirs.uri, "target": page})

    assert (await Pin.get()).note_id == mine.id
    assert (await BoardNote.get()).note_id == theirs.id
    await app.done({"type": "Remove", "object": mine.uri, "target": mei.featured_uri})
    await app.done({"type": "Remove", "object": theirs.uri, "target": page})
    assert not await Pin.exists()
    assert not await BoardNote.exists()
    other = await program(ana)
    await other.refused({"type": "Add", "object": theirs.uri, "target": page}, 404)
    await other.refused({"type": "Add", "object": theirs.uri, "target": ana.followers_uri}, 422)


async def test_a_profile_is_changed(settle, program, remote, settle_down):
    mei = await settle("mei")
    person = remote.person("ana")
    app = await program(mei)
    await app.done({"type": "Follow", "object": person.uri})
    facts = [{"type": "PropertyValue", "name": "Web", "value": "<a href='https://a.example'>a</a>"}]

    where = await app.done(
        {
            "type": "Update",
            "object": {
                "id": mei.uri,
                "type": "Person",
                "name": "Mei\u202e",
                "summary": "<p>tea <script>x</script></p>",
                "attachment": facts,
                "manuallyApprovesFollowers": True,
                "inbox": "https://evil.example/inbox",
                "publicKey": {},
            },
        }
    )
    await settle_down()

    after = await Actor.get(id=mei.id)
    assert (after.title, after.about_source, after.is_locked) == ("Mei", "tea", True)
    assert (after.inbox, after.public_key) == (mei.inbox, mei.public_key)
    assert after.facts[0]["source"] == "a"
    _, sent, _ = await app.send("GET", where, headers={"Accept": AS2})
    assert (sent["type"], sent["object"]["name"]) == ("Update", "Mei")
    await app.refused(
        {"type": "Update", "object": {"id": mei.uri, "inbox": "https://x.example"}}, 422
    )


@pytest.mark.parametrize(
    ("said", "scope"),
    [
        (note_of(), "write:statuses"),
        ({"type": "Like", "object": "{note}"}, "write:favourites"),
        ({"type": "Follow", "object": "{ana}"}, "write:follows"),
        ({"type": "Block", "object": "{ana}"}, "write:blocks"),
        ({"type": "Update", "object": {"id": "{mei}", "name": "M"}}, "write:accounts"),
        ({"type": "Announce", "object": "{note}"}, "write:statuses"),
    ],
)
async def test_OAU_03_each_verb_takes_its_own_scope(settle, program, said, scope):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana)
    text = json.dumps(said).replace("{note}", note.uri)
    filled = json.loads(text.replace("{ana}", ana.uri).replace("{mei}", mei.uri))
    others = {
        "write:statuses",
        "write:favourites",
        "write:follows",
        "write:blocks",
        "write:accounts",
    }

    lacking = await (await program(mei, *(others - {scope}))).refused(filled, 403)
    await (await program(mei, scope)).done(filled)

    assert lacking == "This action is outside the authorized scopes"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", AS2, 400),
        (b"[]", AS2, 400),
        (b'{"type": "Note", "type": "Note"}', AS2, 400),
        (b"{}", "text/plain", 415),
        (b"{}", AS2, 422),
        (b'{"type": "Listen", "object": "x"}', AS2, 422),
        (b'{"type": "Create", "object": {"type": "Person"}}', AS2, 422),
        (b'{"type": "Create", "object": "https://a.example/1"}', AS2, 422),
        (b'{"type": "Note", "to": []}', LD, 422),
        (b'{"type": "Note", "content": "x", "attachment": "https://a.example/1.png"}', LD, 422),
        (b'{"type": "Note", "content": "x", "to": "http://127.0.0.1:1/nobody"}', LD, 503),
        (b'{"type": "Undo", "object": {"type": "Flag"}}', AS2, 422),
        (b'{"type": "Move", "object": "{mei}", "target": "{mei}"}', AS2, 422),
        (b'"' + b"x" * 1_100_000 + b'"', AS2, 413),
    ],
)
async def test_what_cannot_be_done_is_refused_in_json(settle, program, body, kind, status):
    mei = await settle("mei")
    app = await program(mei)

    found, said, _ = await app.send(
        "POST", "/u/mei/outbox", data=io.BytesIO(body), headers={"Content-Type": kind}
    )

    assert found == status, said
    assert isinstance(said["error"], str)
    assert not await Note.exists()


async def test_without_a_token_there_is_no_outbox_to_post_to(settle, wire):
    await settle("mei")

    async with wire.post("/u/mei/outbox", json=note_of()) as response:
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_the_policy_has_its_say(settle, program):
    app = await program(await settle("mei"))
    when = {"words": ["casino"]}
    filters = [{"id": "f", "rule": "no-ads", "then": "reject", "where": "both", "when": when}]
    put_in_force(policy_of(filters=filters))

    sentence = await app.refused(note_of("<p>Come to the <b>casino</b></p>"), 403)

    assert sentence
    assert not await Note.exists()


@pytest.mark.parametrize(
    ("see", "to", "audience"),
    [
        (See.EVERYONE, ["group", PUBLIC], Audience.PUBLIC),
        (See.EVERYONE, ["group"], Audience.PUBLIC),
        (See.EVERYONE, ["members"], Audience.PUBLIC),
        (See.MEMBERS, ["group"], Audience.MEMBERS),
        (See.MEMBERS, ["members"], Audience.MEMBERS),
        (See.MEMBERS, ["group", PUBLIC], Audience.MEMBERS),
    ],
)
async def test_a_note_to_a_group_begins_a_thread_there(settle, program, see, to, audience):
    mei = await settle("mei")
    group = await make_group(mei, "tea", title="Tea", see=see)
    names = {"group": group.uri, "members": group.followers_uri}
    app = await program(mei)

    await app.done(note_of(to=[names.get(each, each) for each in to], name="Green or black?"))

    note = await only_note()
    assert (note.group_id, note.audience, note.title) == (group.id, audience, "Green or black?")
    assert await GroupPost.exists(note_id=note.id, group_id=group.id)


async def test_an_answer_in_a_group_stays_in_its_thread(settle, program):
    mei = await settle("mei")
    group = await make_group(mei, "tea", title="Tea", see=See.MEMBERS)
    app = await program(mei)
    await app.done(note_of(to=[group.uri]))
    first = await only_note()

    await app.done(note_of(to=[group.uri], inReplyTo=first.uri))

    answer = await Note.exclude(id=first.id).get()
    assert (answer.group_id, answer.thread_id, answer.audience) == (
        *(group.id, first.thread_id, Audience.MEMBERS),
    )
    assert await GroupPost.all().count() == 1


async def test_a_group_has_its_say_on_who_posts_there(settle, program):
    mei, bo = await settle("mei"), await settle("bo")
    group = await make_group(mei, "tea", title="Tea", see=See.MEMBERS)
    app = await program(bo)

    said = await app.refused(note_of(to=[group.uri]), 403)

    assert "members" in said
    assert not await Note.exists()


@pytest.mark.parametrize("word", ["quote", "quoteUrl", "quoteUri", "_misskey_quote"])
async def test_a_note_quotes_another_by_any_of_the_words(settle, program, word):
    mei, bo = await settle("mei"), await settle("bo")
    quoted = await noted(bo, "<p>Tea</p>")
    app = await program(mei)

    await app.done(note_of(**{word: quoted.uri}))

    note = await Note.get(author_id=mei.id)
    assert note.quote_uri == quoted.uri
    assert await Quote.exists(note_id=note.id, quoted_id=quoted.id, state="accepted")


async def test_PRIV_15_what_may_not_be_quoted_or_seen_is_not(settle, program):
    mei, bo = await settle("mei"), await settle("bo")
    app, theirs = await program(mei), await program(bo)
    nobody = {"canQuote": {"automaticApproval": [bo.uri]}}
    await theirs.done(note_of(interactionPolicy=nobody))
    closed = await only_note()
    private = await noted(bo, "<p>Tea</p>", audience="people")

    said = await app.refused(note_of(quote=closed.uri), 422)
    await app.refused(note_of(quote=private.uri), 404)

    assert "does not let you quote" in said
    assert not await Note.exists(author_id=mei.id)


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ({}, "followers"),
        ({"interactionPolicy": {"canQuote": {"automaticApproval": PUBLIC}}}, "public"),
        ({"interactionPolicy": {"canQuote": {"automaticApproval": ["x"]}}}, "nobody"),
        ({"interactionPolicy": {"canQuote": []}}, "followers"),
        ({"interactionPolicy": "all"}, "followers"),
    ],
    ids=str,
)
async def test_who_may_quote_is_said_or_as_the_person_chose(settle, program, said, chosen):
    mei = await settle("mei")
    await Account.filter(actor_id=mei.id).update(preferences={"quote_policy": "followers"})
    app = await program(mei)

    await app.done(note_of(**said))

    assert chosen_for(await only_note()) == chosen


async def test_a_file_is_uploaded_described_and_attached(settle, program, settle_down):
    mei, ana = await settle("mei"), await settle("ana")
    app = await program(mei)

    status, shown, headers = await upload(app, {"type": "Image", "name": "a cup"})
    await settle_down()
    again, finished, _ = await app.send("GET", headers["Location"])
    await app.done(
        note_of(attachment=[{"type": "Image", "id": headers["Location"], "name": "tea"}])
    )

    assert status in (201, 202)
    assert shown["id"] == headers["Location"]
    assert again == 200
    assert (finished["type"], finished["name"], finished["mediaType"][:6]) == (
        "Image",
        "a cup",
        "image/",
    )
    note = await only_note()
    assert note.has_media
    other = await program(ana)
    assert (await other.send("GET", headers["Location"]))[0] == 404
    await other.refused(note_of(attachment=headers["Location"]), 422)


async def test_a_change_keeps_to_the_policy_of_descriptions(settle, program, settle_down):
    app = await program(await settle("mei"))
    _, _, headers = await upload(app, {"type": "Image", "name": "a cup"})
    await settle_down()
    picture = {"type": "Image", "id": headers["Location"]}
    await app.done(note_of(attachment=[picture]))
    note = await only_note()
    with_policy(content=Content(alt_text=AltText.REQUIRE))

    def changed(words):
        thing = {"type": "Note", "id": note.uri, "attachment": [picture | {"name": words}]}
        return {"type": "Update", "object": thing}

    await app.refused(changed(""), 422)
    kept = (await Attachment.get()).alt
    await app.done(changed("a pot"))

    assert (kept, (await Attachment.get()).alt) == ("a cup", "a pot")


async def test_what_is_no_file_is_not_taken(settle, program):
    app = await program(await settle("mei"))

    assert (await upload(app, {}, b"no picture"))[0] == 422
    assert (await app.send("POST", "/api/activitypub/media", json={}))[0] == 400
    lacking = await program(app.actor, "read", "write:statuses")
    assert (await upload(lacking, {}))[0] == 403


async def upload(app: Program, about: Any, data: bytes | None = None) -> tuple[int, Any, Any]:
    form = FormData()
    form.add_field("file", picture() if data is None else data, filename="a.jpg")
    form.add_field("object", json.dumps(about))
    return await app.send("POST", "/api/activitypub/media", data=form)


async def test_an_actor_says_where_programs_go(settle, program, wire):
    mei = await settle("mei")

    _, shown, _ = await (await program(mei)).send("GET", mei.uri, headers={"Accept": AS2})

    assert set(shown["endpoints"]) == {
        "sharedInbox",
        "proxyUrl",
        "uploadMedia",
        "oauthAuthorizationEndpoint",
        "oauthTokenEndpoint",
    }
    async with wire.get(mei.uri, headers={"Accept": AS2}) as response:
        assert "endpoints" not in await response.json()

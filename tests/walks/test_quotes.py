"""One note shows another when its author agrees: asked, answered, taken back (FEP-044f)."""

from datetime import UTC, datetime

import pytest

from actors.blocks import Block
from inbox.notifications import Event, Notification
from inbox.quotes import recheck
from notes.note import Audience, Note
from notes.quoted import quoted_by
from notes.quotes import Quote, State
from notes.quoting import Quoting, quoting_policy
from outbox.create import publish
from outbox.delete import withdraw
from outbox.draft import Draft
from outbox.narrow import narrow
from outbox.quote import revoke
from outbox.refusals import NotAllowed, NotValid
from outbox.update import choose_quoting, edit
from tests.factories import followed
from tests.remote import PUBLIC
from tests.walks.people import befriended, came, fan_of, known, say


async def quote_of(note) -> Quote:
    return await Quote.get(note__uri=note if isinstance(note, str) else note.uri)


async def state_for(reader, note) -> str | None:
    found = (await quoted_by([await Note.get(id=note.id)], reader)).get(note.id)
    return found.state if found else None


async def count_of(note) -> int:
    return (await Note.get(id=note.id)).quotes_count


def allowing(remote, person, *, manual=False):
    name = "manualApproval" if manual else "automaticApproval"
    return {"interactionPolicy": {"canQuote": {name: [PUBLIC]}}}


async def asked_for(remote, ana, quoted, mei, settle_down, **more):
    """A note there that quotes one of ours, with its request; returns both."""
    document = remote.note(ana, quote=quoted.uri, **more)
    request = await say(
        remote, "QuoteRequest", ana, quoted.uri, mei.inbox, settle_down, instrument=document
    )
    return document, request


async def test_our_note_is_quoted_after_asking_and_the_stamp_can_be_read(
    settle, remote, settle_down
):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello"))

    document, request = await asked_for(remote, ana, note, mei, settle_down)
    answer = remote.last("Accept")
    status, stamp = await remote.get(answer["result"], ana)

    assert answer["object"]["id"] == request["id"]
    assert answer["object"]["instrument"] == document["id"]
    assert status == 200
    assert stamp["type"] == "QuoteAuthorization"
    assert stamp["attributedTo"] == mei.uri
    assert stamp["interactingObject"] == document["id"]
    assert stamp["interactionTarget"] == note.uri
    assert await count_of(note) == 1
    told = await Notification.get(reader_id=mei.id, event=Event.QUOTE)
    assert told.note_id == (await quote_of(document["id"])).note_id


async def test_asked_twice_it_is_answered_twice_and_counted_once(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello"))

    document, _ = await asked_for(remote, ana, note, mei, settle_down)
    for _ in range(2):
        await say(
            remote, "QuoteRequest", ana, note.uri, mei.inbox, settle_down, instrument=document["id"]
        )

    assert remote.types().count("Accept") == 3
    assert await count_of(note) == 1
    assert await Notification.filter(event=Event.QUOTE).count() == 1


@pytest.mark.parametrize("quoting", [Quoting.NOBODY, Quoting.FOLLOWERS])
async def test_PRIV_15_who_may_not_quote_is_refused_and_not_counted(
    settle, remote, settle_down, quoting
):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello", quoting=quoting))

    document, _ = await asked_for(remote, ana, note, mei, settle_down)

    assert remote.types() == ["Reject"]
    assert (await quote_of(document["id"])).state is State.REJECTED
    assert await count_of(note) == 0
    assert not await Notification.exists()
    assert await Quote.filter(stamp_uri="").count() == 1


async def test_a_follower_may_where_followers_may(settle, remote, settle_down):
    mei = await settle("mei")
    fan, _ = await fan_of(mei, remote, "fan")
    note = await publish(mei, Draft(text="hello", quoting=Quoting.FOLLOWERS))

    await asked_for(remote, fan, note, mei, settle_down)

    assert "Accept" in remote.types()


@pytest.mark.parametrize("audience", [Audience.FOLLOWERS, Audience.SERVER, Audience.PEOPLE])
async def test_PRIV_15_what_is_not_open_is_quoted_by_nobody_else(
    settle, remote, settle_down, audience
):
    mei, bo = await settle("mei"), await settle("bo")
    fan, actor = await fan_of(mei, remote, "fan")
    note = await publish(mei, Draft(text=f"hello @bo @{actor.handle}", audience=audience))
    await followed(bo, mei)

    await asked_for(remote, fan, note, mei, settle_down)
    with pytest.raises(NotValid):
        await publish(bo, Draft(text="look", quoted=note))

    assert "Accept" not in remote.types()
    assert await count_of(note) == 0


async def test_whoever_is_blocked_may_not_quote(settle, remote, settle_down):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="hello"))
    await Block.create(uri="https://x.example/1", blocker=mei, blocked=bo)

    with pytest.raises(NotValid):
        await publish(bo, Draft(text="look", quoted=note))


async def test_nobody_asks_for_a_note_of_another(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    eve, _ = await known(remote, "eve")
    note = await publish(mei, Draft(text="hello"))
    other = await came(remote, ana, mei, settle_down)

    await say(remote, "QuoteRequest", eve, note.uri, mei.inbox, settle_down, instrument=other.uri)
    await say(remote, "QuoteRequest", eve, note.uri, mei.inbox, settle_down, instrument=7)

    assert "Accept" not in remote.types()
    assert not await Quote.exists()


async def test_members_quote_each_other_at_once(settle, settle_down, here):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="hello"))

    quoting = await publish(bo, Draft(text="look", quoted=note))
    await settle_down()

    assert await state_for(None, quoting) == "accepted"
    assert await count_of(note) == 1
    assert await Notification.filter(reader_id=mei.id, event=Event.QUOTE).count() == 1


async def test_we_ask_and_show_what_was_agreed_to(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    await fan_of(mei, remote, "fan")
    note = await came(remote, ana, mei, settle_down, **allowing(remote, ana))

    quoting = await publish(mei, Draft(text="look", quoted=note))
    await settle_down()
    request, waiting = remote.last("QuoteRequest"), await state_for(mei, quoting)
    stamp = f"{remote.base}/stamps/1"
    await say(remote, "Accept", ana, request, mei.inbox, settle_down, result=stamp)
    update = remote.last("Update")["object"]

    assert request["object"] == note.uri
    assert request["instrument"]["id"] == quoting.uri
    for name in ("quote", "_misskey_quote", "quoteUri", "quoteUrl"):
        assert request["instrument"][name] == note.uri
    assert "quote-inline" in request["instrument"]["content"]
    assert "quoteAuthorization" not in request["instrument"]
    assert waiting == "pending"
    assert await state_for(mei, quoting) == "accepted"
    assert update["quoteAuthorization"] == stamp
    assert await count_of(note) == 1


async def test_of_a_narrow_note_only_the_id_is_told_when_asking(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    note = await came(remote, ana, mei, settle_down, **allowing(remote, ana))

    quoting = await publish(mei, Draft(text="secret", quoted=note, audience=Audience.FOLLOWERS))
    await settle_down()

    assert remote.last("QuoteRequest")["instrument"] == quoting.uri
    assert all("secret" not in str(got.document) for got in remote.letters)


@pytest.mark.parametrize(
    ("kinds", "state"), [(["Reject"], "rejected"), (["Accept", "Reject"], "revoked")]
)
async def test_the_author_elsewhere_says_no(settle, remote, settle_down, kinds, state):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    note = await came(remote, ana, mei, settle_down, **allowing(remote, ana, manual=True))
    quoting = await publish(mei, Draft(text="look", quoted=note))
    await settle_down()
    request = remote.last("QuoteRequest")

    for kind in kinds:
        more = {"result": f"{remote.base}/stamps/1"} if kind == "Accept" else {}
        await say(remote, kind, ana, request["id"], mei.inbox, settle_down, **more)

    assert await state_for(mei, quoting) == state
    assert await count_of(note) == 0


async def test_nobody_else_answers_for_the_author(settle, remote, elsewhere, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    eve, _ = await known(elsewhere, "eve")
    note = await came(remote, ana, mei, settle_down, **allowing(remote, ana))
    quoting = await publish(mei, Draft(text="look", quoted=note))
    await settle_down()
    request = remote.last("QuoteRequest")

    stamp = f"{elsewhere.base}/stamps/1"
    await say(elsewhere, "Accept", eve, request, mei.inbox, settle_down, result=stamp)
    await say(remote, "Accept", ana, request, mei.inbox, settle_down, result=stamp)
    await say(remote, "Accept", ana, request, mei.inbox, settle_down)

    assert await state_for(mei, quoting) == "pending"


async def test_where_the_author_said_nobody_we_do_not_even_ask(settle, remote, settle_down):
    mei = await settle("mei")
    ana, actor = await befriended(mei, remote)
    policy = {"canQuote": {"automaticApproval": [ana.uri]}}
    note = await came(remote, ana, mei, settle_down, interactionPolicy=policy)

    with pytest.raises(NotValid):
        await publish(mei, Draft(text="look", quoted=note))
    await settle_down()

    assert remote.types() == []
    assert actor


async def quoting_there(remote, ana, mei, settle_down, **more):
    """A note of someone there, as it came, and its quote."""
    note = await came(remote, ana, mei, settle_down, **more)
    return note, await Quote.get(note_id=note.id)


def stamped(remote, quoted, quoting, author, **changed):
    """An authorization there, which can be fetched."""
    stamp = {
        "id": f"{remote.base}/stamps/9",
        "type": "QuoteAuthorization",
        "attributedTo": author.uri,
        "interactingObject": quoting,
        "interactionTarget": quoted["id"],
    } | changed
    remote.things["/stamps/9"] = stamp
    return stamp["id"]


@pytest.mark.parametrize(
    ("wrong", "state"),
    [
        ({}, State.ACCEPTED),
        ({"type": "Note"}, State.REJECTED),
        ({"attributedTo": "https://x.example/u"}, State.REJECTED),
        ({"interactingObject": "https://x.example/n"}, State.REJECTED),
        ({"interactionTarget": {"id": 3}}, State.REJECTED),
    ],
)
async def test_an_authorization_of_others_is_read_where_they_live(
    settle, remote, elsewhere, settle_down, wrong, state
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara = elsewhere.person("cara")
    quoted = elsewhere.note(cara)
    uri = f"{remote.base}/notes/q"

    stamp = stamped(elsewhere, quoted, uri, cara, **wrong)
    note, quote = await quoting_there(
        remote, ana, mei, settle_down, id=uri, quote=quoted["id"], quoteAuthorization=stamp
    )

    assert quote.state is state
    assert (await state_for(None, note) == "accepted") == (state is State.ACCEPTED)


async def test_an_authorization_from_another_host_is_none(settle, remote, elsewhere, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara = elsewhere.person("cara")
    quoted = elsewhere.note(cara)
    uri = f"{remote.base}/notes/q"

    stamp = stamped(remote, quoted, uri, cara)
    _, quote = await quoting_there(
        remote, ana, mei, settle_down, id=uri, quote=quoted["id"], quoteAuthorization=stamp
    )

    assert quote.state is State.REJECTED
    assert "/stamps/9" not in remote.fetches


async def test_without_an_authorization_it_waits_and_shows_nothing(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    quoted = elsewhere.note(elsewhere.person("cara"))

    new, quote = await quoting_there(remote, ana, mei, settle_down, quote=quoted["id"])
    old, legacy = await quoting_there(remote, ana, mei, settle_down, quoteUrl=quoted["id"])

    assert quote.state is legacy.state is State.PENDING
    assert legacy.is_legacy
    assert await state_for(mei, new) == "pending"
    assert await state_for(mei, old) is None


@pytest.mark.parametrize("name", ["quoteUrl", "_misskey_quote", "quoteUri"])
async def test_old_quotes_of_our_notes_count_where_the_author_lets_everyone(
    settle, remote, settle_down, name
):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello"))
    closed = await publish(mei, Draft(text="hello", quoting=Quoting.NOBODY))

    shown = await came(remote, ana, mei, settle_down, **{name: note.uri})
    hidden = await came(remote, ana, mei, settle_down, **{name: closed.uri})

    assert await state_for(None, shown) == "accepted"
    assert await state_for(None, hidden) is None
    assert (await count_of(note), await count_of(closed)) == (1, 0)


async def test_own_notes_are_quoted_without_asking(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    first = await came(remote, ana, mei, settle_down)

    quoting, quote = await quoting_there(remote, ana, mei, settle_down, quoteUrl=first.uri)

    assert quote.state is State.ACCEPTED
    assert await state_for(mei, quoting) == "accepted"


async def test_taking_it_back_ends_it_everywhere(settle, remote, settle_down):
    mei = await settle("mei")
    ana, actor = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello"))
    document, _ = await asked_for(remote, ana, note, mei, settle_down)
    quoting = await Note.get(uri=document["id"]).select_related("author")
    stamp = remote.last("Accept")["result"]

    await revoke(mei, quoting)
    await revoke(mei, quoting)
    await settle_down()
    await asked_for(remote, ana, note, mei, settle_down, id=document["id"])
    status, _ = await remote.get(stamp, ana)

    assert remote.last("Delete")["object"] == stamp
    assert remote.types().count("Delete") == 1
    assert remote.types()[-1] == "Reject"
    assert status == 404
    assert await state_for(mei, quoting) == "revoked"
    assert await count_of(note) == 0
    assert actor


async def test_only_who_is_quoted_takes_it_back(settle, settle_down, here):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="hello"))
    quoting = await publish(bo, Draft(text="look", quoted=note))

    with pytest.raises(NotAllowed):
        await revoke(bo, quoting)
    with pytest.raises(NotAllowed):
        await revoke(bo, note)

    assert await state_for(mei, quoting) == "accepted"


async def test_the_author_elsewhere_takes_it_back(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    eve, _ = await known(remote, "eve")
    await fan_of(mei, remote, "fan")
    note = await came(remote, ana, mei, settle_down, **allowing(remote, ana))
    quoting = await publish(mei, Draft(text="look", quoted=note))
    await settle_down()
    stamp = f"{remote.base}/stamps/1"
    await say(
        remote, "Accept", ana, remote.last("QuoteRequest"), mei.inbox, settle_down, result=stamp
    )

    await say(remote, "Delete", eve, stamp, mei.inbox, settle_down)
    still = await state_for(mei, quoting)
    await say(remote, "Delete", ana, stamp, mei.inbox, settle_down)

    assert still == "accepted"
    assert await state_for(mei, quoting) == "revoked"
    assert "quoteAuthorization" not in remote.last("Update")["object"]


async def test_authorizations_are_looked_at_again(settle, remote, elsewhere, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara = elsewhere.person("cara")
    quoted = elsewhere.note(cara)
    uri = f"{remote.base}/notes/q"
    stamp = stamped(elsewhere, quoted, uri, cara)
    note, quote = await quoting_there(
        remote, ana, mei, settle_down, id=uri, quote=quoted["id"], quoteAuthorization=stamp
    )
    del elsewhere.things["/stamps/9"]

    await recheck()
    await settle_down()
    before = await state_for(None, note)
    await Quote.filter(id=quote.id).update(checked_at=datetime(2026, 1, 1, tzinfo=UTC))
    await recheck()
    await settle_down()

    assert before == "accepted"
    assert await state_for(None, note) == "revoked"


async def test_each_reader_has_their_own_view(settle, settle_down, here):
    mei, bo, cy = [await settle(name) for name in ("mei", "bo", "cy")]
    note = await publish(mei, Draft(text="hello", audience=Audience.PUBLIC))
    own = await publish(mei, Draft(text="for few", audience=Audience.FOLLOWERS))
    quoting = await publish(bo, Draft(text="look", quoted=note))
    narrow_one = await publish(mei, Draft(text="again", quoted=own))
    await Block.create(uri="https://x.example/1", blocker=cy, blocked=mei)

    assert narrow_one.audience is Audience.FOLLOWERS
    assert await state_for(cy, quoting) == "blocked_account"
    assert await state_for(mei, narrow_one) == "accepted"
    assert await state_for(bo, narrow_one) == "unauthorized"
    await withdraw(mei, await Note.get(id=note.id))
    assert await state_for(bo, quoting) == "deleted"


async def test_a_quoting_note_that_goes_is_counted_off(settle, settle_down, here):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="hello"))
    first = await publish(bo, Draft(text="look", quoted=note))
    second = await publish(bo, Draft(text="look too", quoted=note))

    await narrow(bo, second, Audience.FOLLOWERS)
    after_narrowing = await count_of(note)
    await withdraw(bo, first)

    assert after_narrowing == 1
    assert await count_of(note) == 0
    assert await Quote.all().count() == 1


async def test_who_quotes_is_told_of_a_change(settle, settle_down, here):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="hello"))
    await publish(bo, Draft(text="look", quoted=note))

    await edit(mei, await Note.get(id=note.id), Draft(text="hello again"))
    await settle_down()

    told = await Notification.get(reader_id=bo.id, event=Event.QUOTED_UPDATE)
    assert told.note_id == note.id


async def test_a_quote_stays_through_an_edit_even_without_words(settle, settle_down, here):
    mei = await settle("mei")
    note = await publish(mei, Draft(text="hello"))
    quoting = await publish(mei, Draft(quoted=note))

    await edit(mei, await Note.get(id=quoting.id), Draft(text=""))

    assert await state_for(mei, quoting) == "accepted"


async def test_who_may_quote_is_told_and_changed(settle, remote, settle_down):
    mei, bo = await settle("mei"), await settle("bo")
    await fan_of(mei, remote, "fan")
    note = await publish(mei, Draft(text="hello"))
    await settle_down()
    first = remote.last("Create")["object"]["interactionPolicy"]

    await choose_quoting(mei, await Note.get(id=note.id), Quoting.NOBODY)
    await settle_down()
    second = remote.last("Update")["object"]["interactionPolicy"]
    with pytest.raises(NotAllowed):
        await choose_quoting(bo, await Note.get(id=note.id), Quoting.PUBLIC)

    assert first["canQuote"] == {"automaticApproval": [PUBLIC]}
    assert second["canQuote"] == quoting_policy(mei, Quoting.NOBODY)["canQuote"]
    assert second["canLike"] == {"automaticApproval": [PUBLIC]}


async def test_a_quote_that_is_no_more_in_a_note_is_forgotten(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    ours = await publish(mei, Draft(text="hello"))
    document = remote.note(ana, quote=ours.uri)
    await say(remote, "Create", ana, document, mei.inbox, settle_down)
    before = await count_of(ours)

    changed = {key: value for key, value in document.items() if key != "quote"}
    changed |= {"updated": "2026-11-21T10:00:00Z", "content": "<p>No more</p>"}
    await say(remote, "Update", ana, changed, mei.inbox, settle_down)

    assert before == 1
    assert await count_of(ours) == 0
    assert not await Quote.exists()

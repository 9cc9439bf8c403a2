"""Posting before one's address is confirmed: here only, and everywhere once it is."""

import pytest

from actors import accounts
from actors.tokens import make_token
from core.clock import now
from core.paging import Page
from inbox.notifications import Notification
from inbox.reading import home
from moderation.gate import Verdict
from moderation.newcomers import FOR_ALL, as_posted_by
from moderation.posting import as_allowed
from moderation.vocabulary import Then
from notes.note import Audience, Note
from notes.recipients import has_recipient
from notes.waiting import Waiting
from outbox.announce import boost
from outbox.confirmed import BATCH, send_waiting
from outbox.create import publish
from outbox.draft import Draft
from outbox.like import like
from outbox.refusals import NotAllowed
from outbox.sent import Delivery, Sent
from tests.conftest import account_of
from tests.factories import followed, noted
from tests.walks.people import fan_of, known
from tests.web.api.conftest import Client
from tests.web.conftest import as_policy
from tests.web.test_sign_up import join, link_in

SECRET = "tea at dawn"


@pytest.fixture
async def newcomer(is_open, mailbox, browser, settle_down):
    """Mei, who has just joined where newcomers' notes stay on the server."""
    as_policy("open", unconfirmed="local")
    await join(browser, email="mei@example.org")
    await settle_down()
    return (await accounts.find("mei")).actor


async def confirm(browser, mailbox):
    """Open the link in the letter, and push the button."""
    link = link_in(mailbox, "mei@example.org")
    await browser.get(link)
    return await browser.post(link)


async def posted(browser, **fields):
    """Fill in the composer."""
    await browser.get("/compose")
    return await browser.post("/compose", {"text": SECRET, "audience": "public"} | fields)


async def test_a_newcomers_note_stays_here_until_the_address_is_confirmed(
    newcomer,
    mailbox,
    browser,
    browsers,
    remote,
    settle,
    settle_down,
    wire,
):
    ben, ana = await settle("ben"), (await fan_of(newcomer, remote))[0]
    await followed(ben, newcomer)
    home_page = await (await browser.get("/compose")).text()
    answer = await posted(browser, text=f"{SECRET} #dawn for @ana@{remote.host} and @ben")
    await settle_down()
    note = await Note.get(author_id=newcomer.id).select_related("author")
    member, stranger = browsers(), browsers()
    token = await make_token(await account_of(ben), ("read", "write"), "an app")
    await member.sign_in(await account_of(ben))

    assert answer.headers["Location"] == note.page
    assert "Until then what you write stays on this server" in home_page
    assert 'name="audience" value="followers"' not in home_page
    assert note.audience == Audience.SERVER
    assert (await Waiting.get()).audience == Audience.PUBLIC
    assert remote.types() == []
    assert not await Delivery.exists()
    for path in (note.page, "/", "/local", "/@mei", "/tags/dawn"):
        assert SECRET in await (await member.get(path)).text(), path
        assert SECRET not in await (await stranger.get(path)).text(), path
    for path in ("/explore", "/federated"):
        assert SECRET not in await (await member.get(path)).text(), path
    assert (await stranger.get(note.page)).status == 404
    assert await Notification.filter(reader_id=ben.id, note_id=note.id).count() == 1
    await hidden_from_servers(note, remote, ana)
    await hidden_from_apps(note, Client(wire, ""), Client(wire, token))

    assert (await confirm(browser, mailbox)).status == 303
    await settle_down()

    sent = remote.last("Create")["object"]
    note = await Note.get(id=note.id).select_related("author")
    assert remote.types() == ["Create"]
    assert (sent["id"], sent["to"]) == (note.uri, ["https://www.w3.org/ns/activitystreams#Public"])
    assert SECRET in sent["content"]
    assert (note.audience, note.author.notes_count) == (Audience.PUBLIC, 1)
    assert not await Waiting.exists()
    for path in (note.page, "/local", "/@mei", "/tags/dawn"):
        assert SECRET in await (await stranger.get(path)).text(), path
    assert (await remote.get(note.uri, ana))[0] == 200
    assert (await remote.get(f"{newcomer.outbox}?page=true", ana))[1]["orderedItems"]
    status = await Client(wire, "").get(f"/api/v1/statuses/{note.id}")
    assert (status["visibility"], status["rubric"]["audience"]) == ("public", "public")
    # Who lives here was told once.
    assert await Notification.filter(reader_id=ben.id, note_id=note.id).count() == 1
    assert [each.id for each in (await home(ben, Page())).rows] == [note.id]


async def hidden_from_servers(note, remote, ana):
    """By no document or collection, signed or not, do servers learn of it."""
    base = note.author.uri
    create = await Sent.get(kind="Create", object_uri=note.uri)
    for asked in (note.uri, create.uri):
        assert (await remote.get(asked, ana))[0] == 404
        assert (await remote.get(asked))[0] == 401
    for part in ("replies", "likes", "shares", "context"):
        assert (await remote.get(f"{note.uri}/{part}", ana))[0] == 404
    for part in ("outbox", "outbox?page=true", "featured"):
        status, found = await remote.get(f"{base}/{part}", ana)
        assert status == 200
        assert found.get("orderedItems", []) == []
        assert found.get("totalItems", 0) == 0
    assert not await has_recipient(note, remote.host)


async def hidden_from_apps(note, anyone, member):
    """Members' apps see it, others do not."""
    assert (await anyone.ask("GET", f"/api/v1/statuses/{note.id}"))[0] == 404
    for path in (
        f"/api/v1/accounts/{note.author_id}/statuses",
        "/api/v1/timelines/public?local=true",
        "/api/v1/timelines/tag/dawn",
    ):
        assert [each["id"] for each in await member.get(path)] == [str(note.id)], path
        status, found = await anyone.ask("GET", path)
        assert status == 401 or found == [], path
    status = await member.get(f"/api/v1/statuses/{note.id}")
    assert (status["visibility"], status["rubric"]["audience"]) == ("private", "server")
    assert (await member.ask("POST", f"/api/v1/statuses/{note.id}/reblog"))[0] in (403, 404, 422)


async def test_OAU_08_where_the_policy_says_none_a_newcomer_posts_nothing(
    is_open,
    mailbox,
    browser,
):
    await join(browser, email="mei@example.org")

    answer = await posted(browser)
    page = await answer.text()

    assert answer.status == 422
    assert "Confirm your e-mail address first" in page
    assert "Until then you can read, but not post." in page
    assert not await Note.exists()


async def test_a_newcomer_writes_to_nobody_alone(newcomer, browser, settle):
    await settle("ben")

    for audience, text in (("followers", "x"), ("people", "x @ben")):
        answer = await posted(browser, audience=audience, text=text)
        assert answer.status == 422
        assert FOR_ALL in (await answer.text()).replace("&#39;", "'")

    assert not await Note.exists()


async def test_OAU_08_a_newcomer_does_nothing_else_that_others_see(newcomer, browser, settle):
    note = await noted(await settle("ben"))
    await browser.get(note.page)

    assert (await browser.post(f"{note.page}/like")).status == 403
    assert (await browser.post(f"{note.page}/boost")).status == 403
    assert (await browser.post("/@ben/follow")).status == 403


async def test_a_newcomer_changes_and_deletes_what_waits(
    newcomer,
    browser,
    mailbox,
    remote,
    settle_down,
):
    await fan_of(newcomer, remote)
    await posted(browser, text="first")
    await posted(browser, text="second")
    kept, gone = await Note.filter(author_id=newcomer.id).order_by("id")

    await browser.get(f"{kept.page}/edit")
    await browser.post(f"{kept.page}/edit", {"text": "changed"})
    await browser.post(f"{gone.page}/delete")
    await settle_down()
    silent = remote.types()
    await confirm(browser, mailbox)
    await settle_down()

    assert silent == []
    assert remote.types() == ["Create"]
    assert "changed" in remote.last("Create")["object"]["content"]
    assert not await Waiting.exists()


async def test_an_answer_waits_too_and_is_never_wider_than_what_it_answers(
    newcomer,
    browser,
    mailbox,
    remote,
    settle_down,
):
    _, actor = await known(remote, "ana")
    parent = await noted(actor, audience=Audience.QUIET)
    await browser.get(f"/compose?reply_to={parent.id}")
    await browser.post(
        "/compose", {"text": "yes", "audience": "public", "in_reply_to": str(parent.id)}
    )
    await settle_down()
    waiting = await Waiting.get().select_related("note")
    before = (await Note.get(id=parent.id)).replies_count
    await confirm(browser, mailbox)
    await settle_down()

    after = await Note.get(id=waiting.note_id)
    assert (waiting.audience, waiting.note.audience) == (Audience.QUIET, Audience.SERVER)
    assert (before, (await Note.get(id=parent.id)).replies_count) == (0, 1)
    assert after.audience == Audience.QUIET
    assert remote.last("Create")["object"]["inReplyTo"] == parent.uri


async def test_many_that_wait_are_sent_each_once_however_often_it_is_asked(
    settle, remote, settle_down
):
    mei = await settle("mei")
    await fan_of(mei, remote)
    for number in range(BATCH + 3):
        draft = Draft(text=str(number), audience=Audience.SERVER, later=Audience.QUIET)
        await publish(mei, draft)

    await send_waiting({"actor_id": mei.id})
    await send_waiting({"actor_id": mei.id})
    await settle_down()

    assert remote.types() == ["Create"] * (BATCH + 3)
    assert not await Waiting.exists()


async def test_what_waits_is_not_sent_for_the_suspended_or_the_unconfirmed(
    settle, remote, settle_down
):
    mei = await settle("mei")
    await fan_of(mei, remote)
    await publish(mei, Draft(text="x", audience=Audience.SERVER, later=Audience.PUBLIC))

    await type(await account_of(mei)).filter(actor_id=mei.id).update(confirmed_at=None)
    await send_waiting({"actor_id": mei.id})
    await type(await account_of(mei)).filter(actor_id=mei.id).update(confirmed_at=now())
    await type(mei).filter(id=mei.id).update(suspended_at=now())
    await send_waiting({"actor_id": mei.id})
    await settle_down()

    assert remote.types() == []
    assert (await Note.get()).audience == Audience.SERVER


async def test_what_a_filter_limits_waits_to_be_quiet(settle):
    mei = await settle("mei")
    account = await account_of(mei)
    account.confirmed_at = None
    as_policy("open", unconfirmed="local")

    draft = as_posted_by(account, Draft(text="x"))
    limited = as_allowed(draft, Verdict(Then.LIMIT), language="en")

    assert (draft.audience, draft.later) == (Audience.SERVER, Audience.PUBLIC)
    assert (limited.audience, limited.later) == (Audience.SERVER, Audience.QUIET)


async def test_PRIV_01_what_is_for_this_server_never_leaves_it(
    settle, remote, settle_down, browsers
):
    mei, ben = await settle("mei"), await settle("ben")
    ana, _ = await fan_of(mei, remote)
    note = await publish(
        mei, Draft(text=f"members only @ana@{remote.host}", audience=Audience.SERVER)
    )
    await like(ben, note)
    reply = await publish(ben, Draft(text=f"mine @ana@{remote.host}", in_reply_to=note))
    for booster in (mei, ben):
        with pytest.raises(NotAllowed):
            await boost(booster, note)
    await settle_down()
    stranger = browsers()

    assert remote.letters == []
    assert reply.audience == Audience.SERVER
    for each in (note, reply):
        assert (await remote.get(each.uri, ana))[0] == 404
        assert (await stranger.get(each.page)).status == 404

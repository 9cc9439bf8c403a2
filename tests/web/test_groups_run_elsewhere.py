"""Somebody here moderates a group on another server by pages: it is asked."""

import pytest

from actors.actor import Actor
from actors.memberships import Role, State, membership_of, stand
from notes.group_posts import GroupPost
from notes.note import Note
from outbox.sent import Delivery, Sent
from tests.conftest import account_of
from tests.factories import noted, stranger

ENGLISH = {"Accept_Language": "en"}


@pytest.fixture
async def tea(here):
    group = await stranger("tea", kind="Group", title="Tea")
    uri = group.uri
    await Actor.filter(id=group.id).update(
        moderators_uri=f"{uri}/moderators", featured_uri=f"{uri}/featured"
    )
    return await Actor.get(id=group.id)


@pytest.fixture
async def mei(settle, browser, tea):
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    await stand(actor.id, tea.id, State.MEMBER, role=Role.MODERATOR)
    return actor


@pytest.fixture
async def note(tea):
    ana = await stranger("ana")
    note = await noted(ana, "<p>Rude</p>")
    await Note.filter(id=note.id).update(group_id=tea.id)
    await GroupPost.create(note_id=note.id, group_id=tea.id, active=note.id)
    return await Note.get(id=note.id).select_related("author")


def desk(tea, note):
    return f"{tea.page}/threads/{note.id}"


async def last(tea):
    """The last act that went out, and whether it goes to the group."""
    sent = await Sent.all().order_by("-id").first()
    return sent.document(), await Delivery.exists(sent_id=sent.id, inbox=tea.inbox)


@pytest.mark.parametrize(
    ("act", "verb", "target"),
    [
        ("remove", "Delete", None),
        ("lock", "Lock", None),
        ("pin", "Add", "featured"),
        ("unpin", "Remove", "featured"),
    ],
)
async def test_what_is_done_with_a_note_is_asked_of_the_group(
    browser, mei, tea, note, act, verb, target
):
    page = await (await browser.get(note.page, **ENGLISH)).text()
    shown = await (await browser.get(desk(tea, note), **ENGLISH)).text()

    answer = await browser.post(desk(tea, note), {"act": act, "reason": "Rude"})
    said = await (await browser.get(answer.headers["Location"], **ENGLISH)).text()

    document, is_sent = await last(tea)
    assert desk(tea, note) in page
    assert "lives on another server" in shown
    assert answer.status == 303
    assert "It shows here once the group passes it on." in said
    assert (document["type"], document["object"], document["actor"]) == (verb, note.uri, mei.uri)
    assert (document["audience"], is_sent) == (tea.uri, True)
    assert document.get("target") == (f"{tea.uri}/{target}" if target else None)
    assert document.get("summary") == (None if target else "Rude")
    assert (await GroupPost.get(note_id=note.id)).pinned_at is None


async def test_without_a_reason_nothing_is_asked(browser, mei, tea, note):
    await browser.get(desk(tea, note))

    answer = await browser.post(desk(tea, note), {"act": "remove", "reason": " "}, **ENGLISH)

    assert answer.status == 422
    assert not await Sent.exists()


async def test_somebody_is_banned_there_by_asking(browser, mei, tea, note):
    at = f"{tea.page}/members/{note.author_id}"
    await browser.get(at)

    answer = await browser.post(at, {"act": "ban", "reason": "Rude", "until": "2031-01-01"})

    document, is_sent = await last(tea)
    assert answer.status == 303
    assert (document["type"], document["object"]) == ("Block", note.author.uri)
    assert (document["target"], document["summary"], is_sent) == (tea.uri, "Rude", True)
    assert document["endTime"].startswith("2031-01-01")
    assert await membership_of(note.author, tea) is None


async def test_who_does_not_run_it_finds_no_desk(browser, mei, tea, note):
    await stand(mei.id, tea.id, State.MEMBER, role=Role.MEMBER)
    page = await (await browser.get(note.page)).text()

    assert desk(tea, note) not in page
    assert (await browser.get(desk(tea, note))).status == 404
    assert (await browser.get(f"{tea.page}/members/{note.author_id}")).status == 404

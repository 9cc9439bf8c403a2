"""Notes for a few stay with those few, on every page there is (security.md 13)."""

from itertools import product

import pytest

from actors.blocks import Block
from inbox.notifications import Event, Notification
from inbox.timelines import put_in_homes
from notes.attachments import Attachment
from notes.note import Audience, Note
from notes.reactions import Bookmark, Like, Pin
from notes.tags import tag_note
from tests.conftest import account_of
from tests.factories import addressed, boosted, followed, noted

NARROW = (Audience.FOLLOWERS, Audience.PEOPLE)
SECRETS = ("hush-title", "hush-text", "hush-alt", "hush-media", "hush-note", "hushtag")
PATHS = (
    *("/", "/explore", "/local", "/federated", "/@ben", "/@ben/replies", "/@ben?max_id={after}"),
    *("/tags/hushtag", "/search?q=hush", "/search?q=%23hush", "/search?q={uri}"),
    *("/n/{id}", "/n/{id}?after=1", "/n/{id}/edit", "/n/{id}/delete", "/n/{open}", "/n/{boost}"),
    *("/n/{answer}", "/compose?reply_to={id}", "/interact?uri=/n/{id}", "/interact?uri={uri}"),
    *("/notifications", "/notifications?show=mentions", "/messages", "/bookmarks", "/@mei"),
)


@pytest.fixture
async def street(settle):
    """Ben wrote something narrow; Mei is whoever looks, and once had to do with it."""
    ben, mei = await settle("ben"), await settle("mei")
    return ben, mei


async def whispered(ben, mei, audience):
    """A narrow note in the middle of open ones, in every list it could ever stand in."""
    first = await noted(ben, "<p>open</p>")
    note = await noted(
        ben,
        "<p>hush-text</p>",
        title="hush-title",
        summary="hush-note",
        audience=audience,
        answers=first,
        has_media=True,
    )
    await Attachment.create(
        note_id=note.id, owner_id=ben.id, remote_url="https://x.test/hush-media", alt="hush-alt"
    )
    await tag_note(note, "hushtag")
    answer = await noted(mei, "<p>mine</p>", answers=note)
    boost = await boosted(ben, note, audience=audience)
    for each in (note, boost):
        await put_in_homes([mei.id], each.id)
    await Bookmark.create(actor_id=mei.id, note_id=note.id)
    await Like.create(actor_id=mei.id, note_id=note.id, uri="urn:like")
    await Pin.create(actor_id=ben.id, note_id=note.id)
    for event in (Event.MENTION, Event.POLL, Event.UPDATE):
        await Notification.create(
            reader_id=mei.id, event=event, actor_id=ben.id, note_id=note.id, about=note.id
        )
    names = {"id": note.id, "uri": note.uri, "open": first.id, "boost": boost.id}
    return names | {"answer": answer.id, "after": answer.id + 1}


async def texts(browser, names):
    """What every page says, by its path."""
    found = {}
    for path in PATHS:
        answer = await browser.get(path.format(**names))
        # A page may say again what was searched for.
        text = (await answer.text()).replace("hush&#34;", "").replace('value="hush"', "")
        found[path] = text.replace('value="#hush"', "").replace("#<bdi>hushtag</bdi>", "")
    return found


@pytest.mark.parametrize(
    ("audience", "who"),
    [
        *product(NARROW, ("visitor", "stranger", "asked")),
        *((audience, "blocked") for audience in (*NARROW, Audience.SERVER)),
        (Audience.SERVER, "visitor"),
    ],
)
async def test_PRIV_01_no_page_tells_others_anything_of_it(browser, street, who, audience):
    ben, mei = street
    names = await whispered(ben, mei, audience)
    if who != "visitor":
        await browser.sign_in(await account_of(mei))
    if who == "asked":
        await followed(mei, ben, is_accepted=False)
    if who == "blocked":
        await followed(mei, ben)
        await Block.create(uri="urn:b", blocker_id=ben.id, blocked_id=mei.id)

    for path, text in (await texts(browser, names)).items():
        told = [secret for secret in SECRETS if secret in text and secret not in path]
        assert told == [], path
        # Nor that it is there: its address stands only where the reader wrote it.
        assert f'/n/{names["id"]}"' not in text or "{id}" in path, path


@pytest.mark.parametrize("audience", NARROW)
async def test_PRIV_01_those_it_is_for_do_see_it(browser, street, audience):
    ben, mei = street
    names = await whispered(ben, mei, audience)
    await browser.sign_in(await account_of(mei))
    if audience == Audience.FOLLOWERS:
        await followed(mei, ben)
    else:
        await addressed(await Note.get(id=names["id"]), mei)

    found = await texts(browser, names)

    for path in ("/", "/@ben", "/n/{id}", "/n/{open}", "/n/{answer}", "/bookmarks"):
        assert "hush-note" in found[path], path
    for secret in ("hush-text", "hush-title", "hush-alt", "hush-media", "hushtag"):
        # Media from elsewhere is shown by an address of ours, which does not tell theirs.
        assert secret in found["/n/{id}"] or secret == "hush-media"
    for path in ("/explore", "/local", "/federated", "/tags/hushtag"):
        assert "hush-note" not in found[path], path

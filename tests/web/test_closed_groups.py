"""What is inside a closed group leaks by no address that this server has (PRIV-14, PRIV-01)."""

import pytest

from actors.actor import Actor
from actors.groups import Join, See, make_group
from actors.memberships import State, stand
from actors.tokens import make_token
from core.ids import new_id
from inbox.notifications import Event, Notification, tell
from inbox.timelines import HomeEntry
from notes import search
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.tags import tag_note
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import account_of
from tests.factories import noted
from tests.walks.people import follows
from tests.web.every_address import every_address

SECRET = "Zanzibarwort"
# Asked for nowhere, so that no answer repeats it.
INSIDE = "Quixnelwort"
TAG = "cellarsecret"


@pytest.fixture
async def den(settle):
    mei = await settle("mei")
    return await make_group(mei, "den", title="Den", see=See.MEMBERS, join=Join.REQUEST)


@pytest.fixture
async def told(den, settle):
    """A thread and a comment inside, by the owner, whom an outsider follows; it names them too."""
    mei, ben = await Actor.get(name="mei"), await settle("ben")
    await follows(ben, mei)
    notes = []
    for parent in (None, 0):
        note = await noted(
            mei,
            f"<p>{SECRET} {INSIDE} #{TAG}</p>",
            audience=Audience.MEMBERS,
            group_id=den.id,
            title=INSIDE,
            in_reply_to_id=notes[0].id if parent is not None else None,
            in_reply_to_uri=notes[0].uri if parent is not None else "",
            thread_id=notes[0].id if notes else 0,
        )
        note.author = mei
        await tag_note(note, TAG)
        await search.index(note)
        await Mention.create(id=new_id(), note_id=note.id, actor_id=ben.id)
        notes.append(note)
    return notes


def addresses(den, notes):
    """Every address that is read, filled with what could be asked for there."""
    ids = [str(each) for each in (notes[0].id, notes[1].id, notes[0].author_id, den.id)]
    known = {
        "handle": ["den", "mei"],
        "name": ["den", "mei"],
        "tag": [TAG],
        "hashtag": [TAG],
        "id": ids,
        "note": ids[:2],
    }
    asked = f"q={SECRET}&uri={notes[0].uri}&url={notes[0].url}&resolve=true"
    return every_address(known, ids, asked)


async def test_PRIV_14_no_address_shows_it_to_who_is_no_member(den, told, browsers, settle):
    ben = await Actor.get(name="ben")
    stranger, reader, inside = browsers(), browsers(), browsers()
    await reader.sign_in(await account_of(ben))
    await inside.sign_in(await account_of(await Actor.get(name="mei")))
    token = await make_token(await account_of(ben), ("read", "follow"), "an app")
    leaks, seen = [], 0

    for address in addresses(den, told):
        for browser, more in (
            (stranger, {}),
            (stranger, {"Accept": "application/activity+json"}),
            (reader, {}),
            (stranger, {"Accept": "application/json", "Authorization": f"Bearer {token}"}),
        ):
            answer = await browser.get(address, **more)
            assert answer.status < 500, address
            assert answer.status != 429, address
            if INSIDE in await answer.text(errors="replace"):
                leaks.append((answer.status, address, more))
        seen += 1
    page = await (await inside.get(f"/n/{told[0].id}")).text()

    assert leaks == []
    assert seen > 150
    assert INSIDE in page


async def test_PRIV_14_nobody_outside_hears_of_it_at_once(den, told, settle):
    """Alerts, and with them phones, ask who may see a note; so do those who are connected."""
    mei, ben, cara = await Actor.get(name="mei"), await Actor.get(name="ben"), await settle("cara")
    await stand(cara.id, den.id, State.MEMBER)

    for reader in (ben, cara):
        await tell(reader, Event.MENTION, mei, told[0])

    assert await Notification.filter(event=Event.MENTION).values_list("reader_id", flat=True) == [
        cara.id
    ]


async def test_PRIV_14_a_thread_begun_inside_stays_inside(den, settle, settle_down):
    """Posted as the composer does it: a follower outside has it neither at home nor in alerts."""
    mei, ben = await Actor.get(name="mei"), await settle("ben")
    await follows(ben, mei)

    note = await publish(mei, Draft(text=f"{SECRET} @ben", group_id=den.id))
    await settle_down()

    assert (await Note.get(id=note.id)).audience == Audience.MEMBERS
    assert not await Notification.exists(reader_id=ben.id)
    assert not await _at_home(ben, note)
    assert await _at_home(mei, note)


async def _at_home(reader, note):
    return await HomeEntry.exists(reader_id=reader.id, note_id=note.id)

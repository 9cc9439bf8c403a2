"""Notes for mutuals, circles and their author alone, at every list there is: who finds them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from actors.circles import make_circle, put_in_circle
from actors.lists import RepliesPolicy, make_list, put_in
from inbox.notifications import Notification
from inbox.stream import carried_by, homes_with, talking
from notes.attachments import Attachment, Shows
from notes.boards import Board, Sharing
from notes.note import Audience, Note
from outbox import gather
from outbox.add import pin
from outbox.block import block
from outbox.create import publish
from outbox.draft import Draft
from outbox.like import like
from outbox.refusals import NotAllowed
from outbox.update import edit
from tests.conftest import account_of
from tests.factories import followed
from tests.web.every_address import every_address
from tests.web.test_media import shown

WORD = "persimmon"
SECRET = "quincepaste"  # beside it, and never searched for
FEW = (Audience.MUTUALS, Audience.CIRCLE, Audience.SELF)
COLOURS = dict(zip(FEW, ("red", "blue", "green"), strict=True))
STRANGERS = ("dan", "cai", "eve")


@pytest.fixture
async def scene(settle, settle_down, here):
    """Mei, and people near and far: Ben reads, Cai follows, Dan is nothing, Eve is blocked."""
    names = ("mei", "ben", "cai", "dan", "eve")
    people = {name: await settle(name, is_discoverable=True, is_indexable=True) for name in names}
    mei = people["mei"]
    friends = await make_circle(mei, "Friends")
    for name in ("ben", "cai", "eve"):
        await followed(people[name], mei)
    for name in ("ben", "eve"):
        await followed(mei, people[name])
        await put_in_circle(friends, people[name])
    return people, friends


@dataclass
class Planted:
    """Notes for few in every place that would take them: below an open one, on a board, liked."""

    notes: dict[Audience, Note]
    paths: list[str]
    open_note: Note
    board: Board


@pytest.fixture
async def planted(scene, settle_down):
    """One for each of the audiences; Eve, for whom they were, is blocked since."""
    people, friends = scene
    mei, ben = people["mei"], people["ben"]
    open_note = await publish(mei, Draft(text="open"))
    board = await gather.make(mei, "Mornings", about="", sharing=Sharing.PUBLIC)
    made = Planted({}, [], open_note, board)
    for audience in FEW:
        note = await publish(
            mei,
            Draft(
                text=f"{WORD} {SECRET}{audience} #{WORD}tag https://x.example/",
                audience=audience,
                circles=[friends.id] if audience == Audience.CIRCLE else [],
                in_reply_to=open_note,
            ),
        )
        path, _, other = await shown(mei, colour=COLOURS[audience])
        await Attachment.filter(note_id=other.id).update(note_id=note.id)
        await Note.filter(id=note.id).update(has_media=True, shows=Shows.PHOTOS)
        await other.delete()
        await gather.put(board, note)
        if audience != Audience.SELF:
            await like(ben, note)
        made.notes[audience] = await Note.get(id=note.id).select_related("author")
        made.paths.append(path)
    await settle_down()
    await block(mei, people["eve"])
    await settle_down()
    return made


def everywhere(scene, planted):
    """Every address that is read, about these notes, their author, and where they stand."""
    people, friends = scene
    notes = [str(each.id) for each in planted.notes.values()]
    other = [str(each) for each in (planted.open_note.id, planted.board.id, people["mei"].id)]
    known = {
        "handle": ["mei"],
        "name": ["mei"],
        "key": [str(planted.board.id), *(each.removeprefix("/media/") for each in planted.paths)],
        "tag": [f"{WORD}tag"],
        "hashtag": [f"{WORD}tag"],
        "id": [*notes, *other, str(friends.id)],
    }
    one = planted.notes[Audience.CIRCLE]
    asked = f"q={WORD}&uri={one.uri}&url={one.url}&reply_to={one.id}&quote={one.id}&resolve=true"
    return every_address(known, notes[1:2], asked)


async def test_PRIV_01_no_address_shows_them_to_whom_they_are_not_for(
    scene, planted, browsers, client
):
    """To a visitor, to somebody, to a follower who is not among them, and to who is blocked."""
    people, _ = scene
    windows = {"": browsers()} | {name: browsers() for name in STRANGERS}
    apps = {name: (await client(people[name])).token for name in STRANGERS}
    for name in STRANGERS:
        await windows[name].sign_in(await account_of(people[name]))
    viewers = [(window, {}) for window in windows.values()]
    viewers.append((windows[""], {"Accept": "application/activity+json"}))
    json = {"Accept": "application/json"}
    viewers += [(windows[""], json | {"Authorization": f"Bearer {each}"}) for each in apps.values()]
    leaks, seen = [], 0

    for address in everywhere(scene, planted):
        for browser, headers in viewers:
            answer = await browser.get(address, **headers)
            assert answer.status < 500, address
            assert answer.status != 429, address
            text = await answer.text(errors="replace")
            if SECRET in text or any(f'href="/n/{n.id}' in text for n in planted.notes.values()):
                leaks.append((answer.status, address, headers))
            if address.startswith("/media/") and answer.status != 404:
                leaks.append((answer.status, address, headers))
        seen += 1

    assert leaks == []
    assert seen > 150
    for name in STRANGERS:
        for note in planted.notes.values():
            assert (await windows[name].get(note.page)).status == 404


def asking(app, path):
    """Ask with the token of an app."""
    headers = {"Authorization": f"Bearer {app.token}"} if app.token else {}
    return app.session.get(path, headers=headers)


@pytest.mark.parametrize(("viewer", "seen"), [("ben", FEW[:2]), ("mei", FEW)])
async def test_who_it_is_for_finds_it_where_it_should_be(
    scene, planted, browser, client, viewer, seen
):
    people, _ = scene
    await browser.sign_in(await account_of(people[viewer]))
    app = await client(people[viewer])
    of_mei = await make_list(people[viewer], "L", RepliesPolicy.FOLLOWED)
    await put_in(of_mei, [people["mei"].id])
    where = {
        "open": planted.open_note.id,
        "board": planted.board.id,
        "mei": people["mei"].id,
        "list": of_mei.id,
    }

    for page in ("/", "/n/{open}", "/@mei", "/boards/{board}"):
        text = await (await browser.get(page.format(**where))).text()
        found = {key for key, note in planted.notes.items() if f"/n/{note.id}" in text}
        assert found == set(seen), page
    for audience, path in zip(FEW, planted.paths, strict=True):
        is_seen = audience in seen
        assert (await browser.get(path)).status == (200 if is_seen else 404)
        page = await browser.get(planted.notes[audience].page)
        assert (page.status, f"{SECRET}{audience}" in await page.text()) == (
            200 if is_seen else 404,
            is_seen,
        )
    for call in (
        *("/api/v1/timelines/home", "/api/v1/accounts/{mei}/statuses"),
        *("/api/v1/statuses/{open}/context", "/api/v1/timelines/list/{list}"),
        *(f"/api/v2/search?q={WORD}&type=statuses", "/api/rubric/v1/boards/{board}/statuses"),
    ):
        async with asking(app, call.format(**where)) as response:
            text = await response.text()
        assert {each for each in FEW if f"{SECRET}{each}" in text} == set(seen), call


async def test_PRIV_03_public_numbers_and_streams_know_nothing_of_it(scene, planted, client):
    people, _ = scene
    mei = people["mei"]
    nobody = await client()

    account = await nobody.get(f"/api/v1/accounts/{mei.id}")
    status = await nobody.get(f"/api/v1/statuses/{planted.open_note.id}")
    tags = await nobody.get("/api/v1/trends/tags")
    async with nobody.session.get("/nodeinfo/2.1") as response:
        usage = (await response.json())["usage"]

    assert (account["statuses_count"], status["replies_count"], tags) == (1, 0, [])
    assert (usage["localPosts"], usage["localComments"]) == (1, 0)
    for audience, note in planted.notes.items():
        assert await carried_by(note) == set()
        assert await talking(note, [each.id for each in people.values()]) == set()
        expected = {mei.id} if audience == Audience.SELF else {mei.id, people["ben"].id}
        assert await homes_with(note, list(people.values())) == expected
        told = Notification.filter(note_id=note.id).exclude(reader_id=mei.id)
        assert not await told.exists()
        with pytest.raises(NotAllowed):
            await pin(mei, note)


async def test_PRIV_01_documents_tell_other_servers_nothing(planted, wire, here):
    """Unsigned, and by what is public at all: collections, boards, the notes themselves."""
    headers = {
        "Accept": "application/activity+json",
        "Host": urlsplit(here.server.base_url).netloc,
    }

    for path in (
        *("/u/mei/outbox", "/u/mei/outbox?page=true", "/u/mei/featured"),
        f"/boards/{planted.board.id}",
        *(f"/n/{planted.open_note.id}/{each}" for each in ("replies", "context")),
        *(each.page for each in planted.notes.values()),
    ):
        async with wire.get(path, headers=headers) as response:
            text = await response.text()
        assert SECRET not in text, path
        assert not any(each.uri in text for each in planted.notes.values()), path
        assert response.status in (200, 401, 404), path


@pytest.mark.parametrize("audience", FEW[:2])
async def test_PRIV_01_who_likes_it_tells_nobody_who_else_it_is_for(
    scene, settle, client, audience
):
    """Of the chosen nobody learns who the others are (docs/decisions/0032): their author does."""
    people, friends = scene
    mei, ben, fay = people["mei"], people["ben"], await settle("fay")
    await followed(fay, mei)
    await followed(mei, fay)
    await put_in_circle(friends, fay)
    circles = [friends.id] if audience == Audience.CIRCLE else []
    note = await publish(mei, Draft(text="psst", audience=audience, circles=circles))
    for each in (mei, ben, fay):
        await like(each, note)

    async def told(viewer):
        app = await client(people.get(viewer, fay))
        rows = await app.get(f"/api/v1/statuses/{note.id}/favourited_by")
        return {each["username"] for each in rows}

    assert await told("mei") == {"mei", "ben", "fay"}
    assert await told("ben") == {"mei", "ben"}
    assert await told("fay") == {"mei", "fay"}


async def test_PRIV_01_who_was_named_blindly_is_in_no_list_of_likes(scene, client):
    people, _ = scene
    mei, ben, cai = people["mei"], people["ben"], people["cai"]
    note = await publish(mei, Draft(text="@ben hi", audience=Audience.PEOPLE, blind=[cai]))
    for each in (ben, cai):
        await like(each, note)

    async def told(viewer):
        app = await client(viewer)
        rows = await app.get(f"/api/v1/statuses/{note.id}/favourited_by")
        return {each["username"] for each in rows}

    assert [await told(each) for each in (mei, ben, cai)] == [
        *({"ben", "cai"}, {"ben"}, {"ben", "cai"})
    ]


@pytest.mark.parametrize("audience", [Audience.PEOPLE, Audience.FOLLOWERS])
async def test_PRIV_05_whom_an_edit_names_reads_no_version_that_was_not_for_them(
    scene, client, audience
):
    people, _ = scene
    mei, ben, dan = people["mei"], people["ben"], people["dan"]
    note = await publish(mei, Draft(text=f"@ben {SECRET}", audience=audience))
    await edit(mei, note, Draft(text="@ben @dan hello"))
    note = await Note.get(id=note.id)
    await edit(mei, note, Draft(text="@ben @dan good evening"))

    async def versions(viewer):
        app = await client(viewer)
        return await app.get(f"/api/v1/statuses/{note.id}/history")

    assert [len(await versions(each)) for each in (mei, ben, dan)] == [3, 3, 2]
    assert SECRET not in str(await versions(dan))


async def test_PRIV_01_who_was_named_blindly_stands_in_no_list_of_messages(scene, browsers):
    people, _ = scene
    mei, ben, cai = people["mei"], people["ben"], people["cai"]
    await publish(mei, Draft(text="@ben hi", audience=Audience.PEOPLE, blind=[cai]))

    async def told(viewer):
        window = browsers()
        await window.sign_in(await account_of(viewer))
        text = await (await window.get("/messages")).text()
        shown = text[text.index("<main") : text.index("</main>")]
        return {
            name for name in ("ben", "cai") if f'title="{name}"' in shown or f"@{name}" in shown
        }

    assert [await told(each) for each in (mei, ben)] == [{"ben", "cai"}, {"ben"}]

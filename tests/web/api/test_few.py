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
from tests.conftest import account_of
from tests.factories import followed
from tests.web.test_media import shown

WORD = "persimmon"
SECRET = "quincepaste"  # beside it, and never searched for
FEW = (Audience.MUTUALS, Audience.CIRCLE, Audience.SELF)
COLOURS = dict(zip(FEW, ("red", "blue", "green"), strict=True))
STRANGERS = ("", "dan", "cai", "eve")
PAGES = (
    *("/", "/?show=photos", "/explore", "/explore?show=photos", "/explore?tab=trending", "/g"),
    *("/?tab=local", "/watch?from=explore", "/watch?from=home", "/notifications", "/messages"),
    *("/bookmarks", "/@mei", "/@mei/replies", "/@mei/boards", f"/tags/{WORD}tag"),
    *(f"/search?q={WORD}", f"/search?q={WORD}&show=notes", f"/search?q=%23{WORD}tag"),
    *("/n/{open}", "/n/{note}", "/n/{note}/edit", "/n/{note}/report", "/boards/{board}"),
    *("/interact?uri=/n/{note}&intent=like", "/compose?reply_to={note}", "/compose?quote={note}"),
)
CALLS = (
    *("/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/public?local=true"),
    *("/api/v1/timelines/public?only_media=true", f"/api/v1/timelines/tag/{WORD}tag"),
    *("/api/v1/timelines/list/{list}", "/api/v1/accounts/{mei}/statuses"),
    *("/api/v1/accounts/{mei}/statuses?only_media=true", "/api/v1/statuses/{note}"),
    *("/api/v1/accounts/{mei}/statuses?pinned=true", "/api/v1/statuses?id[]={note}"),
    *(f"/api/v1/accounts/{{mei}}/statuses?tagged={WORD}tag", "/api/v1/statuses/{open}/context"),
    *("/api/v1/statuses/{note}/context", "/api/v1/statuses/{note}/history"),
    *("/api/v1/statuses/{note}/source", "/api/v1/statuses/{note}/card"),
    *("/api/v1/statuses/{note}/favourited_by", f"/api/v2/search?q={WORD}"),
    *(f"/api/v2/search?q={WORD}&type=statuses", "/api/v2/search?q={url}&resolve=true"),
    *("/api/v1/notifications", "/api/v2/notifications", "/api/v1/conversations"),
    *("/api/v1/favourites", "/api/v1/bookmarks", "/api/v1/trends/statuses"),
    *("/api/v1/trends/tags", "/api/oembed?url={url}", "/api/rubric/v1/boards/{board}/statuses"),
    *("/api/rubric/v1/boards/{board}", "/api/v1/accounts/{mei}/featured_tags"),
)


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


async def places(people, planted, here, viewer):
    """What stands in the places of an address."""
    found = {"list": 0}
    if viewer in ("ben", "cai", "mei"):
        made = await make_list(people[viewer], "L", RepliesPolicy.FOLLOWED)
        await put_in(made, [people["mei"].id])
        found["list"] = made.id
    found |= {"open": planted.open_note.id, "board": planted.board.id, "mei": people["mei"].id}
    return found


def filled(addresses, where, planted, here):
    """Every address once, and those of a note once for each."""
    for address in addresses:
        for note in planted.notes.values() if "{note}" in address or "{url}" in address else [None]:
            url = f"{here.server.base_url}/n/{note.id}" if note else ""
            yield address.format(**where, note=note and note.id, url=url)


@pytest.mark.parametrize("viewer", STRANGERS)
async def test_PRIV_01_no_page_shows_it_to_whom_it_is_not_for(
    scene, planted, browser, here, viewer
):
    people, _ = scene
    if viewer:
        await browser.sign_in(await account_of(people[viewer]))
    where = await places(people, planted, here, viewer)

    for page in filled(PAGES, where, planted, here):
        text = await (await browser.get(page)).text()
        assert SECRET not in text, page
        assert not any(f'href="/n/{each.id}' in text for each in planted.notes.values()), page
        assert not any(each in text for each in planted.paths), page
    for path in (*planted.paths, *(each.page for each in planted.notes.values())):
        assert (await browser.get(path)).status == 404


@pytest.mark.parametrize("viewer", STRANGERS)
async def test_PRIV_01_no_answer_of_the_api_has_it_for_others(scene, planted, client, here, viewer):
    people, _ = scene
    app = await client(people[viewer] if viewer else None)
    where = await places(people, planted, here, viewer)

    for call in filled(CALLS, where, planted, here):
        async with asking(app, call) as response:
            text = await response.text()
        assert SECRET not in text, call
        assert not any(f'"id":"{each.id}"' in text for each in planted.notes.values()), call
        assert not any(each in text for each in planted.paths), call
    for note in planted.notes.values():
        for call in ("", "/context", "/source", "/history", "/favourited_by"):
            status, _ = await app.ask("GET", f"/api/v1/statuses/{note.id}{call}")
            assert status in (404, 401), call


def asking(app, path):
    """Ask with the token of an app."""
    headers = {"Authorization": f"Bearer {app.token}"} if app.token else {}
    return app.session.get(path, headers=headers)


@pytest.mark.parametrize(("viewer", "seen"), [("ben", FEW[:2]), ("mei", FEW)])
async def test_who_it_is_for_finds_it_where_it_should_be(
    scene, planted, browser, client, here, viewer, seen
):
    people, _ = scene
    await browser.sign_in(await account_of(people[viewer]))
    app = await client(people[viewer])
    where = await places(people, planted, here, viewer)

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

"""Boards as other servers read them: public ones, and on them what is open and to be seen."""

import pytest

from actors.actor import local_actor
from notes.boards import Sharing
from notes.note import Audience
from outbox import gather
from outbox.block import block
from outbox.delete import withdraw
from tests.factories import noted
from tests.walks.people import fan_of, known
from web.activitypub import boards as documents

ALL = pytest.mark.parametrize("page", ["", "?page=true", "?page=true&before=9223372036854775807"])


async def gathered(owner, *notes, sharing=Sharing.PUBLIC, name="Mornings"):
    board = await gather.make(owner, name, about="Before eight", sharing=sharing)
    for note in notes:
        await gather.put(board, note)
    return board


async def test_a_public_board_is_a_collection_its_owner_links(settle, remote, wire):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    notes = [await noted(mei), await noted(mei, audience=Audience.QUIET)]
    board = await gathered(mei, *notes)

    actor = (await wire.get("/u/mei", ana)).json
    boards = (await wire.get("/u/mei/boards", ana)).json
    whole = (await wire.get(f"/boards/{board.id}", ana)).json
    page = (await wire.get(f"/boards/{board.id}?page=true", ana)).json

    assert actor["streams"] == [boards["id"]]
    assert boards["orderedItems"] == [whole["id"]]
    assert boards["attributedTo"] == whole["attributedTo"] == mei.uri
    assert (whole["type"], whole["totalItems"]) == ("OrderedCollection", 2)
    assert (whole["name"], whole["summary"]) == ("Mornings", "Before eight")
    assert whole["first"] == page["id"]
    assert page["orderedItems"] == [note.uri for note in reversed(notes)]
    assert page["partOf"] == whole["id"]


async def test_the_pages_of_a_board_go_on_until_they_end(settle, remote, wire, monkeypatch):
    monkeypatch.setattr(documents, "PAGE", 2)
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    notes = [await noted(mei) for _ in range(5)]
    board = await gathered(mei, *notes)

    found, address = [], f"/boards/{board.id}?page=true"
    while address:
        page = (await wire.get(address, ana)).json
        found += page["orderedItems"]
        address = page.get("next", "").removeprefix(wire.here.server.base_url)

    assert found == [note.uri for note in reversed(notes)]


async def test_PRIV_03_narrow_notes_are_neither_listed_nor_counted(
    settle, remote, settle_down, wire
):
    mei = await settle("mei")
    fan, _ = await fan_of(mei, remote)
    narrow = [await noted(mei, audience=each) for each in (Audience.FOLLOWERS, Audience.PEOPLE)]
    deleted = await noted(mei)
    kept = await noted(mei)
    board = await gathered(mei, *narrow, deleted, kept)
    await withdraw(mei, deleted)

    whole = (await wire.get(f"/boards/{board.id}", fan)).json
    page = (await wire.get(f"/boards/{board.id}?page=true", fan)).json

    assert whole["totalItems"] == 1
    assert page["orderedItems"] == [kept.uri]


@ALL
async def test_PRIV_02_other_boards_are_as_none(settle, remote, wire, page):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    private = await gathered(mei, await noted(mei), sharing=Sharing.PRIVATE, name="Mine")
    linked = await gathered(mei, await noted(mei), sharing=Sharing.LINK, name="Told")

    for path in (f"/boards/{private.id}", f"/boards/{linked.id}", linked.page, "/boards/1"):
        assert (await wire.get(f"{path}{page}", ana)).status == 404
    boards = (await wire.get("/u/mei/boards", ana)).json
    assert (boards["totalItems"], boards["orderedItems"]) == (0, [])


@ALL
async def test_PRIV_07_who_is_blocked_or_unknown_reads_no_board(settle, remote, wire, page):
    mei = await settle("mei")
    ana, actor = await known(remote, "ana")
    board = await gathered(mei, await noted(mei))
    assert (await wire.get(f"/boards/{board.id}{page}")).status == 401
    assert (await wire.get("/u/mei/boards")).status == 401

    await block(mei, actor)

    assert (await wire.get(f"/boards/{board.id}{page}", ana)).status == 404
    assert (await wire.get("/u/mei/boards", ana)).status == 404
    assert (await wire.get("/u/nobody/boards", ana)).status == 404
    assert await local_actor("mei")

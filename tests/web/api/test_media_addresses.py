"""Addresses of pictures in what apps read: they load them without a token."""

import time

import time_machine

from notes.note import Audience
from tests.web.test_media import shown


async def test_MED_11_a_picture_of_a_narrow_note_has_an_address_that_holds_for_minutes(
    client, settle, wire
):
    ben = await settle("ben")
    path, _, narrow = await shown(ben, Audience.FOLLOWERS)
    app = await client(ben)

    media = (await app.get(f"/api/v1/statuses/{narrow.id}"))["media_attachments"][0]
    urls = [media["url"], media["preview_url"]]
    async with wire.get(urls[0]) as answer, wire.get(urls[1]) as small:
        assert (answer.status, small.status) == (200, 200)
    assert path in urls[0]
    assert answer.headers["Cache-Control"] == "private, no-store"
    async with wire.get(path) as bare:
        assert bare.status == 404
    with time_machine.travel(time.time() + 301):
        async with wire.get(urls[0]) as late:
            assert late.status == 404
        again = (await app.get(f"/api/v1/statuses/{narrow.id}"))["media_attachments"][0]
        async with wire.get(again["url"]) as fresh:
            assert fresh.status == 200


async def test_a_picture_of_an_open_note_has_one_that_holds_for_good(client, settle):
    path, _, note = await shown(await settle("ben"))

    media = (await (await client()).get(f"/api/v1/statuses/{note.id}"))["media_attachments"][0]

    assert media["url"].endswith(path)

"""Pictures and videos from elsewhere: fetched when somebody looks, by no other address, once."""

import asyncio
import hashlib
import io
import os
from datetime import timedelta

import pytest
import time_machine
from aiohttp import web
from PIL import Image

from core.clock import now
from core.secret import stamp
from core.settings import use
from core.storage import storage
from moderation.adopting import adopt
from moderation.reading import draft_from
from notes import forgotten
from notes.attachments import Attachment, Media
from notes.hashes import block
from notes.media_files import MediaFile
from notes.note import Audience
from notes.orders import Unfit
from notes.purging import purge_account, purge_domain, purge_hash
from notes.remote_cache import held, keep_within_bounds
from notes.remote_media import LARGE, SMALL, remote_path
from notes.removal import remove
from notes.uploads import keep_upload
from tests.conftest import account_of, replaced
from tests.factories import followed, noted, stranger
from tests.moderation.drafts import RULE, entry, servers
from tests.notes.films import gif

both = pytest.mark.parametrize("media_table", ["local", "s3"], indirect=True)


def picture(colour="red", size=(600, 400)):
    """A picture that carries what must not be passed on."""
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "SECRET PLACE"
    Image.new("RGB", size, colour).save(made, "JPEG", exif=exif)
    return made.getvalue()


class Shelf:
    """Another server's files: `things` by path, and how often each was asked for."""

    def __init__(self):
        self.things, self.kinds, self.asked = {}, {}, []
        self.gate, self.knocked = asyncio.Event(), asyncio.Event()
        self.gate.set()

    async def serve(self, request):
        self.asked.append((request.path, request.headers.get("Range", "")))
        self.knocked.set()
        await self.gate.wait()
        body = self.things.get(request.path)
        if isinstance(body, str):
            raise web.HTTPFound(body)
        if body is None:
            raise web.HTTPNotFound
        part = request.http_range
        start, stop, _ = part.indices(len(body)) if "Range" in request.headers else (0, None, 1)
        kind = self.kinds.get(request.path, "application/octet-stream")
        if stop is None:
            return web.Response(body=body, content_type=kind)
        where = {"Content-Range": f"bytes {start}-{stop - 1}/{len(body)}"}
        return web.Response(status=206, body=body[start:stop], content_type=kind, headers=where)


@pytest.fixture
async def shelf():
    """Files of another server, on loopback."""
    made = Shelf()
    app = web.Application()
    app.router.add_get("/{path:.*}", made.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
async def ana(here):
    """Somebody who lives elsewhere."""
    return await stranger("ana", fetched_at=now())


async def shared(
    author, shelf, path="/cat", audience=Audience.PUBLIC, media=Media.IMAGE, poster="", **more
):
    """A note of theirs with a file."""
    note = await noted(author, audience=audience, has_media=True)
    return await Attachment.create(
        owner_id=author.id,
        note_id=note.id,
        media=media,
        remote_url=shelf.base + path,
        poster_url=poster and shelf.base + poster,
        **more,
    )


async def kept_files():
    """All that lies in the storage."""
    return {key async for key, _ in storage().files()}


@both
async def test_a_picture_is_fetched_when_somebody_looks_made_anew_and_kept(wire, ana, shelf):
    shelf.things["/cat"] = picture()
    shelf.kinds["/cat"] = "text/html"
    shown = await shared(ana, shelf)
    before = list(shelf.asked)

    bodies = []
    for which in (LARGE, SMALL, LARGE):
        async with wire.get(remote_path(shown, which)) as answer:
            bodies.append(await answer.read())
            assert answer.status == 200
            assert answer.headers["Content-Type"] in ("image/jpeg", "image/webp")
            assert answer.headers["Cache-Control"] == "public, max-age=86400"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"

    assert before == []
    assert len(shelf.asked) == 1
    assert all(b"SECRET PLACE" not in each for each in bodies)
    assert [each.kind for each in await held()] == ["image"]
    assert len(await kept_files()) == await MediaFile.all().count() == 2


async def test_pages_name_our_addresses_and_not_theirs(browser, ana, shelf):
    shown = await shared(ana, shelf)

    page = await (await browser.get(f"/n/{shown.note_id}")).text()

    assert f'src="{remote_path(shown, LARGE)}"' in page
    assert f'src="{shelf.base}' not in page


async def test_many_who_look_at_once_cause_one_fetch(wire, ana, shelf):
    shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf)
    shelf.gate.clear()

    async def look():
        async with wire.get(remote_path(shown, SMALL)) as answer:
            return answer.status

    looking = [asyncio.create_task(look()) for _ in range(8)]
    await shelf.knocked.wait()
    shelf.gate.set()

    assert await asyncio.gather(*looking) == [200] * 8
    assert len(shelf.asked) == 1


@pytest.mark.parametrize(
    "body", [None, b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 9, b"GIF89a<script>" * 9, b""]
)
async def test_MED_04_what_is_no_picture_is_missing_and_not_asked_for_again(wire, ana, shelf, body):
    shelf.things["/cat"] = body
    shelf.kinds["/cat"] = "image/jpeg"
    shown = await shared(ana, shelf)

    statuses = []
    for _ in range(3):
        async with wire.get(remote_path(shown, LARGE)) as answer:
            statuses.append(answer.status)

    assert statuses == [404] * 3
    assert len(shelf.asked) == 1
    assert await kept_files() == set()


async def test_a_picture_larger_than_we_take_is_not_read_to_its_end(here, wire, ana, shelf):
    shelf.things["/cat"] = picture() + bytes(17_000_000)
    shown = await shared(ana, shelf)

    async with wire.get(remote_path(shown, LARGE)) as answer:
        assert answer.status == 404
    assert await kept_files() == set()


async def test_MED_12_only_what_we_wrote_is_fetched(wire, ana, shelf, here):
    shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf)
    good = remote_path(shown, LARGE)
    forged = stamp("media", f"{shown.id} large {shown.remote_url}")[:32]

    for path in (
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace("/large/", "/small/"),
        good.replace("/large/", "/huge/"),
        f"/media/remote/{shown.id}/large/{forged}",
        f"/media/remote/{shown.id + 1}/large/{good[-32:]}",
        f"/media/remote/9999999999999999999/large/{good[-32:]}",
        f"/media/remote/{shelf.base}/cat",
    ):
        async with wire.get(path) as answer:
            assert answer.status == 404, path
    assert shelf.asked == []


async def test_MED_12_our_own_server_is_not_asked_by_way_of_itself(wire, ana, here, shelf):
    shown = await shared(ana, shelf)
    await Attachment.filter(id=shown.id).update(remote_url=here.url("/manifest.webmanifest"))
    shelf.things["/cat"] = here.url("/manifest.webmanifest")
    again = await shared(ana, shelf)

    for each in (await Attachment.get(id=shown.id), again):
        async with wire.get(remote_path(each, LARGE)) as answer:
            assert answer.status == 404


async def test_SSRF_01_a_picture_of_a_forbidden_address_is_not_fetched(wire, ana, shelf):
    shown = await shared(ana, shelf)
    await Attachment.filter(id=shown.id).update(remote_url="http://169.254.169.254/secret")

    async with wire.get(remote_path(await Attachment.get(id=shown.id), LARGE)) as answer:
        assert answer.status == 404


async def test_MED_11_media_of_a_narrow_note_is_for_those_who_may_see_it(
    browsers, settle, ana, shelf
):
    shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf, audience=Audience.FOLLOWERS)
    mei, cai = await settle("mei"), await settle("cai")
    await followed(mei, ana)
    friend, other, visitor = browsers(), browsers(), browsers()
    await friend.sign_in(await account_of(mei))
    await other.sign_in(await account_of(cai))
    path = remote_path(shown, LARGE)

    refused = [(await other.get(path)).status, (await visitor.get(path)).status]
    asked = list(shelf.asked)
    seen = await friend.get(path)

    assert refused == [404, 404]
    assert asked == []
    assert (seen.status, seen.headers["Cache-Control"]) == (200, "private, no-store")


@pytest.fixture
def film():
    """The beginning of an MP4, and more."""
    return b"\x00\x00\x00\x18ftypisom" + os.urandom(300_000)


async def test_a_video_is_passed_on_by_parts_and_not_kept(wire, ana, shelf, film):
    shelf.things |= {"/film": film, "/poster": picture()}
    shelf.kinds["/film"] = "text/html"
    shown = await shared(ana, shelf, "/film", media=Media.VIDEO, poster="/poster")
    path = remote_path(shown, LARGE)

    async with wire.get(path, headers={"Range": "bytes=1000-1999"}) as part:
        assert (part.status, await part.read()) == (206, film[1000:2000])
        assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(film)}"
    async with wire.get(path) as whole:
        assert (whole.status, await whole.read()) == (200, film)
        assert whole.headers["Content-Type"] == "video/mp4"
    async with wire.get(remote_path(shown, SMALL)) as poster:
        assert poster.headers["Content-Type"] in ("image/jpeg", "image/webp")
    assert await MediaFile.filter(role="video").count() == 0


async def test_MED_04_a_page_called_a_video_is_not_passed_on(wire, ana, shelf):
    shelf.things["/film"] = b"<html><script>alert(1)</script></html>"
    shelf.kinds["/film"] = "video/mp4"
    shown = await shared(ana, shelf, "/film", media=Media.VIDEO)

    async with wire.get(remote_path(shown, LARGE)) as answer:
        assert answer.status == 404


@pytest.fixture
async def mode(here, request):
    """An instance that shows what lies elsewhere in another way."""
    use(replaced(here, "media", remote_mode=request.param))


@pytest.mark.parametrize("mode", ["proxy"], indirect=True)
async def test_proxy_passes_pictures_on_and_keeps_nothing(mode, wire, ana, shelf):
    body = shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf)

    async with wire.get(remote_path(shown, LARGE)) as answer:
        assert (answer.status, await answer.read()) == (200, body)
        assert answer.headers["Content-Type"] == "image/jpeg"
    assert await kept_files() == set()


@pytest.mark.parametrize("mode", ["link"], indirect=True)
async def test_link_sends_browsers_to_where_it_lies_and_fetches_nothing(mode, browser, ana, shelf):
    shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf)

    page = await browser.get(f"/n/{shown.note_id}")
    refused = await browser.get(remote_path(shown, LARGE))

    assert f'src="{shelf.base}/cat"' in await page.text()
    assert "img-src 'self' https:" in page.headers["Content-Security-Policy"]
    assert refused.status == 404
    assert shelf.asked == []


async def test_nothing_is_fetched_from_a_server_whose_pictures_are_not_wanted(
    here, wire, ana, shelf
):
    shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf)
    quiet = servers(entry(ana.host, "no_media"))
    draft = draft_from({"based_on": 1, "rules": [RULE], **quiet})
    await adopt(draft, summary={"en": "For this test."})

    async with wire.get(remote_path(shown, LARGE)) as answer:
        assert answer.status == 404
    assert shelf.asked == []


async def test_what_was_not_looked_at_for_longest_goes_first(here, wire, ana, shelf, settle_down):
    shelf.things |= {"/old": picture("red"), "/new": picture("blue")}
    old, new = [await shared(ana, shelf, path) for path in ("/old", "/new")]
    for each in (old, new):
        async with wire.get(remote_path(each, LARGE)) as answer:
            assert answer.status == 200
    await Attachment.filter(id=old.id).update(seen_at=now() - timedelta(days=3))
    await MediaFile.filter(attachment_id=old.id).update(size=6_000_000_000)
    await MediaFile.filter(attachment_id=new.id).update(size=2_000_000_000)
    shelf.asked.clear()

    await keep_within_bounds()
    await settle_down()

    assert {each.attachment_id for each in await MediaFile.all()} == {new.id}
    assert len(await kept_files()) == 2
    assert (await Attachment.get(id=old.id)).cached_at is None
    for each in (new, old):
        async with wire.get(remote_path(each, LARGE)) as answer:
            assert answer.status == 200
    assert [path for path, _ in shelf.asked] == ["/old"]


async def test_a_look_is_noted_once_a_day(wire, ana, shelf):
    shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf)
    path = remote_path(shown, LARGE)

    moments = []
    for days in (0, 0.5, 1.5):
        with time_machine.travel(1_800_000_000 + days * 86_400, tick=True):
            async with wire.get(path):
                moments.append((await Attachment.get(id=shown.id)).seen_at)

    assert moments[0] == moments[1] < moments[2]


@both
async def test_MED_09_the_disk_is_empty_after_a_note_is_deleted(wire, ana, shelf, settle_down):
    shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf)
    async with wire.get(remote_path(shown, LARGE)) as answer:
        assert answer.status == 200
    full = await kept_files()

    await remove(await shown.note)
    await settle_down()

    assert len(full) == 2
    assert await kept_files() == set()


async def test_MED_10_a_person_or_a_server_is_purged_in_one_call(wire, here, shelf, settle_down):
    shelf.things |= {f"/{n}": picture(c) for n, c in enumerate(("red", "blue", "green"))}
    one, two = await stranger("one", "a.bad.example"), await stranger("two", "bad.example")
    other = await stranger("three", "notbad.example")
    shown = [await shared(each, shelf, f"/{n}") for n, each in enumerate((one, two, other))]
    for each in shown:
        async with wire.get(remote_path(each, SMALL)) as answer:
            assert answer.status == 200

    counts = [await purge_domain("BAD.example"), await purge_account(other)]
    await settle_down()

    assert counts == [2, 1]
    assert await kept_files() == set()
    assert await Attachment.all().count() == 0
    assert not (await shown[0].note).has_media


async def test_MED_10_a_file_purged_by_its_hash_goes_everywhere_and_does_not_come_back(
    wire, here, shelf, settle_down
):
    shelf.things |= {"/cat": picture(), "/dog": picture("blue")}
    ana, ben = await stranger("ana"), await stranger("ben", "b.example")
    cats, dog = [await shared(each, shelf) for each in (ana, ben)], await shared(ben, shelf, "/dog")
    for each in (*cats, dog):
        async with wire.get(remote_path(each, LARGE)) as answer:
            assert answer.status == 200
    [file, *_] = await MediaFile.filter(attachment_id=cats[0].id)

    count = await purge_hash(file.key[6:70])
    await settle_down()
    again = await shared(ana, shelf)

    assert count == 2
    assert {each.attachment_id for each in await MediaFile.all()} == {dog.id}
    assert len(await kept_files()) == 2
    async with wire.get(remote_path(again, LARGE)) as answer:
        assert answer.status == 404
    with pytest.raises(ValueError, match="SHA-256"):
        await purge_hash("../../etc")


async def test_MED_10_a_file_on_the_list_cannot_be_uploaded(settle):
    await block(hashlib.sha256(picture()).hexdigest())

    with pytest.raises(Unfit, match="may not be shared"):
        await keep_upload(await settle("mei"), picture())
    assert await kept_files() == set()


async def test_MED_10_a_file_on_the_list_is_not_even_kept_once(wire, ana, shelf):
    body = shelf.things["/cat"] = picture()
    await block(hashlib.sha256(body).hexdigest())
    shown = await shared(ana, shelf)

    async with wire.get(remote_path(shown, LARGE)) as answer:
        assert answer.status == 404
    assert await kept_files() == set()


@both
async def test_files_without_rows_go_after_a_day_and_rows_without_files_are_named(wire, ana, shelf):
    shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf)
    async with wire.get(remote_path(shown, LARGE)) as answer:
        assert answer.status == 200
    forgotten_key = await storage().save(b"nobody's", "webp")
    [lost, kept] = [each.key for each in await MediaFile.all()]
    await storage().delete(lost)

    await forgotten.sweep()
    young = await kept_files()
    with time_machine.travel(now() + timedelta(hours=25)):
        await forgotten.sweep()

    assert forgotten_key in young
    assert await kept_files() == {kept}
    assert await forgotten.missing(await kept_files()) == [lost]


async def test_a_gif_that_moves_elsewhere_moves_here_and_stands_still_in_lists(wire, ana, shelf):
    moving = gif((60, 40), 5, 100)
    shelf.things["/cat"] = moving
    shown = await shared(ana, shelf, media_type="image/gif")

    async with wire.get(remote_path(shown, LARGE)) as answer:
        large, kind = await answer.read(), answer.headers["Content-Type"]
    async with wire.get(remote_path(shown, SMALL)) as answer:
        small = answer.headers["Content-Type"]

    assert (kind, large == moving) == ("image/gif", True)
    assert small != "image/gif"


async def test_other_pictures_that_move_elsewhere_move_here_made_anew(wire, ana, shelf):
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue", "green")]
    made = io.BytesIO()
    frames[0].save(made, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    shelf.things["/cat"] = made.getvalue()
    shown = await shared(ana, shelf, media_type="image/webp")

    bodies = []
    for which in (LARGE, SMALL):
        async with wire.get(remote_path(shown, which)) as answer:
            bodies.append(await answer.read())

    large, small = (Image.open(io.BytesIO(each)) for each in bodies)
    assert (large.format, large.n_frames) == ("WEBP", 3)
    assert (small.format, getattr(small, "n_frames", 1)) == ("JPEG", 1)
    assert len(shelf.asked) == 1


async def test_what_moves_elsewhere_stands_still_for_who_wants_no_motion(browser, wire, ana, shelf):
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    made = io.BytesIO()
    frames[0].save(made, "PNG", save_all=True, append_images=frames[1:], duration=100)
    shelf.things["/cat"], shelf.things["/dog"] = made.getvalue(), picture()
    shown = await shared(ana, shelf, media_type="image/png")
    still = await shared(ana, shelf, path="/dog", media_type="image/png")
    pages = []
    for each in (shown, still):
        async with wire.get(remote_path(each, LARGE)) as answer:
            assert answer.status == 200
        pages.append(await (await browser.get(f"/n/{each.note_id}")).text())

    calm = f'<source media="(prefers-reduced-motion: reduce)" srcset="{remote_path(shown, SMALL)}">'

    assert calm in pages[0]
    assert "prefers-reduced-motion" not in pages[1]


async def test_what_is_only_called_a_gif_is_made_anew(wire, ana, shelf):
    shelf.things["/cat"] = picture()
    shown = await shared(ana, shelf, media_type="image/gif")

    async with wire.get(remote_path(shown, LARGE)) as answer:
        body = await answer.read()

    assert b"SECRET" not in body


async def test_MED_10_a_moving_gif_on_the_list_is_not_passed_on(wire, ana, shelf):
    moving = gif((60, 40), 5, 100)
    shelf.things["/cat"] = moving
    shown = await shared(ana, shelf, media_type="image/gif")
    await block(hashlib.sha256(moving).hexdigest())

    async with wire.get(remote_path(shown, LARGE)) as answer:
        assert answer.status == 404

"""Making notes in a real browser: with scripts, without, over connections that break."""

import asyncio
import io
import random
import shutil
import time
from contextlib import asynccontextmanager, suppress
from fractions import Fraction

import av
import pytest
from aiohttp import web
from msgspec.structs import replace
from PIL import Image
from playwright.async_api import async_playwright, expect

from actors import sessions
from actors.accounts import Role
from actors.sessions import Session
from core.jobs import Wake, use_wake
from moderation.policy import current
from moderation.vocabulary import Registration
from notes.arriving import Arrival
from notes.attachments import Attachment, Media, load_media
from notes.drafts import SavedDraft
from notes.media_files import MediaFile
from notes.note import Note
from rubric.worker import Worker
from tests.conftest import PASSWORD, account_of
from tests.web.test_compose import with_policy
from tests.web.test_in_browser import JUMPED
from web.app import build_app
from web.deadlines import PunctualRunner

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SLOWLY = 90_000  # milliseconds; machines that test are busy


class Breaking:
    """Stands before the server, and cuts a connection after so many bytes: once for each number."""

    def __init__(self, port, breaks):
        self.port, self.breaks = port, list(breaks)
        self.cut = 0

    async def serve(self, reader, writer):
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self.port)
            await asyncio.gather(self.pour(reader, back, writer), self.pour(there, writer, None))

    async def pour(self, source, target, other):
        passed = 0
        with suppress(OSError):
            while data := await source.read(64 * 1024):
                passed += len(data)
                if other and self.breaks and passed > self.breaks[0]:
                    self.breaks.pop(0)
                    self.cut += 1
                    other.transport.abort()
                    target.transport.abort()
                    return
                target.write(data)
                await target.drain()
        target.close()


@asynccontextmanager
async def at_work(here, breaks=()):
    """Serve and work, behind a way in that breaks."""
    wake = Wake()
    use_wake(wake)
    worker = Worker(wake)
    working = asyncio.create_task(worker.run())
    runner = PunctualRunner(build_app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    behind = site._server.sockets[0].getsockname()[1]
    host, _, port = here.server.bind.rpartition(":")
    door = Breaking(behind, breaks)
    server = await asyncio.start_server(door.serve, host, int(port))
    try:
        yield door
    finally:
        server.close()
        await runner.cleanup()
        worker.stop()
        await working


@pytest.fixture
async def chromium():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: no note was made in it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        await browser.close()


async def window(chromium, here, actor=None, **more):
    """Open a window, signed in as somebody."""
    context = await chromium.new_context(
        base_url=here.server.base_url, viewport={"width": 1280, "height": 900}, **more
    )
    context.set_default_timeout(SLOWLY)
    if actor:
        token = await sessions.start(await account_of(actor), agent="chromium")
        await context.add_cookies(
            [{"name": "session", "value": token, "url": here.server.base_url}]
        )
    return await context.new_page()


def pictures(folder, count):
    """Write pictures that differ in width: 201, 202 …"""
    made = []
    for number in range(1, count + 1):
        path = folder / f"p{number}.png"
        Image.new("RGB", (200 + number, 150), (12 * number, 90, 120)).save(path)
        made.append(path)
    return made


def heavy(path):
    """Write a picture that is sent in pieces."""
    noise = Image.frombytes("RGB", (2000, 1600), random.Random(7).randbytes(2000 * 1600 * 3))
    noise.save(path, compress_level=1)
    return path


def film(path, *, seconds, rate=10, noise=True):
    """Write a video; noise makes it large."""
    chance = random.Random(7)
    tiles = [
        Image.effect_noise((320, 240), chance.randint(60, 120)).convert("RGB") for _ in range(12)
    ]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        stream.bit_rate = 1_500_000 if noise else 100_000
        stream.options = {"preset": "ultrafast"}
        stream.time_base = Fraction(1, rate)
        for number in range(seconds * rate):
            frame = av.VideoFrame.from_image(tiles[number % 12])
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


async def all_ready(page, count):
    """Wait until so many uploads are ready."""
    await expect(page.locator("[data-item][data-state=ready]")).to_have_count(count, timeout=SLOWLY)


async def until(count, wanted):
    """Wait for so many rows."""
    async with asyncio.timeout(SLOWLY / 1000):
        while await count() < wanted:  # noqa: ASYNC110  rows have no bell
            await asyncio.sleep(0.1)


async def published():
    """Wait for a note to be there."""
    await until(lambda: Note.all().count(), 1)
    return await Note.get()


async def test_eighteen_pictures_are_ordered_cut_described_and_published(
    here, settle, chromium, tmp_path
):
    mei = await settle("mei")
    async with at_work(here):
        page = await window(chromium, here, mei)
        await page.goto("/compose")
        await page.locator("#files").set_input_files(pictures(tmp_path, 18))
        await all_ready(page, 18)
        items = page.locator("[data-item]")
        ids = [await items.nth(place).get_attribute("data-item") for place in range(18)]
        line = page.locator(".items > li").nth(4)
        # A mouse drags no further than the window goes.
        await page.set_viewport_size({"width": 1280, "height": 8000})

        assert "Mastodon" in await line.inner_text()
        await items.nth(1).get_by_role("button", name="Earlier").click()
        await items.nth(17).locator(".item-look").drag_to(items.nth(3).locator(".item-look"))
        for place in range(18):
            await items.nth(place).locator("textarea").fill(f"picture {place}")
        await items.nth(0).locator("summary").click()
        await items.nth(0).locator("[name^=shape]").select_option("1:1")
        await items.nth(0).get_by_role("button", name="Cut", exact=True).click()
        await all_ready(page, 18)
        await page.locator("[data-publish]").click()
        await page.wait_for_url("**/n/*")
        await page.context.close()

    note = await Note.get(author_id=mei.id)
    kept = await Attachment.filter(note_id=note.id).order_by("position")
    assert [str(each.id) for each in kept][:2] == [ids[1], ids[0]]
    assert ids.index(str(kept[3].id)) == 17
    assert [each.alt for each in kept] == [f"picture {place}" for place in range(18)]
    assert kept[0].width == kept[0].height == 150
    assert not await SavedDraft.exists()


GIVE = """
(form, [kind, place, bytes]) => {
  const given = new DataTransfer();
  const name = `${kind}.png`;
  given.items.add(new File([Uint8Array.from(bytes)], name, { type: "image/png" }));
  const more = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...more, clipboardData: given })
    : new DragEvent("drop", { ...more, dataTransfer: given });
  return form.querySelector(place).dispatchEvent(event);
}
"""


async def test_pictures_are_pasted_dropped_and_taken_and_looked_after_without_another_page(
    here, settle, chromium, tmp_path
):
    mei = await settle("mei")
    async with at_work(here):
        page = await window(chromium, here, mei)
        await page.goto("/compose")
        paths = pictures(tmp_path, 3)
        form, items = page.locator("form[data-composer]"), page.locator("[data-item]")
        goes_on = [
            await form.evaluate(GIVE, [kind, place, list(path.read_bytes())])
            for kind, place, path in (
                ("paste", "[name=text]", paths[0]),
                ("drop", "[name=title]", paths[1]),
            )
        ]
        await all_ready(page, 2)
        camera = page.locator("#camera")
        asks_for = [await camera.get_attribute(each) for each in ("capture", "accept")]
        await camera.set_input_files(paths[2])
        await all_ready(page, 3)
        await items.nth(0).locator("summary").click()
        await items.nth(0).locator("[name^=turn]").select_option("90")
        await items.nth(0).locator("[name^=focus][value='3']").check(force=True)
        for place in range(3):
            await items.nth(place).locator("textarea").fill("Rain")
        count = await items.nth(0).locator(".item-words").inner_text()
        await all_ready(page, 3)
        await page.locator("[data-publish]").click()
        await page.wait_for_url("**/n/*")
        note = await published()

    # Neither types the name of a file nor leaves the page, as browsers do of themselves.
    assert goes_on == [False, False]
    assert asks_for == ["environment", "image/*"]
    assert "1,496" in count
    first, *others = await load_media("note_id = ? ORDER BY position", [note.id])
    assert (first.turn, first.width, first.height) == (90, 150, 201)
    assert (first.focus_x > 0, first.focus_y > 0, first.alt) == (True, True, "Rain")
    assert sorted(each.width for each in others) == [202, 203]


async def test_a_large_picture_comes_over_a_connection_that_breaks_twice(
    here, settle, chromium, tmp_path
):
    mei = await settle("mei")
    file = heavy(tmp_path / "large.png")
    assert file.stat().st_size > 8 * 1024 * 1024
    async with at_work(here, breaks=(2_000_000, 3_000_000)) as door:
        page = await window(chromium, here, mei)
        await page.goto("/compose")
        await page.locator("#files").set_input_files(file)
        await all_ready(page, 1)
        await page.context.close()

    assert door.cut == 2
    kept = await Attachment.get()
    assert (kept.width, kept.height) == (1920, 1536)  # the largest size we keep
    assert (await Arrival.get()).attachment_id == kept.id


async def test_a_minute_of_video_comes_over_a_connection_that_breaks_twice_and_is_watched(
    here, settle, chromium, tmp_path
):
    mei = await settle("mei")
    file = await asyncio.to_thread(film, tmp_path / "minute.mp4", seconds=60)
    assert file.stat().st_size > 8 * 1024 * 1024
    async with at_work(here, breaks=(2_000_000, 3_000_000)) as door:
        page = await window(chromium, here, mei)
        await page.goto("/compose")
        await page.locator("#files").set_input_files(file)
        await all_ready(page, 1)
        await page.locator("[data-item] textarea").fill("A minute of noise")
        captions = tmp_path / "minute.srt"
        captions.write_text("1\n00:00:01,000 --> 00:00:04,000\nIt hisses.\n")
        await page.locator("[data-item] summary").click()
        await page.locator("[data-item] [data-captions]").set_input_files(captions)
        await expect(page.locator(".captions-there")).to_have_text("English", timeout=SLOWLY)
        await page.locator(".choosing video").evaluate(
            "video => new Promise(go => {"
            " video.onseeked = () => go(1); video.preload = 'auto'; video.currentTime = 20; })"
        )
        await page.locator("[data-cover]").click()
        await until(lambda: Attachment.filter(state="ready", cover_at=20).count(), 1)
        await page.locator("[data-publish]").click()
        await page.wait_for_url("**/n/*")
        lasts = await page.evaluate(
            "new Promise((go, no) => { const video = document.querySelector('video');"
            " video.muted = true; video.preload = 'auto'; video.onerror = no;"
            " video.ontimeupdate = () => video.currentTime > 0.3 && go(video.duration);"
            " video.play().catch(no); })"
        )
        spoken = page.locator(".caption-strip span")
        await expect(spoken).to_have_text("It hisses.", timeout=SLOWLY)
        jumped_on_its_page = await page.evaluate(JUMPED)
        outside = await page.evaluate(OUTSIDE_OF_STAGE)
        await page.get_by_role("button", name="Captions").click()
        await expect(spoken).to_have_count(0)
        jumped_without_scripts = await watched_without_scripts(page)
        await page.goto("/watch?from=local")
        await expect(spoken).to_have_text("It hisses.", timeout=SLOWLY)
        jumped = await page.evaluate(JUMPED)
        await page.get_by_role("button", name="Captions").click()
        await expect(spoken).to_have_count(0)
        await page.evaluate("document.querySelector('video').textTracks[0].mode = 'showing'")
        await expect(page.locator(".captions[aria-pressed=true]")).to_have_count(1)
        await page.context.close()

    assert (jumped, jumped_on_its_page, jumped_without_scripts) == (0, 0, 0)
    assert outside <= 0
    assert door.cut == 2
    assert 59 < lasts < 61
    kept = await Attachment.get()
    assert kept.media == Media.VIDEO
    assert await MediaFile.exists(attachment_id=kept.id, role="captions", language="en")
    assert (await Arrival.get()).attachment_id == kept.id


# The player's own buttons stand at the bottom of a video: no part of it may be cut away.
OUTSIDE_OF_STAGE = """document.querySelector("video").getBoundingClientRect().bottom
  - document.querySelector(".stage").getBoundingClientRect().bottom"""
SPOKEN = """new Promise(go => {
  const video = document.querySelector("video");
  const [track] = video.textTracks;
  video.muted = true;
  video.play();
  video.ontimeupdate = () => video.currentTime > 1.5 && track.activeCues.length && go(track.mode);
})"""


async def watched_without_scripts(page):
    """Play the video as whoever has none of our scripts, and tell how much its captions moved."""
    await page.route("**/static/*.js*", lambda route: route.abort())
    await page.reload()
    assert await page.evaluate(SPOKEN) == "showing"
    jumped = await page.evaluate(JUMPED)
    await page.unroute("**/static/*.js*")
    return jumped


async def test_the_same_is_made_without_scripts(here, settle, chromium, tmp_path):
    mei = await settle("mei")
    async with at_work(here):
        page = await window(chromium, here, mei, java_script_enabled=False)
        await page.goto("/compose")
        await page.locator("#files").set_input_files(pictures(tmp_path, 18))
        await page.get_by_role("button", name="Upload and arrange").click()
        await until(lambda: Attachment.filter(state="ready").count(), 18)
        await page.reload()
        items = page.locator("[data-item]")
        last = await items.nth(17).get_attribute("data-item")
        await items.nth(17).locator("[name^=order]").fill("1")
        await items.nth(0).locator("[name^=order]").fill("2")
        for place in range(18):
            await items.nth(place).locator("textarea").fill(f"picture {place}")
        await page.get_by_label("Title").fill("Without")
        await page.get_by_role("button", name="Preview").click()
        assert "Nobody but you sees this yet." in await page.locator("main").inner_text()
        await page.get_by_role("button", name="Publish").click()
        await page.context.close()

    note = await Note.get()
    kept = await Attachment.filter(note_id=note.id).order_by("position")
    assert note.title == "Without"
    assert len(kept) == 18
    assert str(kept[0].id) == last


async def test_a_video_with_captions_is_made_and_watched_without_scripts(
    here, settle, chromium, tmp_path
):
    mei = await settle("mei")
    file = await asyncio.to_thread(film, tmp_path / "short.mp4", seconds=2, noise=False)
    captions = tmp_path / "short.vtt"
    captions.write_text("WEBVTT\n\n00:00.000 --> 00:01.500\nIt hisses.\n")
    async with at_work(here):
        page = await window(chromium, here, mei, java_script_enabled=False)
        await page.goto("/compose")
        await page.locator("#files").set_input_files(file)
        await page.get_by_role("button", name="Upload and arrange").click()
        await until(lambda: Attachment.filter(state="ready").count(), 1)
        await page.reload()
        item = page.locator("[data-item]")
        await item.locator("textarea").fill("Two seconds of noise")
        await item.locator("summary").click()
        await item.locator("[name^=captions-]:not(select)").set_input_files(captions)
        await item.locator("[name^=cover-]").fill("1")
        await page.get_by_role("button", name="Preview").click()
        await until(lambda: Attachment.filter(state="ready", cover_at=1).count(), 1)
        await page.get_by_role("button", name="Publish").click()
        await page.wait_for_url("**/n/*")
        spoken = page.locator("video[controls][poster] track[kind=captions][default]")
        shown = await spoken.get_attribute("src")
        watched = await page.goto("/watch?from=local")
        players = await page.locator("video[controls] track[kind=captions]").count()
        said = await (await page.request.get(shown)).text()
        await page.context.close()

    assert "It hisses." in said
    assert (watched.status, players) == (200, 1)
    kept = await Attachment.get()
    assert (kept.media, kept.alt) == (Media.VIDEO, "Two seconds of noise")
    assert (await Note.get()).has_media


async def test_a_session_that_ends_meanwhile_loses_nothing(here, settle, chromium, tmp_path):
    mei = await settle("mei")
    async with at_work(here):
        page = await window(chromium, here, mei)
        await page.goto("/compose")
        await page.locator("#files").set_input_files(pictures(tmp_path, 2))
        await all_ready(page, 2)
        await page.get_by_label("Text", exact=True).fill("First words")
        await expect(page.locator("[data-kept]")).to_have_text("Saved as a draft", timeout=SLOWLY)
        await Session.all().delete()
        await page.get_by_label("Text", exact=True).fill("First words, and more")
        await expect(page.locator("[data-kept]")).to_contain_text("signed out", timeout=SLOWLY)
        await page.get_by_role("button", name="Save draft").click()
        await sign_in_again(page)

        assert await page.get_by_label("Text", exact=True).input_value() == "First words, and more"
        await all_ready(page, 2)
        await page.reload()
        await all_ready(page, 2)
        await page.context.close()

    assert await SavedDraft.all().count() == 1


async def sign_in_again(page):
    await page.get_by_label("Handle or e-mail").fill("mei")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_url("**/compose?draft=*")


KEPT = (
    "new Promise(done => { const asked = indexedDB.open('uploads');"
    " asked.onsuccess = () => { if (!asked.result.objectStoreNames.length) return done(0);"
    " const all = asked.result.transaction('files').objectStore('files').count();"
    " all.onsuccess = () => { asked.result.close(); done(all.result); }; }; })"
)


async def test_a_broken_upload_goes_on_after_a_reload_and_a_new_session_by_itself(
    here, settle, chromium, tmp_path
):
    mei = await settle("mei")
    file = heavy(tmp_path / "large.png")
    async with at_work(here, breaks=(2_000_000, *([100_000] * 1000))) as door:
        page = await window(chromium, here, mei)
        await page.goto("/compose")
        await page.locator("#files").set_input_files(file)
        await page.locator("[data-item] textarea").fill("Much noise")
        await page.wait_for_url("**/compose?draft=*")
        await expect(page.locator(".item-state")).to_contain_text("broke", timeout=SLOWLY)
        arrival = await Arrival.get()
        sent = arrival.offset
        await Session.all().delete()
        await page.reload()
        await page.goto(f"/compose?draft={(await SavedDraft.get()).id}")
        door.breaks.clear()
        await sign_in_again(page)
        await all_ready(page, 1)

        assert await page.locator("[data-item] textarea").input_value() == "Much noise"
        await page.locator("[data-publish]").click()
        await page.wait_for_url("**/n/*")
        await page.context.close()

    assert 0 < sent < arrival.length
    assert (await Arrival.get()).id == arrival.id
    assert (await Attachment.get(note__author_id=mei.id)).alt == "Much noise"


async def test_what_was_on_its_way_is_nobody_elses_and_gone_once_a_draft_has_it_or_on_leaving(
    here, settle, chromium, tmp_path
):
    mei, ben = await settle("mei"), await settle("ben")
    file = heavy(tmp_path / "large.png")
    async with at_work(here, breaks=[100_000] * 1000) as door:
        page = await window(chromium, here, mei)
        await page.goto("/compose")
        await page.locator("#files").set_input_files(file)
        await expect(page.locator(".item-state")).to_contain_text("broke", timeout=SLOWLY)
        second = await page.context.new_page()
        await second.goto("/compose")
        await expect(second.locator("[data-composer].scripted")).to_have_count(1)
        await page.close()
        token = await sessions.start(await account_of(ben), agent="chromium")
        cookie = {"name": "session", "value": token, "url": here.server.base_url}
        await second.context.add_cookies([cookie])
        await second.reload()
        await expect(second.locator("[data-composer].scripted")).to_have_count(1)
        await second.wait_for_timeout(500)
        assert await second.locator("[data-item]").count() == 0
        assert await second.evaluate(KEPT) == 1
        token = await sessions.start(await account_of(mei), agent="chromium")
        await second.context.add_cookies([cookie | {"value": token}])
        door.breaks.clear()
        await second.reload()
        await all_ready(second, 1)
        await second.wait_for_url("**/compose?draft=*")
        await second.wait_for_function(f"{KEPT}.then(left => left === 0)")

        door.breaks.extend([100_000] * 1000)
        await second.goto("/compose")
        await second.locator("#files").set_input_files(pictures(tmp_path, 1))
        await second.locator("#files").set_input_files(file)
        await second.wait_for_function(f"{KEPT}.then(left => left > 0)")
        door.breaks.clear()
        await second.goto("/settings")
        await second.get_by_role("button", name="Sign out", exact=True).first.click()
        await second.wait_for_url(here.server.base_url + "/")
        left = await second.evaluate(KEPT)
        await second.context.close()

    assert left == 0


async def test_a_file_that_is_no_longer_there_has_to_be_chosen_again(
    here, settle, chromium, tmp_path
):
    mei = await settle("mei")
    [file] = pictures(tmp_path, 1)
    async with at_work(here) as door:
        page = await window(chromium, here, mei)
        await page.goto("/compose")
        door.breaks.extend([1] * 1000)
        await page.locator("#files").set_input_files(file)
        file.unlink()
        said = page.locator("[data-item] .wrong span")
        await expect(said).to_contain_text("Choose it again", timeout=SLOWLY)
        await page.context.close()

    assert not await Attachment.exists()


async def test_the_policy_leads_to_the_first_picture_without_words(
    here, settle, chromium, tmp_path
):
    await settle("mei")
    async with at_work(here):
        page = await window(chromium, here, await settle("ben"))
        await page.goto("/compose")
        await page.evaluate("document.querySelector('[data-composer]').dataset.alt = 'require'")
        await page.locator("#files").set_input_files(pictures(tmp_path, 3))
        await all_ready(page, 3)
        items = page.locator("[data-item]")
        await items.nth(0).locator("textarea").fill("Blue")
        await items.nth(1).get_by_label("Only decoration").check()
        await page.locator("[data-publish]").click()

        await expect(items.nth(2).locator("textarea")).to_be_focused()
        await expect(page.locator(".item .wrong:visible")).to_have_count(1)
        await page.context.close()

    assert not await Note.exists()


# How long a person takes for one action, in seconds (product.md 3.1): to find it, and to do it.
PACE = {"click": 1.5, "type": 4.0, "choose": 6.0}


class Person:
    """Does what a person does, counted, and reckons how long it takes them."""

    def __init__(self, page):
        self.page, self.actions, self.seconds = page, 0, 0.0

    async def act(self, kind, doing):
        began = time.monotonic()
        await doing
        self.actions += 1
        self.seconds += PACE[kind] + (time.monotonic() - began)


async def test_the_first_note_takes_nine_actions_and_less_than_a_minute(
    here, settle, chromium, tmp_path
):
    await settle("ada", role=Role.ADMIN)  # without somebody who watches, a place is not open
    open_to_all = replace(current().sections.accounts, registration=Registration.OPEN)
    with_policy(accounts=open_to_all)
    file = tmp_path / "photo.jpg"
    made = io.BytesIO()
    Image.effect_noise((1200, 1600), 40).convert("RGB").save(made, "JPEG", quality=85)
    file.write_bytes(made.getvalue())
    async with at_work(here):
        page = await window(chromium, here)
        await page.goto("/join")
        mei = Person(page)
        await mei.act("type", page.locator("#f-handle").fill("mei"))
        await mei.act("type", page.locator("#f-password").fill("bread and ferries at dawn"))
        await mei.act("click", page.locator("main form button.primary").click())
        await page.wait_for_url("**/compose")
        greeting = await page.locator("main").inner_text()
        await mei.act("choose", page.locator("#files").set_input_files(file))
        await mei.act("type", page.get_by_label("Text", exact=True).fill("My first photo"))
        await expect(page.locator("[data-state=uploading]")).to_have_count(0, timeout=SLOWLY)
        await mei.act("click", page.locator("[data-publish]").click())
        await page.wait_for_url(lambda url: "/compose" not in url)
        note = await published()
        await page.context.close()

    assert "Welcome" in greeting
    assert note.has_media
    assert mei.actions <= 9
    assert mei.seconds <= 60

"""What becomes of an upload: its work, its state, and what happens when the child dies over it."""

import asyncio
import hashlib
import io
import os
import signal
import time

import pytest
from PIL import Image

from core.jobs import Job
from core.settings import settings, use
from core.storage import NotStored, storage
from federation.base58 import encode
from notes.attachments import Attachment, Media, State, load_media
from notes.documents import document_of, parts_of
from notes.files import delete_unused
from notes.media_files import MediaFile, Role, main_file, original_file
from notes.orders import Unfit
from notes.processing import BROKEN, begin, change, process
from notes.uploads import keep_upload, take_in
from notes.workshop import Broken, Workshop, use_workshop, workshop
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotValid
from rubric.worker import work_others
from tests.conftest import replaced
from tests.notes.test_images import MARK, gradient, marked, saved
from tests.notes.test_workshop import until


@pytest.fixture
async def mei(settle):
    """Somebody who uploads."""
    return await settle("mei")


async def again(attachment) -> Attachment:
    """The attachment as it is now, with its files."""
    return (await load_media("id = ?", [attachment.id]))[0]


async def stored() -> set[str]:
    """All keys in the storage."""
    return {key async for key, _ in storage().files()}


async def test_an_upload_waits_and_its_job_makes_it_ready(mei):
    kept = await take_in(mei, saved(gradient(1000, 500), "JPEG"), alt=" Hills ")

    assert (kept.state, kept.alt, kept.width) == (State.WAITING, "Hills", 0)
    assert await Job.filter(name="notes.process").count() == 1
    await work_others()

    ready = await again(kept)
    assert (ready.state, ready.progress, ready.width, ready.height) == (State.READY, 100, 1000, 500)
    shown = [(each.role, each.media_type, each.width) for each in ready.files]
    assert (Role.IMAGE, "image/avif", 480) in shown
    assert main_file(ready.files).media_type == ready.media_type == "image/jpeg"
    assert len(await storage().read(main_file(ready.files).key)) == ready.size


async def test_what_comes_once_more_while_the_first_is_let_go_is_not_taken_away(mei):
    data = saved(gradient(400, 200), "PNG")
    first = await take_in(mei, data)
    (raw,) = await stored()
    await process({"id": first.id})
    assert await Job.exists(name="notes.delete_files")

    # The second upload has its file and not yet its row.
    await storage().save(data, "bin")
    await work_others()
    kept = raw in await stored()
    second = await take_in(mei, data)
    await work_others()
    await work_others()

    assert kept
    assert (await again(second)).state is State.READY
    assert raw not in await stored()


@pytest.mark.parametrize("media_table", ["s3"], indirect=True)
async def test_a_bucket_that_tells_whole_seconds_knows_what_came_once_more(here):
    before = time.time()
    key = await storage().save(b"tea", "webp")
    written = (await storage().written_at(key)).timestamp()

    await delete_unused({"keys": [key], "at": written - 0.01})
    kept = await stored()
    await delete_unused({"keys": [key], "at": written + 0.01})

    assert before - 0.01 <= written <= time.time()
    assert kept == {key}
    assert await stored() == set()


async def test_MED_06_what_came_in_is_gone_when_the_work_is_done(mei):
    kept = await take_in(mei, marked("JPEG"))
    (raw,) = await stored()

    await work_others()
    await work_others()

    ready = await again(kept)
    assert raw not in await stored()
    assert await stored() == {each.key for each in ready.files}
    for key in await stored():
        assert MARK not in await storage().read(key)
    assert original_file(ready.files).key == main_file(ready.files).key


async def test_MED_06_an_original_that_is_kept_says_nothing_either(mei):
    use(replaced(settings(), "media", keep_original=True))
    data = marked("JPEG")

    upload = await keep_upload(mei, data)
    await publish(mei, Draft(text="kept", attachments=[upload.id]))
    await work_others()

    original = original_file((await again(upload)).files)
    assert MARK not in await storage().read(original.key)
    assert (original.width, original.height) == (700, 500)


async def test_the_original_goes_when_the_note_is_out(mei):
    upload = await keep_upload(mei, saved(gradient(400, 200), "PNG"))

    await publish(mei, Draft(text="out", attachments=[upload.id]))
    await work_others()

    ready = await again(upload)
    assert original_file(ready.files) is None
    assert {each.key for each in ready.files} == await stored()


async def test_MED_04_what_is_no_picture_is_refused_and_nothing_is_stored(mei):
    for data in (b"<svg/>", b"%PDF-1.7", saved(gradient(90, 90), "PNG")[:200]):
        with pytest.raises(Unfit, match=r"\.$"):
            await keep_upload(mei, data)
    await work_others()

    assert await stored() == set()
    assert not await Attachment.exists()
    assert not await MediaFile.exists()


async def test_a_refused_upload_says_why_and_its_file_is_gone(mei):
    kept = await take_in(mei, saved(gradient(90, 90), "PNG")[:200])

    await work_others()
    await work_others()

    failed = await again(kept)
    assert failed.state is State.FAILED
    assert failed.failure == "This picture is damaged and cannot be read."
    assert await stored() == set()


async def kill_one() -> None:
    """Kill a child as soon as there is one."""
    await until(lambda: workshop().children)
    os.kill(next(iter(workshop().children)), signal.SIGKILL)


async def broken_once(upload) -> None:
    """Have the child die over an upload."""
    killing = asyncio.create_task(kill_one())
    with pytest.raises(Broken):
        await process({"id": upload.id})
    await killing


async def test_a_child_that_dies_leaves_the_upload_for_the_next_try(mei):
    kept = await take_in(mei, saved(gradient(2000, 1500), "JPEG"))

    await broken_once(kept)
    waiting = await again(kept)
    await work_others()

    assert (waiting.state, waiting.tries) == (State.WAITING, 1)
    ready = await again(kept)
    assert (ready.state, ready.tries) == (State.READY, 0)


async def test_a_file_that_kills_three_children_is_given_up_with_a_sentence(mei):
    kept = await take_in(mei, saved(gradient(2000, 1500), "JPEG"))

    for _ in range(3):
        await broken_once(kept)
    await work_others()
    await work_others()

    failed = await again(kept)
    assert (failed.state, failed.failure) == (State.FAILED, BROKEN)
    assert await stored() == set()
    assert not await Job.exists()


async def test_a_server_that_died_in_the_middle_goes_on_with_it(mei):
    kept = await take_in(mei, saved(gradient(200, 100), "JPEG"))
    await Attachment.filter(id=kept.id).update(state=State.WORKING, progress=40)

    await work_others()

    assert (await again(kept)).state is State.READY


async def test_two_who_want_it_done_have_it_done_once(mei):
    kept = await take_in(mei, saved(gradient(200, 100), "JPEG"))

    both = asyncio.gather(process({"id": kept.id}), process({"id": kept.id}))
    await until(lambda: workshop().children)

    assert len(workshop().children) == 1
    await both
    assert (await again(kept)).state is State.READY


async def test_two_processes_that_work_on_one_upload_leave_its_files_once(mei, tmp_path):
    kept = await take_in(mei, saved(gradient(300, 200), "JPEG"))
    async with Workshop(tmp_path / "of another process") as other:

        async def elsewhere() -> None:
            use_workshop(other)
            await process({"id": kept.id})

        await asyncio.gather(process({"id": kept.id}), elsewhere())
    await work_others()
    await work_others()

    ready = await again(kept)
    shown = [(each.role, each.key) for each in ready.files]
    assert (ready.state, len(shown)) == (State.READY, len(set(shown)))
    assert {each.key for each in ready.files} == await stored()


async def test_work_that_another_process_has_just_ended_is_not_begun_again(mei):
    before = await take_in(mei, saved(gradient(300, 200), "JPEG"))
    ready = await keep_upload(mei, saved(gradient(400, 200), "JPEG"))
    ready.state = State.WORKING  # as it was read a moment ago

    begun = [await begin(before), await begin(ready)]

    assert begun == [True, False]
    states = [(await again(before)).state, (await again(ready)).state]
    assert states == [State.WORKING, State.READY]


async def test_a_change_is_made_from_the_whole_picture_and_can_be_taken_back(mei):
    upload = await keep_upload(mei, saved(gradient(400, 200), "PNG"))

    await change(upload, turn=90, crop=[0, 0, 0.5, 0.5])
    await work_others()
    changed = await again(upload)
    await change(changed, turn=0, crop=None)
    await work_others()
    await work_others()

    assert (changed.state, changed.width, changed.height) == (State.READY, 100, 200)
    back = await again(upload)
    assert (back.width, back.height) == (400, 200)
    assert await stored() == {each.key for each in back.files}


async def test_a_change_while_it_is_worked_on_is_not_lost(mei):
    kept = await take_in(mei, saved(gradient(400, 200), "PNG"))

    working = asyncio.create_task(process({"id": kept.id}))
    await until(lambda: workshop().children)
    await change(kept, turn=90, crop=None)
    await working

    ready = await again(kept)
    assert (ready.state, ready.width, ready.height) == (State.READY, 200, 400)


async def test_an_upload_that_is_deleted_meanwhile_leaves_nothing(mei):
    kept = await take_in(mei, saved(gradient(400, 200), "PNG"))

    working = asyncio.create_task(process({"id": kept.id}))
    await until(lambda: workshop().children)
    await MediaFile.all().delete()
    await Attachment.all().delete()
    await working
    await work_others()

    assert {key for key in await stored() if not key.endswith(".bin")} == set()
    assert not await MediaFile.exists()


async def test_a_picture_that_is_not_ready_goes_onto_no_note(mei):
    kept = await take_in(mei, saved(gradient(400, 200), "PNG"))

    with pytest.raises(NotValid, match="still being worked on"):
        await publish(mei, Draft(text="too soon", attachments=[kept.id]))


async def test_a_file_that_vanished_is_named(mei):
    kept = await take_in(mei, saved(gradient(400, 200), "PNG"))
    (raw,) = await stored()
    await storage().delete(raw)

    await work_others()

    assert (await again(kept)).failure == "This file is no longer there. Add it again."
    with pytest.raises(NotStored):
        await storage().read(raw)


async def test_what_is_transparent_is_shown_as_it_is_and_sent_on_white_as_everybody_reads_it(mei):
    upload = await keep_upload(mei, saved(Image.new("RGBA", (600, 400), (255, 0, 0, 0)), "PNG"))
    note = await publish(mei, Draft(text="Glass", attachments=[upload.id]))

    (sent,) = document_of(note, (await parts_of([note]))[note.id])["attachment"]
    shown = await storage().read(main_file(upload.files).key)
    other = await storage().read(sent["url"].partition("/media/")[2])

    assert Image.open(io.BytesIO(shown), formats=("WEBP",)).mode == "RGBA"
    assert Image.open(io.BytesIO(other), formats=("JPEG",)).getpixel((9, 9)) == (255, 255, 255)
    assert (sent["mediaType"], sent["width"], sent["size"]) == ("image/jpeg", 600, len(other))
    assert sent["digestMultibase"] == encode(b"\x12\x20" + hashlib.sha256(other).digest())


async def test_a_moving_picture_is_kept_moving_with_a_poster(mei):
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=300)

    upload = await keep_upload(mei, data)

    assert (upload.media, main_file(upload.files).media_type) == (Media.GIFV, "video/mp4")
    assert {each.role for each in upload.files} == {Role.VIDEO, Role.POSTER}
    assert upload.duration == pytest.approx(0.6)

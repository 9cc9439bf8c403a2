"""A video on its road: taken in, made by the child, kept with its poster, sent and changed."""

import io
import subprocess
import sys

import pytest
from PIL import Image

from core.settings import settings, use
from core.storage import storage
from notes.attachments import Attachment, Media, State, load_media
from notes.captions import NotCaptions
from notes.documents import document_of, parts_of
from notes.media_files import Role, main_file, of_role
from notes.orders import Unfit
from notes.processing import GONE, change, process
from notes.uploads import keep_captions, keep_upload, take_in
from outbox.create import publish
from outbox.draft import Draft
from rubric.worker import work_others
from tests.conftest import replaced
from tests.notes.films import film, gif
from tests.notes.test_video import TOLD
from web.refusals import why
from web.texts import speaking


@pytest.fixture
async def mei(settle):
    """Somebody who uploads."""
    return await settle("mei")


async def again(attachment) -> Attachment:
    """The attachment as it is now, with its files."""
    return (await load_media("id = ?", [attachment.id]))[0]


async def test_a_video_is_taken_in_made_and_sent(mei, tmp_path):
    source = film(tmp_path / "a.mp4", sound="aac", frames=60, metadata=TOLD, turned=90)

    kept = await take_in(mei, source, alt=" a bar that moves ")
    assert (kept.media, kept.state, kept.alt) == (Media.VIDEO, State.WAITING, "a bar that moves")
    await work_others()

    ready = await again(kept)
    assert (ready.state, ready.failure, ready.progress) == (State.READY, "", 100)
    assert (ready.width, ready.height, ready.frame_rate, ready.channels) == (120, 160, "30/1", 2)
    assert ready.duration == pytest.approx(2, abs=0.05)
    assert ready.blurhash
    assert ready.media_type == "video/mp4"
    video = main_file(ready.files)
    assert video.role is Role.VIDEO
    data = await storage().read(video.key)
    assert data[4:8] == b"ftyp"
    assert b"PLANTED" not in data
    posters = {(each.media_type, each.width) for each in of_role(ready.files, Role.POSTER)}
    assert posters == {("image/jpeg", 120), ("image/avif", 120)}
    assert of_role(ready.files, Role.ORIGINAL) == []

    note = await publish(mei, Draft("A bar", attachments=[ready.id]))
    (sent,) = document_of(note, (await parts_of([note]))[note.id])["attachment"]
    assert (sent["mediaType"], sent["duration"]) == ("video/mp4", "PT2S")
    assert sent["url"].endswith(video.key)


@pytest.mark.parametrize("media_table", ["s3"], indirect=True)
async def test_a_video_in_a_bucket_is_brought_to_the_child_and_what_it_made_goes_back(
    mei, tmp_path
):
    kept = await take_in(mei, film(tmp_path / "a.mp4", frames=20))
    await work_others()

    ready = await again(kept)
    assert (ready.state, ready.failure) == (State.READY, "")
    assert (await storage().read(main_file(ready.files).key))[4:8] == b"ftyp"


@pytest.mark.parametrize("media_table", ["s3"], indirect=True)
async def test_a_video_that_is_gone_from_its_bucket_is_told_so(mei, tmp_path):
    kept = await take_in(mei, film(tmp_path / "a.mp4", frames=20))
    await storage().delete(kept.files[0].key)

    await work_others()

    lost = await again(kept)
    assert (lost.state, lost.failure) == (State.FAILED, GONE)


async def test_what_must_be_drawn_anew_is_drawn_in_the_child(mei, tmp_path):
    source = film(tmp_path / "a.webm", codec="libvpx-vp9", sound="libopus", frames=20)

    kept = await keep_upload(mei, source.read_bytes())

    assert (kept.state, kept.media_type, kept.channels) == (State.READY, "video/mp4", 2)


async def test_a_film_for_bright_screens_is_drawn_in_the_child(mei, tmp_path):
    named = "colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    source = film(
        tmp_path / "a.mp4",
        codec="libx265",
        pixels="yuv420p10le",
        frames=5,
        options={"x265-params": f"log-level=none:pools=none:{named}"},
    )

    kept = await keep_upload(mei, source.read_bytes())

    assert (kept.state, kept.failure) == (State.READY, "")


async def test_a_gif_that_moves_is_a_loop_and_one_that_does_not_is_a_picture(mei):
    loop = await keep_upload(mei, gif((60, 40), 10, 100))
    still = await keep_upload(mei, gif((60, 40), 1, 100))

    assert (loop.media, loop.media_type, loop.duration) == (Media.GIFV, "video/mp4", 1.0)
    assert (still.media, still.media_type) == (Media.IMAGE, "image/jpeg")


async def test_what_moves_and_is_smaller_than_a_video_goes_on_moving(mei):
    upload = await keep_upload(mei, gif((40, 9), 4, 100))
    shown = main_file(upload.files)

    assert (upload.media, shown.media_type) == (Media.IMAGE, "image/webp")
    made = Image.open(io.BytesIO(await storage().read(shown.key)), formats=("WEBP",))
    assert (made.size, made.n_frames) == ((40, 9), 4)


@pytest.mark.parametrize("kind", ["video", "loop"])
async def test_its_author_chooses_another_cover_later(mei, tmp_path, kind):
    if kind == "video":
        kept = await keep_upload(mei, film(tmp_path / "a.mp4", frames=60).read_bytes())
    else:
        kept = await keep_upload(mei, gif((160, 120), 20, 100))
    before = {each.key for each in of_role(kept.files, Role.POSTER)}

    await change(kept, turn=0, crop=None, cover_at=1.5)
    await work_others()

    after = await again(kept)
    assert (after.state, after.media, after.cover_at) == (State.READY, kept.media, 1.5)
    assert {each.key for each in of_role(after.files, Role.POSTER)}.isdisjoint(before)


@pytest.mark.parametrize(
    ("name", "more", "sentence"),
    [
        ("a.mp4", {"frames": 1}, "This video is too short to be seen."),
        ("a.mkv", {"codec": "ffv1", "frames": 3}, "This video is written in a way"),
        ("a.mp4", {"rate": 600, "frames": 600}, "This video has more than 60 pictures"),
    ],
)
async def test_MED_03_what_is_refused_leaves_nothing(mei, tmp_path, name, more, sentence):
    source = film(tmp_path / name, size=(32, 32), **more)

    with pytest.raises(Unfit, match=sentence):
        await keep_upload(mei, source.read_bytes())
    await work_others()

    assert await Attachment.all().count() == 0
    assert [key async for key, _ in storage().files()] == []


async def test_MED_03_limits_are_those_of_the_settings(mei, tmp_path):
    use(replaced(settings(), "media", max_video_seconds=1, max_video_mb=1))
    source = film(tmp_path / "a.mp4", frames=90)

    with pytest.raises(Unfit, match="longer than 1 seconds"):
        await keep_upload(mei, source.read_bytes())
    source.write_bytes(source.read_bytes() + bytes(2 * 1024 * 1024))
    for refused in (take_in(mei, source.read_bytes()), take_in(mei, source)):
        with pytest.raises(Unfit, match="larger than 1 MB"):
            await refused
    use(replaced(settings(), "media", max_image_mb=1))
    with pytest.raises(Unfit, match="This picture is larger than 1 MB"):
        await take_in(mei, b"\xff\xd8\xff" + bytes(1024 * 1024))


async def test_pictures_and_what_is_neither_come_by_the_same_road(mei, tmp_path):
    source = tmp_path / "a.bin"
    source.write_bytes(gif((60, 40), 1, 100))

    kept = await take_in(mei, source)
    await process({"id": kept.id})

    assert (await again(kept)).media_type == "image/jpeg"
    source.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(Unfit, match="no picture and no video"):
        await take_in(mei, source)


async def test_MED_13_captions_are_kept_clean_once_for_each_language(mei, tmp_path):
    kept = await keep_upload(mei, film(tmp_path / "a.mp4").read_bytes())
    first = b"WEBVTT\n\n00:00.000 --> 00:01.000\n<b onclick=x()>hello</b>\n"

    await keep_captions(kept, first, language="en")
    await keep_captions(kept, first.replace(b"hello", b"good day"), language="en")
    await keep_captions(kept, first, language="zh-CN")
    with pytest.raises(NotCaptions):
        await keep_captions(kept, b"\x89PNG", language="fr")
    await change(await again(kept), turn=0, crop=None, cover_at=0.5)
    await work_others()

    captions = of_role((await again(kept)).files, Role.CAPTIONS)
    read = {each.language: (await storage().read(each.key)).decode() for each in captions}
    assert len(captions) == 2
    assert read["en"] == "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\ngood day\n\n"
    assert "<" not in read["zh-CN"]


def test_refusals_with_a_number_are_said_in_chinese():
    for said in ("This video is longer than 300 seconds.", "This video is larger than 100 MB."):
        with speaking("zh-Hans"):
            assert why(Unfit(said)) not in ("", said)
        assert why(Unfit(said)) == said


def test_the_server_never_loads_what_reads_videos():
    told = "import sys, rubric.cli, rubric.serve; print('av' in sys.modules)"

    out = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True)  # noqa: S603

    assert out.stdout.strip() == "False"

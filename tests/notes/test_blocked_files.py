"""Files that must not be kept here: whichever way they come, they are refused (MED-10)."""

import hashlib

import pytest

from core.storage import digest_of, storage
from notes.attachments import Attachment
from notes.faces import keep_face
from notes.hashes import block
from notes.orders import Shape, Unfit
from notes.uploads import keep_upload, take_in
from tests.notes.films import film
from tests.notes.test_images import gradient, saved

REFUSED = "may not be shared here"


def sha256(data):
    """Its digest, as an operator gives it."""
    return hashlib.sha256(data).hexdigest()


async def stored():
    """All keys in the storage."""
    return {key async for key, _ in storage().files()}


async def test_MED_10_a_picture_and_a_video_are_refused_before_they_are_kept(settle, tmp_path):
    mei, picture = await settle("mei"), saved(gradient(300, 200), "JPEG")
    reel = film(tmp_path / "film.mp4")
    for each in (picture, reel.read_bytes()):
        await block(sha256(each))

    with pytest.raises(Unfit, match=REFUSED):
        await take_in(mei, picture)
    with pytest.raises(Unfit, match=REFUSED):
        await take_in(mei, reel.read_bytes())
    with pytest.raises(Unfit, match=REFUSED):
        await take_in(mei, reel)

    assert await Attachment.all().count() == 0
    assert await stored() == set()


@pytest.mark.parametrize("shape", [Shape.AVATAR, Shape.HEADER])
async def test_MED_10_a_portrait_and_a_banner_are_refused(settle, shape):
    await settle("mei")
    picture = saved(gradient(500, 500), "JPEG")
    await block(sha256(picture))

    with pytest.raises(Unfit, match=REFUSED):
        await keep_face(picture, shape)

    assert await stored() == set()


async def test_MED_10_what_we_would_make_of_it_is_refused_as_well(settle):
    mei, picture = await settle("mei"), saved(gradient(500, 500), "JPEG")
    face = await keep_face(picture, Shape.AVATAR)
    kept = await keep_upload(mei, picture)
    await block(digest_of(face.removeprefix("/media/")))
    await block(digest_of(kept.files[0].key))

    with pytest.raises(Unfit, match=REFUSED):
        await keep_face(picture, Shape.AVATAR)
    with pytest.raises(Unfit, match=REFUSED):
        await keep_upload(mei, picture)

"""Notes that come: written once, each with a number of its own."""

import itertools
from datetime import UTC, datetime

import pytest

from core import ids
from notes.attachments import Attachment, Media, shows_of
from notes.incoming import keep, prepare
from notes.note import Shows
from notes.reading import note_document_from
from outbox.create import publish
from outbox.draft import Draft
from tests.factories import stranger

MOMENT = datetime(2026, 11, 20, 10, tzinfo=UTC)


async def _kept(author, name: str, **more):
    document = {
        "id": f"https://elsewhere.example/n/{name}",
        "type": "Note",
        "attributedTo": author.uri,
        "content": f"<p>{name}</p>",
        "published": MOMENT.isoformat(),
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
    } | more
    return await keep(await prepare(note_document_from(document), author))


async def test_a_note_is_kept_once(here):
    author = await stranger("ana")

    first, is_new = await _kept(author, "one")
    again, is_new_again = await _kept(author, "one")

    assert (is_new, is_new_again) == (True, False)
    assert again.id == first.id
    assert again.author == author


async def test_two_notes_of_one_moment_never_share_a_number(here, monkeypatch):
    author = await stranger("ana")
    monkeypatch.setattr(ids, "_sequence", itertools.count(7))
    first, _ = await _kept(author, "one")
    monkeypatch.setattr(ids, "_sequence", itertools.count(7))

    second, is_new = await _kept(author, "two")

    assert is_new
    assert second.id != first.id
    assert second.content == "<p>two</p>"


@pytest.mark.parametrize(
    ("media", "shows"),
    [
        ((), Shows.TEXT),
        ((Media.AUDIO, Media.UNKNOWN), Shows.TEXT),
        ((Media.AUDIO, Media.IMAGE), Shows.PHOTOS),
        ((Media.GIFV,), Shows.PHOTOS),
        ((Media.IMAGE, Media.VIDEO), Shows.VIDEO),
    ],
)
def test_what_a_note_shows_follows_from_its_media(media, shows):
    assert shows_of(media) == shows


async def test_what_comes_and_what_is_written_here_says_what_it_shows(settle):
    mei, ana = await settle("mei"), await stranger("ana")
    film = {"type": "Document", "mediaType": "video/mp4", "url": "https://elsewhere.example/1.mp4"}
    upload = await Attachment.create(owner_id=mei.id, media=Media.IMAGE, media_type="image/jpeg")

    came, _ = await _kept(ana, "one", attachment=[film])
    words, _ = await _kept(ana, "two")
    written = await publish(mei, Draft(text="Look", attachments=[upload.id]))

    assert (came.shows, words.shows, written.shows) == (Shows.VIDEO, Shows.TEXT, Shows.PHOTOS)

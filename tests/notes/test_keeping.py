"""Notes that come: written once, each with a number of its own."""

import itertools
from datetime import UTC, datetime

from core import ids
from notes.incoming import keep, prepare
from notes.reading import note_document_from
from tests.factories import stranger

MOMENT = datetime(2026, 11, 20, 10, tzinfo=UTC)


async def _kept(author, name: str):
    document = {
        "id": f"https://elsewhere.example/n/{name}",
        "type": "Note",
        "attributedTo": author.uri,
        "content": f"<p>{name}</p>",
        "published": MOMENT.isoformat(),
        "to": ["https://www.w3.org/ns/activitystreams#Public"],
    }
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

"""/api/v1/statuses: notes and what was said around them."""

from typing import Any

import msgspec
from aiohttp import web

from actors.actor import Actor
from actors.follows import is_following
from core.paging import number
from core.rows import load, load_one
from inbox.slices import notes_of
from inbox.threads import thread_of
from notes.chosen import CHOSEN
from notes.filters import Context as Place
from notes.mentions import Mention
from notes.note import Audience, Edit, Note
from notes.visibility import OPEN
from web.api.access import account_of, reader_of
from web.api.answers import answer, ts
from web.api.asked import asked
from web.api.entities.accounts import account_of as shown_account
from web.api.entities.boards import with_boards
from web.api.entities.emojis import emojis_of
from web.api.entities.statuses import status_of, statuses_of
from web.api.entities.words import content_of, words_of
from web.building.decisions import stub_of
from web.errors import Missing
from web.render import absolute

MOST_AT_ONCE = 20
# Whom these name may see them, and an edit may name one more.
_NAMING = (*CHOSEN, Audience.PEOPLE, Audience.FOLLOWERS)
MOST_ABOVE, MOST_BELOW = 40, 60  # for who has no token


class Context(msgspec.Struct):
    """What stands above a status, oldest first, and below it, branch by branch."""

    ancestors: list[msgspec.Raw]
    descendants: list[msgspec.Raw]


class StatusSource(msgspec.Struct):
    """A status as its author typed it."""

    id: str
    text: str
    spoiler_text: str


async def show(request: web.Request) -> web.Response:
    """One status, if the caller may see it, with the boards it is on."""
    try:
        note = await found_note(request)
    except Missing:
        if removed := await _removed(request):
            return answer({"error": "Record not found", "rubric": {"removed": removed}}, status=404)
        raise
    reader = reader_of(request)
    return answer(await with_boards(await status_of(note, reader), note, reader))


async def _removed(request: web.Request) -> dict[str, str] | None:
    """Say by which decision a status went, as the page says where it was; None for all else."""
    found = Note.filter(id=number(request.match_info["id"]) or 0, hidden_at__not_isnull=True)
    note = await found.filter(audience__in=list(OPEN), boost_of_id=None).first()
    stub = await stub_of(note) if note else None
    if stub is None or stub.notice is None:
        return None
    notice = stub.notice
    return {
        "decided_on": notice.decided_on.isoformat(),
        "rule": notice.rule,
        "record_url": absolute(notice.record_url),
        "appeal": notice.appeal,
    }


async def index(request: web.Request) -> web.Response:
    """Several statuses at once, those that the caller may see."""
    ids = (await asked(request)).ids("id", MOST_AT_ONCE)
    reader = reader_of(request)
    return answer(await statuses_of(await notes_of(ids, reader), reader))


async def context(request: web.Request) -> web.Response:
    """The thread around a status."""
    note, reader = await found_note(request), reader_of(request)
    thread = await thread_of(note, reader)
    above, below = thread.ancestors, in_order(note, thread.descendants)
    if reader is None:
        above, below = above[-MOST_ABOVE:], below[:MOST_BELOW]
    shown = await statuses_of([*above, *below], reader, Place.THREAD)
    return answer(Context(shown[: len(above)], shown[len(above) :]))


async def card(request: web.Request) -> web.Response:
    """What the first link of a status leads to, or nothing: for old apps."""
    note = await found_note(request)
    words = msgspec.json.decode((await words_of([note]))[note.id])
    return answer(words["card"] or {})


async def source(request: web.Request) -> web.Response:
    """One's own note as it was typed."""
    note = await own_note(request)
    return answer(StatusSource(str(note.id), note.source, note.summary))


async def history(request: web.Request) -> web.Response:
    """Every version of a note, the first one first."""
    note = await found_note(request)
    edits = await edits_for(note, reader_of(request))
    account = await shown_account(note.author)
    now_said = msgspec.json.decode(await status_of(note, None))
    versions = [_version(each, account) for each in edits]
    last = {
        "content": now_said["content"],
        "spoiler_text": note.summary,
        "sensitive": note.is_sensitive,
        "created_at": ts(note.edited_at or note.created_at),
        "account": account,
        "media_attachments": now_said["media_attachments"],
        "emojis": emojis_of(note.emojis),
    }
    return answer([*versions, last])


async def edits_for(note: Note, reader: Actor | None) -> list[Edit]:
    """Load the older versions of a note, the first one first; whom an edit named in one for few
    sees none of those that were not for them."""
    edits = await load(Edit, "note_id = ? ORDER BY id", [note.id])
    if reader is None or note.author_id == reader.id or note.audience not in _NAMING:
        return edits
    if note.audience == Audience.FOLLOWERS and await is_following(reader, note.author):
        return edits
    mine = await load_one(Mention, "note_id = ? AND actor_id = ?", [note.id, reader.id])
    return [each for each in edits if mine and each.id > mine.id]


def in_order(note: Note, answers: list[Note]) -> list[Note]:
    """Put answers in the order of the thread: each before what answers it, the oldest first.

    What answers something that is not shown comes after all that hangs on the note.
    """
    below: dict[int, list[Note]] = {}
    for each in sorted(answers, key=lambda each: each.id, reverse=True):
        below.setdefault(each.in_reply_to_id or 0, []).append(each)
    known = {note.id, *(each.id for each in answers)}
    loose = [each for parent, group in below.items() if parent not in known for each in group]
    waiting = [*sorted(loose, key=lambda each: each.id, reverse=True), *below.get(note.id, [])]
    ordered = []
    while waiting:
        ordered.append(waiting.pop())
        waiting.extend(below.get(ordered[-1].id, []))
    return ordered


async def found_note(request: web.Request, name: str = "id") -> Note:
    """Find the note an address names, if the caller may see it; raises Missing (PRIV-02)."""
    return await seen_note(number(request.match_info[name]), reader_of(request))


async def seen_note(wanted: int | None, reader: Actor | None) -> Note:
    """Find a note by its id, if this reader may see it; raises Missing."""
    notes = await notes_of([wanted], reader) if wanted is not None else []
    if not notes:
        raise Missing(f"no note {wanted}")
    return notes[0]


async def own_note(request: web.Request) -> Note:
    """Find a note of the caller's own; raises Missing for everyone else's (OAU-06)."""
    note = await found_note(request)
    if note.author_id != account_of(request).actor.id or note.is_boost:
        raise Missing(request.path)
    return note


def _version(edit: Edit, account: msgspec.Raw) -> dict[str, Any]:
    return {
        "content": content_of(edit.title, edit.content),
        "spoiler_text": edit.summary,
        "sensitive": edit.is_sensitive,
        "created_at": ts(edit.written_at),
        "account": account,
        "media_attachments": [],
        "emojis": [],
    }

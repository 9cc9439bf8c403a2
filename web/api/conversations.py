"""/api/v1/conversations: private threads, each by its last note."""

from collections.abc import Sequence

import msgspec
from aiohttp import web

from actors.actor import Actor
from core import sql
from core.paging import number
from inbox.marked import messages
from inbox.slices import notes_of
from notes.conversations import last_of, mark_read, mark_unread, read_up_to, throw_away
from notes.filters import Context
from notes.note import Note
from web.api.access import account_of
from web.api.answers import answer, listed, nothing
from web.api.asked import asked
from web.api.entities.accounts import accounts_by_id
from web.api.entities.statuses import statuses_of
from web.api.timelines import timeline
from web.errors import Missing


class Conversation(msgspec.Struct):
    """A private thread; `accounts` are the others in it, or oneself where there is nobody else."""

    id: str
    unread: bool
    accounts: list[msgspec.Raw]
    last_status: msgspec.Raw | None


async def index(request: web.Request) -> web.Response:
    """One's private threads, that with the newest note first."""
    reader = account_of(request).actor
    found = await messages(reader, (await asked(request)).page())
    return listed(request, found, await _shown(found.rows, reader))


async def notes(request: web.Request) -> web.Response:
    """The last notes of one's private threads, as an elder timeline shows them."""
    reader = account_of(request).actor
    found = await messages(reader, (await asked(request)).page())
    return await timeline(request, found, Context.THREAD)


async def read(request: web.Request) -> web.Response:
    """Have read a private thread."""
    reader = account_of(request).actor
    note = await _last(request)
    await mark_read(reader, note)
    return answer((await _shown([note], reader))[0])


async def unread(request: web.Request) -> web.Response:
    """Have its last note still to read."""
    reader = account_of(request).actor
    note = await _last(request)
    await mark_unread(reader, note)
    return answer((await _shown([note], reader))[0])


async def delete(request: web.Request) -> web.Response:
    """Throw a private thread away; the notes stay, and it is back when somebody writes."""
    await throw_away(account_of(request).actor, await _last(request))
    return nothing()


async def _last(request: web.Request) -> Note:
    """Find the last note of one's own thread; raises Missing for those of others (OAU-06)."""
    reader, wanted = account_of(request).actor, number(request.match_info["id"])
    last = await last_of(reader, wanted) if wanted else None
    found = await notes_of([last], reader) if last else []
    if not found:
        raise Missing(request.path)
    return found[0]


async def conversation_of(last: Note, reader: Actor) -> Conversation:
    """Write a private thread by its last note, which the reader may see."""
    return (await _shown([last], reader))[0]


async def _shown(last: Sequence[Note], reader: Actor) -> list[Conversation]:
    people = await _people([note.id for note in last])
    accounts = await accounts_by_id({each for ids in people.values() for each in ids} | {reader.id})
    statuses = await statuses_of(last, reader, Context.THREAD)
    read_to = await read_up_to(reader, (note.thread_id for note in last))
    shown = []
    for note, status in zip(last, statuses, strict=True):
        others = [each for each in people[note.id] if each != reader.id] or [reader.id]
        # One's own note counts as read; after others' only what one said does.
        until = read_to.get(note.thread_id, note.id if note.author_id == reader.id else 0)
        known = [accounts[each] for each in others if each in accounts]
        shown.append(Conversation(str(note.thread_id), until < note.id, known, status))
    return shown


async def _people(notes: Sequence[int]) -> dict[int, list[int]]:
    """Return who takes part in these notes: who wrote them, then whom they are for."""
    rows = await sql.rows(
        "SELECT id AS note_id, author_id AS person, 0 AS rank FROM note"  # noqa: S608
        f" WHERE id IN ({sql.marks(notes)}) UNION ALL SELECT note_id, actor_id, id FROM mention"
        f" WHERE note_id IN ({sql.marks(notes)}) AND is_blind = ? ORDER BY 1, 3",
        [*notes, *notes, False],
    )
    found: dict[int, list[int]] = {number: [] for number in notes}
    for row in rows:
        found[row["note_id"]].append(row["person"])
    return {number: list(dict.fromkeys(people)) for number, people in found.items()}

"""/api/v1/statuses: notes, read and written."""

from aiohttp import web

from core.paging import number
from inbox.reading import notes_of
from notes.note import Note
from web.api.access import reader_of
from web.api.answers import answer
from web.api.entities.statuses import status_of
from web.errors import Missing


async def show(request: web.Request) -> web.Response:
    """One status, if the caller may see it."""
    return answer(await status_of(await found_note(request), reader_of(request)))


async def found_note(request: web.Request, name: str = "id") -> Note:
    """Find the note an address names, if the caller may see it; raises Missing (PRIV-02)."""
    wanted = number(request.match_info[name])
    notes = await notes_of([wanted], reader_of(request)) if wanted is not None else []
    if not notes:
        raise Missing(request.path)
    return notes[0]

"""Who quotes a status, who may, and taking that back (mastodon-api.md 5.2)."""

from aiohttp import web

from core import sql
from core.paging import cut, number, window
from inbox.slices import notes_of
from notes.quotes import quote_in
from notes.quoting import Quoting
from notes.visible import seen_by
from outbox.quote import revoke as take_back
from outbox.update import choose_quoting
from web.api.access import account_of, reader_of
from web.api.answers import answer, listed
from web.api.asked import Asked, asked
from web.api.entities.statuses import status_of, statuses_of
from web.api.errors import Invalid
from web.api.statuses import found_note, own_note, seen_note
from web.errors import Missing


async def index(request: web.Request) -> web.Response:
    """The notes that quote a note with its author's consent, as far as the reader may see them."""
    note, reader = await found_note(request), reader_of(request)
    page = (await asked(request)).page()
    seen, values = seen_by(reader)
    end, ends = window("n.id", page)
    rows = await sql.rows(
        "SELECT n.id FROM note_quote q JOIN note n ON n.id = q.note_id"  # noqa: S608
        " JOIN actor a ON a.id = n.author_id"
        f" WHERE q.quoted_id = ? AND q.state = 'accepted' AND {seen}{end}",
        [note.id, *values, *ends],
    )
    found = cut([row["id"] for row in rows], page)
    quoting = await notes_of(found.rows, reader)
    return listed(request, found, await statuses_of(quoting, reader))


async def revoke(request: web.Request) -> web.Response:
    """Let a note quote one's own no longer; the answer is that note."""
    author, quoted = account_of(request).actor, await own_note(request)
    note = await seen_note(number(request.match_info["quote_id"]), author)
    quote = await quote_in(note.id)
    if quote is None or quote.quoted_id != quoted.id:
        raise Missing(request.path)
    await take_back(author, note)
    return answer(await status_of(await seen_note(note.id, author), author))


async def choose(request: web.Request) -> web.Response:
    """Say who may quote one's own note from now on."""
    author, note = account_of(request).actor, await own_note(request)
    quoting = quoting_in(await asked(request))
    if quoting is None:
        raise Invalid({"quote_approval_policy": ("ERR_BLANK", "can't be blank")})
    await choose_quoting(author, note, quoting)
    return answer(await status_of(await seen_note(note.id, author), author))


def quoting_in(wanted: Asked) -> Quoting | None:
    """Read who may quote a note; None where that is not said."""
    said = wanted.text("quote_approval_policy")
    if not said:
        return None
    if said not in set(Quoting):
        raise Invalid({"quote_approval_policy": ("ERR_INCLUSION", "is not included in the list")})
    return Quoting(said)

"""What people do with a note by an app: like, boost, bookmark, pin, vote; and who did."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from actors.actor import Actor
from actors.blocks import apart_from
from core import sql
from core.ids import new_id
from core.paging import cut, number, window
from core.rows import load_ids, load_one
from inbox.slices import notes_of, whole_notes
from notes.chosen import CHOSEN, Condition
from notes.conversations import mute_thread, unmute_thread
from notes.note import Audience, Note
from notes.polls import Poll
from notes.reactions import Bookmark
from outbox import add, announce, like, undo
from outbox import vote as voting
from web.api.access import account_of, reader_of
from web.api.answers import answer, listed
from web.api.asked import asked
from web.api.entities.accounts import accounts_of
from web.api.entities.polls import poll_for
from web.api.entities.statuses import status_of
from web.api.errors import ApiError
from web.api.statuses import found_note, seen_note
from web.errors import Missing
from web.keys import Handler

Act = Callable[[Actor, Note], Awaitable[object]]

PEOPLE, MOST_PEOPLE = 40, 80


def act(verb: Act) -> Handler:
    """Make the address of an act; it answers with the note as it is now."""

    async def handler(request: web.Request) -> web.StreamResponse:
        actor = account_of(request).actor
        note = await itself(await found_note(request))
        await verb(actor, note)
        return answer(await status_of(await seen_note(note.id, actor), actor))

    return handler


async def bookmark(actor: Actor, note: Note) -> None:
    """Keep a note for later."""
    await Bookmark.get_or_create(actor_id=actor.id, note_id=note.id, defaults={"id": new_id()})


async def unbookmark(actor: Actor, note: Note) -> None:
    """Keep it no longer."""
    await Bookmark.filter(actor_id=actor.id, note_id=note.id).delete()


async def reblog(request: web.Request) -> web.Response:
    """Boost a note; the answer is the boost, the same one however often it is asked."""
    actor = account_of(request).actor
    row = await announce.boost(actor, await itself(await found_note(request)))
    return answer(await status_of(await seen_note(row.id, actor), actor))


async def favourited_by(request: web.Request) -> web.Response:
    """Who likes a note; of one for few not those of whom the caller must not learn."""
    note = await itself(await found_note(request))
    some, values = known_among(note, reader_of(request))
    statement = f'SELECT id, actor_id FROM "like" WHERE note_id = ?{some}'  # noqa: S608  constants
    return await _people(request, statement, "id", note, values)


async def reblogged_by(request: web.Request) -> web.Response:
    """Who boosted a note for everyone."""
    note = await itself(await found_note(request))
    statement = (
        "SELECT id, author_id AS actor_id FROM note"
        " WHERE boost_of_id = ? AND deleted_at IS NULL AND audience = 'public'"
    )
    return await _people(request, statement, "id", note)


async def poll(request: web.Request) -> web.Response:
    """A poll, if the caller may see its note."""
    row, note = await _poll(request)
    return answer(await poll_for(row, note, reader_of(request)))


async def vote(request: web.Request) -> web.Response:
    """Answer a poll, once."""
    actor = account_of(request).actor
    row, note = await _poll(request)
    wanted = (await asked(request)).texts("choices", 50)
    choices = [-1 if (each := number(text)) is None else each for text in wanted]
    if not choices or not all(0 <= each < len(row.options) for each in choices):
        raise ApiError("The chosen vote option does not exist")
    if (await poll_for(row, note, actor)).voted:
        raise ApiError("You have already voted on this poll")
    await voting.vote(actor, note, choices)
    row, note = await _poll(request)
    return answer(await poll_for(row, note, actor))


ACTS: dict[str, tuple[Act, str]] = {
    "favourite": (like.like, "favourites"),
    "unfavourite": (undo.unlike, "favourites"),
    "unreblog": (undo.unboost, "statuses"),
    "bookmark": (bookmark, "bookmarks"),
    "unbookmark": (unbookmark, "bookmarks"),
    "pin": (add.pin, "accounts"),
    "unpin": (add.unpin, "accounts"),
    "mute": (mute_thread, "mutes"),
    "unmute": (unmute_thread, "mutes"),
}


async def itself(note: Note) -> Note:
    """Return what a boost boosts: apps ask for either."""
    if not note.is_boost:
        return note
    return (await whole_notes([note.boost_of_id or 0]))[note.boost_of_id or 0]


async def _poll(request: web.Request) -> tuple[Poll, Note]:
    row = await load_one(Poll, "id = ?", [number(request.match_info["id"])])
    notes = await notes_of([row.note_id], reader_of(request)) if row else []
    if row is None or not notes:
        raise Missing(request.path)
    return row, notes[0]


def known_among(note: Note, reader: Actor | None) -> Condition:
    """Say of whom among those who did something to a note a reader learns; its author, of all.

    Whom a note for mutuals or circles is for is nobody else's business, nor who was named blindly.
    """
    number = reader.id if reader else 0
    if note.author_id == number or note.audience not in (*CHOSEN, Audience.PEOPLE):
        return "", []
    known, values = " AND (actor_id IN (?, ?)", [number, note.author_id]
    if note.audience == Audience.PEOPLE:
        known += " OR actor_id IN (SELECT m.actor_id FROM mention m WHERE m.note_id = ?"
        return f"{known} AND m.is_blind = ?))", [*values, note.id, False]
    return f"{known})", [*values]


async def _people(
    request: web.Request, statement: str, column: str, note: Note, values: Sequence[object] = ()
) -> web.Response:
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    end, ends = window(column, page)
    rows = {
        row["id"]: row["actor_id"]
        for row in await sql.rows(statement + end, [note.id, *values, *ends])
    }
    found = cut(list(rows), page)
    actors = await load_ids(Actor, (rows[each] for each in found.rows))
    reader = reader_of(request)
    apart = await apart_from(reader) if reader else ()
    people = [actors[rows[each]] for each in found.rows if rows[each] in actors]
    kept = [each for each in people if each.is_present and each not in apart]
    shown = await accounts_of(kept)
    return listed(request, found, [shown[each.id] for each in kept], newer="since_id")

"""/api/rubric/v1/boards: notes that somebody gathered, under a name."""

from aiohttp import web

from core.paging import number
from inbox.marked import of_board
from inbox.slices import whole_notes
from notes.boards import Board, Sharing, board_of, boards_by, may_look, notes_on, own_with
from outbox import gather
from outbox.refusals import NotValid
from web.api.access import account_of, reader_of
from web.api.accounts import seen_actor
from web.api.answers import answer, listed, nothing
from web.api.asked import Asked, asked
from web.api.entities import boards
from web.api.entities.statuses import statuses_of
from web.api.errors import Invalid
from web.api.interactions import itself
from web.api.statuses import seen_note
from web.errors import Missing
from web.refusals import why


async def index(request: web.Request) -> web.Response:
    """All boards of one's own, the newest first; with `status_id` those that a status is on."""
    owner, wanted = account_of(request).actor, await asked(request)
    if named := wanted.text("status_id"):
        note = await itself(await seen_note(number(named), owner))
        return answer(await boards.boards_of(await own_with(note, owner), owner))
    return answer(await boards.boards_of(await boards_by(owner, owner), owner))


async def of_account(request: web.Request) -> web.Response:
    """The boards of somebody: the public ones, all where it is oneself."""
    owner, reader = await seen_actor(request), reader_of(request)
    return answer(await boards.boards_of(await boards_by(owner, reader), reader))


async def show(request: web.Request) -> web.Response:
    """One board, if the caller may look at it; `secret` opens one that is shared by its link."""
    return answer(await boards.board_of(await _seen(request), reader_of(request)))


async def statuses(request: web.Request) -> web.Response:
    """What the caller may see of what is on a board, the last put there first."""
    board, reader = await _seen(request), reader_of(request)
    found = await of_board(board.id, reader, (await asked(request)).page())
    return listed(request, found, await statuses_of(found.rows, reader))


async def create(request: web.Request) -> web.Response:
    """Make a board, for oneself alone unless the app says otherwise."""
    owner, wanted = account_of(request).actor, await asked(request)
    name, sharing = wanted.needed("name"), _sharing(wanted) or Sharing.PRIVATE
    try:
        board = await gather.make(owner, name, about=wanted.text("about") or "", sharing=sharing)
    except NotValid as error:
        raise _invalid(error) from error
    return answer(await boards.board_of(board, owner))


async def save(request: web.Request) -> web.Response:
    """Change a board; what is not said stays."""
    board, wanted = await _own(request), await asked(request)
    name, about = wanted.text("name"), wanted.text("about")
    try:
        await gather.change(
            board,
            name=board.name if name is None else name,
            about=board.about if about is None else about,
            sharing=_sharing(wanted) or board.sharing,
        )
    except NotValid as error:
        raise _invalid(error) from error
    return answer(await boards.board_of(board, board.owner))


async def delete(request: web.Request) -> web.Response:
    """Drop a board; what was on it stays where it is."""
    await gather.delete(await _own(request))
    return nothing()


async def add(request: web.Request) -> web.Response:
    """Put a status on a board."""
    board = await _own(request)
    wanted = number((await asked(request)).needed("status_id"))
    await gather.put(board, await itself(await seen_note(wanted, board.owner)))
    return nothing()


async def remove(request: web.Request) -> web.Response:
    """Take a status off a board, also one that is not to be seen any more."""
    board, wanted = await _own(request), number(request.match_info["status_id"]) or 0
    found = (await whole_notes([wanted])).get(wanted)
    note = await itself(found) if found else None
    if note is None or not await notes_on(board, [note.id]):
        raise Missing(request.path)
    await gather.take_off([board.id], note)
    return nothing()


async def _seen(request: web.Request) -> Board:
    board = await board_of(number(request.match_info["id"]) or 0)
    secret = (await asked(request)).text("secret") or ""
    if board is None or not await may_look(reader_of(request), board, secret):
        raise Missing(request.path)
    return board


async def _own(request: web.Request) -> Board:
    board = await board_of(number(request.match_info["id"]) or 0)
    if board is None or board.owner_id != account_of(request).actor.id:
        raise Missing(request.path)
    return board


def _sharing(wanted: Asked) -> Sharing | None:
    text = wanted.text("sharing")
    if not text:
        return None
    if text not in set(Sharing):
        raise Invalid({"sharing": ("ERR_INCLUSION", "is not included in the list")})
    return Sharing(text)


def _invalid(error: NotValid) -> Invalid:
    return Invalid({error.field: ("ERR_INVALID", why(error))})

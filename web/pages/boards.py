"""Boards: looking at them, making them, and what is put on them."""

from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor
from core.paging import Page, number
from inbox.marked import bookmarks, of_board
from notes.boards import (
    Board,
    Sharing,
    board_of,
    boards_by,
    boards_holding,
    may_look,
    notes_on,
)
from outbox import gather
from outbox.refusals import NotAllowed, NotValid
from web.asking import acting, reader, signed_in
from web.building.boards import board_cards
from web.building.notes import note_cards
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.narrowing import wanted_shows
from web.pages.home import cards_page, feed
from web.pages.note import find_note, visible_note
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Choice, Form

SAVES = 40


async def page(request: web.Request) -> web.StreamResponse:
    """Show a board to whoever may look; to others it is as if there were none (PRIV-02)."""
    viewer = await reader(request)
    board = await board_called(request.match_info["key"], viewer)
    found = await of_board(board.id, viewer, cards_page(request), shows=wanted_shows(request))
    (card,) = await board_cards([board], viewer)
    source = f"board:{request.match_info['key']}"
    return render(
        request, "board.html", board=card, **await feed(request, found, viewer, source=source)
    )


async def show_new(request: web.Request) -> web.StreamResponse:
    """The form for a new board."""
    await signed_in(request)
    return _form(request, Form(values={"sharing": Sharing.PUBLIC.value}))


async def make(request: web.Request) -> web.StreamResponse:
    """Make a board."""
    account = await acting(request)
    form = await read_form(request)
    try:
        board = await gather.make(
            account.actor, form.text("name"), about=form.text("about"), sharing=_sharing(form)
        )
    except NotValid as error:
        return _form(request, form.shown({error.field: why(error)}))
    return web.Response(status=303, headers={"Location": board.page})


async def show_edit(request: web.Request) -> web.StreamResponse:
    """The form for changing one's board."""
    board = await _own(request, await signed_in(request))
    values = {"name": board.name, "about": board.about, "sharing": board.sharing.value}
    return _form(request, Form(values=values), board)


async def edit(request: web.Request) -> web.StreamResponse:
    """Change one's board."""
    account = await acting(request)
    form = await read_form(request)
    board = await _own(request, account)
    try:
        await gather.change(
            board, name=form.text("name"), about=form.text("about"), sharing=_sharing(form)
        )
    except NotValid as error:
        return _form(request, form.shown({error.field: why(error)}), board)
    return web.Response(status=303, headers={"Location": board.page})


async def show_delete(request: web.Request) -> web.StreamResponse:
    """Ask once more before a board is deleted."""
    account = await signed_in(request)
    (card,) = await board_cards([await _own(request, account)], account.actor)
    return render(request, "board_delete.html", board=card)


async def delete(request: web.Request) -> web.StreamResponse:
    """Delete one's board; what was on it stays where it is."""
    account = await acting(request)
    await read_form(request)
    await gather.delete(await _own(request, account))
    response = web.Response(status=303, headers={"Location": f"{account.actor.page}/boards"})
    say(response, _("The board is deleted."))
    return response


async def show_add(request: web.Request) -> web.StreamResponse:
    """Show the last notes one bookmarked, to put some on a board."""
    account = await signed_in(request)
    board = await _own(request, account)
    (card,) = await board_cards([board], account.actor)
    kept = await bookmarks(account.actor, Page(limit=SAVES))
    on_it = await notes_on(board, [each.id for each in kept.rows])
    cards = await note_cards([each for each in kept.rows if each.id not in on_it], account.actor)
    return render(request, "board_add.html", board=card, notes=cards)


async def add(request: web.Request) -> web.StreamResponse:
    """Put the chosen notes on one's board."""
    account = await acting(request)
    form = await read_form(request)
    board = await _own(request, account)
    response = web.Response(status=303, headers={"Location": board.page})
    try:
        for each in form.all("note")[:SAVES]:
            if note := await find_note(each):
                await gather.put(board, note)
    except NotAllowed as error:
        say(response, why(error), "problem")
    return response


async def show_save(request: web.Request) -> web.StreamResponse:
    """Show on which of one's boards a note is."""
    account = await signed_in(request)
    return await _save_page(request, account, Form(values={"sharing": Sharing.PUBLIC.value}))


async def save(request: web.Request) -> web.StreamResponse:
    """Put a note on the boards that were ticked and on a new one, and take it off the others."""
    account = await acting(request)
    form = await read_form(request)
    note = await visible_note(request)
    boards = await boards_by(account.actor, account.actor)
    chosen = {number(each) for each in form.all("board")}
    try:
        if name := form.text("name"):
            wanted = [await gather.make(account.actor, name, sharing=_sharing(form))]
        else:
            wanted = []
        for board in (*wanted, *(each for each in boards if each.id in chosen)):
            board.owner = account.actor
            await gather.put(board, note)
    except (NotValid, NotAllowed) as error:
        return await _save_page(request, account, form.shown({_field(error): why(error)}))
    await gather.take_off([each.id for each in boards if each.id not in chosen], note)
    response = web.Response(status=303, headers={"Location": note.page})
    say(response, _("Your boards are as you chose."))
    return response


async def _save_page(request: web.Request, account: Account, form: Form) -> web.Response:
    note = await visible_note(request)
    boards = await boards_by(account.actor, account.actor)
    holding = await boards_holding(note.id, boards)
    (card,) = await note_cards([note], account.actor)
    return render(
        request,
        "save.html",
        status=422 if form.errors else 200,
        note=card,
        boards=await board_cards(boards, account.actor, holding=holding),
        form=form,
        sharings=_sharings(),
    )


async def board_called(key: str, viewer: Actor | None) -> Board:
    """Return the board that the last part of an address names, with its secret where it has one;
    raise Missing where the viewer may not look."""
    written, _, secret = key.partition("-")
    board = await board_of(number(written) or 0)
    if board is None or not await may_look(viewer, board, secret):
        raise Missing(key)
    return board


async def _own(request: web.Request, account: Account) -> Board:
    board = await board_of(number(request.match_info["key"]) or 0)
    if board is None or board.owner_id != account.actor.id:
        raise Missing(request.path)
    return board


def _form(request: web.Request, form: Form, board: Board | None = None) -> web.Response:
    return render(
        request,
        "board_form.html",
        status=422 if form.errors else 200,
        form=form,
        sharings=_sharings(),
        action=f"/boards/{board.id}/edit" if board else "/boards/new",
        back=board.page if board else "",
    )


def _sharing(form: Posted) -> Sharing:
    """Read with whom a board is shared; what is none of ours is kept to oneself."""
    given = form.text("sharing")
    return next((each for each in Sharing if each.value == given), Sharing.PRIVATE)


def _sharings() -> tuple[Choice, ...]:
    return (
        Choice("public", _("Public"), _("On your page, and for other servers to read.")),
        Choice("link", _("By link"), _("For whoever has the address; it cannot be guessed.")),
        Choice("private", _("Private"), _("For you alone.")),
    )


def _field(error: NotValid | NotAllowed) -> str:
    return error.field if isinstance(error, NotValid) else ""

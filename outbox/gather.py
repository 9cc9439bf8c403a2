"""Gathering notes on boards; nobody is told, and other servers look when they want to."""

from collections.abc import Collection

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.ids import new_id
from notes.boards import Board, BoardNote, Sharing, new_secret
from notes.note import Note
from notes.visibility import may_see
from outbox.refusals import NotAllowed, NotValid

MOST_BOARDS = 200
MOST_NOTES = 5_000
MOST_NAME, MOST_ABOUT = 80, 500


async def make(owner: Actor, name: str, *, about: str = "", sharing: Sharing) -> Board:
    """Make a board; raise NotValid for what is wrong with it, and where there are too many."""
    name, about = _checked(name, about)
    if await Board.filter(owner_id=owner.id).count() >= MOST_BOARDS:
        raise NotValid("name", "You have 200 boards. Delete one of them first.")
    try:
        async with in_transaction():
            board = await Board.create(
                owner_id=owner.id,
                name=name,
                about=about,
                sharing=sharing,
                secret=new_secret(sharing),
            )
    except IntegrityError as error:
        raise NotValid("name", "You have a board of this name.") from error
    board.owner = owner
    return board


async def change(board: Board, *, name: str, about: str, sharing: Sharing) -> None:
    """Change a board; who had its link loses it when it is shared in another way."""
    name, about = _checked(name, about)
    secret = board.secret if sharing is board.sharing else new_secret(sharing)
    try:
        async with in_transaction():
            await Board.filter(id=board.id).update(
                name=name, about=about, sharing=sharing, secret=secret
            )
    except IntegrityError as error:
        raise NotValid("name", "You have a board of this name.") from error
    board.name, board.about, board.sharing, board.secret = name, about, sharing, secret


async def delete(board: Board) -> None:
    """Take a board away; the notes stay where they are."""
    async with in_transaction():
        await BoardNote.filter(board_id=board.id).delete()
        await Board.filter(id=board.id).delete()


async def put(board: Board, note: Note) -> None:
    """Put a note on one's board, once; raise NotAllowed for what the owner may not see."""
    if note.is_boost or not await may_see(board.owner, note):
        raise NotAllowed("You cannot keep this note.")
    if await BoardNote.filter(board_id=board.id).count() >= MOST_NOTES:
        raise NotAllowed("This board holds as many notes as one can.")
    await BoardNote.get_or_create(board_id=board.id, note_id=note.id, defaults={"id": new_id()})


async def take_off(boards: Collection[int], note: Note) -> None:
    """Take a note off these boards."""
    await BoardNote.filter(board_id__in=list(boards), note_id=note.id).delete()


def _checked(name: str, about: str) -> tuple[str, str]:
    name, about = " ".join(name.split()), about.strip()
    if not name:
        raise NotValid("name", "Give the board a name.")
    if len(name) > MOST_NAME:
        raise NotValid("name", "At most 80 characters.")
    if len(about) > MOST_ABOUT:
        raise NotValid("about", "At most 500 characters.")
    return name, about

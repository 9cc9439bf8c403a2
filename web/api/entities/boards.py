"""Boards as the API writes them, and which ones a status is on."""

from collections.abc import Sequence

import msgspec

from actors.actor import Actor
from core.rows import load_ids
from notes.attachments import Attachment, Media, load_files
from notes.boards import Board, boards_with, counts_on, fronts_of, own_with
from notes.note import Note
from notes.visibility import OPEN
from web.api.answers import ts
from web.api.entities.accounts import Account, accounts_of
from web.api.entities.media import MediaAttachment, media_of
from web.api.shapes_of_notes import BoardOfStatus
from web.render import absolute


class AboutBoard(msgspec.Struct):
    """What a board says of itself; `secret` opens one that is shared by its link."""

    id: str
    name: str
    about: str
    sharing: str
    url: str
    secret: str | None
    created_at: str
    statuses_count: int
    cover: MediaAttachment | None


class BoardEntity(AboutBoard, kw_only=True):
    """A board, with what of it the reader may see, and whose it is."""

    account: Account


async def boards_of(boards: Sequence[Board], reader: Actor | None) -> list[msgspec.Raw]:
    """Write these boards, in their order: seven queries at most, however full they are."""
    counts = await counts_on(boards, reader)
    covers = await _covers_of(await fronts_of(boards, reader))
    owners = await load_ids(Actor, (each.owner_id for each in boards))
    shown = await accounts_of(list(owners.values()))
    return [
        _with_account(
            _about(each, counts.get(each.id, 0), covers.get(each.id)), shown[each.owner_id]
        )
        for each in boards
    ]


async def board_of(board: Board, reader: Actor | None) -> msgspec.Raw:
    """Write one board."""
    return (await boards_of([board], reader))[0]


async def with_boards(status: msgspec.Raw, note: Note, reader: Actor | None) -> msgspec.Raw:
    """Name in a status that was written the boards it is on: public ones, and the reader's own."""
    about = note.boost_of if note.is_boost and note.boost_of else note
    own = await own_with(about, reader) if reader else []
    known = {each.id for each in own}
    others = [each for each in await boards_with(about, reader) if each.id not in known]
    parts = msgspec.json.decode(status, type=dict[str, msgspec.Raw])
    ours = msgspec.json.decode(parts["rubric"], type=dict[str, msgspec.Raw])
    ours["boards"] = msgspec.Raw(msgspec.json.encode([_named(each) for each in (*own, *others)]))
    parts["rubric"] = msgspec.Raw(msgspec.json.encode(ours))
    return msgspec.Raw(msgspec.json.encode(parts))


def _about(board: Board, many: int, cover: MediaAttachment | None) -> AboutBoard:
    return AboutBoard(
        id=str(board.id),
        name=board.name,
        about=board.about,
        sharing=board.sharing.value,
        url=absolute(board.page),
        secret=board.secret or None,
        created_at=ts(board.created_at),
        statuses_count=many,
        cover=cover,
    )


def _named(board: Board) -> BoardOfStatus:
    return BoardOfStatus(
        id=str(board.id),
        name=board.name,
        sharing=board.sharing.value,
        url=absolute(board.page),
        account_id=str(board.owner_id),
    )


def _with_account(about: AboutBoard, account: msgspec.Raw) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(about)[:-1] + b',"account":' + bytes(account) + b"}")


async def _covers_of(fronts: dict[int, int]) -> dict[int, MediaAttachment]:
    """Write for each board the first picture of the note that stands for it."""
    notes = await load_ids(Note, fronts.values())
    found = Attachment.filter(note_id__in=list(notes), media=Media.IMAGE)
    pictures = await load_files(await found.order_by("-position", "-id")) if notes else []
    first = {each.note_id: each for each in pictures}
    return {
        board: media_of(first[note], is_open=notes[note].audience in OPEN)
        for board, note in fronts.items()
        if note in first
    }

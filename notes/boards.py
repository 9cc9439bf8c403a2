"""Board: notes that somebody gathered, under a name."""

import hmac
import secrets
from collections.abc import Iterable, Sequence
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from actors.blocks import blocks_between
from core import sql
from core.clock import now
from core.ids import new_id
from core.rows import load, load_one
from notes.note import Note
from notes.visible import PRESENT, seen_by

MOST_SHOWN = 12


class Sharing(StrEnum):
    """Who may look at a board."""

    PUBLIC = "public"
    LINK = "link"
    PRIVATE = "private"


class Board(Model):
    """A named set of notes; what is on it is seen by those who may see the notes anyway.

    `secret` is part of the address of a board that is shared by its link, and empty for others.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    owner: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="boards"
    )
    owner_id: int
    name = fields.CharField(max_length=80)
    about = fields.CharField(max_length=500, default="")
    sharing = fields.CharEnumField(Sharing, max_length=10, default=Sharing.PRIVATE)
    secret = fields.CharField(max_length=43, default="")
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "board"
        unique_together = [("owner", "name")]
        indexes = [("owner_id", "id")]

    @property
    def page(self) -> str:
        """The path of its page, which tells the secret to whoever is given it."""
        return f"/boards/{self.id}-{self.secret}" if self.secret else f"/boards/{self.id}"


class BoardNote(Model):
    """A note is on a board."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    board: fields.ForeignKeyRelation[Board] = fields.ForeignKeyField(
        "rubric.Board", related_name="kept"
    )
    board_id: int
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="on_boards"
    )
    note_id: int
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "board_note"
        unique_together = [("board", "note")]
        indexes = [("board_id", "id"), ("note_id",)]


def new_secret(sharing: Sharing) -> str:
    """Make the secret part of an address, if this kind of board has one."""
    return secrets.token_urlsafe(24) if sharing is Sharing.LINK else ""


async def board_of(number: int) -> Board | None:
    """Find a board with its owner."""
    board = await load_one(Board, "id = ?", [number])
    if board:
        board.owner = await Actor.get(id=board.owner_id)
    return board


async def may_look(viewer: Actor | None, board: Board, secret: str = "") -> bool:
    """Tell whether a viewer who brings this secret may look at a board; the owner is loaded."""
    if not board.owner.is_present:
        return False
    if viewer is not None and viewer.id == board.owner_id:
        return True
    if board.sharing is Sharing.PRIVATE:
        return False
    is_told = hmac.compare_digest(board.secret.encode(), secret.encode())
    if board.sharing is Sharing.LINK and not is_told:
        return False
    return viewer is None or not await blocks_between(board.owner_id, viewer.id)


async def boards_by(owner: Actor, viewer: Actor | None) -> list[Board]:
    """List someone's boards, the newest first: all of one's own, the public ones of others."""
    if viewer is not None and viewer.id == owner.id:
        return await load(Board, "owner_id = ? ORDER BY id DESC", [owner.id])
    if not owner.is_present or (viewer and await blocks_between(owner.id, viewer.id)):
        return []
    return await load(Board, "owner_id = ? AND sharing = 'public' ORDER BY id DESC", [owner.id])


async def boards_with(note: Note, viewer: Actor | None) -> list[Board]:
    """List the public boards a note is on, the newest first, as far as the viewer meets owners."""
    number = viewer.id if viewer else 0
    found = await sql.rows(
        "SELECT b.id FROM board_note m JOIN board b ON b.id = m.board_id"  # noqa: S608  constants
        f" JOIN actor a ON a.id = b.owner_id WHERE m.note_id = ? AND b.sharing = 'public'"
        f" AND {PRESENT.format('a')} AND b.owner_id NOT IN (SELECT blocked_id FROM block"
        " WHERE blocker_id = ? UNION SELECT blocker_id FROM block WHERE blocked_id = ?)"
        " ORDER BY m.id DESC LIMIT ?",
        [note.id, False, number, number, MOST_SHOWN],
    )
    ids = [row["id"] for row in found]
    boards = await load(Board, f"id IN ({sql.marks(ids)})", ids) if ids else []
    return sorted(boards, key=lambda each: ids.index(each.id))


async def own_with(note: Note, owner: Actor) -> list[Board]:
    """List those of someone's own boards that a note is on, the newest first."""
    return await load(
        Board,
        "owner_id = ? AND id IN (SELECT board_id FROM board_note WHERE note_id = ?)"
        " ORDER BY id DESC",
        [owner.id, note.id],
    )


async def counts_on(boards: Iterable[Board], viewer: Actor | None) -> dict[int, int]:
    """Count what a viewer may see on each of these boards: one query."""
    ids = [each.id for each in boards]
    if not ids:
        return {}
    seen, values = seen_by(viewer)
    found = await sql.rows(
        "SELECT m.board_id, COUNT(*) AS many FROM board_note m"  # noqa: S608  constants
        " JOIN note n ON n.id = m.note_id JOIN actor a ON a.id = n.author_id"
        f" WHERE m.board_id IN ({sql.marks(ids)}) AND {seen} GROUP BY m.board_id",
        [*ids, *values],
    )
    return {row["board_id"]: row["many"] for row in found}


async def fronts_of(boards: Iterable[Board], viewer: Actor | None) -> dict[int, int]:
    """Find for each board the last kept note with a picture that needs no cover: one query."""
    ids = [each.id for each in boards]
    if not ids:
        return {}
    seen, values = seen_by(viewer)
    found = await sql.rows(
        "SELECT x.board_id, x.note_id FROM board_note x JOIN (SELECT MAX(m.id) AS id"  # noqa: S608
        " FROM board_note m JOIN note n ON n.id = m.note_id JOIN actor a ON a.id = n.author_id"
        f" WHERE m.board_id IN ({sql.marks(ids)}) AND n.shows <> 'text'"
        f" AND NOT n.is_sensitive AND n.summary = '' AND {seen} GROUP BY m.board_id) y"
        " ON y.id = x.id",
        [*ids, *values],
    )
    return {row["board_id"]: row["note_id"] for row in found}


async def boards_holding(note_id: int, boards: Sequence[Board]) -> set[int]:
    """Tell which of these boards a note is on."""
    ids = [each.id for each in boards]
    if not ids:
        return set()
    found = await sql.rows(
        f"SELECT board_id FROM board_note WHERE note_id = ? AND board_id IN ({sql.marks(ids)})",  # noqa: S608
        [note_id, *ids],
    )
    return {row["board_id"] for row in found}


async def notes_on(board: Board, notes: Sequence[int]) -> set[int]:
    """Tell which of these notes are on a board."""
    if not notes:
        return set()
    found = await sql.rows(
        f"SELECT note_id FROM board_note WHERE board_id = ? AND note_id IN ({sql.marks(notes)})",  # noqa: S608
        [board.id, *notes],
    )
    return {row["note_id"] for row in found}

"""What a generic program does about people and notes: one verb each, by the roads of outbox/."""

from typing import TypeVar

from actors.actor import Actor, by_uri
from actors.blocks import Block
from actors.follows import Follow, follow_between
from core.limits import count
from core.paging import number
from core.settings import settings
from federation.read import iri_of
from federation.vocabulary import type_of
from inbox.follow import answer_request
from notes.boards import Board, board_of
from notes.note import Note
from notes.reactions import Like
from outbox import add as pins
from outbox import announce as boosting
from outbox import block as blocking
from outbox import follow as following
from outbox import gather, undo
from outbox import like as liking
from outbox.accept import reject as refuse
from outbox.follow import pair
from web.api.errors import ApiError
from web.api.relationships import DAY, FOLLOWS_A_DAY
from web.c2s.said import Said, note_at, own_note, person_at
from web.c2s.sent import sent_as
from web.errors import Missing

T = TypeVar("T")


async def follow(said: Said) -> str:
    """Ask to follow someone."""
    await count(f"follows:{said.author.id}", most=FOLLOWS_A_DAY, seconds=DAY)
    row = await following.follow(said.author, await person_at(said.uri, said.author))
    return row.uri


async def like(said: Said) -> str:
    """Like a note."""
    note = await note_at(said.uri, said.author)
    await liking.like(said.author, note)
    return (await Like.get(actor_id=said.author.id, note_id=note.id)).uri


async def announce(said: Said) -> str:
    """Boost a note."""
    row = await boosting.boost(said.author, await note_at(said.uri, said.author))
    return row.uri


async def block(said: Said) -> str:
    """Have nothing to do with someone."""
    person = await person_at(said.uri, said.author)
    await blocking.block(said.author, person)
    return (await Block.get(blocker_id=said.author.id, blocked_id=person.id)).uri


async def accept(said: Said) -> str:
    """Let someone follow who asked."""
    asked, follower = await _request(said)
    if not asked.is_accepted:
        await answer_request(asked, follower, said.author, is_accepted=True)
    return await sent_as(said.author, "Accept", pair(follower, said.author))


async def reject(said: Said) -> str:
    """Let someone not follow, or no longer."""
    asked, follower = await _request(said)
    if asked.is_accepted:
        await refuse(asked.uri, follower, said.author)
    else:
        await answer_request(asked, follower, said.author, is_accepted=False)
    return await sent_as(said.author, "Reject", pair(follower, said.author))


async def add(said: Said) -> str:
    """Pin one's own note, or put a note on a board of one's own."""
    target = iri_of(said.document.get("target"))
    if target == said.author.featured_uri:
        note = await own_note(said.uri, said.author)
        await pins.pin(said.author, note)
        return await sent_as(said.author, "Add", note.uri)
    board = await _board(target, said.author)
    await gather.put(board, await note_at(said.uri, said.author))
    return settings().url(board.page)


async def remove(said: Said) -> str:
    """Take a pin away, or take a note off a board of one's own."""
    target = iri_of(said.document.get("target"))
    if target == said.author.featured_uri:
        note = await own_note(said.uri, said.author)
        await pins.unpin(said.author, note)
        return await sent_as(said.author, "Remove", note.uri)
    board = await _board(target, said.author)
    await gather.take_off([board.id], await note_at(said.uri, said.author))
    return settings().url(board.page)


async def unlike(said: Said) -> str:
    """Take a like back."""
    row = await _liked(said)
    note = await Note.get(id=row.note_id).select_related("author")
    await undo.unlike(said.author, note)
    return await sent_as(said.author, "Undo", row.uri)


async def unannounce(said: Said) -> str:
    """Take a boost back."""
    row = await _boost(said)
    note = await Note.get(id=row.boost_of_id).select_related("author")
    await undo.unboost(said.author, note)
    return await sent_as(said.author, "Undo", row.uri)


async def unfollow(said: Said) -> str:
    """Follow someone no longer, or take the asking back."""
    row = await _followed(said)
    followed = await Actor.get(id=row.followed_id)
    await undo.unfollow(said.author, followed)
    return await sent_as(said.author, "Undo", pair(said.author, followed))


async def unblock(said: Said) -> str:
    """Let someone come near again."""
    row = await _blocked(said)
    await undo.unblock(said.author, await Actor.get(id=row.blocked_id))
    return await sent_as(said.author, "Undo", row.uri)


async def kind_undone(said: Said) -> str:
    """Tell what kind of activity an Undo is about: what it says, or what we have of this id.

    Raises Missing for what is not the author's.
    """
    if kind := type_of(said.about):
        return kind
    author = said.author.id
    if await Like.exists(uri=said.uri, actor_id=author):
        return "Like"
    if await Follow.exists(uri=said.uri, follower_id=author):
        return "Follow"
    if await Block.exists(uri=said.uri, blocker_id=author):
        return "Block"
    if await Note.exists(uri=said.uri, author_id=author, boost_of_id__not_isnull=True):
        return "Announce"
    raise Missing(said.uri)


def _undone(said: Said) -> tuple[str, str]:
    """Return the id of what is undone and the id of what that was about; empty where unsaid."""
    about = said.about
    inner = iri_of(about.get("object")) if isinstance(about, dict) else None
    return iri_of(about) or "", inner or ""


async def _liked(said: Said) -> Like:
    uri, about = _undone(said)
    mine = Like.filter(actor_id=said.author.id)
    return _there(await mine.get_or_none(uri=uri) or await mine.get_or_none(note__uri=about))


async def _boost(said: Said) -> Note:
    uri, about = _undone(said)
    mine = Note.filter(author_id=said.author.id, deleted_at=None, boost_of_id__not_isnull=True)
    return _there(await mine.get_or_none(uri=uri) or await mine.get_or_none(boost_of__uri=about))


async def _followed(said: Said) -> Follow:
    uri, about = _undone(said)
    mine = Follow.filter(follower_id=said.author.id)
    return _there(await mine.get_or_none(uri=uri) or await mine.get_or_none(followed__uri=about))


async def _blocked(said: Said) -> Block:
    uri, about = _undone(said)
    mine = Block.filter(blocker_id=said.author.id)
    return _there(await mine.get_or_none(uri=uri) or await mine.get_or_none(blocked__uri=about))


def _there(row: T | None) -> T:
    if row is None:
        raise Missing("there is nothing of this to undo")
    return row


async def _request(said: Said) -> tuple[Follow, Actor]:
    """Find a follow of oneself by its id, or by who asked."""
    row = await Follow.get_or_none(uri=said.uri, followed_id=said.author.id)
    if row is None and isinstance(said.about, dict):
        follower = await by_uri(iri_of(said.about.get("actor")) or "")
        row = await follow_between(follower, said.author) if follower else None
    if row is None:
        raise Missing(said.uri)
    return row, await Actor.get(id=row.follower_id)


async def _board(target: str | None, owner: Actor) -> Board:
    start = settings().url("/boards/")
    if target is None or not target.startswith(start):
        raise ApiError("the `target` has to be your `featured` collection or a board of yours")
    board = await board_of(number(target.removeprefix(start).partition("-")[0]) or 0)
    if board is None or board.owner_id != owner.id:
        raise Missing(target)
    return board

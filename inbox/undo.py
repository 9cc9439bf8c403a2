"""Undo: of a follow, a like, a boost, a block, a report."""

from collections.abc import Awaitable, Callable
from typing import Any

from actors.actor import Actor, by_uri
from actors.blocks import Block
from actors.follows import Follow, end, follow_between
from federation.activity import Activity
from federation.read import iri_of
from federation.urls import same_origin
from federation.vocabulary import type_of
from inbox import ruled_here
from inbox.notifications import Event, untell
from inbox.timelines import take_from_home
from moderation.filing import withdraw
from moderation.reports import Report
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from notes.reactions import Like, count_like
from notes.removal import bury, remove_boost

# What moderators take back in a group of ours, whoever of them did it.
RULINGS = frozenset({"Block", "Delete", "Lock"})

Undoer = Callable[[str, dict[str, Any], Actor], Awaitable[bool]]


async def undo(activity: Activity, actor: Actor) -> None:
    """Revert what this very actor did; what has not come yet is marked, should it come (ORG-15)."""
    uri = activity.object_id or ""
    inner = activity.object if isinstance(activity.object, dict) else {}
    if type_of(inner) in RULINGS and await ruled_here.undo(activity, inner, actor):
        return
    for undoer in UNDOERS.get(activity.object_type, ANY):
        if await undoer(uri, inner, actor):
            return
    if uri and same_origin(uri, actor.uri) and not actor.is_local:
        await bury(uri, actor.uri)


async def _follow(uri: str, inner: dict[str, Any], actor: Actor) -> bool:
    if actor.is_local:
        return await _let_go(inner, actor)
    mine = Follow.filter(follower_id=actor.id).select_related("followed")
    follow = await mine.get_or_none(uri=uri)
    if follow is None and (followed := iri_of(inner.get("object"))):
        follow = await mine.filter(followed__uri=followed).first()
    if follow is None:
        return False
    await end(follow)
    await _untold(follow.followed, actor)
    return True


async def _let_go(inner: dict[str, Any], actor: Actor) -> bool:
    """Clear up after somebody here who follows no longer: their follow went with the letter.

    Another one may have taken its place since, and that one stays.
    """
    followed = await by_uri(iri_of(inner.get("object")) or "")
    if followed is None or inner.get("type") not in ("Follow", "Join"):
        return False
    if await follow_between(actor, followed) is None:
        await _untold(followed, actor)
        await take_from_home(actor, followed)
    return True


async def _untold(followed: Actor, follower: Actor) -> None:
    for event in (Event.FOLLOW, Event.FOLLOW_REQUEST):
        await untell(followed, event, follower)


async def _like(uri: str, inner: dict[str, Any], actor: Actor) -> bool:
    mine = Like.filter(actor_id=actor.id)
    like = await mine.get_or_none(uri=uri)
    if like is None and (liked := iri_of(inner.get("object"))):
        like = await mine.filter(note__uri=liked).first()
    if like is None:
        return False
    note = await Note.get(id=like.note_id).select_related("author")
    if await Like.filter(id=like.id).delete():
        await count_like(note, -1)
    await untell(note.author, Event.LIKE, actor, note)
    return True


async def _boost(uri: str, inner: dict[str, Any], actor: Actor) -> bool:
    mine = Note.filter(author_id=actor.id).exclude(boost_of_id=None)
    boost = await mine.get_or_none(uri=uri)
    if boost is None and (boosted := iri_of(inner.get("object"))):
        boost = await mine.filter(boost_of__uri=boosted).first()
    if boost is None or boost.boost_of_id is None:
        return False
    note = await Note.get(id=boost.boost_of_id).select_related("author")
    await remove_boost(boost)
    if actor.is_group and not actor.is_local:
        await _out_of_group(note, actor)
    await untell(note.author, Event.BOOST, actor, note)
    return True


async def _out_of_group(note: Note, group: Actor) -> None:
    """Let a note stand for itself again that a group no longer passes on."""
    accepted = GroupPost.filter(
        note_id=note.id, group_id=group.id, standing=Standing.ACCEPTED, locked_at=None
    )
    if await accepted.delete():
        await Note.filter(id=note.id, group_id=group.id).update(group_id=None)


async def _block(uri: str, inner: dict[str, Any], actor: Actor) -> bool:
    mine = Block.filter(blocker_id=actor.id)
    block = await mine.get_or_none(uri=uri)
    if block is None and (blocked := iri_of(inner.get("object"))):
        block = await mine.filter(blocked__uri=blocked).first()
    return bool(block and await Block.filter(id=block.id).delete())


async def _flag(uri: str, inner: dict[str, Any], actor: Actor) -> bool:
    if actor.is_local or not uri:
        return False
    report = await Report.get_or_none(uri=uri, sender_id=actor.id)
    if report is None:
        return False
    if report.is_open:
        await withdraw(report)
    return True


UNDOERS: dict[str, tuple[Undoer, ...]] = {
    "Follow": (_follow,),
    "Join": (_follow,),
    "Like": (_like,),
    "EmojiReact": (_like,),
    "Announce": (_boost,),
    "Block": (_block,),
    "Flag": (_flag,),
}
ANY: tuple[Undoer, ...] = (_follow, _like, _boost, _block, _flag)

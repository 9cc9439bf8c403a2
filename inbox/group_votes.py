"""Likes that a group elsewhere passes on, and taking them back."""

from cachetools import TTLCache
from tortoise.transactions import in_transaction

from federation.activity import Activity
from federation.errors import Refused
from federation.read import iri_of
from federation.urls import host_of
from inbox import like as liking
from inbox.fetch import known_note
from inbox.group_case import Case, doer_of
from notes.note import Note
from notes.reactions import Like

# Votes by the thousand are no reason to ask a server by the thousand (DOS-09).
ASKED_AN_HOUR = 300
_asked: TTLCache[str, int] = TTLCache(10_000, 3600)


async def like(activity: Activity, case: Case) -> None:
    """Count a like of a note in the group, once its own server or a proof shows it."""
    if await _note(activity) is None or await Like.exists(uri=activity.id):
        return
    _count(activity)
    liker = await doer_of(activity, case)
    async with in_transaction():
        await liking.like(activity, liker)


async def dislike(activity: Activity, case: Case) -> None:
    """Let a like go that its own giver turned into its contrary; dislikes are not counted here."""
    note = await _note(activity)
    if note is None or not await Like.exists(note_id=note.id, actor__uri=activity.actor):
        return
    _count(activity)
    disliker = await doer_of(activity, case)
    async with in_transaction():
        await liking.take_back(note, disliker)


async def unlike(activity: Activity, case: Case) -> None:
    """Let a like go that its giver took back."""
    inner = activity.object if isinstance(activity.object, dict) else {}
    note = await known_note(iri_of(inner.get("object")) or "")
    if note is None or iri_of(inner.get("actor")) != activity.actor:
        return
    if not await Like.exists(note_id=note.id, actor__uri=activity.actor):
        return
    _count(activity)
    liker = await doer_of(activity, case)
    async with in_transaction():
        await liking.take_back(note, liker)


async def _note(activity: Activity) -> Note | None:
    return await known_note(activity.object_id or "")


def _count(activity: Activity) -> None:
    if "proof" in activity.document:
        return
    host = host_of(activity.actor)
    asked = _asked.get(host, 0)
    if asked >= ASKED_AN_HOUR:
        raise Refused(f"{host} was asked about {asked} votes within an hour")
    _asked[host] = asked + 1

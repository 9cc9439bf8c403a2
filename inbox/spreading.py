"""What is said in a group of ours, by people here and elsewhere, goes on to all who follow it.

Asked after every activity that had its effect; a group answers for its house, so what it did not
let in, or what changed nothing, is not passed on (federation.md 10.3).
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from cachetools import TTLCache
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.memberships import members_here, membership_of
from core.jobs import Job, Lane, put_many
from core.rows import load_ids, load_one
from federation.activity import Activity, activity_from
from federation.read import iri_of
from federation.vocabulary import type_of
from inbox.timelines import put_in_homes
from notes.group_posts import Standing, post_of, stir
from notes.note import Audience, Note
from notes.reactions import Like
from notes.visibility import OPEN, may_see
from outbox.group_rulings import mark_of
from outbox.sent import Sent
from outbox.spread import bring_to_others, hide_thread, pass_on_activity, show_thread

REACTIONS = frozenset({"Like", "Dislike", "EmojiReact"})
SPREAD = frozenset({"Create", "Update", "Delete", "Undo"}) | REACTIONS

# How often an hour a group passes on that one person changed their mind about one note, changed it
# or deleted it: each time costs a letter to every server (DOS-09).
MOST_TURNS = 6
HOUR_S = 3600
LATE = "inbox.spread_late"
_turns: TTLCache[tuple[int, int, str], int] = TTLCache(50_000, HOUR_S)
_late: TTLCache[int, int] = TTLCache(50_000, HOUR_S)


async def spread_in_group(activity: Activity, actor: Actor) -> None:
    """Pass an activity on if it is about a note in a group that lives here; it may come twice."""
    group, note = await _inside(activity)
    if group is None or note is None or not await _may_go_on(activity, actor, group, note):
        return
    if activity.type == "Create" or _has_turn(activity, actor, note):
        await _spread(activity, actor, group, note)
    elif activity.type == "Update":
        await _put_off(activity, actor, note)


async def spread_late(payload: Mapping[str, Any]) -> None:
    """Pass on what a note says now that was changed too often; job `inbox.spread_late`."""
    activity = activity_from(payload["activity"])
    actor = await load_one(Actor, "id = ?", [payload["actor"]])
    group, note = await _inside(activity)
    if actor is None or group is None or note is None:
        return
    if await _may_go_on(activity, actor, group, note):
        async with in_transaction():
            await _spread(activity, actor, group, note)


async def _spread(activity: Activity, actor: Actor, group: Actor, note: Note) -> None:
    if actor.is_local and activity.type in ("Create", "Update", "Delete"):
        await bring_to_others(group, note, activity.id)
    if activity.type == "Create":
        await spread_note(group, note, await _as_sent(activity, actor))
        return
    await pass_on_activity(
        group,
        await _as_sent(activity, actor),
        note,
        uri=f"{group.uri}/a/{mark_of(activity.id)}",
        among_groups=_is_vote(activity),
    )
    if activity.type == "Delete":
        await hide_thread(group, note)


async def spread_note(group: Actor, note: Note, create: dict[str, Any]) -> None:
    """Pass a new note on, and show a new thread: boosted for microblogs, and in homes here."""
    await pass_on_activity(group, create, note, uri=f"{group.uri}/a/{note.id}")
    if await post_of(note) is None:
        await stir(note)
    elif not await show_thread(group, note):
        await put_in_homes(await members_here(group.id), note.id)


async def _inside(activity: Activity) -> tuple[Actor | None, Note | None]:
    """Return the group that lives here and the note in it that an activity is about, if any."""
    note = await _about(activity) if activity.type in SPREAD else None
    if note is None or note.audience not in (*OPEN, Audience.MEMBERS, Audience.SERVER):
        return None, None
    group = await load_one(Actor, "id = ?", [note.group_id])
    is_here = group is not None and group.is_local and group.is_present
    return (group, note) if is_here else (None, None)


async def _about(activity: Activity) -> Note | None:
    uri = activity.object_id
    if activity.type == "Undo":
        inner = activity.object
        is_reaction = isinstance(inner, dict) and type_of(inner) in REACTIONS
        uri = iri_of(inner.get("object")) if is_reaction else None
    note = await load_one(Note, "uri = ? AND group_id IS NOT NULL", [uri]) if uri else None
    if note is not None:
        note.author = (await load_ids(Actor, [note.author_id]))[note.author_id]
    return note


async def _had_effect(activity: Activity, actor: Actor, note: Note) -> bool:
    """Tell whether the note stands in the group, and whoever speaks of it may."""
    post = await post_of(note)
    if note.held_at is not None or (post and post.standing is not Standing.ACCEPTED):
        return False
    is_mine = note.author_id == actor.id
    match activity.type:
        case "Create" | "Update":
            return is_mine and note.deleted_at is None
        case "Delete":
            return is_mine and note.deleted_at is not None
    has_like = await Like.exists(actor_id=actor.id, note_id=note.id)
    return note.deleted_at is None and has_like == (activity.type in ("Like", "EmojiReact"))


async def _may_go_on(activity: Activity, actor: Actor, group: Actor, note: Note) -> bool:
    """Tell whether it had its effect and is passed on: of the banned, only that they withdraw what
    they said."""
    if not await _had_effect(activity, actor, note):
        return False
    if _is_vote(activity) and not await may_see(actor, note):
        return False
    if activity.type in ("Create", "Delete"):
        return True
    row = await membership_of(actor, group)
    return row is None or not row.is_banned


def _is_vote(activity: Activity) -> bool:
    return activity.type in REACTIONS or activity.type == "Undo"


def _has_turn(activity: Activity, actor: Actor, note: Note) -> bool:
    """Tell whether somebody may have a change of one note passed on once more within the hour."""
    turn = (actor.id, note.id, "" if _is_vote(activity) else activity.type)
    turns = _turns.get(turn, 0)
    if turns >= MOST_TURNS:
        return False
    _turns[turn] = turns + 1
    return True


async def _put_off(activity: Activity, actor: Actor, note: Note) -> None:
    """Have the newest version passed on when the hour is over; of several waits the last alone."""
    payload = msgspec.json.encode({"actor": actor.id, "activity": activity.document})
    waiting = Job.filter(id=_late.get(note.id, 0), name=LATE, leased=False)
    if not await waiting.update(payload=payload):
        ids = await put_many(LATE, [payload], lane=Lane.LATER, after_seconds=HOUR_S)
        _late[note.id] = ids[0]


async def _as_sent(activity: Activity, actor: Actor) -> dict[str, Any]:
    """Return an activity as it went out, with its proof, or as it came."""
    if actor.is_local and (sent := await Sent.get_or_none(uri=activity.id)):
        return sent.document()
    return activity.document

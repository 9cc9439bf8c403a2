"""What the moderators of a group elsewhere decide in it, and what of it shows here
(federation.md 10.4)."""

import structlog
from tortoise.transactions import in_transaction

from actors.actor import Actor, by_uri
from actors.follows import is_following
from actors.memberships import State, ban, membership_of, stand
from actors.remote import fetch
from federation.activity import Activity
from federation.errors import Gone, Malformed, NotFound
from federation.read import flag as says_yes
from federation.read import iri_of, moment, text
from federation.urls import same_origin
from federation.vocabulary import type_of
from inbox import group_votes
from inbox.create import show
from inbox.delete import depart
from inbox.fetch import fetched, known_note
from inbox.forwarded import believe
from inbox.group_case import Case, check_moderator, listed_moderators
from inbox.group_news import tell_author, tell_banned, tell_warned
from inbox.group_posts import belongs, land
from moderation.flags import file_remote
from notes.group_marks import settle_lock, settle_pin
from notes.group_posts import GroupPost, Standing
from notes.note import Note, Tombstone
from notes.reactions import Pin
from notes.removal import bury, remove, remove_boost
from notes.reviving import revive

log = structlog.get_logger()

MOST_PINS = 20
MOST_REMOVED = 500


def reason_of(activity: Activity) -> str:
    """Return what a moderator says for it; Mbin says a blank."""
    return text(activity.document, "summary")


async def delete(activity: Activity, case: Case) -> None:
    """Take away what its author withdrew, or what a moderator of the group removed."""
    uri = activity.object_id
    if uri is None:
        raise Malformed("a Delete of something without an id")
    if uri == activity.actor:
        await _left(uri, case)
        return
    note = await known_note(uri)
    if note is None:
        return
    if note.author.uri == activity.actor:
        await believe({"activity": activity.document}, case.budget)
        return
    await check_moderator(activity, case)
    if not await belongs(note, case):
        raise NotFound(f"{uri} is not in {case.group.uri}")
    await _remove(note, activity, case)
    if says_yes(activity.document.get("withReplies")):
        for each in await _below(note):
            await _remove(each, activity, case)


async def _left(uri: str, case: Case) -> None:
    """Look whether an account is gone that the group says is gone."""
    person = await Actor.get_or_none(uri=uri, local_name=None, gone_at=None)
    if person is None:
        return
    try:
        await fetch(uri, case.budget)
    except Gone:
        async with in_transaction():
            await depart(person)


async def _below(note: Note) -> list[Note]:
    found = Note.filter(thread_id=note.thread_id, id__gt=note.id, deleted_at=None)
    rows = await found.order_by("id").limit(MOST_REMOVED).select_related("author")
    under = {note.id}
    below = []
    for each in rows:
        if each.in_reply_to_id in under:
            under.add(each.id)
            below.append(each)
    return below


async def _remove(note: Note, activity: Activity, case: Case) -> None:
    """Take a note out of the group; who did it and why is kept beside it (ORG-07).

    One from elsewhere loses its words here, as it does there. One of ours stays its author's own.
    """
    by = await by_uri(activity.actor)
    values = {
        "group_id": case.group.id,
        "standing": Standing.REMOVED,
        "reason": reason_of(activity)[:500],
        "by_id": by.id if by else None,
        "pinned_at": None,
    }
    async with in_transaction():
        await _out_of_lists(note, case.group)
        if not note.is_local:
            await remove(note)
            await bury(note.uri, activity.actor)
        await GroupPost.update_or_create(note_id=note.id, defaults=values)
        await tell_author(note, case.group)
    log.info("note.taken_out", note=note.uri, group=case.group.uri, by=activity.actor)


async def _out_of_lists(note: Note, group: Actor) -> None:
    await Pin.filter(actor_id=group.id, note_id=note.id).delete()
    if boost := await Note.get_or_none(author_id=group.id, boost_of_id=note.id):
        await remove_boost(boost)


async def undo(activity: Activity, case: Case) -> None:
    """Take a decision back, or a like."""
    inner = activity.object if isinstance(activity.object, dict) else {}
    match type_of(inner):
        case "Like" | "Dislike" | "EmojiReact":
            await group_votes.unlike(activity, case)
        case "Delete":
            await _restore(iri_of(inner.get("object")) or "", activity, case)
        case "Lock":
            await _settle_lock(iri_of(inner.get("object")) or "", activity, case, is_locked=False)
        case "Block":
            await _unban(inner, activity, case)


async def _restore(uri: str, activity: Activity, case: Case) -> None:
    """Let a removed note stand again; its words come from its origin once more."""
    await check_moderator(activity, case)
    removed = GroupPost.filter(
        note__uri=uri, group_id=case.group.id, standing=Standing.REMOVED
    ).select_related("note__author")
    row = await removed.first()
    if row is None:
        return
    prepared = None if row.note.is_local else await fetched(uri, case.budget)
    async with in_transaction():
        await Tombstone.filter(uri=uri).delete()
        note = await revive(row.note, prepared) if prepared else row.note
        await _stands_again(row)
        await land(note, case, is_inside=True)
        if prepared:
            await show(note)


async def _stands_again(row: GroupPost) -> None:
    if row.note.in_reply_to_uri:
        await GroupPost.filter(id=row.id).delete()
    else:
        await GroupPost.filter(id=row.id).update(standing=Standing.ACCEPTED, reason="", by_id=None)


async def lock(activity: Activity, case: Case) -> None:
    """Close a thread, or what is below a comment, to answers; its author may as well."""
    await _settle_lock(activity.object_id or "", activity, case, is_locked=True)


async def _settle_lock(uri: str, activity: Activity, case: Case, *, is_locked: bool) -> None:
    note = await known_note(uri)
    if note is None or not await belongs(note, case):
        raise NotFound(f"{uri} is not in {case.group.uri}")
    if note.author.uri != activity.actor:
        await check_moderator(activity, case)
    await settle_lock(note, case.group, is_locked=is_locked, reason=reason_of(activity))


async def add(activity: Activity, case: Case) -> None:
    """Pin a note, or give somebody the keys: which, says the collection it is added to."""
    await check_moderator(activity, case)
    if activity.target_id == case.group.moderators_uri:
        await listed_moderators(case.group, case.budget, anew=True)
        return
    note = await _pinnable(activity, case)
    if note and await Pin.filter(actor_id=case.group.id).count() < MOST_PINS:
        await settle_pin(note, case.group, is_pinned=True)


async def remove_pin(activity: Activity, case: Case) -> None:
    """Take a pin away, or the keys."""
    await check_moderator(activity, case)
    if activity.target_id == case.group.moderators_uri:
        await listed_moderators(case.group, case.budget, anew=True)
        return
    if note := await _pinnable(activity, case):
        await settle_pin(note, case.group, is_pinned=False)


async def _pinnable(activity: Activity, case: Case) -> Note | None:
    featured = case.group.featured_uri
    if not featured or activity.target_id != featured:
        return None
    note = await known_note(activity.object_id or "")
    if note is None or not await belongs(note, case):
        raise NotFound(f"{activity.object_id} is not in {case.group.uri}")
    return note


async def block(activity: Activity, case: Case) -> None:
    """Keep somebody out of the group, until an end or for good; those of ours are told."""
    if activity.target_id != case.group.uri:
        raise NotFound(f"{activity.target_id} is not {case.group.uri}")
    await check_moderator(activity, case)
    person = await by_uri(activity.object_id or "")
    if person is None:
        return
    document = activity.document
    until = moment(document.get("endTime")) or moment(document.get("expires"))
    by = await by_uri(activity.actor)
    reason = reason_of(activity)
    async with in_transaction():
        await ban(person, case.group, reason=reason, until=until, by_id=by.id if by else None)
        await tell_banned(person, case.group)
    if says_yes(document.get("removeData")):
        for note in await _notes_in(case.group, person):
            await _remove(note, activity, case)


async def _notes_in(group: Actor, person: Actor) -> list[Note]:
    found = Note.filter(group_id=group.id, author_id=person.id, deleted_at=None, boost_of_id=None)
    return await found.order_by("-id").limit(MOST_REMOVED).select_related("author")


async def _unban(inner: dict[str, object], activity: Activity, case: Case) -> None:
    if iri_of(inner.get("target")) != case.group.uri:
        return
    await check_moderator(activity, case)
    person = await by_uri(iri_of(inner.get("object")) or "")
    row = await membership_of(person, case.group) if person else None
    if person is None or row is None or row.state is not State.BANNED:
        return
    state = State.MEMBER if await is_following(person, case.group) else State.LEFT
    await stand(person.id, case.group.id, state)


async def flag(activity: Activity, case: Case) -> None:
    """Take a report that is passed on as one by the group: who made it, we cannot tell."""
    async with in_transaction():
        await file_remote(activity, case.group)


async def warn(activity: Activity, case: Case) -> None:
    """Tell the author of a note that a moderator warned them, and why."""
    await check_moderator(activity, case)
    note = await known_note(activity.object_id or "")
    if note is None or not note.is_local or not await belongs(note, case):
        return
    await tell_warned(note, case.group, reason_of(activity))


async def move(activity: Activity, case: Case) -> None:
    """Let a thread stand in another group of the same server, or one they moderate as well."""
    await check_moderator(activity, case)
    target = await by_uri(activity.target_id or "")
    note = await known_note(activity.object_id or "")
    if note is None or target is None or not target.is_group or target.is_local:
        raise NotFound(f"{activity.object_id} or {activity.target_id} is not known")
    if not await belongs(note, case):
        raise NotFound(f"{note.uri} is not in {case.group.uri}")
    if not same_origin(target.uri, case.group.uri):
        await check_moderator(activity, Case(target, "", case.budget))
    async with in_transaction():
        await _out_of_lists(note, case.group)
        await Note.filter(thread_id=note.thread_id, group_id=case.group.id).update(
            group_id=target.id
        )
        await GroupPost.filter(note_id=note.id).update(group_id=target.id)

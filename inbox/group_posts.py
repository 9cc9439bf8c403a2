"""Notes that a group elsewhere passes on: they land in it, once, and in its readers' homes."""

from collections.abc import Sequence
from datetime import datetime

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.follows import readers_of
from actors.refreshing import want_refresh
from core import sql
from core.clock import now
from core.ids import new_id
from federation.activity import Activity
from federation.errors import FederationError, Malformed, Refused, Unreachable
from federation.urls import MAX_IRI
from federation.vocabulary import ACTOR_TYPES
from inbox.closed_groups import for_members
from inbox.create import show
from inbox.fetch import believed, fetched, known_note, want_thread
from inbox.forwarded import proven
from inbox.group_case import Case
from inbox.notifications import Event, tell
from inbox.timelines import put_in_homes
from notes.group_posts import GroupPost, Standing, carry, group_of
from notes.incoming import audience_for, is_buried, is_ours, keep
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.note_document import NoteDocument
from notes.prepared import Prepared
from notes.reactions import count_boost
from notes.reading import note_document_from
from notes.visibility import OPEN


class NoNote(Malformed):
    """What lives at an id is something, and no note."""


async def post(activity: Activity, case: Case) -> None:
    """Take in the note that somebody created in the group (federation.md 10.3)."""
    uri = activity.object_id
    if uri is None:
        raise Malformed("a Create of something without an id")
    if await known_note(uri) is None and not is_ours(uri) and await proven(activity, case.budget):
        # Their own proof counts as their server's word, and saves asking it.
        document = activity.object if isinstance(activity.object, dict) else {}
        read = note_document_from(document, by=activity.actor)
        await _take_in(await believed(read, case.budget), case)
        return
    await show_by_id(uri, case)


async def show_by_id(uri: str, case: Case) -> None:
    """Take in a note of which the group gave the id, as its origin has it; raises NoNote."""
    note = await known_note(uri)
    if note is None and is_ours(uri):
        raise NoNote(f"{uri} is no note of ours")
    if note is not None:
        await _pass_on(note, case, is_inside=await is_addressed(note, case))
        return
    if await Note.exists(uri=uri):
        # It was deleted or removed before.
        return
    try:
        prepared = await fetched(uri, case.budget)
    except Malformed as error:
        raise NoNote(str(error)) from error
    await _take_in(prepared, case)


async def actor_changed(activity: Activity, case: Case) -> bool:
    """Have a changed profile read again where it lives; False where it is no profile."""
    uri = activity.object_id or ""
    if activity.object_type not in ACTOR_TYPES and uri not in (case.group.uri, activity.actor):
        return False
    if await Actor.exists(uri=uri, local_name=None):
        await want_refresh(uri)
    return True


async def _take_in(prepared: Prepared, case: Case) -> None:
    """Keep a note and let it land, if it is for everyone or was posted in this group."""
    read, author = prepared.read, prepared.author
    is_inside = was_posted_in(read, case.group) or await _answers_inside(read, case.group)
    if is_inside:
        prepared = await for_members(prepared, case.group)
    async with in_transaction():
        if await is_buried(read.id, author.uri):
            return
        if read.is_vote or not (is_inside or audience_for(prepared) in OPEN):
            raise Refused(f"{read.id} was not posted in {case.group.uri}")
        note, is_new = await keep(prepared)
        if is_new:
            await show(note)
            await want_thread(note)
        if note.held_at is None:
            await land(note, case, is_inside=is_inside)
        if is_new and is_inside and read.flair:
            await carry(note, read.flair)


def was_posted_in(read: NoteDocument, group: Actor) -> bool:
    """Tell whether a note says itself that it is for a group, which adopts no others."""
    named = (href for href, _ in read.mentions)
    return group.uri in read.group_candidates or group.uri in named


async def _answers_inside(read: NoteDocument, group: Actor) -> bool:
    return bool(read.in_reply_to) and await Note.exists(uri=read.in_reply_to, group_id=group.id)


async def is_addressed(note: Note, case: Case) -> bool:
    """Tell whether a note we have was meant for the group; asks its origin where we cannot tell."""
    group = case.group
    if note.group_id == group.id or await Mention.exists(note_id=note.id, actor_id=group.id):
        return True
    read = None if note.is_local else await _at_origin(note, case)
    return read is not None and was_posted_in(read, group)


async def belongs(note: Note, case: Case) -> bool:
    """Tell whether a group has a say about a note: it passed it on, or answers for its thread, or
    the note names it as its place; to name it in passing is not enough (ORG-07).

    For what stands in a group of ours nobody else answers, whatever its author names since.
    """
    if note.group_id == case.group.id:
        return True
    if (place := await group_of(note)) and place.is_local:
        return False
    read = None if note.is_local else await _at_origin(note, case)
    return read is not None and case.group.uri in (*read.audience, read.target, *read.owners)


async def _at_origin(note: Note, case: Case) -> NoteDocument | None:
    try:
        return (await fetched(note.uri, case.budget)).read
    except Unreachable:
        raise
    except FederationError:
        return None


async def _pass_on(note: Note, case: Case, *, is_inside: bool) -> None:
    if note.audience not in OPEN and not is_inside:
        raise Refused(f"{case.group.uri} passed on a note that is not open")
    async with in_transaction():
        await land(note, case, is_inside=is_inside)


async def land(
    note: Note, case: Case, *, is_inside: bool, at: datetime | None = None, is_old: bool = False
) -> None:
    """Settle that a note stands in a group, and show it to who follows it; in a transaction.

    A comment is read below what it answers: homes would be flooded. `is_old` puts nothing there.
    """
    group = case.group
    if is_inside and not await _settle(note, group):
        return
    if note.in_reply_to_uri:
        return
    boost, is_new = await _boost(note, case, at)
    if is_new:
        await count_boost(note, 1)
        if note.author.is_local and not is_old:
            await tell(note.author, Event.BOOST, group, note)
    if not is_old:
        await put_in_homes(await _without(await readers_of(group.id, boosts=True), note), boost.id)


async def _settle(note: Note, group: Actor) -> bool:
    """Write where it stands; False for what the group removed before, or that is in another."""
    if note.group_id is None:
        await Note.filter(id=note.id, group_id=None).update(group_id=group.id)
        note.group_id = group.id
    if note.group_id != group.id:
        return True
    if note.in_reply_to_uri:
        await _stir(note, group)
        return not await GroupPost.exists(note_id=note.id, standing=Standing.REMOVED)
    row, is_new = await GroupPost.get_or_create(
        note_id=note.id,
        defaults={"id": new_id(), "group_id": group.id, "active": note.id},
    )
    if not is_new and row.standing in (Standing.PENDING, Standing.REFUSED):
        await GroupPost.filter(id=row.id).update(standing=Standing.ACCEPTED, reason="")
    return row.standing is not Standing.REMOVED


async def _stir(comment: Note, group: Actor) -> None:
    """Move the thread of a comment up among the active ones."""
    if comment.thread_id:
        await sql.rows(
            "UPDATE group_post SET active = ? WHERE note_id = ? AND group_id = ? AND active < ?",
            [comment.id, comment.thread_id, group.id, comment.id],
        )


async def _boost(note: Note, case: Case, at: datetime | None) -> tuple[Note, bool]:
    # Ids may be as long as what keeps them: an own one made of such an id is shortened.
    mark = f"#{note.id}-{case.group.id}"
    own = f"{note.uri[: MAX_IRI - len(mark)]}{mark}"
    is_free = case.announce and not await Note.exists(uri=case.announce)
    values = {
        "id": new_id(at or now()),
        "uri": case.announce if is_free else own,
        "kind": "Announce",
        "audience": Audience.PUBLIC if note.audience in OPEN else Audience.FOLLOWERS,
    }
    return await Note.get_or_create(author_id=case.group.id, boost_of_id=note.id, defaults=values)


async def _without(readers: Sequence[int], note: Note) -> list[int]:
    """Leave out who has the note at home already, because they follow its author."""
    if not readers:
        return []
    found = await sql.rows(
        "SELECT reader_id AS id FROM home_entry WHERE note_id = ?"  # noqa: S608
        f" AND reader_id IN ({sql.marks(readers)})",
        [note.id, *readers],
    )
    had = {row["id"] for row in found}
    return [each for each in readers if each not in had]

"""A note that comes in for a group of ours: let in, kept for its moderators, or sent back."""

from dataclasses import dataclass

from actors.actor import Actor, Kind
from actors.groups import Answer, Entry, See, may_post, settings_of
from core import sql
from core.jobs import put
from core.rows import load, load_one
from federation.activity import Activity
from notes.group_posts import Inside, Standing, begin, is_locked, known_flair
from notes.incoming import is_ours
from notes.note import Audience, Note
from notes.note_document import NoteDocument, audience_of
from outbox.spread import decline

LOCKED = Answer(Entry.REFUSED, "This thread is locked. It takes no more comments.")


@dataclass(frozen=True)
class Admission:
    """What a group of ours says to a note; `inside` is where it goes, when it is not refused."""

    group: Actor
    answer: Answer
    is_comment: bool
    inside: Inside

    @property
    def is_refused(self) -> bool:
        """Whether it is not let in."""
        return self.answer.entry is Entry.REFUSED


async def admission_of(read: NoteDocument, author: Actor) -> Admission | None:
    """Find the group of ours that a note is for, and what it says; None when it is for none."""
    parent = await _parent(read)
    group = await _group_of(parent) or await _addressed(read, author)
    if group is None:
        return None
    is_comment = parent is not None and parent.group_id == group.id
    answer = await may_post(group, author, is_comment=is_comment)
    if is_comment and parent and answer.entry is not Entry.REFUSED and await is_locked(parent):
        answer = LOCKED
    chosen = await settings_of(group)
    is_held = answer.entry is Entry.QUEUED
    inside = Inside(
        group=group,
        audience=Audience.MEMBERS if chosen.see is See.MEMBERS else None,
        standing=Standing.PENDING if is_held else Standing.ACCEPTED,
        is_held=is_held,
        is_comment=is_comment,
        flair=tuple(await known_flair(group, read.flair)),
    )
    return Admission(group, answer, is_comment, inside)


async def refuse(admission: Admission, author: Actor, activity: Activity) -> None:
    """Send it back with the reason (FEP-1b12)."""
    await decline(admission.group, author, activity.id, reason=admission.answer.reason)


async def settle_in(note: Note, inside: Inside, activity: Activity) -> None:
    """Begin its thread; one that waits is kept as it came, and the moderators are told."""
    is_away = note.held_at is not None
    await begin(note, inside, letter=activity.document if is_away else None)
    if inside.is_held:
        await put("inbox.tell_desk", {"group": inside.group.id, "note": note.id})


async def _parent(read: NoteDocument) -> Note | None:
    if not read.in_reply_to:
        return None
    return await load_one(Note, "uri = ? AND deleted_at IS NULL", [read.in_reply_to])


async def _group_of(parent: Note | None) -> Actor | None:
    if parent is None or parent.group_id is None or parent.audience == Audience.PEOPLE:
        return None
    found = await load_one(Actor, "id = ?", [parent.group_id])
    return found if found and found.is_local and found.is_present else None


async def _addressed(read: NoteDocument, author: Actor) -> Actor | None:
    """Take the first group of ours among the addressed and named; what is said to a few people is
    for no group, unless it is said to the group alone as in a closed one."""
    named = [href for href, _ in read.mentions]
    wanted = [each for each in (*read.group_candidates, read.context, *named) if each]
    ours = list(dict.fromkeys(each for each in wanted if is_ours(each)))[:50]
    if not ours:
        return None
    found = await load(
        Actor,
        f"uri IN ({sql.marks(ours)}) AND kind = ? AND local_name IS NOT NULL"
        " AND gone_at IS NULL AND suspended_at IS NULL",
        [*ours, Kind.GROUP.value],
    )
    groups = sorted(found, key=lambda each: ours.index(each.uri))
    if not groups:
        return None
    is_for_few = audience_of(read, author.followers_uri) == Audience.PEOPLE
    is_closed = (await settings_of(groups[0])).see is See.MEMBERS
    return groups[0] if is_closed or not is_for_few else None

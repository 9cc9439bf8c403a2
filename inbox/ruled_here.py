"""What moderators elsewhere decide in a group that lives here: only who runs it is heard
(ORG-07, MOD-04). It has its effect as if they sat here, and is passed on as it came."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from actors.actor import Actor, by_uri
from federation.activity import Activity
from federation.errors import NotFound, Refused, Unbelievable
from federation.read import flag as says_yes
from federation.read import iri_of, moment, text
from federation.vocabulary import type_of
from inbox.fetch import known_note
from moderation import group_acts, group_offices
from moderation.group_charter import change_as_told
from notes.note import Note
from outbox.refusals import NotAllowed, NotValid

NO_REASON = "A moderator gave no reason."


async def group_here(uri: str | None) -> Actor | None:
    """Find the group of ours that an id names."""
    found = await by_uri(uri) if uri else None
    return found if found and found.is_local and found.is_group and found.is_present else None


async def remove(activity: Activity, note: Note, moderator: Actor) -> None:
    """Take a note of somebody else's out of its group, by one of its moderators."""
    group = await _group_of(note)
    with _heard(activity):
        reason = text(activity.document, "summary").strip() or NO_REASON
        brought = activity.document
        await group_acts.remove(moderator, group, note, reason=reason, brought=brought)


async def lock(activity: Activity, moderator: Actor) -> None:
    """Lock: a moderator closes a thread of a group here to answers."""
    note = await known_note(activity.object_id or "")
    if note is None:
        raise NotFound(f"{activity.object_id} is not known here")
    group = await _group_of(note)
    with _heard(activity):
        reason = text(activity.document, "summary").strip() or NO_REASON
        brought = activity.document
        await group_acts.lock(moderator, group, note, reason=reason, brought=brought)


async def add(activity: Activity, group: Actor, moderator: Actor) -> None:
    """Pin a note in a group here, or make somebody a moderator."""
    await _settle(activity, group, moderator, group_acts.pin, group_offices.add_moderator)


async def take_off(activity: Activity, group: Actor, moderator: Actor) -> None:
    """Take a pin away, or an office."""
    await _settle(activity, group, moderator, group_acts.unpin, group_offices.remove_moderator)


async def _settle(
    activity: Activity, group: Actor, moderator: Actor, of_note: Any, of_person: Any
) -> None:
    uri = activity.object_id or ""
    is_role = activity.target_id == group.moderators_uri
    about = await by_uri(uri) if is_role else await known_note(uri)
    if about is None:
        raise NotFound(f"{uri} is not known here")
    with _heard(activity):
        doing = of_person if is_role else of_note
        await doing(moderator, group, about, brought=activity.document)


async def collection_owner(target: str | None) -> Actor | None:
    """Find the group of ours whose pins or moderators a collection lists."""
    base, _, name = (target or "").rpartition("/")
    return await group_here(base) if name in ("featured", "moderators") else None


async def block(activity: Activity, group: Actor, moderator: Actor) -> None:
    """Ban somebody from a group here."""
    person = await by_uri(activity.object_id or "")
    if person is None:
        raise NotFound(f"{activity.object_id} is not known here")
    document = activity.document
    with _heard(activity):
        await group_offices.ban(
            moderator,
            group,
            person,
            reason=text(document, "summary").strip() or NO_REASON,
            until=moment(document.get("endTime")) or moment(document.get("expires")),
            with_notes=says_yes(document.get("removeData")),
            brought=document,
        )


async def undo(activity: Activity, inner: dict[str, Any], moderator: Actor) -> bool:
    """Take a decision in a group here back; False where it is about none."""
    uri, kind = iri_of(inner.get("object")) or "", type_of(inner)
    reason = text(activity.document, "summary").strip()
    brought = activity.document
    if kind == "Block":
        group, person = await group_here(iri_of(inner.get("target"))), await by_uri(uri)
        if group is None or person is None:
            return False
        with _heard(activity):
            await group_offices.unban(moderator, group, person, reason=reason, brought=brought)
        return True
    note = await Note.get_or_none(uri=uri, deleted_at=None).select_related("author")
    found = await Actor.get_or_none(id=note.group_id) if note and note.group_id else None
    if note is None or found is None or not found.is_local:
        return False
    doing = group_acts.restore if kind == "Delete" else group_acts.unlock
    with _heard(activity):
        await doing(moderator, found, note, reason=reason, brought=brought)
    return True


async def change(activity: Activity, group: Actor, moderator: Actor) -> None:
    """Update(Group): a moderator elsewhere changes what a group here says of itself."""
    if not isinstance(activity.object, dict):
        raise Unbelievable(f"{moderator.uri} changed {group.uri} to nothing")
    with _heard(activity):
        await change_as_told(moderator, group, activity.object, brought=activity.document)


async def _group_of(note: Note) -> Actor:
    group = await Actor.get_or_none(id=note.group_id) if note.group_id else None
    if group is None or not group.is_local:
        raise NotFound(f"{note.uri} is in no group of ours")
    return group


@contextmanager
def _heard(activity: Activity) -> Iterator[None]:
    """Turn what a person here would read into what the inbox says of a letter."""
    try:
        yield
    except (NotAllowed, NotValid) as error:
        raise Refused(f"{activity.actor}: {error}") from error

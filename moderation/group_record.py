"""What those who run a group do beside deciding, in its public record: pins, roles, charter."""

from datetime import datetime
from enum import StrEnum

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.settings import settings
from federation.write import stamp
from moderation.policy import current
from moderation.record import EntryKind, RecordEntry, append
from moderation.states import Thing
from moderation.vocabulary import Naming
from notes.note import Note


class Act(StrEnum):
    """What was done."""

    PIN = "pin"
    UNPIN = "unpin"
    MODERATOR_IN = "moderator_in"
    MODERATOR_OUT = "moderator_out"
    OWNER = "owner"
    CHARTER = "charter"
    CLOSING = "closing"
    STAYS = "stays"
    CLOSED = "closed"
    SUCCESSION = "succession"


async def write_act(
    group: Actor,
    act: Act,
    *,
    by: Actor | None,
    person: Actor | None = None,
    note: Note | None = None,
    reason: str = "",
    until: datetime | None = None,
    changed: tuple[str, ...] = (),
) -> RecordEntry:
    """Put an act into the record of a group that lives here; call in the transaction of it.

    Who holds an office is named, as the list of moderators does; nobody else is.
    """
    entry = _entry(group, person, note)
    entry.document = {
        "id": settings().url(f"/record/{entry.id}"),
        "kind": EntryKind.ACT.value,
        "issued": stamp(now()),
        "scope": "group",
        "group": str(group.id),
        "act": act.value,
        "person": person.uri if person else None,
        "note": note.uri if note else None,
        "until": stamp(until) if until else None,
        "changed": list(changed),
        "reason": reason,
        "decided_by": _by(by),
    }
    return await append(entry, shown_at=now())


def _entry(group: Actor, person: Actor | None, note: Note | None) -> RecordEntry:
    return RecordEntry(
        id=new_id(),
        chain=f"group:{group.id}",
        kind=EntryKind.ACT,
        measure="",
        thing=(Thing.NOTE if note else Thing.GROUP).value,
        group_id=group.id,
        note_id=note.id if note else None,
        actor_id=person.id if person else None,
    )


def _by(actor: Actor | None) -> str:
    if actor is None:
        return "nobody"
    is_named = current().sections.transparency.moderator_names == Naming.NAME
    return actor.name if is_named else "group_moderator"

"""Taking words out of the public record: the only change of an entry, and an entry of its own."""

from copy import deepcopy
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.settings import settings
from moderation.audit import write_down
from moderation.case_machine import PART
from moderation.record import EntryKind, RecordEntry, append
from outbox.refusals import NotAllowed, NotValid

MOST_REASON = 1_000
# What somebody wrote; everything else is a fact, and stays.
WORDS = ("facts_summary", "explanation", "no_end_because", "reason", "appeal.reasons")


async def redact(
    entry: RecordEntry, admin: Actor, *, fields: list[str], reason: str, address: str = ""
) -> RecordEntry:
    """Take words out of an entry for good; return the entry that tells of it.

    The entry keeps the digest it was sealed with. Raises NotAllowed or NotValid.
    """
    if entry.kind == EntryKind.REDACTION:
        raise NotAllowed("What tells of words that were taken out stays as it is.")
    if entry.actor_id == admin.id:
        raise NotAllowed(PART)
    if not reason.strip():
        raise NotValid("why", "Say why they have to go.")
    chosen = sorted(set(fields) & set(words_of(entry)))
    if not chosen:
        raise NotValid("", "Choose what is taken out.")
    async with in_transaction():
        await RecordEntry.filter(id=entry.id).update(
            document=_without(dict(entry.document), chosen), redacted_at=now()
        )
        made = await append(_telling(entry, chosen, reason.strip()[:MOST_REASON]), shown_at=now())
        await write_down(
            admin.id,
            "record.redact",
            f"entry:{entry.id}",
            after={"fields": chosen, "entry": str(made.id)},
            reason=reason.strip(),
            address=address,
        )
    return made


def words_of(entry: RecordEntry) -> dict[str, str]:
    """Return the words an entry still has, by their place in its document."""
    if entry.kind == EntryKind.REDACTION:
        return {}
    found = {name: _at(dict(entry.document), name) for name in WORDS}
    return {name: text for name, text in found.items() if text}


def _at(document: dict[str, Any], name: str) -> str:
    outer, _, inner = name.partition(".")
    value = document.get(outer)
    if inner:
        value = value.get(inner) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _without(document: dict[str, Any], names: list[str]) -> dict[str, Any]:
    left = deepcopy(document)
    for name in names:
        outer, _, inner = name.partition(".")
        (left[outer] if inner else left).pop(inner or outer)
    left["redacted"] = sorted({*names, *document.get("redacted", [])})
    return left


def _telling(entry: RecordEntry, names: list[str], reason: str) -> RecordEntry:
    number = new_id()
    return RecordEntry(
        id=number,
        chain=entry.chain,
        kind=EntryKind.REDACTION,
        about_id=entry.id,
        group_id=entry.group_id,
        document={
            "id": settings().url(f"/record/{number}"),
            "kind": EntryKind.REDACTION.value,
            "about": settings().url(f"/record/{entry.id}"),
            "issued": now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "fields": names,
            "reason": reason,
        },
    )

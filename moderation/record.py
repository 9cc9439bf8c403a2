"""RecordEntry: the public record, in which each entry seals the one before (MOD-03)."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from core.clock import now
from core.ids import new_id
from federation.jcs import canonical

SERVER = "server"
FIRST = "0" * 64


class EntryKind(StrEnum):
    """What an entry tells: a decision, or what became of one; corrections are entries too, and in
    groups so is what else those who run them do (`act`); so are emergency changes of the policy."""

    DECISION = "decision"
    LIFTED = "lifted"
    EXPIRED = "expired"
    AMENDED = "amended"
    APPEAL = "appeal"
    REDACTION = "redaction"
    ACT = "act"
    EMERGENCY = "emergency"
    EMERGENCY_ENDED = "emergency_ended"


class RecordHead(Model):
    """How far a chain has come; whoever adds to it takes this row first, so that none adds twice.

    `chain` is `server`, or `group:` and the id of a group.
    """

    chain = fields.CharField(max_length=40, primary_key=True)
    number = fields.IntField(default=0)
    hash = fields.CharField(max_length=64, default=FIRST)
    shown_at = fields.DatetimeField(null=True)

    class Meta:
        table = "record_head"


class RecordEntry(Model):
    """One entry of a chain, never changed; the columns beside its document are for finding it, and
    `appeal` among them says what came of one. Only a redaction takes words out of a document: then
    `document` is what is left, and `digest` still what the chain was made from.

    The hash covers the digest, the number and the hash before, so that it verifies either way.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    chain = fields.CharField(max_length=40, default=SERVER)
    number = fields.IntField()
    kind = fields.CharEnumField(EntryKind, max_length=20)
    decision_id = fields.BigIntField(null=True)
    about_id = fields.BigIntField(null=True)
    document: Any = fields.JSONField()
    digest = fields.CharField(max_length=64)
    prev_hash = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)
    redacted_at = fields.DatetimeField(null=True)
    rule_id = fields.CharField(max_length=60, default="")
    measure = fields.CharField(max_length=20, default="")
    thing = fields.CharField(max_length=20, default="")
    group_id = fields.BigIntField(null=True)
    note_id = fields.BigIntField(null=True)
    actor_id = fields.BigIntField(null=True)
    appeal = fields.CharField(max_length=20, default="", db_default="")
    issued_at = fields.DatetimeField(default=now)
    shown_at = fields.DatetimeField(default=now)

    class Meta:
        table = "record_entry"
        unique_together = [("chain", "number")]
        indexes = [
            ("kind", "id"),
            ("about_id", "id"),
            ("decision_id",),
            ("note_id",),
            ("actor_id",),
            ("rule_id", "id"),
            ("group_id", "id"),
        ]


def digest_of(document: Any) -> str:
    """Return the SHA-256 of a document in canonical JSON (RFC 8785)."""
    return sha256(canonical(document)).hexdigest()


def hash_of(prev_hash: str, number: int, digest: str) -> str:
    """Return the seal of an entry, as anyone can compute it from what is published."""
    return sha256(f"{prev_hash} {number} {digest}".encode()).hexdigest()


def sealed(entry: RecordEntry) -> dict[str, Any]:
    """Write an entry for programs: the document, and what it takes to verify the chain."""
    return {
        "chain": entry.chain,
        "number": entry.number,
        "entry": entry.document,
        "redacted": entry.redacted_at is not None,
        "digest": entry.digest,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }


async def append(entry: RecordEntry, *, shown_at: datetime) -> RecordEntry:
    """Put an entry at the end of its chain; call in the transaction of what it tells.

    It is shown no earlier than the one before it, so that the public part of a chain has no gap.
    """
    await RecordHead.get_or_create(chain=entry.chain)
    await RecordHead.filter(chain=entry.chain).update(number=F("number") + 1)
    head = await RecordHead.get(chain=entry.chain)
    entry.number, entry.prev_hash = head.number, head.hash
    entry.digest = digest_of(entry.document)
    entry.hash = hash_of(entry.prev_hash, entry.number, entry.digest)
    entry.shown_at = max(shown_at, head.shown_at) if head.shown_at else shown_at
    await entry.save(force_create=True)
    await RecordHead.filter(chain=entry.chain).update(hash=entry.hash, shown_at=entry.shown_at)
    return entry


async def faults(chain: str = SERVER) -> list[int]:
    """Return the numbers of the entries of a chain that are not what was sealed; none is right."""
    found: list[int] = []
    before, expected = FIRST, 1
    async for entry in RecordEntry.filter(chain=chain).order_by("number"):
        is_whole = entry.redacted_at is not None or digest_of(entry.document) == entry.digest
        is_sealed = entry.hash == hash_of(before, entry.number, entry.digest)
        if not (is_whole and is_sealed and entry.number == expected and entry.prev_hash == before):
            found.append(entry.number)
        before, expected = entry.hash, entry.number + 1
    return found


async def roots(chain: str = SERVER) -> dict[date, str]:
    """Return for each day with entries that are shown the hash of its last one."""
    rows = RecordEntry.filter(chain=chain, shown_at__lte=now()).order_by("number")
    return {row["shown_at"].date(): row["hash"] for row in await rows.values("shown_at", "hash")}


async def shown_about(decisions: Sequence[int]) -> dict[int, RecordEntry]:
    """Return the entries of these decisions that the public can read, by decision."""
    rows = await RecordEntry.filter(
        decision_id__in=list(decisions), kind=EntryKind.DECISION, shown_at__lte=now()
    )
    return {row.decision_id or 0: row for row in rows}

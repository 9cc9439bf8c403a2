"""The policy as it is published: versions of one document, each with its checksum."""

import time
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from tortoise import fields
from tortoise.fields import DatetimeField
from tortoise.models import Model

from core import sql
from core.clock import now
from core.settings import settings
from federation.jcs import canonical
from moderation.languages import Words
from moderation.sections import Sections, languages_of
from moderation.states import ProposalState

LOOK_EVERY_S = 2.0


class PolicyVersion(Model):
    """One version of the policy, never changed; `document` holds its sections, all spelled out."""

    number = fields.IntField(primary_key=True, generated=False)
    document: Any = fields.JSONField()
    sha256 = fields.CharField(max_length=64)
    summary: Any = fields.JSONField(default=dict)
    adopted_by = fields.CharField(max_length=200, default="")
    adopted_at = fields.DatetimeField(default=now)
    effective_at = fields.DatetimeField(default=now)

    class Meta:
        table = "policy_version"


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the policy, as everything here reads it."""

    version: int
    sections: Sections
    sha256: str
    summary: Words = {}
    by: str = ""
    adopted: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    effective: datetime = datetime(1970, 1, 1, tzinfo=UTC)


class Adopted(NamedTuple):
    """A proposal that was adopted and becomes a version when its notice is over; none is it yet."""

    proposal_id: int
    title: str
    due: datetime


class Shelf:
    """The versions this process has read: the one in force, those that are coming, the first of
    them first, and older ones once asked for."""

    def __init__(self, policy: Policy, coming: Sequence[Policy] = ()) -> None:
        self.policy = policy
        self.coming = list(coming)
        self.older: dict[int, Policy] = {}
        self.adopted: Adopted | None = None
        self.looked_at = time.monotonic()
        self.has_taken_up = False


_shelf: ContextVar[Shelf] = ContextVar("policy")


def current() -> Policy:
    """Return the policy in force, as far as this process knows; never asks the database."""
    return _shelf.get().policy


def coming() -> Policy | None:
    """Return the version that is published and comes into force next, if there is one."""
    found = _shelf.get().coming
    return found[0] if found else None


def adopted() -> Adopted | None:
    """Return the adopted proposal that comes into force next, as far as this process knows."""
    found = _shelf.get().adopted
    return found if found and found.due > now() else None


def newest() -> Policy:
    """Return the version that was published last, in force or not: the next one builds on it."""
    shelf = _shelf.get()
    return shelf.coming[-1] if shelf.coming else shelf.policy


def open_shelf(policy: Policy, later: Sequence[Policy] = ()) -> None:
    """Make this the policy of everything that is started from here on."""
    _shelf.set(Shelf(policy, later))


def waiting() -> list[Policy]:
    """Return the versions that are published and wait for their day, the first of them first."""
    return list(_shelf.get().coming)


def put_in_force(policy: Policy) -> None:
    """Let this process follow a version that was just published.

    What waited and was published before it never comes into force.
    """
    shelf = _shelf.get()
    shelf.older[shelf.policy.version] = shelf.policy
    overtaken = [each for each in shelf.coming if each.version < policy.version]
    shelf.older |= {each.version: each for each in overtaken}
    shelf.coming = [each for each in shelf.coming if each.version > policy.version]
    shelf.policy, shelf.looked_at = policy, time.monotonic()


def take_up(policy: Policy) -> None:
    """Let this process know a version that was just published: it counts now, or on its day.

    Should the transaction that wrote it break off, the next `refresh` finds that out.
    """
    _shelf.get().has_taken_up = True
    if policy.effective <= now():
        put_in_force(policy)
    else:
        _shelf.get().coming.append(policy)


def _let_begin() -> None:
    """Put in force what was published before and has come to its day."""
    shelf = _shelf.get()
    while shelf.coming and shelf.coming[0].effective <= now():
        put_in_force(shelf.coming[0])


async def refresh(*, at_once: bool = False) -> None:
    """See whether a version came to its day, or another process published one.

    Asks the database every two seconds.
    """
    _let_begin()
    shelf = _shelf.get()
    if not at_once and time.monotonic() - shelf.looked_at < LOOK_EVERY_S:
        return
    shelf.looked_at = time.monotonic()
    if shelf.has_taken_up and not await _is_written(newest()):
        await _read_anew(shelf)
    for row in await PolicyVersion.filter(number__gt=newest().version).order_by("number"):
        take_up(policy_from(row))
    shelf.adopted = await _next_adopted()


async def _is_written(policy: Policy) -> bool:
    """Tell whether a version stands in the database as this process took it up."""
    return await PolicyVersion.exists(
        number=policy.version, sha256=policy.sha256, effective_at=policy.effective
    )


async def _read_anew(shelf: Shelf) -> None:
    """Put down all that this process took up, for some of it was never written."""
    rows = await PolicyVersion.all().order_by("number")
    shelf.policy, shelf.coming = in_their_order([policy_from(row) for row in rows])
    shelf.older.clear()


def in_their_order(known: Sequence[Policy]) -> tuple[Policy, list[Policy]]:
    """Tell of all versions, the first one first, which is in force, and which wait for their
    day."""
    begun = [each for each in known if each.effective <= now() or each.version == 1]
    return begun[-1], [each for each in known if each.version > begun[-1].version]


async def _next_adopted() -> Adopted | None:
    found = await sql.rows(
        "SELECT id, title, due_at FROM proposal WHERE state = ? AND due_at IS NOT NULL"
        " AND version IS NULL ORDER BY due_at LIMIT 1",
        [ProposalState.ADOPTED.value],
    )
    if not found:
        return None
    row = found[0]
    due = DatetimeField().to_python_value(row["due_at"])
    return Adopted(row["id"], row["title"], due) if due else None


async def latest() -> Policy:
    """Return the version that was written last, by whichever process: the next one builds on it."""
    rows = await PolicyVersion.all().order_by("-number").limit(1)
    return policy_from(rows[0])


async def version_of(number: int) -> Policy | None:
    """Return a version, or None when there is none of this number."""
    shelf = _shelf.get()
    if number == shelf.policy.version:
        return shelf.policy
    if found := next((each for each in shelf.coming if each.version == number), None):
        return found
    if not 0 < number < shelf.policy.version:
        return None
    if number not in shelf.older:
        shelf.older[number] = policy_from(await PolicyVersion.get(number=number))
    return shelf.older[number]


async def versions() -> list[Policy]:
    """Return every version, the newest first, those that are not in force yet too."""
    shelf = _shelf.get()
    later = {each.version: each for each in shelf.coming}
    known = [shelf.policy.version, *shelf.older, *later]
    for row in await PolicyVersion.filter(number__lt=shelf.policy.version, number__not_in=known):
        shelf.older[row.number] = policy_from(row)
    found = {**shelf.older, **later, shelf.policy.version: shelf.policy}
    return sorted(found.values(), key=lambda policy: -policy.version)


async def is_overtaken(policy: Policy) -> bool:
    """Tell whether a later version was in force before this one had its day: it never counted."""
    later = PolicyVersion.filter(number__gt=policy.version, effective_at__lt=policy.effective)
    return await later.exists()


def that_counted(known: Sequence[Policy]) -> list[Policy]:
    """Leave out of versions, the newest first, those that were overtaken before their day."""
    found: list[Policy] = []
    for each in known:
        if not found or each.effective <= found[-1].effective:
            found.append(each)
    return found


def checksum(sections: Sections) -> str:
    """Return the SHA-256 of the sections in canonical JSON (RFC 8785), as anyone can compute it."""
    return sha256(canonical(msgspec.to_builtins(sections))).hexdigest()


def policy_from(row: PolicyVersion) -> Policy:
    """Read a version from its row; keys that came later get their defaults."""
    return Policy(
        version=row.number,
        sections=msgspec.convert(row.document, Sections),
        sha256=row.sha256,
        summary=dict(row.summary),
        by=row.adopted_by,
        adopted=row.adopted_at,
        effective=row.effective_at,
    )


async def document_of(policy: Policy) -> dict[str, Any]:
    """Write a version as /policy.json publishes it (product.md 7), its sections as they were."""
    row = await PolicyVersion.get(number=policy.version)
    return {
        "version": policy.version,
        "effective": policy.effective,
        "adopted": policy.adopted,
        "by": policy.by,
        "summary_of_change": policy.summary,
        "previous": policy.version - 1 or None,
        "sha256": policy.sha256,
        "language": policy.sections.language,
        "languages": languages_of(policy.sections),
        "sections": row.document,
    }


def policy_links() -> dict[str, str | int]:
    """Point to the policy from NodeInfo's `metadata.rubric`: only to what there is."""
    return {
        "policy": settings().url("/policy"),
        "version": current().version,
        "json": settings().url("/policy.json"),
        "federation": settings().url("/federation"),
        "record": settings().url("/record"),
        "rules": settings().url("/policy/rules"),
        "figures": settings().url("/transparency"),
        "moderators": settings().url("/about"),
        "actor": settings().url("/u/policy"),
    }

"""The policy as it is published: versions of one document, each with its checksum."""

import time
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
from tortoise import fields
from tortoise.models import Model

from core.clock import now
from core.settings import settings
from federation.jcs import canonical
from moderation.languages import Words
from moderation.sections import Sections, languages_of

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


class Shelf:
    """The versions this process has read: the one in force, those that are coming, the first of
    them first, and older ones once asked for."""

    def __init__(self, policy: Policy, coming: Sequence[Policy] = ()) -> None:
        self.policy = policy
        self.coming = list(coming)
        self.older: dict[int, Policy] = {}
        self.looked_at = time.monotonic()


_shelf: ContextVar[Shelf] = ContextVar("policy")


def current() -> Policy:
    """Return the policy in force, as far as this process knows; never asks the database."""
    return _shelf.get().policy


def coming() -> Policy | None:
    """Return the version that is published and comes into force next, if there is one."""
    found = _shelf.get().coming
    return found[0] if found else None


def newest() -> Policy:
    """Return the version that was published last, in force or not: the next one builds on it."""
    shelf = _shelf.get()
    return shelf.coming[-1] if shelf.coming else shelf.policy


def open_shelf(policy: Policy, later: Sequence[Policy] = ()) -> None:
    """Make this the policy of everything that is started from here on."""
    _shelf.set(Shelf(policy, later))


def put_in_force(policy: Policy) -> None:
    """Let this process follow a version that was just published."""
    shelf = _shelf.get()
    shelf.older[shelf.policy.version] = shelf.policy
    shelf.policy, shelf.looked_at = policy, time.monotonic()


def take_up(policy: Policy) -> None:
    """Let this process know a version that was just published: it counts now, or on its day."""
    if policy.effective <= now():
        put_in_force(policy)
    else:
        _shelf.get().coming.append(policy)


def _let_begin() -> None:
    """Put in force what was published before and has come to its day."""
    shelf = _shelf.get()
    while shelf.coming and shelf.coming[0].effective <= now():
        put_in_force(shelf.coming.pop(0))


async def refresh(*, at_once: bool = False) -> None:
    """See whether a version came to its day, or another process published one.

    Asks the database every two seconds.
    """
    _let_begin()
    shelf = _shelf.get()
    if not at_once and time.monotonic() - shelf.looked_at < LOOK_EVERY_S:
        return
    shelf.looked_at = time.monotonic()
    for row in await PolicyVersion.filter(number__gt=newest().version).order_by("number"):
        take_up(policy_from(row))


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
        "moderators": settings().url("/about"),
        "actor": settings().url("/u/policy"),
    }

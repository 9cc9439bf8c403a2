"""The one door by which a version of the policy comes into force."""

from datetime import datetime

import msgspec
import structlog
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from core.clock import now
from core.jobs import put
from core.settings import settings
from moderation.difference import difference
from moderation.languages import Words
from moderation.policy import (
    Policy,
    PolicyVersion,
    checksum,
    current,
    in_their_order,
    latest,
    newest,
    open_shelf,
    policy_from,
    take_up,
    version_of,
)
from moderation.reading import BadPolicy, Draft, draft_from
from moderation.sections import Sections

OPERATOR = "operator"

log = structlog.get_logger()


class OutOfDate(Exception):
    """Somebody published a version that this draft does not know; both are given."""

    def __init__(self, draft: Draft, in_force: Policy, base: Policy | None) -> None:
        super().__init__(
            f"the draft is based on version {draft.based_on}, but version {in_force.version}"
            " is in force"
        )
        self.draft, self.in_force, self.base = draft, in_force, base


class Unchanged(Exception):
    """The draft says what is in force already."""


async def ensure_policy() -> None:
    """Read the policy in force; at the first start, `[policy]` of config.toml becomes version 1.

    Raises BadPolicy when the first start finds a `[policy]` that cannot be published.
    """
    rows = await PolicyVersion.all().order_by("number") or [await _make_first()]
    open_shelf(*in_their_order([policy_from(row) for row in rows]))


async def adopt(
    draft: Draft, *, summary: Words, by: str = OPERATOR, effective: datetime | None = None
) -> Policy:
    """Publish a draft as the next version, and have what follows from it done.

    It is in force at once, or from `effective` on; never before a version that waits for its day.
    Raises OutOfDate, Unchanged, or BadPolicy when nobody says what changes and why.
    """
    if not any(text.strip() for text in summary.values()):
        raise BadPolicy("say in a sentence what changes and why: it is published with the version")
    async with in_transaction():
        before = await latest()
        if not difference(before.sections, draft.sections):
            raise Unchanged(f"version {before.version} says the same")
        if draft.based_on != before.version:
            raise OutOfDate(draft, before, await version_of(draft.based_on))
        begins = _begin_after(before, effective)
        try:
            row = await write_version(before.version + 1, draft.sections, summary, by, begins)
        except IntegrityError as error:
            raise OutOfDate(draft, before, before) from error
    policy = policy_from(row)
    take_up(policy)
    return policy


def _begin_after(before: Policy, wanted: datetime | None) -> datetime:
    """Choose the day of a version; raise BadPolicy where it would overtake one that waits."""
    if before.version == current().version:
        return wanted or now()
    if wanted is not None and wanted < before.effective:
        raise BadPolicy(
            f"version {before.version} comes into force on {before.effective:%Y-%m-%d}, and"
            " what follows it cannot come before"
        )
    return wanted or before.effective


async def _make_first() -> PolicyVersion:
    """Write version 1; of two processes that start together one does, and both read it."""
    draft = draft_from(settings().policy)
    words = {"en": "The first version.", "zh": "第一版。"}
    try:
        async with in_transaction():
            return await write_version(1, draft.sections, words, OPERATOR, now())
    except IntegrityError:
        return await PolicyVersion.get(number=1)


async def write_version(
    number: int, sections: Sections, summary: Words, by: str, effective: datetime
) -> PolicyVersion:
    """Write a row for a version, and the jobs that follow from it.

    Call it in a transaction; raises IntegrityError where somebody was faster.
    """
    moment = min(now(), effective)
    row = await PolicyVersion.create(
        number=number,
        document=msgspec.to_builtins(sections),
        sha256=checksum(sections),
        summary=summary,
        adopted_by=by,
        adopted_at=moment,
        effective_at=effective,
    )
    wait = max((effective - moment).total_seconds(), 0)
    await put("moderation.enforce", {"version": number}, after_seconds=wait)
    if number > 1 and wait:
        await put("moderation.say_version", {"version": number, "is_coming": True})
    if number > 1:
        await put("moderation.say_version", {"version": number}, after_seconds=wait)
    return row


def say_what_waits() -> None:
    """Say in the log when config.toml holds a draft that is not in force; servers do at a start."""
    if not settings().policy:
        return
    try:
        draft = draft_from(settings().policy)
    except BadPolicy as error:
        log.warning("policy.draft_cannot_be_used", why=str(error))
        return
    if changes := difference(newest().sections, draft.sections):
        log.warning(
            "policy.draft_is_not_in_force",
            in_force=current().version,
            changes=len(changes),
            see="rubric policy plan",
        )

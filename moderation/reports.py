"""Report: someone thinks a rule was broken."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core import limits
from core.clock import now
from core.ids import new_id
from core.jobs import put
from core.settings import settings
from moderation.discretion import without_names
from moderation.policy import current
from moderation.rules import rule_of
from notes.note import Note
from notes.visibility import visible_to
from outbox.flag import send_report
from outbox.refusals import NotAllowed, NotValid

MOST_COMMENT = 5_000
MOST_NOTES = 50
REPORTS_A_DAY = 40  # of one member (MOD-05)
JOINED_WITHIN = timedelta(days=7)
DAY = 86_400


class ReportState(StrEnum):
    """How far a report has come (product.md 6.1)."""

    FILED = "filed"
    IN_CASE = "in_case"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"


OPEN = (ReportState.FILED, ReportState.IN_CASE)


class Outcome(StrEnum):
    """What came of a report, in the words its reporter reads (product.md 6.1)."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not_upheld"
    DUPLICATE = "duplicate"
    MISUSE = "misuse"


class Report(Model):
    """What was reported; `reporter` is empty when another server reported without naming anyone.

    `notes` are ids of ours, `uris` everything else a Flag named; `receipt` opens the reporter's
    page. The answer is for the reporter alone: what is decided about the reported is not here.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    receipt = fields.CharField(max_length=40, unique=True)
    state = fields.CharEnumField(ReportState, max_length=20, default=ReportState.FILED)
    reporter: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="reports_made", null=True
    )
    reporter_id: int | None
    reporter_host = fields.CharField(max_length=255, default="")
    sender_id = fields.BigIntField(null=True)
    target: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="reports_about"
    )
    target_id: int
    notes: Any = fields.JSONField(default=list)
    uris: Any = fields.JSONField(default=list)
    rules: Any = fields.JSONField(default=list)
    comment = fields.TextField(default="")
    is_forwarded = fields.BooleanField(default=False)
    claimed_by: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="reports_claimed", null=True
    )
    claimed_by_id: int | None
    claimed_at = fields.DatetimeField(null=True)
    case_id = fields.BigIntField(null=True)
    group_id = fields.BigIntField(null=True)
    revision = fields.IntField(default=0, db_default=0)
    outcome = fields.CharEnumField(Outcome, max_length=20, null=True)
    answer = fields.TextField(default="")
    answered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "report"
        indexes = [
            ("state", "id"),
            ("target_id", "id"),
            ("reporter_id", "id"),
            ("claimed_by_id",),
            ("case_id", "id"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state in OPEN

    @property
    def is_remote(self) -> bool:
        """Whether another server sent it."""
        return bool(self.reporter_host)


async def file_report(
    reporter: Actor,
    target: Actor,
    *,
    notes: Sequence[Note] = (),
    rules: Sequence[str] = (),
    comment: str = "",
    forward: bool = False,
) -> Report:
    """Report someone, or notes of theirs (authors loaded); a report that is open is added to.

    `forward` tells their server too, without a word about who lives here. Raises NotAllowed,
    NotValid, or TooMany (MOD-05).
    """
    if reporter.id == target.id:
        raise NotAllowed("You cannot report yourself.")
    await _check(reporter, target, notes, rules)
    await limits.count(f"report:{reporter.id}", most=REPORTS_A_DAY, seconds=DAY)
    words = await without_names(comment, reporter)
    async with in_transaction():
        report = await open_report(target, reporter_id=reporter.id) or new_report(target)
        is_new = report.reporter_id is None
        report.reporter_id = reporter.id
        add(report, [note.id for note in notes], rules, comment)
        if forward and not target.is_local and not report.is_forwarded:
            report.is_forwarded = True
            await send_report(target, [note.uri for note in notes], words[:MOST_COMMENT])
        await keep(report, is_new=is_new)
    return report


async def withdraw(report: Report) -> None:
    """Take a report back as its reporter; raise NotAllowed once it was answered."""
    changed = await Report.filter(id=report.id, state__in=OPEN).update(state=ReportState.WITHDRAWN)
    await report.refresh_from_db(fields=["state"])
    if not changed and report.state != ReportState.WITHDRAWN:
        raise NotAllowed("This report was answered already.")


async def reports_of(reporter: Actor, *, before: int | None = None, most: int = 20) -> list[Report]:
    """Return what someone reported, the newest first."""
    found = Report.filter(reporter_id=reporter.id).order_by("-id").limit(most)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.select_related("target")


async def report_of(reporter: Actor, receipt: str) -> Report | None:
    """Find a report by its receipt, if it is this person's own."""
    found = Report.filter(receipt=receipt, reporter_id=reporter.id, reporter_host="")
    return await found.select_related("target").first()


async def open_count() -> int:
    """Count the reports that wait for an answer."""
    return await Report.filter(state__in=OPEN).count()


async def open_report(target: Actor, **by: Any) -> Report | None:
    """Find the report of the same reporter, or host, about the same person that is still open."""
    found = Report.filter(
        target_id=target.id, state__in=OPEN, created_at__gt=now() - JOINED_WITHIN, **by
    )
    return await found.order_by("id").first()


def new_report(target: Actor, uri: str = "") -> Report:
    """Begin a report; it is kept by `keep`."""
    number = new_id()
    return Report(
        id=number,
        uri=uri or settings().url(f"/reports/{number}"),
        receipt=secrets.token_urlsafe(18),
        target_id=target.id,
    )


def add(report: Report, notes: Sequence[int], rules: Sequence[str], comment: str) -> None:
    """Add to a report what it does not hold yet; doing so twice changes nothing."""
    report.notes = list(dict.fromkeys([*report.notes, *notes]))[:MOST_NOTES]
    report.rules = list(dict.fromkeys([*report.rules, *rules]))
    comment = comment.strip()[:MOST_COMMENT]
    if comment and comment not in report.comment:
        report.comment = f"{report.comment}\n\n{comment}".strip()[:MOST_COMMENT]


async def keep(report: Report, *, is_new: bool) -> None:
    """Store a report and have the moderators told of a new one, in the caller's transaction."""
    await report.save(force_create=is_new)
    if is_new:
        await put("inbox.tell_staff", {"report_id": report.id})


async def _check(
    reporter: Actor, target: Actor, notes: Sequence[Note], rules: Sequence[str]
) -> None:
    if any(note.author_id != target.id for note in notes) or len(notes) > MOST_NOTES:
        raise NotValid("notes", "These notes are not by the person you report.")
    if len(await visible_to(reporter, list(notes))) < len(notes):
        raise NotValid("notes", "One of these notes is not there.")
    known = current().sections.rules
    if any(rule_of(known, rule) is None for rule in rules):
        raise NotValid("rule", "There is no such rule.")

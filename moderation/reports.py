"""Report: someone thinks a rule was broken."""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id

MOST_COMMENT = 5_000
MOST_NOTES = 50
JOINED_WITHIN = timedelta(days=7)


class ReportState(StrEnum):
    """How far a report has come (product.md 6.1)."""

    FILED = "filed"
    IN_CASE = "in_case"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"


OPEN = (ReportState.FILED, ReportState.IN_CASE)


class Kind(StrEnum):
    """What a report is about, in the words of the client API."""

    SPAM = "spam"
    LEGAL = "legal"
    VIOLATION = "violation"
    OTHER = "other"


class Affected(StrEnum):
    """Who is harmed by what is reported, as its reporter says."""

    ME = "me"
    SOMEONE = "someone"
    MANY = "many"


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
    category = fields.CharEnumField(Kind, max_length=20, null=True)
    affected = fields.CharEnumField(Affected, max_length=10, null=True)
    comment = fields.TextField(default="")
    is_forwarded = fields.BooleanField(default=False)
    # Who had taken it before there were cases; kept for the rows of then, and read by nobody.
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
            ("group_id", "id"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state in OPEN

    @property
    def kind(self) -> Kind:
        """What it is about: as its reporter said, or else as the rules that were named."""
        return self.category or (Kind.VIOLATION if self.rules else Kind.OTHER)

    @property
    def is_right(self) -> bool:
        """Whether it was found right, at least in part."""
        return self.outcome in (Outcome.UPHELD, Outcome.PARTLY)

    @property
    def is_remote(self) -> bool:
        """Whether another server sent it."""
        return bool(self.reporter_host)


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

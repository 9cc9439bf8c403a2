"""Months and half-years that are over: counted once, kept as they were, corrected beside."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actors.accounts import Account
from actors.instance import instance_actor
from core.clock import now
from core.ids import new_id
from core.jobs import put
from moderation.figures import Figures, figures
from notes.note import Note

WRITTEN = re.compile(r"([0-9]{4})-(?:(0[1-9]|1[0-2])|H([12]))")
CORRECTED_FOR = 13  # periods back whose rows are counted again each day
AT_ONCE = 24
NEWS = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """A month or half a year in UTC, written `2026-11` or `2026-H2`."""

    year: int
    first: int
    months: int

    @property
    def name(self) -> str:
        """How it is written."""
        if self.months == 1:
            return f"{self.year}-{self.first:02}"
        return f"{self.year}-H{1 if self.first == 1 else 2}"

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.first, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.next().begin

    def next(self) -> "Period":
        """Return the one after it."""
        later = self.first + self.months
        return Period(self.year + (later > 12), (later - 1) % 12 + 1, self.months)


def period_from(name: str) -> Period | None:
    """Read a period as addresses write it; None for what is none."""
    found = WRITTEN.fullmatch(name)
    if found is None or not 1970 <= int(found[1]) <= 9998:
        return None
    if found[2]:
        return Period(int(found[1]), int(found[2]), 1)
    return Period(int(found[1]), 1 if found[3] == "1" else 7, 6)


def month_of(moment: datetime) -> Period:
    """Return the month a moment is in."""
    return Period(moment.year, moment.month, 1)


def half_of(moment: datetime) -> Period:
    """Return the half-year a moment is in."""
    return Period(moment.year, 1 if moment.month < 7 else 7, 6)


class ClosedPeriod(Model):
    """What was counted when a period was over; `begins_at` and `months` are for finding it."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    name = fields.CharField(max_length=10, unique=True)
    begins_at = fields.DatetimeField()
    months = fields.IntField()
    document: Any = fields.JSONField()
    closed_at = fields.DatetimeField(default=now)
    corrections: fields.ReverseRelation["FigureCorrection"]

    class Meta:
        table = "closed_period"
        indexes = [("months", "begins_at")]


class FigureCorrection(Model):
    """What a closed period would say now, where that became something else: key → new value."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    period: fields.ForeignKeyRelation[ClosedPeriod] = fields.ForeignKeyField(
        "rubric.ClosedPeriod", related_name="corrections"
    )
    period_id: int
    number = fields.IntField()
    changes: Any = fields.JSONField()
    at = fields.DatetimeField(default=now)

    class Meta:
        table = "figure_correction"
        unique_together = [("period", "number")]


class Totals(msgspec.Struct, frozen=True):
    """How much there was at the end of a period; it is no event, and never corrected."""

    notes: int
    members: int


async def close_due() -> None:
    """Close every period that is over, the oldest first; job of the clock, any number of times."""
    began = (await instance_actor()).created_at
    for period in (month_of(began), half_of(began)):
        await _close_from(period)


async def correct() -> None:
    """Count the last periods again and write down what became something else since."""
    for months in (1, 6):
        recent = ClosedPeriod.filter(months=months).order_by("-begins_at").limit(CORRECTED_FOR)
        for each in await recent:
            await _correct(each)


async def closed_periods(months: int, *, most: int = 60) -> list[ClosedPeriod]:
    """List what is closed, the newest first."""
    return await ClosedPeriod.filter(months=months).order_by("-begins_at").limit(most)


async def closed_period(name: str) -> ClosedPeriod | None:
    """Find a closed period with its corrections, the first first."""
    return await ClosedPeriod.get_or_none(name=name).prefetch_related("corrections")


async def _close_from(period: Period) -> None:
    newest = await ClosedPeriod.filter(months=period.months).order_by("-begins_at").first()
    if newest and (known := period_from(newest.name)):
        period = known.next()
    for _ in range(AT_ONCE):
        if period.end > now():
            return
        document = await _counted(period)
        with suppress(IntegrityError):  # another process closed it: what it counted stays
            await _keep(period, document)
        period = period.next()


async def _keep(period: Period, document: dict[str, Any]) -> None:
    """Write a period down for good, and have @policy say so while that is news."""
    async with in_transaction():
        await ClosedPeriod.create(
            name=period.name, begins_at=period.begin, months=period.months, document=document
        )
        if period.months == 1 and now() - period.end < NEWS:
            await put("moderation.say_figures", {"name": period.name})


async def _counted(period: Period) -> dict[str, Any]:
    found = await figures(period.begin, period.end)
    totals = await _totals(period.end)
    return _plain(found) | {"totals": msgspec.to_builtins(totals)}


async def _totals(end: datetime) -> Totals:
    living = Account.filter(approved_at__lt=end, closed_at=None)
    notes = Note.filter(is_local=True, created_at__lt=end, deleted_at=None)
    return Totals(notes=await notes.count(), members=await living.count())


async def _correct(closed: ClosedPeriod) -> None:
    period = period_from(closed.name)
    if period is None:
        return
    fresh = _plain(await figures(period.begin, period.end))
    async with in_transaction():
        before = await FigureCorrection.filter(period_id=closed.id).order_by("number")
        known = dict(closed.document)
        for each in before:
            known |= each.changes
        changes = {
            key: value
            for key, value in fresh.items()
            # What was not counted then is news only where there is something.
            if known.get(key) != value and (key in known or value)
        }
        if not changes:
            return
        # The number is unique: of two who count at once, one writes.
        await FigureCorrection.get_or_create(
            {"changes": changes}, period_id=closed.id, number=len(before) + 1
        )


def _plain(found: Figures) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(found)
    return plain

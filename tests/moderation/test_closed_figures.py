"""Figures of months that are over: counted once, never rewritten, masked where they are small."""

from datetime import UTC, datetime

import msgspec
import pytest

from actors.actor import Actor
from moderation import saying_figures
from moderation.closed_figures import (
    ClosedPeriod,
    FigureCorrection,
    close_due,
    correct,
    half_of,
    month_of,
    period_from,
)
from moderation.figures import figures
from moderation.filing import file_report
from moderation.masking import masked
from moderation.policy import put_in_force
from moderation.reports import Report
from notes.note import Note
from tests.moderation.drafts import policy_of

MARCH = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.fixture
async def march(here, settle) -> None:
    """A report in March 2026, on a server that began in February."""
    put_in_force(policy_of())
    mei, bo = await settle("mei"), await settle("bo")
    await Actor.filter(kind="Application").update(created_at=datetime(2026, 2, 3, tzinfo=UTC))
    await file_report(mei, bo)
    await Report.all().update(created_at=MARCH)


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        ("2026-12", (2026, 12), (2027, 1)),
        ("2026-02", (2026, 2), (2026, 3)),
        ("2026-H1", (2026, 1), (2026, 7)),
        ("2026-H2", (2026, 7), (2027, 1)),
    ],
)
def test_a_period_is_written_as_it_is_read(name, begin, end):
    period = period_from(name)

    assert period is not None
    assert period.name == name
    assert (period.begin, period.end) == (
        datetime(*begin, 1, tzinfo=UTC),
        datetime(*end, 1, tzinfo=UTC),
    )
    assert (month_of if "H" not in name else half_of)(period.begin) == period


@pytest.mark.parametrize("name", ["", "2026", "2026-13", "2026-00", "2026-H3", "0000-01", "26-01"])
def test_what_is_no_period_is_none(name):
    assert period_from(name) is None


async def test_what_is_closed_equals_a_recount_and_is_counted_once(march):
    await close_due()
    first = {each.name: each.document for each in await ClosedPeriod.all()}
    await close_due()

    again = {each.name: each.document for each in await ClosedPeriod.all()}
    period = period_from("2026-03")
    assert period is not None
    recount = msgspec.to_builtins(await figures(period.begin, period.end))
    totals = first["2026-03"].pop("totals")
    assert first["2026-03"] == recount
    assert recount["reports"] == 1
    assert totals == {"notes": 0, "members": 0}
    assert {"2026-02", "2026-03", "2026-H1"} <= set(first)
    assert "2026-01" not in first
    assert month_of(datetime.now(UTC)).name not in first
    assert len(again) == len(first)


async def test_what_changes_later_is_a_correction_and_the_month_stays(march):
    await close_due()
    before = (await ClosedPeriod.get(name="2026-03")).document
    await Report.all().delete()

    await correct()
    await correct()

    closed = await ClosedPeriod.get(name="2026-03").prefetch_related("corrections")
    assert closed.document == before
    (found,) = closed.corrections
    assert (found.number, found.changes["reports"]) == (1, 0)
    assert await FigureCorrection.filter(period__name="2026-02").count() == 0


def test_one_and_two_are_masked_and_nothing_else():
    counted = {
        "reports": 2,
        "decisions": 3,
        "appeals_filed": 0,
        "measures_by_kind": {"hide": 1, "warn": 12},
        "decided": {"median": 1.5, "ninth": 2},
        "moderators_active": 1,
        "totals": {"notes": 2, "members": 1},
    }

    assert masked(counted) == {
        "reports": "<3",
        "decisions": 3,
        "appeals_filed": 0,
        "measures_by_kind": {"hide": "<3", "warn": 12},
        "decided": {"median": 1.5, "p90": 2},
        "moderators_active": 1,
        "totals": {"notes": 2, "members": 1},
    }


async def test_policy_says_what_was_counted_once(march, settle_down):
    await close_due()

    await saying_figures.say_figures({"name": "2026-03"})
    await saying_figures.say_figures({"name": "2026-03"})
    await saying_figures.say_figures({"name": "2099-01"})

    said = [each.content for each in await Note.filter(content__contains="2026-03")]
    assert len(said) == 1
    assert "/transparency/2026-03" in said[0]

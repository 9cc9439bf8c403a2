"""What moderators do with reports."""

from datetime import timedelta

import pytest

from core.clock import now
from moderation.answers import answer, claim, due, is_overdue, report_with, settled, waiting
from moderation.reports import Outcome, Report, ReportState, file_report, withdraw
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.rows import stranger


@pytest.fixture
async def people(settle):
    return await settle("mod"), await settle("mei"), await stranger("ana", "far.example")


async def test_a_report_is_taken_once(people, settle):
    mod, mei, ana = people
    other = await settle("other")
    report = await file_report(mei, ana)

    await claim(report, mod)
    report = await report_with(report.id)
    await claim(report, mod)

    assert (report.state, report.claimed_by) == (ReportState.IN_CASE, mod)
    with pytest.raises(NotAllowed, match="Someone else"):
        await claim(report, other)


async def test_a_report_nobody_works_on_can_be_taken_over(people, settle):
    mod, mei, ana = people
    other = await settle("other")
    report = await file_report(mei, ana)
    await claim(report, mod)
    await Report.filter(id=report.id).update(claimed_at=now() - timedelta(hours=49))

    await claim(await report_with(report.id), other)

    assert (await report_with(report.id)).claimed_by == other


async def test_whoever_is_part_of_a_report_keeps_their_hands_off(people, settle):
    mod, mei, ana = people
    by_mod, about_mod = await file_report(mod, ana), await file_report(mei, mod)

    for report in (by_mod, about_mod):
        with pytest.raises(NotAllowed, match="part of this report"):
            await claim(report, mod)
        with pytest.raises(NotAllowed, match="part of this report"):
            await answer(report, mod, outcome="upheld", words="Fine.")


async def test_an_answer_has_an_outcome_and_words(people):
    mod, mei, ana = people
    report = await file_report(mei, ana)

    await answer(report, mod, outcome="partly", words=" Half of it. ")

    kept = await report_with(report.id)
    assert (kept.state, kept.outcome) == (ReportState.ANSWERED, Outcome.PARTLY)
    assert kept.answer == "Half of it."
    assert kept.answered_at is not None


@pytest.mark.parametrize(
    ("outcome", "words", "field"), [("guilty", "x", "outcome"), ("upheld", " ", "words")]
)
async def test_an_answer_without_either_is_refused(people, outcome, words, field):
    mod, mei, ana = people
    report = await file_report(mei, ana)

    with pytest.raises(NotValid) as refusal:
        await answer(report, mod, outcome=outcome, words=words)

    assert refusal.value.field == field
    assert (await report_with(report.id)).state == ReportState.FILED


@pytest.mark.parametrize("end", ["answered", "withdrawn"])
async def test_what_has_ended_is_not_answered_or_taken(people, end):
    mod, mei, ana = people
    report = await file_report(mei, ana)
    if end == "answered":
        await answer(report, mod, outcome="upheld", words="Yes.")
    else:
        await withdraw(report)

    with pytest.raises(NotAllowed):
        await answer(report, mod, outcome="misuse", words="No.")
    with pytest.raises(NotAllowed):
        await claim(report, mod)


async def test_the_one_due_first_stands_on_top(people, settle):
    mod, mei, ana = people
    bo = await stranger("bo", "far.example")
    first, second = await file_report(mei, ana), await file_report(mei, bo)
    await answer(await file_report(mod, ana), mei, outcome="duplicate", words="Known.")

    assert [each.id for each in await waiting()] == [first.id, second.id]
    assert [each.id for each in await waiting(after=first.id)] == [second.id]
    assert [each.outcome for each in await settled()] == [Outcome.DUPLICATE]


async def test_a_report_is_overdue_after_the_days_the_policy_gives(people):
    mod, mei, ana = people
    report = await file_report(mei, ana)
    assert due(report) - report.created_at == timedelta(days=7)
    assert not is_overdue(report)

    report.created_at -= timedelta(days=8)
    assert is_overdue(report)
    await answer(report, mod, outcome="upheld", words="Late, but yes.")
    report.state = ReportState.ANSWERED
    assert not is_overdue(report)

"""Answering the reports of a case: once it is decided, and again after an appeal."""

from datetime import datetime

from core.jobs import put
from moderation import report_machine
from moderation.cases import Case
from moderation.reports import Report, ReportState
from outbox.flag import answer_flag


async def answer_all(case: Case, outcome: str, words: str, at: datetime) -> None:
    """Answer every report of a case that is still open; in the caller's transaction."""
    for report in await Report.filter(case_id=case.id, state=ReportState.IN_CASE):
        report_machine.answer(report, outcome, words, at)
        await _answered(report)


async def answer_all_again(case_id: int, outcome: str, words: str, at: datetime) -> None:
    """Answer the reports of a case once more, after an appeal; in the caller's transaction."""
    for report in await Report.filter(case_id=case_id, state=ReportState.ANSWERED):
        report_machine.answer_again(report, outcome, words, at)
        await _answered(report)


async def _answered(report: Report) -> None:
    await Report.filter(id=report.id).update(
        state=report.state,
        outcome=report.outcome,
        answer=report.answer,
        answered_at=report.answered_at,
        revision=report.revision,
    )
    if report.reporter_host:
        await answer_flag(report.uri, report.sender_id, is_right=report.is_right)
    elif report.reporter_id:
        await put("moderation.tell_reporter", {"report_id": report.id})

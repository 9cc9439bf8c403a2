"""What may become of a report: every transition of product.md 6.1 with its guard; pure."""

from datetime import datetime

from moderation.reports import OPEN, Outcome, Report, ReportState
from outbox.refusals import NotAllowed, NotValid

MOST_ANSWER = 2_000


def attach(report: Report, case_id: int) -> None:
    """Put a filed report into a case; again into the same one changes nothing."""
    if report.state == ReportState.IN_CASE and report.case_id == case_id:
        return
    if report.state not in OPEN:
        raise NotAllowed("This report is no longer open.")
    report.state, report.case_id = ReportState.IN_CASE, case_id


def withdraw(report: Report) -> None:
    """Take a report back; what was answered stays answered."""
    if report.state == ReportState.ANSWERED:
        raise NotAllowed("This report was answered already.")
    report.state = ReportState.WITHDRAWN


def answer(report: Report, outcome: str, words: str, at: datetime) -> None:
    """Answer a report in a case; whoever is said to misuse reports is told why."""
    if report.state != ReportState.IN_CASE:
        raise NotAllowed("This report is no longer open.")
    _write(report, outcome, words, at)
    report.state, report.answered_at = ReportState.ANSWERED, at


def answer_again(report: Report, outcome: str, words: str, at: datetime) -> None:
    """Answer once more, after an appeal changed what was decided; the reporter is told again."""
    if report.state != ReportState.ANSWERED:
        raise NotAllowed("This report was not answered yet.")
    _write(report, outcome, words, at)
    report.revision += 1
    report.answered_at = at


def _write(report: Report, outcome: str, words: str, at: datetime) -> None:
    if outcome not in tuple(Outcome):
        raise NotValid("outcome", "Choose what was found.")
    if outcome == Outcome.MISUSE and not words.strip():
        raise NotValid("words", "Say what you looked at.")
    report.outcome, report.answer = Outcome(outcome), words.strip()[:MOST_ANSWER]

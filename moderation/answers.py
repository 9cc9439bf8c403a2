"""What moderators do with a report: look at it, take it, answer it."""

from datetime import datetime, timedelta

from actors.actor import Actor
from core.clock import now
from moderation.policy import current
from moderation.reports import OPEN, Outcome, Report, ReportState
from outbox.refusals import NotAllowed, NotValid

MOST_WORDS = 2_000
IDLE = timedelta(hours=48)  # then someone else may take it (product.md 6.1)


async def waiting(*, after: int | None = None, most: int = 20) -> list[Report]:
    """Return the reports that nobody has answered, the one due first on top."""
    found = Report.filter(state__in=OPEN).order_by("id").limit(most)
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.select_related("target", "reporter", "claimed_by")


async def settled(*, before: int | None = None, most: int = 20) -> list[Report]:
    """Return the reports that were answered or withdrawn, the newest first."""
    found = Report.exclude(state__in=OPEN).order_by("-id").limit(most)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.select_related("target", "reporter", "claimed_by")


async def report_with(number: int) -> Report | None:
    """Find a report for a moderator, with the people it is about."""
    found = Report.filter(id=number)
    return await found.select_related("target", "reporter", "claimed_by").first()


def due(report: Report) -> datetime:
    """Return when the policy wants it answered."""
    return report.created_at + timedelta(days=current().sections.moderation.decide_days)


def is_overdue(report: Report) -> bool:
    """Tell whether it waits for longer than the policy allows."""
    return report.is_open and due(report) < now()


async def claim(report: Report, moderator: Actor) -> None:
    """Take a report; raise NotAllowed for who is part of it, or while someone else has it."""
    _check_conflict(report, moderator)
    theirs = (None, moderator.id)
    if report.claimed_by_id not in theirs and not _is_idle(report):
        raise NotAllowed("Someone else has taken this report.")
    changed = await Report.filter(
        id=report.id, claimed_by_id=report.claimed_by_id, state__in=OPEN
    ).update(claimed_by_id=moderator.id, claimed_at=now(), state=ReportState.IN_CASE)
    if not changed:
        raise NotAllowed("Someone else has taken this report.")


async def answer(report: Report, moderator: Actor, *, outcome: str, words: str) -> None:
    """Answer a report once, in words its reporter can read; raise NotAllowed or NotValid."""
    _check_conflict(report, moderator)
    if outcome not in tuple(Outcome):
        raise NotValid("outcome", "Choose what was found.")
    if not words.strip():
        raise NotValid("words", "Say what you looked at.")
    changed = await Report.filter(id=report.id, state__in=OPEN).update(
        state=ReportState.ANSWERED,
        outcome=Outcome(outcome),
        answer=words.strip()[:MOST_WORDS],
        answered_at=now(),
        claimed_by_id=moderator.id,
    )
    if not changed:
        raise NotAllowed("This report is no longer open.")


def _check_conflict(report: Report, moderator: Actor) -> None:
    if moderator.id in (report.reporter_id, report.target_id):
        raise NotAllowed("You are part of this report; someone else has to look at it.")


def _is_idle(report: Report) -> bool:
    return report.claimed_at is None or report.claimed_at < now() - IDLE

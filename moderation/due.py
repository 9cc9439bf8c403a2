"""What becomes of cases, decisions and appeals by themselves; runs by the clock."""

from moderation.appeal_clock import mark_overdue
from moderation.case_clock import end_hides_due, release_idle, resume_due
from moderation.deciding import expire_due
from moderation.filing import attach_loose
from moderation.finishing import close_windows, purge_due
from moderation.panel_counting import step_due


async def settle_due() -> None:
    """Do what is due, each thing in a transaction of its own; whatever ran before stays done."""
    for each in (
        attach_loose,
        release_idle,
        resume_due,
        end_hides_due,
        expire_due,
        step_due,
        mark_overdue,
        close_windows,
        purge_due,
    ):
        await each()

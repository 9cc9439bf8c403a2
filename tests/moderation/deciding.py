"""Cases that are decided, in a few words: for tests of what follows from it."""

from datetime import datetime, timedelta
from typing import Any

from actors.actor import Actor
from core.clock import now
from moderation import deciding, drafting, handling
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.drafting import Written
from moderation.filing import file_report
from notes.note import Note

FACTS = "It sells watches, privately."


def written(measure: str, **more: Any) -> Written:
    """A form that lacks nothing; without `until` the measure has no end."""
    values: dict[str, Any] = {
        "measure": measure,
        "rule_id": "no-ads",
        "facts": FACTS,
        "explanation": "We keep this place free of advertising.",
        "summary": "A note that sold things was taken out.",
        "outcome": "upheld",
        "to_reporters": "Thank you.",
    }
    if "until" not in more:
        values["no_end_because"] = "It is about nothing else."
    return Written(**(values | more))


async def taken(reporter: Actor, target: Actor, moderator: Actor, *notes: Note) -> Case:
    """A case about someone that a moderator has taken."""
    report = await file_report(reporter, target, notes=notes, comment="SECRET of the reporter")
    case = await handling.case_with(report.case_id or 0)
    assert case is not None
    await handling.claim(case, moderator)
    return case


async def decided(case: Case, moderator: Actor, measure: str, **more: Any) -> Decision:
    """Issue a decision in a case and return it as it was written."""
    made = await drafting.draft(case, moderator, written(measure, **more))
    await deciding.issue(made, case, moderator)
    return await again(made)


async def again(decision: Decision) -> Decision:
    """A decision as it is in the database now."""
    return await Decision.get(id=decision.id)


async def appeal_of(decision: Decision) -> Appeal:
    """The last appeal against a decision."""
    found = await Appeal.filter(decision_id=decision.id).order_by("-number").first()
    assert found is not None
    return found


def in_days(days: float) -> datetime:
    """A moment from now."""
    return now() + timedelta(days=days)

"""Rows for the tests of the machines; they were never in a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from moderation.appeals import Appeal
from moderation.case_machine import Standing
from moderation.cases import Case
from moderation.decision_machine import House
from moderation.decisions import Decision
from moderation.states import AppealState, CaseState, DecisionState, Thing
from moderation.vocabulary import Measure

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOD, OTHER, AUTHOR = 1, 2, 3
ME, THEM = Standing(MOD), Standing(OTHER)
HOUSE = House(moderators=2, second_for=(Measure.SUSPEND, Measure.CLOSE_ACCOUNT, Measure.REJECT))


def case_in(state: CaseState, **columns: Any) -> Case:
    """A case in a state; claimed and waiting ones are MOD's, and were touched an hour ago."""
    mine = state in (CaseState.CLAIMED, CaseState.WAITING)
    return Case(
        id=columns.pop("id", 10),
        state=state,
        target_id=AUTHOR,
        acknowledge_by=AT + DAY,
        decide_by=AT + 7 * DAY,
        claimed_by_id=columns.pop("claimed_by_id", MOD if mine else None),
        decided_by_id=columns.pop("decided_by_id", None),
        merged_into_id=None,
        group_id=columns.pop("group_id", None),
        touched_at=columns.pop("touched_at", AT - HOUR if mine else None),
        waiting_until=columns.pop("waiting_until", AT + DAY if state == "waiting" else None),
        **columns,
    )


def decision_in(state: DecisionState = DecisionState.DRAFT, **columns: Any) -> Decision:
    """A whole decision of MOD's to hide a note for good."""
    values: dict[str, Any] = {
        "id": 20,
        "case_id": 10,
        "thing": Thing.NOTE,
        "note_id": 30,
        "actor_id": AUTHOR,
        "measure": Measure.HIDE,
        "rule_id": "no-ads",
        "policy_version": 1,
        "facts": "It sells watches.",
        "explanation": "We keep this place free of advertising.",
        "summary": "A note that sold watches was hidden.",
        "no_end_because": "The note is about nothing else.",
        "drafted_by_id": MOD,
        "second_by_id": None,
        "issued_at": None if state in ("draft", "needs_second") else AT - DAY,
    }
    return Decision(state=state, **(values | columns))


def appeal_in(state: AppealState, **columns: Any) -> Appeal:
    """An appeal in a state, its window open for ten more days."""
    is_filed = state != AppealState.OPEN_WINDOW
    values: dict[str, Any] = {
        "id": 40,
        "decision_id": 20,
        "window_ends_at": AT + 10 * DAY,
        "filed_at": AT - HOUR if is_filed else None,
        "decide_by": AT + 14 * DAY if is_filed else None,
        "reviewer_id": OTHER if state == AppealState.IN_REVIEW else None,
    }
    return Appeal(state=state, **(values | columns))

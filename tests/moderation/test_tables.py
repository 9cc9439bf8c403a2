"""Every row of the tables of states: allowed, refused by its guard, repeated; and none is missing.

The details of each guard are in the tests of each machine; here nothing may be left out.
"""

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import chain
from types import ModuleType
from typing import Any

import pytest

from moderation import (
    adopted_machine,
    appeal_machine,
    case_machine,
    decision_machine,
    emergency_machine,
    outcome_machine,
    proposal_machine,
    report_machine,
)
from moderation.case_machine import Standing
from moderation.cases import ProvisionalHide
from moderation.outcome_machine import Tally
from moderation.proposal_steps import Participant
from moderation.proposals import Proposal
from moderation.reports import Report, ReportState
from moderation.states import (
    UNDECIDED,
    AppealState,
    CaseState,
    DecisionState,
    Inadmissible,
    ProposalState,
    Verdict,
    WaitingFor,
)
from moderation.vocabulary import Measure, Reserved
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.machines import (
    AT,
    AUTHOR,
    DAY,
    HOUR,
    HOUSE,
    ME,
    MOD,
    OTHER,
    THEM,
    appeal_in,
    case_in,
    decision_in,
)
from tests.moderation.test_proposal_machine import (
    ADMIN,
    ASSEMBLY,
    CONSULT,
    FILTER,
    MINE,
    STRANGER,
    UNTIL,
    WORDS,
    emergency,
    proposal_in,
)

pytestmark = pytest.mark.usefixtures("models")

PART = Standing(MOD, is_part=True)
LATE = AT + 400 * DAY
SECOND = Participant(3)
C, D, A, P, R = CaseState, DecisionState, AppealState, ProposalState, ReportState


@dataclass(frozen=True)
class Row:
    """From some states by an event to another; `guarded` is the same event that has to be refused.

    `stays` where doing it once more changes nothing rather than being refused.
    """

    machine: ModuleType
    event: str
    begin: Callable[..., Any]
    froms: Collection[Any]
    to: Any
    guarded: Callable[[Callable[..., Any], Any], object]
    act: Callable[[Callable[..., Any], Any], object]
    stays: bool = False

    @property
    def verb(self) -> Callable[..., Any]:
        return getattr(self.machine, self.event)

    def __str__(self) -> str:
        name = self.machine.__name__.rpartition(".")[2].removesuffix("_machine")
        return f"{name}-{self.event}-{self.to or 'same'}"


def report_in(state: ReportState) -> Report:
    case_id = None if state == R.FILED else 10
    return Report(id=5, uri="u", receipt="r", target_id=AUTHOR, state=state, case_id=case_id)


reports = partial(Row, report_machine)
cases = partial(Row, case_machine)
decisions = partial(Row, decision_machine)
appeals = partial(Row, appeal_machine)
proposals = partial(Row, proposal_machine)
outcomes = partial(Row, outcome_machine)
adopted = partial(Row, adopted_machine)
emergencies = partial(Row, emergency_machine)

REPORTS = (
    reports(
        "attach", report_in, [R.FILED, R.IN_CASE], R.IN_CASE,
        lambda do, each: do(set_to(each, R.ANSWERED), 10), lambda do, each: do(each, 10), True,
    ),
    reports(
        "withdraw", report_in, [R.FILED, R.IN_CASE, R.WITHDRAWN], R.WITHDRAWN,
        lambda do, each: do(set_to(each, R.ANSWERED)), lambda do, each: do(each), True,
    ),
    reports(
        "answer", report_in, [R.IN_CASE], R.ANSWERED,
        lambda do, each: do(each, "misuse", " ", AT), lambda do, each: do(each, "partly", "", AT),
    ),
    reports(
        "answer_again", report_in, [R.ANSWERED], None,
        lambda do, each: do(each, "guilty", "x", AT), lambda do, each: do(each, "upheld", "", AT),
        True,
    ),
)  # fmt: skip
CASES = (
    cases(
        "claim", case_in, [C.OPEN, C.REOPENED, C.CLAIMED], C.CLAIMED,
        lambda do, each: do(each, PART, AT), lambda do, each: do(each, ME, AT), True,
    ),
    cases(
        "release", case_in, [C.CLAIMED], C.OPEN,
        lambda do, each: do(each, THEM), lambda do, each: do(each, ME),
    ),
    cases(
        "release_idle", case_in, [C.CLAIMED], C.OPEN,
        lambda do, each: do(each, AT), lambda do, each: do(each, AT + 3 * DAY),
    ),
    cases(
        "wait", case_in, [C.CLAIMED], C.WAITING,
        lambda do, each: do(each, ME, WaitingFor.LEGAL, " ", AT + DAY, AT),
        lambda do, each: do(each, ME, WaitingFor.LEGAL, "Why.", AT + DAY, AT),
    ),
    cases(
        "resume", case_in, [C.WAITING], C.CLAIMED,
        lambda do, each: do(each, AT, is_answered=False),
        lambda do, each: do(each, AT + DAY, is_answered=False),
    ),
    cases(
        "hide", case_in, [C.OPEN, C.CLAIMED], None,
        lambda do, each: do(each, ME, 30, reason="Why.", until=AT + 73 * HOUR, at=AT),
        lambda do, each: do(each, ME, 30, reason="Why.", until=AT + 72 * HOUR, at=AT), True,
    ),
    cases(
        "decide", case_in, [C.CLAIMED], C.DECIDED,
        lambda do, each: do(each, ME, decisions=0, no_breach=" ", at=AT),
        lambda do, each: do(each, ME, decisions=1, no_breach="", at=AT),
    ),
    cases(
        "merge", case_in, [C.OPEN, C.CLAIMED, C.WAITING, C.REOPENED], C.MERGED,
        lambda do, each: do(each, each, ME, AT),
        lambda do, each: do(each, case_in(C.OPEN, id=11), ME, AT),
    ),
    cases(
        "reopen", case_in, [C.DECIDED], C.REOPENED,
        lambda do, each: do(each, "", AT), lambda do, each: do(each, "A witness.", AT),
    ),
    cases(
        "settle_again", case_in, [C.REOPENED, C.DECIDED, C.OPEN, C.CLAIMED, C.WAITING], C.DECIDED,
        lambda do, each: do(set_to(each, C.MERGED), OTHER, AT),
        lambda do, each: do(each, OTHER, AT), True,
    ),
)  # fmt: skip
DECISIONS = (
    decisions(
        "issue", decision_in, [D.DRAFT], D.IN_FORCE,
        lambda do, each: do(put(each, explanation=" "), ME, HOUSE, AT),
        lambda do, each: do(each, ME, HOUSE, AT),
    ),
    decisions(
        "issue", partial(decision_in, thing="account", measure=Measure.SUSPEND, note_id=None),
        [D.DRAFT], D.NEEDS_SECOND,
        lambda do, each: do(put(each, policy_version=None), ME, HOUSE, AT),
        lambda do, each: do(each, ME, HOUSE, AT),
    ),
    decisions(
        "confirm", decision_in, [D.NEEDS_SECOND], D.IN_FORCE,
        lambda do, each: do(each, ME, AT), lambda do, each: do(each, THEM, AT),
    ),
    decisions(
        "give_back", decision_in, [D.NEEDS_SECOND], D.DRAFT,
        lambda do, each: do(each, THEM, ""), lambda do, each: do(each, THEM, "Say more."),
    ),
    decisions(
        "expire", partial(decision_in, until=AT), [D.IN_FORCE], D.EXPIRED,
        lambda do, each: do(each, AT - HOUR), lambda do, each: do(each, AT),
    ),
    decisions(
        "lift", decision_in, [D.IN_FORCE], D.LIFTED,
        lambda do, each: do(each, " ", AT), lambda do, each: do(each, "It was mild.", AT),
    ),
    decisions(
        "replace", decision_in, [D.IN_FORCE], D.AMENDED,
        lambda do, each: do(each, decision_in(D.IN_FORCE, id=21, note_id=31), AT),
        lambda do, each: do(each, decision_in(D.IN_FORCE, id=21), AT),
    ),
    decisions(
        "overturn", decision_in, [D.IN_FORCE, D.EXPIRED], D.OVERTURNED,
        lambda do, each: do(set_to(each, D.LIFTED), AT), lambda do, each: do(each, AT),
    ),
)  # fmt: skip
NEW = {"deciders": {MOD}, "has_others": True}
APPEALS = (
    appeals(
        "file", appeal_in, [A.OPEN_WINDOW], A.FILED,
        lambda do, each: do(each, "No.", LATE, decide_days=14),
        lambda do, each: do(each, "No.", AT, decide_days=14),
    ),
    appeals(
        "file_second", appeal_in, [A.UPHELD, A.INADMISSIBLE], None,
        lambda do, each: do(each, "No.", " ", AT, decide_days=14),
        lambda do, each: do(each, "No.", "A photo.", AT, decide_days=14), True,
    ),
    appeals(
        "pass_by", appeal_in, [A.OPEN_WINDOW], None,
        lambda do, each: do(each, AT), lambda do, each: do(each, LATE), True,
    ),
    appeals(
        "refuse", appeal_in, [A.FILED], A.INADMISSIBLE,
        lambda do, each: do(each, OTHER, Inadmissible.ABUSIVE, "", AT),
        lambda do, each: do(each, OTHER, Inadmissible.ABUSIVE, "Be civil.", AT),
    ),
    appeals(
        "assign", appeal_in, [A.FILED, A.IN_REVIEW], A.IN_REVIEW,
        lambda do, each: do(each, MOD, AT, **NEW), lambda do, each: do(each, OTHER, AT, **NEW),
        True,
    ),
    *(
        appeals(
            "settle", partial(appeal_in, reviewer_id=OTHER), [A.IN_REVIEW, A.OVERDUE], outcome,
            lambda do, each, outcome=outcome: do(each, OTHER, outcome, " ", AT),
            lambda do, each, outcome=outcome: do(each, OTHER, outcome, "Read again.", AT),
        )
        for outcome in (A.UPHELD, A.AMENDED, A.OVERTURNED)
    ),
    appeals(
        "draw", partial(appeal_in, reviewer_id=OTHER), [A.IN_REVIEW, A.OVERDUE], A.WITH_PANEL,
        lambda do, each: do(each, OTHER, AT, size=3, people=2, is_shown=True),
        lambda do, each: do(each, OTHER, AT, size=3, people=3, is_shown=True),
    ),
    *(
        appeals(
            "conclude", partial(appeal_in, reviewer_id=OTHER), [A.WITH_PANEL], outcome,
            lambda do, each, said=said: do(each, said, "Read again.", AT, is_over=False),
            lambda do, each, said=said: do(each, said, "Read again.", AT, is_over=True),
        )
        for said, outcome in ((Verdict.UPHOLD, A.UPHELD), (Verdict.OVERTURN, A.OVERTURNED))
    ),
    appeals(
        "hand_back", partial(appeal_in, reviewer_id=OTHER), [A.WITH_PANEL], A.IN_REVIEW,
        lambda do, each: do(each, AT, is_over=False), lambda do, each: do(each, AT, is_over=True),
    ),
    appeals(
        "become_overdue", appeal_in, [A.FILED, A.IN_REVIEW], A.OVERDUE,
        lambda do, each: do(each, AT), lambda do, each: do(each, LATE),
    ),
)  # fmt: skip


def emergency_in(state: ProposalState) -> Proposal:
    return set_to(emergency(), state)


def set_to(row, state):
    row.state = state
    return row


BINDING = partial(proposal_in, numbers=ASSEMBLY)
ADVICE = partial(proposal_in, numbers=CONSULT)
OTHERS = tuple(Reserved)
PROPOSALS = (
    proposals(
        "publish", BINDING, [P.DRAFT], P.SEEKING_SPONSORS,
        lambda do, each: do(each, MINE, ASSEMBLY, AT, changes=FILTER),
        lambda do, each: do(each, MINE, ASSEMBLY, AT, changes=WORDS),
    ),
    proposals(
        "suggest", BINDING, [P.DRAFT], None,
        lambda do, each: do(each, SECOND, changes=WORDS),
        lambda do, each: do(each, MINE, changes=WORDS), True,
    ),
    proposals(
        "check_sponsor", BINDING, [P.SEEKING_SPONSORS], None,
        lambda do, each: do(each, MINE), lambda do, each: do(each, SECOND), True,
    ),
    proposals(
        "begin_discussion", BINDING, [P.SEEKING_SPONSORS], P.DISCUSSION,
        lambda do, each: do(each, 2, AT), lambda do, each: do(each, 3, AT),
    ),
    proposals(
        "lapse", BINDING, [P.SEEKING_SPONSORS], P.LAPSED,
        lambda do, each: do(each, AT - HOUR), lambda do, each: do(each, AT),
    ),
    proposals(
        "amend", BINDING, [P.DISCUSSION], None,
        lambda do, each: do(each, SECOND, "Better.", AT - HOUR, changes=WORDS),
        lambda do, each: do(each, MINE, "Better.", AT - HOUR, changes=WORDS), True,
    ),
    proposals(
        "freeze", BINDING, [P.DISCUSSION], P.FINAL_TEXT,
        lambda do, each: do(each, AT - HOUR, changes=WORDS),
        lambda do, each: do(each, AT, changes=WORDS),
    ),
    proposals(
        "go_to_decision", BINDING, [P.FINAL_TEXT], P.VOTE,
        lambda do, each: do(each, AT - HOUR, electorate=9, active=9),
        lambda do, each: do(each, AT, electorate=9, active=9),
    ),
    outcomes(
        "check_voter", BINDING, [P.VOTE], None,
        lambda do, each: do(each, STRANGER, AT - HOUR, is_on_roll=True),
        lambda do, each: do(each, SECOND, AT - HOUR, is_on_roll=True), True,
    ),
    *(
        outcomes(
            "close_vote", partial(proposal_in, numbers=numbers), [P.VOTE], to,
            lambda do, each, tally=tally: do(each, tally, AT - HOUR),
            lambda do, each, tally=tally: do(each, tally, AT),
        )
        for numbers, tally, to in (
            (ASSEMBLY, Tally(6, 4), P.ADOPTED),
            (ASSEMBLY, Tally(5, 5), P.REJECTED),
            (ASSEMBLY, Tally(4, 0), P.NO_QUORUM),
            (CONSULT, Tally(4, 0), P.AWAITING_ADMIN),
        )
    ),
    *(
        outcomes(
            "decide", ADVICE, [P.AWAITING_ADMIN], outcome,
            lambda do, each, outcome=outcome: do(each, ADMIN, outcome, " ", "", AT),
            lambda do, each, outcome=outcome: do(each, ADMIN, outcome, "Because.", "", AT),
        )
        for outcome in (P.ADOPTED, P.REJECTED, P.RETURNED)
    ),
    adopted(
        "take_effect", BINDING, [P.ADOPTED], P.IN_FORCE,
        lambda do, each: do(each, 2, AT - HOUR), lambda do, each: do(each, 2, AT),
    ),
    adopted(
        "give_back", BINDING, [P.ADOPTED], P.RETURNED,
        lambda do, each: do(each, "A clash.", AT - HOUR), lambda do, each: do(each, "A clash.", AT),
    ),
    adopted(
        "wait_for_version", BINDING, [P.ADOPTED], None,
        lambda do, each: do(each, 7, AT, AT), lambda do, each: do(each, 7, AT + DAY, AT),
    ),
    adopted(
        "be_renumbered", partial(BINDING, version=7), [P.ADOPTED], None,
        lambda do, each: do(put(each, version=None), 9), lambda do, each: do(each, 9), True,
    ),
    adopted(
        "suggest_review", BINDING, [P.IN_FORCE], None,
        lambda do, each: do(each, AT - HOUR), lambda do, each: do(each, AT),
    ),
    outcomes(
        "withdraw", BINDING, UNDECIDED, P.WITHDRAWN,
        lambda do, each: do(each, SECOND, "Not now.", AT),
        lambda do, each: do(each, MINE, "Not now.", AT),
    ),
    outcomes(
        "veto", BINDING, [each for each in UNDECIDED if each != P.DRAFT], P.VETOED,
        lambda do, each: do(each, ADMIN, "taste", "I dislike it.", AT, reserved=OTHERS),
        lambda do, each: do(each, ADMIN, "legal_duties", "A law.", AT, reserved=OTHERS),
    ),
    emergencies(
        "begin_emergency", partial(proposal_in, proposer_id=2), [P.DRAFT], P.IN_FORCE,
        lambda do, each: do(
            each, ADMIN, ASSEMBLY, AT, until=AT + 15 * DAY, version=2, changes=WORDS
        ),
        lambda do, each: do(each, ADMIN, ASSEMBLY, AT, until=UNTIL, version=2, changes=WORDS),
    ),
    emergencies(
        "keep_emergency", emergency_in, [P.IN_FORCE], None,
        lambda do, each: do(each, LATE), lambda do, each: do(each, AT),
    ),
    emergencies(
        "make_lasting", emergency_in, [P.IN_FORCE], None,
        lambda do, each: do(put(each, is_emergency=False)), lambda do, each: do(each), True,
    ),
    emergencies(
        "lapse_emergency", emergency_in, [P.IN_FORCE], P.LAPSED,
        lambda do, each: do(each, AT - HOUR), lambda do, each: do(each, AT),
    ),
)  # fmt: skip
ROWS = (*REPORTS, *CASES, *DECISIONS, *APPEALS, *PROPOSALS)
STATES = {
    report_machine: ReportState,
    case_machine: CaseState,
    decision_machine: DecisionState,
    appeal_machine: AppealState,
    proposal_machine: ProposalState,
    outcome_machine: ProposalState,
    adopted_machine: ProposalState,
    emergency_machine: ProposalState,
}
EACH = [pytest.param(row, each, id=f"{row}-{each}") for row in ROWS for each in row.froms]
ABOUT = ("case", "report", "decision", "old", "appeal", "first", "proposal")
# They look at a row, are part of an event, or are about a row of another table.
NO_EVENTS = {
    *("is_idle", "check_mine", "check_whole", "needs_second", "departs", "end_hide"),
}


def put(row, **columns):
    for name, value in columns.items():
        setattr(row, name, value)
    return row


def begun(row: Row, state):
    return row.begin(state)


@pytest.mark.parametrize(("row", "state"), EACH)
def test_it_is_allowed(row, state):
    each = begun(row, state)

    row.act(row.verb, each)

    assert each.state == (row.to or state)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_its_guard_refuses_it_and_leaves_the_row_as_it_was(row):
    each = begun(row, next(iter(row.froms)))

    with pytest.raises((NotAllowed, NotValid)):
        row.guarded(row.verb, each)

    assert each.state != row.to or row.to in row.froms


@pytest.mark.parametrize(("row", "state"), EACH)
def test_repeated_it_changes_nothing_more(row, state):
    each = begun(row, state)
    row.act(row.verb, each)
    reached = each.state

    if row.stays:
        row.act(row.verb, each)
    else:
        with pytest.raises(NotAllowed):
            row.act(row.verb, each)

    assert each.state == reached


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_from_any_other_state_it_is_refused(row):
    alike = {each for other in ROWS if same_event(other, row) for each in other.froms}
    for state in set(STATES[row.machine]) - alike - unlike(row):
        each = begun(row, state)

        with pytest.raises(NotAllowed):
            row.act(row.verb, each)

        assert each.state == state


def same_event(one: Row, other: Row) -> bool:
    return (one.machine, one.event) == (other.machine, other.event)


def unlike(row: Row) -> set[Any]:
    """Leave out what is another rule: a waiting case is touched again by its claimer, an overdue
    appeal that somebody has stays theirs."""
    return {"claim": {C.WAITING}, "assign": {A.OVERDUE}}.get(row.event, set())


@pytest.mark.parametrize("machine", STATES, ids=lambda each: each.__name__)
def test_no_event_of_a_machine_has_no_row(machine):
    events = {
        name
        for name, function in inspect.getmembers(machine, inspect.isfunction)
        if function.__module__ == machine.__name__ and not name.startswith("_")
        if first_of(function)
        in ("case", "report", "decision", "old", "appeal", "first", "proposal")
    }

    assert events - NO_EVENTS == {row.event for row in ROWS if row.machine is machine}


@pytest.mark.parametrize("states", dict.fromkeys(STATES.values()), ids=lambda each: each.__name__)
def test_every_state_is_reached_and_left_by_rows(states):
    rows = [row for row in ROWS if STATES[row.machine] is states]
    reached = {row.to for row in rows if row.to}
    left = set(chain.from_iterable(row.froms for row in rows))

    begin = {R.FILED, C.OPEN, D.DRAFT, A.OPEN_WINDOW, P.DRAFT}
    assert set(states) == reached | (left & begin)


def first_of(function: Callable[..., Any]) -> str:
    return next(iter(inspect.signature(function).parameters), "")


def test_a_provisional_hide_ends_once():
    hidden = ProvisionalHide(case_id=1, note_id=1, by_id=1, until=AT + timedelta(hours=1))

    with pytest.raises(NotAllowed):
        case_machine.end_hide(hidden, AT, is_decided=False)
    case_machine.end_hide(hidden, AT + timedelta(hours=1), is_decided=False)

    with pytest.raises(NotAllowed):
        case_machine.end_hide(hidden, AT + timedelta(hours=2), is_decided=True)

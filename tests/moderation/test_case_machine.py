"""Each transition of a case and a report: allowed, refused by its guard, repeated."""

from datetime import timedelta

import pytest

from moderation import case_machine as machine
from moderation import report_machine
from moderation.case_machine import Standing
from moderation.cases import new_case
from moderation.reports import Outcome, Report, ReportState
from moderation.states import LIVE, CaseState, Scope, WaitingFor
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.drafts import in_force
from tests.moderation.machines import AT, AUTHOR, DAY, HOUR, ME, MOD, OTHER, THEM, case_in

pytestmark = pytest.mark.usefixtures("models")
PART = Standing(MOD, is_part=True)
ENDED = (CaseState.DECIDED, CaseState.MERGED)


def test_a_new_case_has_the_clocks_of_the_policy():
    in_force(moderation={"ack_hours": 12, "decide_days": 3})

    case = new_case(AT)

    assert case.state == CaseState.OPEN
    assert (case.acknowledge_by, case.decide_by) == (AT + 12 * HOUR, AT + 3 * DAY)


@pytest.mark.parametrize("state", [CaseState.OPEN, CaseState.REOPENED])
def test_a_case_is_claimed(state):
    case = case_in(state, decided_by_id=OTHER)

    machine.claim(case, ME, AT)

    assert (case.state, case.claimed_by_id, case.touched_at) == ("claimed", MOD, AT)
    assert case.acknowledged_at == AT


def test_claiming_again_changes_only_when_it_was_touched():
    case = case_in(CaseState.OPEN)
    machine.claim(case, ME, AT)

    machine.claim(case, ME, AT + HOUR)

    assert (case.state, case.claimed_by_id) == ("claimed", MOD)
    assert (case.acknowledged_at, case.touched_at) == (AT, AT + HOUR)


@pytest.mark.parametrize("state", LIVE)
def test_who_is_part_of_a_case_does_not_claim_it(state):
    case = case_in(state)

    with pytest.raises(NotAllowed, match="part of this case"):
        machine.claim(case, PART, AT)

    assert case.state == state


def test_who_follows_both_is_only_warned():
    case = case_in(CaseState.OPEN)

    machine.claim(case, Standing(MOD, follows_both=True), AT)

    assert case.state == CaseState.CLAIMED


def test_a_claimed_case_is_free_after_48_idle_hours():
    early, late = case_in(CaseState.CLAIMED), case_in(CaseState.CLAIMED)
    early.touched_at, late.touched_at = AT - timedelta(hours=47), AT - timedelta(hours=48)

    with pytest.raises(NotAllowed, match="Someone else"):
        machine.claim(early, THEM, AT)
    machine.claim(late, THEM, AT)

    assert (early.claimed_by_id, late.claimed_by_id) == (MOD, OTHER)


def test_a_case_is_given_back_by_who_has_it_alone():
    case = case_in(CaseState.CLAIMED)

    with pytest.raises(NotAllowed, match="Take this case first"):
        machine.release(case, THEM)
    machine.release(case, ME)

    assert (case.state, case.claimed_by_id, case.touched_at) == (CaseState.OPEN, None, None)
    with pytest.raises(NotAllowed, match="Take this case first"):
        machine.release(case, ME)


@pytest.mark.parametrize("state", [CaseState.WAITING, *ENDED])
def test_what_waits_or_has_ended_is_not_given_back(state):
    with pytest.raises(NotAllowed):
        machine.release(case_in(state), ME)


def test_a_reopened_case_that_is_given_back_is_still_for_someone_else():
    case = case_in(CaseState.CLAIMED, decided_by_id=OTHER, reopened_count=1)

    machine.release(case, ME)

    assert case.state == CaseState.REOPENED
    with pytest.raises(NotAllowed, match="decided by you"):
        machine.claim(case, THEM, AT)


def test_an_idle_case_goes_back_and_only_once():
    case = case_in(CaseState.CLAIMED, touched_at=AT - 3 * DAY)

    machine.release_idle(case, AT)

    assert (case.state, case.claimed_by_id) == (CaseState.OPEN, None)
    with pytest.raises(NotAllowed):
        machine.release_idle(case, AT)
    with pytest.raises(NotAllowed):
        machine.release_idle(case_in(CaseState.CLAIMED), AT)


@pytest.mark.parametrize("state", ENDED)
def test_what_has_ended_is_not_claimed(state):
    with pytest.raises(NotAllowed, match="no longer open"):
        machine.claim(case_in(state), ME, AT)


def test_a_reopened_case_is_for_someone_else_where_there_is_someone():
    case = case_in(CaseState.REOPENED, decided_by_id=MOD)

    with pytest.raises(NotAllowed, match="decided by you"):
        machine.claim(case, Standing(MOD, has_others=True), AT)
    machine.claim(case, Standing(MOD, has_others=False), AT)

    assert case.claimed_by_id == MOD


def test_a_reopened_case_that_idles_is_still_not_for_who_decided():
    kept = {"decided_by_id": MOD, "claimed_by_id": OTHER, "reopened_count": 1}
    idle = case_in(CaseState.CLAIMED, touched_at=AT - 3 * DAY, **kept)
    freed = case_in(CaseState.CLAIMED, touched_at=AT - 3 * DAY, **kept)

    machine.release_idle(freed, AT)

    assert freed.state == CaseState.REOPENED
    for case in (idle, freed):
        with pytest.raises(NotAllowed, match="decided by you"):
            machine.claim(case, ME, AT)


def test_a_case_waits_with_a_reason_and_a_day():
    case = case_in(CaseState.CLAIMED)

    machine.wait(case, ME, WaitingFor.LEGAL, " A lawyer reads it. ", AT + 3 * DAY, AT)

    assert (case.state, case.waiting_for) == (CaseState.WAITING, WaitingFor.LEGAL)
    assert (case.waiting_reason, case.waiting_until) == ("A lawyer reads it.", AT + 3 * DAY)
    with pytest.raises(NotAllowed, match="Take this case"):
        machine.wait(case, ME, WaitingFor.LEGAL, "Still.", AT + 3 * DAY, AT)


@pytest.mark.parametrize(
    ("reason", "until", "field"),
    [(" ", AT + DAY, "reason"), ("Why.", AT, "until"), ("Why.", AT + 91 * DAY, "until")],
)
def test_waiting_without_reason_or_day_is_refused(reason, until, field):
    case = case_in(CaseState.CLAIMED)

    with pytest.raises(NotValid) as refusal:
        machine.wait(case, ME, WaitingFor.AUTHOR, reason, until, AT)

    assert (refusal.value.field, case.state) == (field, CaseState.CLAIMED)


@pytest.mark.parametrize(("who", "state"), [(THEM, "claimed"), (ME, "open"), (PART, "claimed")])
def test_only_the_claimer_lets_it_wait(who, state):
    with pytest.raises(NotAllowed):
        machine.wait(case_in(CaseState(state)), who, WaitingFor.AUTHOR, "Why.", AT + DAY, AT)


@pytest.mark.parametrize(("later", "answered"), [(0 * HOUR, True), (DAY, False)])
def test_a_case_goes_on_when_the_answer_comes_or_its_day_passes(later, answered):
    case = case_in(CaseState.WAITING)

    machine.resume(case, AT + later, is_answered=answered)

    assert (case.state, case.claimed_by_id, case.waiting_until) == ("claimed", MOD, None)
    with pytest.raises(NotAllowed, match="does not wait"):
        machine.resume(case, AT + later, is_answered=answered)


def test_a_case_does_not_go_on_before_its_day():
    with pytest.raises(NotAllowed, match="not come yet"):
        machine.resume(case_in(CaseState.WAITING), AT, is_answered=False)


@pytest.mark.parametrize("state", [CaseState.OPEN, CaseState.CLAIMED])
def test_a_note_is_hidden_for_the_time_being(state):
    case = case_in(state)

    hidden = machine.hide(case, ME, 30, reason="A home address.", until=AT + 72 * HOUR, at=AT)

    assert (hidden.note_id, hidden.by_id, hidden.until) == (30, MOD, AT + 72 * HOUR)
    assert case.state == state


@pytest.mark.parametrize(
    ("reason", "hours", "field"), [("", 10, "reason"), ("Why.", 73, "until"), ("Why.", 0, "until")]
)
def test_hiding_for_longer_than_72_hours_or_without_a_reason_is_refused(reason, hours, field):
    with pytest.raises(NotValid) as refusal:
        machine.hide(case_in(CaseState.OPEN), ME, 30, reason=reason, until=AT + hours * HOUR, at=AT)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("state", "who"),
    [*((each, ME) for each in ENDED), ("waiting", ME), ("claimed", THEM), ("open", PART)],
)
def test_hiding_is_for_open_cases_and_their_claimer(state, who):
    with pytest.raises(NotAllowed):
        machine.hide(case_in(CaseState(state)), who, 30, reason="Why.", until=AT + HOUR, at=AT)


def test_a_provisional_hide_ends_by_itself_or_with_the_decision_and_once():
    def hidden():
        return machine.hide(case_in(CaseState.OPEN), ME, 30, reason="Why.", until=AT + HOUR, at=AT)

    decided, over = hidden(), hidden()
    with pytest.raises(NotAllowed, match="not come yet"):
        machine.end_hide(over, AT, is_decided=False)
    machine.end_hide(decided, AT, is_decided=True)
    machine.end_hide(over, AT + HOUR, is_decided=False)

    assert (decided.ended_at, over.ended_at) == (AT, AT + HOUR)
    with pytest.raises(NotAllowed, match="ended already"):
        machine.end_hide(decided, AT + DAY, is_decided=True)


@pytest.mark.parametrize(("decisions", "no_breach"), [(1, ""), (0, " It is satire. ")])
def test_a_case_is_decided(decisions, no_breach):
    case = case_in(CaseState.CLAIMED)

    machine.decide(case, ME, decisions=decisions, no_breach=no_breach, at=AT)

    assert (case.state, case.decided_at, case.decided_by_id) == ("decided", AT, MOD)
    assert case.no_breach == no_breach.strip()
    with pytest.raises(NotAllowed, match="no longer open"):
        machine.decide(case, ME, decisions=decisions, no_breach=no_breach, at=AT)


def test_a_case_is_not_decided_by_nothing():
    with pytest.raises(NotValid) as refusal:
        machine.decide(case_in(CaseState.CLAIMED), ME, decisions=0, no_breach=" ", at=AT)

    assert refusal.value.field == "no_breach"


@pytest.mark.parametrize(
    ("state", "who"), [("open", ME), ("waiting", ME), ("reopened", ME), ("claimed", THEM)]
)
def test_only_the_claimer_decides(state, who):
    with pytest.raises(NotAllowed):
        machine.decide(case_in(CaseState(state)), who, decisions=1, no_breach="", at=AT)


@pytest.mark.parametrize("state", LIVE)
def test_a_live_case_is_merged_into_another(state):
    case, other = case_in(state), case_in(CaseState.OPEN, id=11)

    machine.merge(case, other, ME, AT)

    assert (case.state, case.merged_into_id) == (CaseState.MERGED, 11)
    with pytest.raises(NotAllowed, match="no longer open"):
        machine.merge(case, other, ME, AT)


@pytest.mark.parametrize(
    "other",
    [
        {"id": 10},
        {"id": 11, "state": CaseState.DECIDED},
        {"id": 11, "scope": Scope.GROUP, "group_id": 7},
    ],
)
def test_a_case_is_merged_only_into_a_live_one_of_the_same_place(other):
    state = other.pop("state", CaseState.OPEN)

    with pytest.raises(NotValid) as refusal:
        machine.merge(case_in(CaseState.OPEN), case_in(state, **other), ME, AT)

    assert refusal.value.field == "into"


def test_a_decided_case_is_reopened_with_a_reason_and_once():
    case = case_in(CaseState.DECIDED, decided_by_id=MOD, claimed_by_id=MOD)

    with pytest.raises(NotValid):
        machine.reopen(case, " ", AT)
    machine.reopen(case, "A new witness.", AT)

    assert (case.state, case.claimed_by_id, case.reopened_count) == ("reopened", None, 1)
    with pytest.raises(NotAllowed, match="Only what was decided"):
        machine.reopen(case, "Again.", AT)


@pytest.mark.parametrize("state", [*LIVE, CaseState.MERGED])
def test_what_is_not_decided_is_not_reopened(state):
    with pytest.raises(NotAllowed):
        machine.reopen(case_in(state), "Why.", AT)


def test_an_appeal_closes_the_case_it_opened_however_often():
    case = case_in(CaseState.REOPENED)

    machine.settle_again(case, OTHER, AT)
    machine.settle_again(case, OTHER, AT + DAY)

    assert (case.state, case.decided_at) == (CaseState.DECIDED, AT)
    with pytest.raises(NotAllowed):
        machine.settle_again(case_in(CaseState.MERGED), OTHER, AT)


# reports


def report_in(state, **columns):
    values = {"id": 5, "uri": "u", "receipt": "r", "target_id": AUTHOR, "case_id": None}
    return Report(state=ReportState(state), **(values | columns))


def test_a_filed_report_joins_a_case_and_stays_in_it():
    report = report_in("filed")

    report_machine.attach(report, 10)
    report_machine.attach(report, 10)

    assert (report.state, report.case_id) == (ReportState.IN_CASE, 10)


@pytest.mark.parametrize("state", ["withdrawn", "answered"])
def test_what_has_ended_joins_no_case(state):
    with pytest.raises(NotAllowed):
        report_machine.attach(report_in(state), 10)


@pytest.mark.parametrize("state", ["filed", "in_case", "withdrawn"])
def test_a_report_is_withdrawn_however_often(state):
    report = report_in(state)

    report_machine.withdraw(report)

    assert report.state == ReportState.WITHDRAWN


def test_an_answered_report_is_not_withdrawn():
    with pytest.raises(NotAllowed, match="answered already"):
        report_machine.withdraw(report_in("answered"))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_report_in_a_case_is_answered_once(outcome):
    report = report_in("in_case")

    report_machine.answer(report, outcome, "Looked at it.", AT)

    assert (report.state, report.outcome, report.answered_at) == ("answered", outcome, AT)
    with pytest.raises(NotAllowed):
        report_machine.answer(report, outcome, "Again.", AT)


@pytest.mark.parametrize(
    ("outcome", "words", "field"), [("guilty", "x", "outcome"), ("misuse", " ", "words")]
)
def test_an_answer_has_an_outcome_and_for_misuse_words(outcome, words, field):
    report = report_in("in_case")

    with pytest.raises(NotValid) as refusal:
        report_machine.answer(report, outcome, words, AT)

    assert (refusal.value.field, report.state) == (field, ReportState.IN_CASE)


@pytest.mark.parametrize("state", ["filed", "withdrawn", "answered"])
def test_only_what_is_in_a_case_is_answered(state):
    with pytest.raises(NotAllowed):
        report_machine.answer(report_in(state), "upheld", "", AT)


def test_an_appeal_answers_again_with_the_next_number():
    report = report_in("answered", outcome=Outcome.UPHELD)

    report_machine.answer_again(report, "not_upheld", "", AT)

    assert (report.outcome, report.revision) == (Outcome.NOT_UPHELD, 1)
    with pytest.raises(NotAllowed):
        report_machine.answer_again(report_in("in_case"), "upheld", "", AT)

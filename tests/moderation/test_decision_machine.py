"""Each transition of a decision and an appeal: allowed, refused by its guard, repeated."""

from datetime import timedelta

import pytest

from moderation import appeal_machine as appeals
from moderation import decision_machine as machine
from moderation.case_machine import Standing
from moderation.decision_machine import House
from moderation.reports import Outcome
from moderation.states import HEARD, MEASURES, AppealState, DecisionState, Inadmissible, Thing
from moderation.vocabulary import Measure, PurgeNow
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.machines import (
    AT,
    DAY,
    HOUR,
    HOUSE,
    ME,
    MOD,
    OTHER,
    THEM,
    appeal_in,
    decision_in,
)

pytestmark = pytest.mark.usefixtures("models")
OTHERS = [each for each in DecisionState if each != DecisionState.IN_FORCE]
PART = Standing(OTHER, is_part=True)


@pytest.mark.parametrize(
    "ground",
    [{}, {"rule_id": "", "policy_version": None, "law": "StGB", "law_reference": "§ 130"}],
)
def test_a_whole_decision_is_in_force_when_issued_and_is_issued_once(ground):
    decision = decision_in(**ground)

    machine.issue(decision, ME, HOUSE, AT)

    assert (decision.state, decision.issued_at) == (DecisionState.IN_FORCE, AT)
    with pytest.raises(NotAllowed, match="issued already"):
        machine.issue(decision, ME, HOUSE, AT)


@pytest.mark.parametrize(
    ("lack", "field"),
    [
        ({"rule_id": ""}, "rule"),
        ({"policy_version": None}, "rule"),
        ({"rule_id": "", "law": "StGB"}, "rule"),
        ({"rule_id": "", "law_reference": "§ 130"}, "rule"),
        ({"facts": " "}, "facts"),
        ({"explanation": ""}, "explanation"),
        ({"summary": "\n"}, "summary"),
        ({"facts": "x" * 5001}, "facts"),
        ({"no_end_because": ""}, "until"),
        ({"until": AT}, "until"),
        ({"measure": Measure.SUSPEND}, "measure"),
        ({"everywhere_now": True}, "everywhere_because"),
        (
            {"measure": Measure.QUIET, "everywhere_now": True, "everywhere_because": "Why."},
            "everywhere_because",
        ),
        ({"purge_now": PurgeNow.CHILD_ABUSE}, "purge_now"),
        ({"outcome": Outcome.MISUSE}, "to_reporters"),
    ],
)
def test_a_decision_that_lacks_something_is_not_issued(lack, field):
    decision = decision_in(**lack)

    with pytest.raises(NotValid) as refusal:
        machine.issue(decision, ME, HOUSE, AT)

    assert (refusal.value.field, decision.state) == (field, DecisionState.DRAFT)


def test_a_rule_has_to_stand_in_the_version_that_is_named():
    with pytest.raises(NotValid, match="no such rule"):
        machine.issue(decision_in(), ME, House(has_rule=False), AT)


def test_an_account_is_not_closed_until_a_day():
    closed = decision_in(
        thing=Thing.ACCOUNT, measure=Measure.CLOSE_ACCOUNT, until=AT + DAY, no_end_because=""
    )

    with pytest.raises(NotValid) as refusal:
        machine.issue(closed, ME, HOUSE, AT)

    assert refusal.value.field == "until"


def test_only_what_the_policy_lists_is_purged_at_once():
    purged = decision_in(measure=Measure.REMOVE, purge_now=PurgeNow.COURT_ORDER)

    with pytest.raises(NotValid):
        machine.issue(purged, ME, House(purge_now=(PurgeNow.CHILD_ABUSE,)), AT)
    machine.issue(purged, ME, House(purge_now=(PurgeNow.COURT_ORDER,)), AT)

    assert purged.state == DecisionState.IN_FORCE


@pytest.mark.parametrize("who", [THEM, Standing(MOD, is_part=True)])
def test_only_who_drafted_it_and_is_no_part_issues(who):
    with pytest.raises(NotAllowed):
        machine.issue(decision_in(), who, HOUSE, AT)


@pytest.mark.parametrize(
    ("thing", "measure", "moderators", "state"),
    [
        (Thing.ACCOUNT, Measure.SUSPEND, 2, "needs_second"),
        (Thing.ACCOUNT, Measure.CLOSE_ACCOUNT, 3, "needs_second"),
        (Thing.SERVER, Measure.REJECT, 2, "needs_second"),
        (Thing.SERVER, Measure.DROP, 2, "needs_second"),
        (Thing.ACCOUNT, Measure.SUSPEND, 1, "in_force"),
        (Thing.SERVER, Measure.LIMIT, 2, "in_force"),
        (Thing.NOTE, Measure.REMOVE, 2, "in_force"),
    ],
)
def test_what_cuts_deep_needs_a_second_person_where_there_is_one(thing, measure, moderators, state):
    decision = decision_in(thing=thing, measure=measure)

    machine.issue(decision, ME, House(moderators=moderators, second_for=HOUSE.second_for), AT)

    assert decision.state == state


def test_a_second_person_confirms_once():
    decision = decision_in(DecisionState.NEEDS_SECOND)

    machine.confirm(decision, THEM, AT)

    assert (decision.state, decision.second_by_id, decision.issued_at) == ("in_force", OTHER, AT)
    with pytest.raises(NotAllowed, match="does not wait"):
        machine.confirm(decision, THEM, AT)


def test_a_second_person_gives_back_with_a_reason_and_once():
    decision = decision_in(DecisionState.NEEDS_SECOND)

    with pytest.raises(NotValid):
        machine.give_back(decision, THEM, " ")
    machine.give_back(decision, THEM, "Too hard.")

    assert (decision.state, decision.returned_because) == (DecisionState.DRAFT, "Too hard.")
    with pytest.raises(NotAllowed):
        machine.give_back(decision, THEM, "Again.")


@pytest.mark.parametrize("who", [ME, PART])
def test_nobody_confirms_their_own_or_what_is_about_them(who):
    for act in (lambda d: machine.confirm(d, who, AT), lambda d: machine.give_back(d, who, "x")):
        decision = decision_in(DecisionState.NEEDS_SECOND)
        with pytest.raises(NotAllowed):
            act(decision)
        assert decision.state == DecisionState.NEEDS_SECOND


def test_a_measure_expires_on_its_day_and_once():
    decision = decision_in(DecisionState.IN_FORCE, until=AT)

    with pytest.raises(NotAllowed, match="not come yet"):
        machine.expire(decision, AT - HOUR)
    machine.expire(decision, AT + HOUR)

    assert (decision.state, decision.ended_at) == (DecisionState.EXPIRED, AT)
    with pytest.raises(NotAllowed):
        machine.expire(decision, AT + HOUR)


def test_what_has_no_end_does_not_expire():
    with pytest.raises(NotAllowed):
        machine.expire(decision_in(DecisionState.IN_FORCE), AT + 1000 * DAY)


def test_a_measure_is_lifted_with_a_reason_and_once():
    decision = decision_in(DecisionState.IN_FORCE)

    with pytest.raises(NotValid):
        machine.lift(decision, "", AT)
    machine.lift(decision, "They have understood.", AT)

    assert (decision.state, decision.ended_at) == (DecisionState.LIFTED, AT)
    with pytest.raises(NotAllowed):
        machine.lift(decision, "Again.", AT)


def test_a_decision_is_replaced_by_one_about_the_same_and_both_know():
    old, new = decision_in(DecisionState.IN_FORCE), decision_in(DecisionState.IN_FORCE, id=21)

    machine.replace(old, new, AT)

    assert (old.state, old.replaced_by_id, new.supersedes_id) == ("amended", 21, 20)
    with pytest.raises(NotAllowed):
        machine.replace(old, new, AT)


@pytest.mark.parametrize(
    ("new", "error"),
    [
        ({"id": 21, "note_id": 31}, NotValid),
        ({"id": 20}, NotValid),
        ({"id": 21, "state": DecisionState.DRAFT}, NotAllowed),
    ],
)
def test_nothing_else_replaces_a_decision(new, error):
    old = decision_in(DecisionState.IN_FORCE)

    with pytest.raises(error):
        machine.replace(old, decision_in(**({"state": DecisionState.IN_FORCE} | new)), AT)

    assert old.state == DecisionState.IN_FORCE


@pytest.mark.parametrize("state", [DecisionState.IN_FORCE, DecisionState.EXPIRED])
def test_an_appeal_overturns_what_is_in_force_or_has_run_out_once(state):
    decision = decision_in(state, ended_at=AT - DAY if state == "expired" else None)

    machine.overturn(decision, AT)

    assert decision.state == DecisionState.OVERTURNED
    assert decision.ended_at == (AT - DAY if state == "expired" else AT)
    with pytest.raises(NotAllowed):
        machine.overturn(decision, AT)


@pytest.mark.parametrize("state", OTHERS)
def test_only_what_is_in_force_ends(state):
    acts = [
        lambda d: machine.expire(d, AT),
        lambda d: machine.lift(d, "Why.", AT),
        lambda d: machine.replace(d, decision_in(DecisionState.IN_FORCE, id=21), AT),
    ]
    if state != DecisionState.EXPIRED:
        acts.append(lambda d: machine.overturn(d, AT))
    for act in acts:
        decision = decision_in(state, until=AT - DAY)
        with pytest.raises(NotAllowed):
            act(decision)
        assert decision.state == state


def test_there_are_measures_for_everything_and_none_is_one_of_them():
    assert all(Measure.NONE in each for each in MEASURES.values())


# appeals


def file(appeal, words="It was a joke.", at=AT):
    appeals.file(appeal, words, at, decide_days=14)


def test_an_appeal_is_filed_once_while_its_window_is_open():
    appeal = appeal_in(AppealState.OPEN_WINDOW)

    file(appeal)

    assert (appeal.state, appeal.filed_at, appeal.decide_by) == ("filed", AT, AT + 14 * DAY)
    with pytest.raises(NotAllowed, match="already"):
        file(appeal)


def test_an_appeal_after_the_window_is_refused():
    appeal = appeal_in(AppealState.OPEN_WINDOW)

    with pytest.raises(NotAllowed, match="is over"):
        file(appeal, at=AT + 11 * DAY)

    assert appeal.state == AppealState.OPEN_WINDOW


@pytest.mark.parametrize("words", [" ", "x" * 2001])
def test_an_appeal_says_why_and_not_too_long(words):
    with pytest.raises(NotValid):
        file(appeal_in(AppealState.OPEN_WINDOW), words)


@pytest.mark.parametrize("state", [AppealState.UPHELD, AppealState.INADMISSIBLE])
def test_a_second_appeal_needs_new_facts(state):
    first = appeal_in(state)

    with pytest.raises(NotValid) as refusal:
        appeals.file_second(first, "Again.", " ", AT, decide_days=14)
    second = appeals.file_second(first, "Again.", "A letter was found.", AT, decide_days=14)

    assert refusal.value.field == "new_facts"
    assert (second.number, second.state, second.decision_id) == (2, "filed", 20)


@pytest.mark.parametrize(
    ("state", "columns"),
    [
        *((each, {}) for each in ("open_window", "filed", "in_review", "overturned", "amended")),
        ("upheld", {"number": 2}),
        ("upheld", {"window_ends_at": AT - DAY}),
    ],
)
def test_there_is_no_other_second_appeal(state, columns):
    with pytest.raises(NotAllowed):
        appeals.file_second(
            appeal_in(AppealState(state), **columns), "Again.", "New.", AT, decide_days=14
        )


def test_an_appeal_is_refused_with_reasons_and_once():
    appeal = appeal_in(AppealState.FILED)

    with pytest.raises(NotValid):
        appeals.refuse(appeal, OTHER, Inadmissible.ABUSIVE, "", AT)
    appeals.refuse(appeal, OTHER, Inadmissible.ABUSIVE, "It only insults.", AT)

    assert (appeal.state, appeal.refused_as) == (AppealState.INADMISSIBLE, "abusive")
    with pytest.raises(NotAllowed):
        appeals.refuse(appeal, OTHER, Inadmissible.ABUSIVE, "Again.", AT)


def assign(appeal, reviewer=OTHER, at=AT, *, others=True, concerned=False):
    appeals.assign(appeal, reviewer, at, deciders={MOD}, has_others=others, is_concerned=concerned)


def test_someone_else_takes_up_an_appeal_however_often():
    appeal = appeal_in(AppealState.FILED)

    assign(appeal)
    assign(appeal)

    assert (appeal.state, appeal.reviewer_id, appeal.is_same_person) == ("in_review", OTHER, False)
    with pytest.raises(NotAllowed):
        assign(appeal, reviewer=9)


def test_whoever_decided_never_hears_the_appeal_where_there_is_someone_else():
    with pytest.raises(NotAllowed, match="You decided this"):
        assign(appeal_in(AppealState.FILED), MOD, AT + 30 * DAY)


def test_the_person_concerned_does_not_hear_their_own_appeal():
    with pytest.raises(NotAllowed, match="about you"):
        assign(appeal_in(AppealState.FILED), concerned=True)


def test_the_only_moderator_hears_it_after_a_day_and_that_is_said():
    appeal = appeal_in(AppealState.FILED)

    with pytest.raises(NotAllowed, match="after a day"):
        assign(appeal, MOD, AT, others=False)
    assign(appeal, MOD, AT + timedelta(hours=23), others=False)

    assert (appeal.state, appeal.is_same_person) == (AppealState.IN_REVIEW, True)


@pytest.mark.parametrize("state", ["open_window", "inadmissible", *HEARD])
def test_only_what_was_filed_is_taken_up_or_refused(state):
    appeal = appeal_in(AppealState(state))

    with pytest.raises(NotAllowed):
        assign(appeal)
    with pytest.raises(NotAllowed):
        appeals.refuse(appeal, OTHER, Inadmissible.LATE, "Why.", AT)


@pytest.mark.parametrize("outcome", HEARD)
def test_an_appeal_has_one_outcome_with_reasons(outcome):
    appeal = appeal_in(AppealState.IN_REVIEW)

    with pytest.raises(NotValid):
        appeals.settle(appeal, OTHER, outcome, " ", AT)
    appeals.settle(appeal, OTHER, outcome, "We read it again.", AT)

    assert (appeal.state, appeal.settled_at) == (outcome, AT)
    with pytest.raises(NotAllowed):
        appeals.settle(appeal, OTHER, outcome, "Again.", AT)


def test_only_the_reviewer_settles_and_only_with_an_outcome():
    with pytest.raises(NotAllowed, match="Someone else"):
        appeals.settle(appeal_in(AppealState.IN_REVIEW), 9, "upheld", "Why.", AT)
    with pytest.raises(NotValid):
        appeals.settle(appeal_in(AppealState.IN_REVIEW), OTHER, "filed", "Why.", AT)
    with pytest.raises(NotAllowed, match="not being heard"):
        appeals.settle(appeal_in(AppealState.FILED), OTHER, "upheld", "Why.", AT)


@pytest.mark.parametrize("state", [AppealState.FILED, AppealState.IN_REVIEW])
def test_an_appeal_is_overdue_after_its_day_once_and_can_still_be_heard(state):
    appeal = appeal_in(state)

    with pytest.raises(NotAllowed, match="not come yet"):
        appeals.become_overdue(appeal, AT)
    appeals.become_overdue(appeal, AT + 15 * DAY)

    assert (appeal.state, appeal.overdue_at) == (AppealState.OVERDUE, AT + 15 * DAY)
    with pytest.raises(NotAllowed):
        appeals.become_overdue(appeal, AT + 15 * DAY)
    if state == AppealState.FILED:
        assign(appeal, at=AT + 16 * DAY)
    appeals.settle(appeal, OTHER, "upheld", "Late, but read.", AT + 16 * DAY)
    assert appeal.state == AppealState.UPHELD


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"size": 0}, "no panels"),
        ({"people": 2}, "Too few members"),
        ({"is_shown": False}, "only some could read"),
    ],
)
def test_a_panel_is_drawn_only_where_there_can_be_one(wrong, words):
    appeal = appeal_in(AppealState.IN_REVIEW)

    with pytest.raises(NotAllowed, match=words):
        appeals.draw(appeal, OTHER, AT, **({"size": 3, "people": 3, "is_shown": True} | wrong))

    assert (appeal.state, appeal.panel_drawn_at) == (AppealState.IN_REVIEW, None)


def test_the_time_of_a_panel_is_added_to_the_time_for_the_answer():
    appeal = appeal_in(AppealState.WITH_PANEL, reviewer_id=OTHER, panel_drawn_at=AT)

    appeals.hand_back(appeal, AT + 3 * DAY, is_over=True)

    assert (appeal.state, appeal.decide_by) == (AppealState.IN_REVIEW, AT + 17 * DAY)
    with pytest.raises(NotAllowed, match="already"):
        appeals.draw(appeal, OTHER, AT, size=3, people=3, is_shown=True)


def test_the_only_moderator_asks_a_panel_first_where_there_are_panels():
    appeal = appeal_in(AppealState.FILED)

    appeals.assign(appeal, MOD, AT, deciders={MOD}, has_others=False, has_panels=True)
    with pytest.raises(NotAllowed, match="Let a panel be drawn first"):
        appeals.settle(appeal, MOD, "upheld", "Why.", AT, has_panel=True)
    with pytest.raises(NotAllowed, match="after a day"):
        appeals.settle(appeal, MOD, "upheld", "Why.", AT)
    appeals.draw(appeal, MOD, AT, size=3, people=3, is_shown=True)
    appeals.hand_back(appeal, AT, is_over=True)
    appeals.settle(appeal, MOD, "upheld", "Why.", AT, has_panel=True)

    assert (appeal.state, appeal.is_same_person) == (AppealState.UPHELD, True)


def test_a_window_that_nobody_used_closes_once():
    appeal = appeal_in(AppealState.OPEN_WINDOW)

    with pytest.raises(NotAllowed):
        appeals.pass_by(appeal, AT)
    appeals.pass_by(appeal, AT + 11 * DAY)
    appeals.pass_by(appeal, AT + 12 * DAY)

    assert appeal.passed_at == AT + 11 * DAY
    with pytest.raises(NotAllowed):
        appeals.pass_by(appeal_in(AppealState.FILED), AT + 11 * DAY)

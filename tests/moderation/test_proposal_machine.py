"""Each transition of a proposal: allowed, refused by its guard, repeated."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from moderation import adopted_machine, emergency_machine, outcome_machine
from moderation import proposal_machine as machine
from moderation.difference import Change, difference
from moderation.governance import numbers_of
from moderation.outcome_machine import Tally
from moderation.proposal_steps import Participant
from moderation.proposal_texts import is_only_words
from moderation.proposals import Proposal
from moderation.sections import Governance
from moderation.states import OPENED, UNDECIDED, ProposalState
from moderation.vocabulary import Preset, Reserved
from outbox.refusals import NotAllowed, NotValid
from tests.moderation.drafts import RULE, sections_of
from tests.moderation.machines import AT, DAY, HOUR

pytestmark = pytest.mark.usefixtures("models")
MINE, ADMIN, OTHER = Participant(1), Participant(2, is_admin=True), Participant(3)
STRANGER = Participant(4, is_eligible=False)
WORDS = [Change(("rules", "no-ads", "text", "en"), "before", "after")]
FILTER = [Change(("filters", "pills", "then"), "hold", "reject")]
STEWARD, CONSULT, ASSEMBLY = (numbers_of(Governance(preset=each)) for each in Preset)
UNTIL = AT + 10 * DAY


def proposal_in(state: ProposalState, numbers=ASSEMBLY, **columns: Any) -> Proposal:
    """A whole proposal of person 1, whose day has come."""
    values: dict[str, Any] = {
        "id": 50,
        "title": "Clearer words",
        "summary": "Says it better.",
        "reason": "Nobody understood it.",
        "document": msgspec.to_builtins(sections_of()),
        "based_on": 1,
        "proposer_id": 1,
        "numbers": msgspec.to_builtins(numbers),
        "opened_at": None if state == "draft" else AT - DAY,
        "due_at": None if state in ("draft", "awaiting_admin") else AT,
        "quorum": 5,
        "electorate": 10,
    }
    return Proposal(state=state, **(values | columns))


def emergency(**columns: Any) -> Proposal:
    """An emergency in force, whose three days are over."""
    values = {"is_emergency": True, "expires_at": AT + 5 * DAY, "due_at": AT}
    return proposal_in(ProposalState.IN_FORCE, **(values | columns))


EVENTS = {
    "publish": (
        {ProposalState.DRAFT},
        lambda each: machine.publish(each, MINE, ASSEMBLY, AT, changes=WORDS),
    ),
    "suggest": (
        {ProposalState.DRAFT},
        lambda each: machine.suggest(each, MINE, changes=WORDS),
    ),
    "sponsor": (
        {ProposalState.SEEKING_SPONSORS},
        lambda each: machine.check_sponsor(each, OTHER),
    ),
    "begin": (
        {ProposalState.SEEKING_SPONSORS},
        lambda each: machine.begin_discussion(each, 3, AT),
    ),
    "lapse": ({ProposalState.SEEKING_SPONSORS}, lambda each: machine.lapse(each, AT)),
    "amend": (
        {ProposalState.DISCUSSION},
        lambda each: machine.amend(each, MINE, "Better.", AT - HOUR, changes=WORDS),
    ),
    "freeze": (
        {ProposalState.DISCUSSION},
        lambda each: machine.freeze(each, AT, changes=WORDS),
    ),
    "go": (
        {ProposalState.FINAL_TEXT},
        lambda each: machine.go_to_decision(each, AT, electorate=10, active=10),
    ),
    "vote": (
        {ProposalState.VOTE},
        lambda each: outcome_machine.check_voter(each, OTHER, AT - HOUR, is_on_roll=True),
    ),
    "close": ({ProposalState.VOTE}, lambda each: outcome_machine.close_vote(each, Tally(6, 1), AT)),
    "decide": (
        {ProposalState.AWAITING_ADMIN},
        lambda each: outcome_machine.decide(each, ADMIN, "adopted", "Yes.", "", AT),
    ),
    "take_effect": ({ProposalState.ADOPTED}, lambda each: adopted_machine.take_effect(each, 2, AT)),
    "give_back": (
        {ProposalState.ADOPTED},
        lambda each: adopted_machine.give_back(each, "Changed.", AT),
    ),
    "review": ({ProposalState.IN_FORCE}, lambda each: adopted_machine.suggest_review(each, AT)),
    "withdraw": (set(UNDECIDED), lambda each: outcome_machine.withdraw(each, MINE, "Not now.", AT)),
    "veto": (
        set(OPENED),
        lambda each: outcome_machine.veto(
            each, ADMIN, "legal_duties", "The law.", AT, reserved=tuple(Reserved)
        ),
    ),
    "emergency": (
        {ProposalState.DRAFT},
        lambda each: emergency_machine.begin_emergency(
            each, Participant(1, is_admin=True), ASSEMBLY, AT, until=UNTIL, version=2, changes=WORDS
        ),
    ),
}
STAYS = {"suggest", "sponsor", "amend", "vote", "review"}


@pytest.mark.parametrize("state", ProposalState)
@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_allowed_in_its_states_alone_and_happens_once(event, state):
    allowed, do = EVENTS[event]
    each = proposal_in(state)

    if state not in allowed:
        with pytest.raises(NotAllowed):
            do(each)
        assert each.state == state
        return
    do(each)

    assert (each.state == state) == (event in STAYS)
    if event not in STAYS:
        reached = each.state
        with pytest.raises(NotAllowed):
            do(each)
        assert each.state == reached


LATER = {
    "lapse": ProposalState.SEEKING_SPONSORS,
    "freeze": ProposalState.DISCUSSION,
    "go": ProposalState.FINAL_TEXT,
    "close": ProposalState.VOTE,
    "take_effect": ProposalState.ADOPTED,
    "give_back": ProposalState.ADOPTED,
    "review": ProposalState.IN_FORCE,
}


@pytest.mark.parametrize("event", LATER)
def test_what_the_clock_does_waits_for_its_moment(event):
    each = proposal_in(LATER[event], due_at=AT + HOUR)

    with pytest.raises(NotAllowed, match="has not come"):
        EVENTS[event][1](each)

    assert each.state == LATER[event]


@pytest.mark.parametrize(
    ("numbers", "sponsors", "discussion", "vote"),
    [(STEWARD, 0, 7, 0), (CONSULT, 2, 7, 5), (ASSEMBLY, 3, 10, 7)],
)
def test_the_presets_have_the_numbers_of_the_table(numbers, sponsors, discussion, vote):
    assert (numbers.sponsors, numbers.discussion_days, numbers.vote_days) == (
        sponsors,
        discussion,
        vote,
    )
    assert (numbers.quorum_people, numbers.quorum_percent, numbers.notice_days) == (5, 20, 7)
    assert ASSEMBLY.threshold_percent == 60


def test_a_policy_may_say_other_numbers_than_its_preset():
    numbers = numbers_of(Governance(preset=Preset.ASSEMBLY, sponsors=0, discussion_days=3))

    assert (numbers.sponsors, numbers.discussion_days, numbers.vote_days) == (0, 3, 7)


def test_published_it_looks_for_sponsors_for_two_weeks():
    each = proposal_in(ProposalState.DRAFT)

    machine.publish(each, MINE, CONSULT, AT, changes=WORDS)

    assert (each.state, each.due_at, each.opened_at) == ("seeking_sponsors", AT + 14 * DAY, AT)


def test_without_sponsors_to_find_it_is_discussed_at_once():
    each = proposal_in(ProposalState.DRAFT, proposer_id=2)

    machine.publish(each, ADMIN, STEWARD, AT, changes=WORDS)

    assert (each.state, each.due_at) == ("discussion", AT + 7 * DAY)


@pytest.mark.parametrize(
    ("who", "numbers", "columns"),
    [
        (MINE, STEWARD, {}),  # members suggest, admins open
        (ADMIN, STEWARD, {}),  # somebody else's draft, which was not handed in
        (ADMIN, ASSEMBLY, {"is_suggested": True}),
        (OTHER, CONSULT, {}),
        (Participant(1, is_eligible=False), CONSULT, {}),
    ],
)
def test_who_may_not_publish(who, numbers, columns):
    each = proposal_in(ProposalState.DRAFT, **columns)

    with pytest.raises(NotAllowed):
        machine.publish(each, who, numbers, AT, changes=WORDS)

    assert (each.state, each.opened_at) == ("draft", None)


def test_an_admin_opens_what_a_member_suggested():
    each = proposal_in(ProposalState.DRAFT)
    machine.suggest(each, MINE, changes=WORDS)

    machine.publish(each, ADMIN, STEWARD, AT, changes=WORDS)

    assert each.state == "discussion"


@pytest.mark.parametrize(
    ("field", "columns", "changes"),
    [
        ("title", {"title": " "}, WORDS),
        ("title", {"title": "x" * 201}, WORDS),
        ("summary", {"summary": ""}, WORDS),
        ("reason", {"reason": ""}, WORDS),
        ("draft", {}, []),
        ("draft", {}, FILTER),
        ("draft", {}, [Change(("federation", "mode"), "open", "allowlist")]),
        ("draft", {}, [Change(("content", "max_tags"), 30, 5)]),
        ("is_wording", {"is_wording": True, "simulation": {}}, FILTER),
    ],
)
def test_what_lacks_something_is_neither_published_nor_suggested(field, columns, changes):
    each = proposal_in(ProposalState.DRAFT, **columns)

    for event in (
        lambda: machine.publish(each, MINE, ASSEMBLY, AT, changes=changes),
        lambda: machine.suggest(each, MINE, changes=changes),
    ):
        with pytest.raises(NotValid) as refused:
            event()
        assert refused.value.field == field

    assert (each.state, each.is_suggested) == ("draft", False)


KEPT_OUT = [
    [Change(("moderation", "purge_now"), ("child_abuse",), ())],
    [Change(("governance", "reserved"), ("legal_duties", "secrets"), ())],
]


@pytest.mark.parametrize("changes", KEPT_OUT)
def test_members_do_not_vote_on_what_is_reserved(changes):
    draft, amended = proposal_in(ProposalState.DRAFT), proposal_in(ProposalState.DISCUSSION)
    for event in (
        lambda: machine.publish(draft, MINE, ASSEMBLY, AT, changes=changes),
        lambda: machine.amend(amended, MINE, "Better.", AT - HOUR, changes=changes),
    ):
        with pytest.raises(NotValid, match="outside votes"):
            event()

    assert (draft.state, amended.text_number) == ("draft", 1)


@pytest.mark.parametrize("changes", KEPT_OUT)
def test_admins_decide_about_what_is_reserved_or_is_no_longer(changes):
    free = numbers_of(Governance(preset=Preset.ASSEMBLY, reserved=()))
    by_admin = proposal_in(ProposalState.DRAFT, proposer_id=2)
    by_member = proposal_in(ProposalState.DRAFT)

    machine.publish(by_admin, ADMIN, STEWARD, AT, changes=changes)
    machine.publish(by_member, MINE, free, AT, changes=changes)

    assert (by_admin.state, by_member.state) == ("discussion", "seeking_sponsors")


def test_a_new_rule_is_more_than_words():
    more = RULE | {"id": "new"}
    changes = difference(sections_of(), sections_of(rules=[RULE, more]))

    assert not is_only_words(changes)
    assert is_only_words(WORDS)


def test_a_simulation_lets_a_filter_be_published():
    each = proposal_in(ProposalState.DRAFT, simulation={"days": 30})

    machine.publish(each, MINE, ASSEMBLY, AT, changes=FILTER)

    assert each.state == "seeking_sponsors"


@pytest.mark.parametrize("who", [MINE, STRANGER])
def test_who_may_not_sponsor(who):
    with pytest.raises(NotAllowed):
        machine.check_sponsor(proposal_in(ProposalState.SEEKING_SPONSORS), who)


def test_too_few_sponsors_begin_nothing():
    each = proposal_in(ProposalState.SEEKING_SPONSORS)

    with pytest.raises(NotAllowed, match="enough sponsors"):
        machine.begin_discussion(each, 2, AT)
    machine.begin_discussion(each, 3, AT)

    assert (each.state, each.due_at) == ("discussion", AT + 10 * DAY)


def test_a_text_is_frozen_once_it_is_seen_what_it_would_have_done():
    each = proposal_in(ProposalState.DISCUSSION)

    with pytest.raises(NotAllowed, match="tried"):
        machine.freeze(each, AT, changes=FILTER)
    assert each.state == "discussion"
    each.simulation = {"days": 30}
    machine.freeze(each, AT, changes=FILTER)

    assert each.state == "final_text"


def test_an_amendment_leaves_three_days_at_least():
    late = proposal_in(ProposalState.DISCUSSION, due_at=AT + HOUR)
    early = proposal_in(ProposalState.DISCUSSION, due_at=AT + 9 * DAY)

    for each in (late, early):
        machine.amend(each, MINE, "Better.", AT, changes=WORDS)

    assert (late.due_at, late.text_number) == (AT + 3 * DAY, 2)
    assert early.due_at == AT + 9 * DAY


@pytest.mark.parametrize(
    ("who", "why", "due", "changes"),
    [
        (OTHER, "Better.", AT + DAY, WORDS),
        (MINE, " ", AT + DAY, WORDS),
        (MINE, "Better.", AT, WORDS),
        (MINE, "Better.", AT + DAY, []),
    ],
)
def test_what_amends_nothing(who, why, due, changes):
    each = proposal_in(ProposalState.DISCUSSION, due_at=due)

    with pytest.raises((NotAllowed, NotValid)):
        machine.amend(each, who, why, AT, changes=changes)

    assert (each.text_number, each.due_at) == (1, due)


def test_the_final_text_stands_for_a_day_and_goes_to_the_vote_or_an_admin():
    voted, decided = (
        proposal_in(ProposalState.DISCUSSION, numbers) for numbers in (CONSULT, STEWARD)
    )
    for each in (voted, decided):
        machine.freeze(each, AT, changes=WORDS)
        assert (each.state, each.due_at) == ("final_text", AT + DAY)

        machine.go_to_decision(each, AT + DAY, electorate=40, active=31)

    assert (voted.state, voted.due_at, voted.electorate) == ("vote", AT + 6 * DAY, 40)
    assert (decided.state, decided.due_at) == ("awaiting_admin", None)


@pytest.mark.parametrize(("active", "quorum"), [(0, 5), (25, 5), (26, 6), (100, 20)])
def test_the_quorum_is_five_or_a_fifth_of_who_is_active(active, quorum):
    each = proposal_in(ProposalState.FINAL_TEXT)

    machine.go_to_decision(each, AT, electorate=200, active=active)

    assert each.quorum == quorum


@pytest.mark.parametrize(
    ("who", "is_on_roll", "at"),
    [(OTHER, False, AT - HOUR), (STRANGER, True, AT - HOUR), (OTHER, True, AT)],
)
def test_who_may_not_vote(who, is_on_roll, at):
    with pytest.raises(NotAllowed):
        outcome_machine.check_voter(proposal_in(ProposalState.VOTE), who, at, is_on_roll=is_on_roll)


@pytest.mark.parametrize(
    ("tally", "outcome"),
    [
        (Tally(6, 4), "adopted"),
        (Tally(59, 41), "rejected"),
        (Tally(3, 1), "no_quorum"),
        (Tally(3, 2, 9), "adopted"),
        (Tally(0, 0, 9), "rejected"),
        (Tally(0, 0, 0), "no_quorum"),
    ],
)
def test_a_vote_that_binds_decides(tally, outcome):
    each = proposal_in(ProposalState.VOTE)

    outcome_machine.close_vote(each, tally, AT)

    assert (each.state, each.decided_at) == (outcome, AT)
    assert each.tally == {"yes": tally.yes, "no": tally.no, "abstain": tally.abstain}


def test_a_vote_that_advises_goes_to_an_admin():
    each = proposal_in(ProposalState.VOTE, CONSULT)

    outcome_machine.close_vote(each, Tally(1, 0), AT)

    assert (each.state, each.decided_at) == ("awaiting_admin", None)


@pytest.mark.parametrize(
    ("who", "outcome", "answer"),
    [(OTHER, "adopted", "Yes."), (ADMIN, "vote", "Yes."), (ADMIN, "adopted", " ")],
)
def test_what_decides_nothing(who, outcome, answer):
    each = proposal_in(ProposalState.AWAITING_ADMIN, STEWARD)

    with pytest.raises((NotAllowed, NotValid)):
        outcome_machine.decide(each, who, outcome, answer, "", AT)

    assert each.state == "awaiting_admin"


@pytest.mark.parametrize(
    ("tally", "outcome", "is_departing"),
    [
        ({"yes": 5, "no": 1, "abstain": 0}, "rejected", True),
        ({"yes": 5, "no": 1, "abstain": 0}, "returned", True),
        ({"yes": 1, "no": 5, "abstain": 0}, "adopted", True),
        ({"yes": 5, "no": 1, "abstain": 0}, "adopted", False),
        ({"yes": 2, "no": 2, "abstain": 0}, "rejected", False),
        (None, "rejected", False),
    ],
)
def test_departing_from_a_vote_needs_reasons(tally, outcome, is_departing):
    each = proposal_in(ProposalState.AWAITING_ADMIN, CONSULT, tally=tally)

    if is_departing:
        with pytest.raises(NotValid) as refused:
            outcome_machine.decide(each, ADMIN, outcome, "No.", "", AT)
        assert refused.value.field == "departing"
    outcome_machine.decide(each, ADMIN, outcome, "No.", "The law.", AT)

    assert each.state == outcome
    assert each.departing == ("The law." if is_departing else "")


@pytest.mark.parametrize(("is_wording", "days"), [(False, 7), (True, 0)])
def test_what_is_adopted_waits_its_notice_unless_it_is_only_clearer_words(is_wording, days):
    each = proposal_in(ProposalState.VOTE, is_wording=is_wording)

    outcome_machine.close_vote(each, Tally(9), AT)

    assert each.due_at == AT + days * DAY


def test_whose_version_waits_for_its_day_is_adopted_until_then():
    each = proposal_in(ProposalState.ADOPTED)

    adopted_machine.wait_for_version(each, 7, AT + DAY, AT)

    assert (each.state, each.version, each.due_at) == ("adopted", 7, AT + DAY)
    with pytest.raises(NotAllowed, match="has not come"):
        adopted_machine.take_effect(each, 7, AT)
    adopted_machine.take_effect(each, 7, AT + DAY)
    assert (each.state, each.in_force_at) == ("in_force", AT + DAY)


def test_whose_version_is_overtaken_is_given_back_before_its_day():
    each = proposal_in(ProposalState.ADOPTED, version=7, due_at=AT + DAY)

    adopted_machine.give_back(each, "content.max_tags", AT)

    assert (each.state, each.version, each.ended_at) == ("returned", None, AT)


def test_in_force_it_is_looked_at_again_on_its_day():
    each = proposal_in(ProposalState.ADOPTED, review_by=date(2027, 5, 1))
    adopted_machine.take_effect(each, 7, AT)
    assert (each.version, each.due_at.date()) == (7, date(2027, 5, 1))

    adopted_machine.suggest_review(each, each.due_at)

    assert (each.state, each.due_at) == ("in_force", None)
    with pytest.raises(NotAllowed):
        adopted_machine.suggest_review(each, AT + 400 * DAY)


@pytest.mark.parametrize("state", UNDECIDED)
def test_only_who_made_it_withdraws_it_and_says_why_once_it_was_public(state):
    each = proposal_in(state)

    with pytest.raises(NotAllowed):
        outcome_machine.withdraw(each, ADMIN, "No.", AT)
    if state != ProposalState.DRAFT:
        with pytest.raises(NotValid):
            outcome_machine.withdraw(each, MINE, " ", AT)

    assert each.state == state


@pytest.mark.parametrize(
    ("who", "ground", "reason", "reserved"),
    [
        (OTHER, "legal_duties", "The law.", tuple(Reserved)),
        (ADMIN, "taste", "I mind.", tuple(Reserved)),
        (ADMIN, "secrets", "Keys.", (Reserved.LEGAL_DUTIES,)),
        (ADMIN, "legal_duties", " ", tuple(Reserved)),
    ],
)
def test_a_veto_needs_an_admin_a_reserved_ground_and_a_reason(who, ground, reason, reserved):
    each = proposal_in(ProposalState.VOTE)

    with pytest.raises((NotAllowed, NotValid)):
        outcome_machine.veto(each, who, ground, reason, AT, reserved=reserved)

    assert each.state == "vote"


@pytest.mark.parametrize(
    ("who", "until"),
    [
        (MINE, UNTIL),
        (ADMIN, UNTIL),  # the draft is someone else's
        (Participant(1, is_admin=True), AT),
        (Participant(1, is_admin=True), AT + 14 * DAY + timedelta(seconds=1)),
    ],
)
def test_what_is_no_emergency(who, until):
    each = proposal_in(ProposalState.DRAFT)

    with pytest.raises((NotAllowed, NotValid)):
        emergency_machine.begin_emergency(
            each, who, ASSEMBLY, AT, until=until, version=2, changes=WORDS
        )

    assert (each.state, each.is_emergency) == ("draft", False)


def test_an_emergency_has_three_days_to_be_opened_as_a_proposal():
    each = proposal_in(ProposalState.DRAFT)

    emergency_machine.begin_emergency(
        each, Participant(1, is_admin=True), ASSEMBLY, AT, until=UNTIL, version=2, changes=WORDS
    )

    assert (each.due_at, each.expires_at, each.version) == (AT + 3 * DAY, UNTIL, 2)


def test_opened_in_time_an_emergency_goes_on_until_it_expires():
    each = emergency()
    emergency_machine.keep_emergency(each, AT)
    assert (each.state, each.due_at) == ("in_force", AT + 5 * DAY)

    with pytest.raises(NotAllowed, match="has not come"):
        emergency_machine.lapse_emergency(each, AT + DAY)
    emergency_machine.lapse_emergency(each, AT + 5 * DAY)

    assert (each.state, each.due_at) == ("lapsed", None)
    for event in (emergency_machine.lapse_emergency, emergency_machine.keep_emergency):
        with pytest.raises(NotAllowed):
            event(each, AT + 6 * DAY)


def test_an_emergency_that_expired_or_was_made_lasting_is_not_kept_or_ended():
    expired, lasting = emergency(expires_at=AT), emergency()
    with pytest.raises(NotAllowed):
        emergency_machine.keep_emergency(expired, AT)

    emergency_machine.make_lasting(lasting)

    with pytest.raises(NotAllowed):
        emergency_machine.lapse_emergency(lasting, AT + 30 * DAY)
    assert lasting.state == "in_force"


def test_what_is_in_force_by_proposal_is_no_emergency():
    each = proposal_in(ProposalState.IN_FORCE)

    for event in (
        lambda: emergency_machine.lapse_emergency(each, AT),
        lambda: emergency_machine.keep_emergency(each, AT),
        lambda: emergency_machine.make_lasting(each),
    ):
        with pytest.raises(NotAllowed):
            event()

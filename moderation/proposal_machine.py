"""What may become of a proposal: every transition of product.md 7 with its guard.

Pure: nothing here asks the database or the clock. Each function changes the row it is given, or
raises NotAllowed or NotValid and leaves it as it was; doing it twice changes nothing or is refused.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from moderation.difference import Change
from moderation.governance import Numbers
from moderation.proposals import Proposal
from moderation.states import MOST_WORDS, ProposalState
from moderation.vocabulary import Preset, Reserved
from outbox.refusals import NotAllowed, NotValid

LEAST_LEFT = timedelta(hours=72)
MOST_TITLE = 200
MOST_SUMMARY = 2_000

NOT_YET = "Its day has not come yet."
NOT_ELIGIBLE = "You cannot take part yet; the page of proposals says who can."
NOT_YOURS = "This proposal is someone else's."
ONLY_ADMINS = "Only an admin can do this."
MOVED_ON = "This proposal has gone on meanwhile."
OUTCOMES = (ProposalState.ADOPTED, ProposalState.REJECTED, ProposalState.RETURNED)
OUTSIDE_VOTES = "This is reserved: it is outside votes, and the admins decide about it."
# Secrets are in no policy; what is deleted at once is what the law demands, and nobody votes on
# what may not be voted on.
RESERVED = {Reserved.LEGAL_DUTIES: (("moderation", "purge_now"), ("governance", "reserved"))}
LIMITS = (("content", "max_tags"), ("content", "blocked_tags"), ("accounts", "first_days"))


@dataclass(frozen=True)
class Participant:
    """How somebody stands to the policy: whether they may take part, and look after the place."""

    actor_id: int
    is_eligible: bool = True
    is_admin: bool = False


@dataclass(frozen=True)
class Tally:
    """What a vote said."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def turnout(self) -> int:
        """How many voted."""
        return self.yes + self.no + self.abstain


def needs_simulation(changes: Sequence[Change]) -> bool:
    """Tell whether filters, servers or limits change, so that one has to see what that would do."""
    return any(
        change.path[0] in ("filters", "federation") or change.path[:2] in LIMITS
        for change in changes
    )


def is_only_words(changes: Sequence[Change]) -> bool:
    """Tell whether nothing but the words of rules changes that stay."""
    return all(
        change.path[0] == "rules"
        and len(change.path) > 2
        and change.path[2] in ("title", "text", "examples")
        for change in changes
    ) and not any(change.path[2:] == ("id",) for change in changes)


def check_texts(proposal: Proposal, changes: Sequence[Change]) -> None:
    """Raise NotValid for what a proposal lacks that people are to decide about."""
    if not proposal.title.strip() or len(proposal.title) > MOST_TITLE:
        raise NotValid("title", "Give the proposal a title of at most 200 characters.")
    if not proposal.summary.strip() or len(proposal.summary) > MOST_SUMMARY:
        raise NotValid("summary", "Say in a few sentences what changes.")
    if not proposal.reason.strip() or len(proposal.reason) > MOST_WORDS:
        raise NotValid("reason", "Say why it should change.")
    check_changes(proposal, changes)
    if needs_simulation(changes) and proposal.simulation is None:
        raise NotValid("draft", "First see what it would have done.")


def check_changes(proposal: Proposal, changes: Sequence[Change]) -> None:
    """Raise NotValid where a text changes nothing, or is more than words."""
    if not changes:
        raise NotValid("draft", "It says the same as the rules in force.")
    if proposal.is_wording and not is_only_words(changes):
        raise NotValid("is_wording", "It changes more than words.")


def check_reserved(changes: Sequence[Change], numbers: Numbers) -> None:
    """Raise NotValid where members would vote on what the policy keeps out of votes."""
    paths = [path for each in numbers.reserved for path in RESERVED.get(each, ())]
    if numbers.has_vote and any(change.path[:2] in paths for change in changes):
        raise NotValid("draft", OUTSIDE_VOTES)


def publish(
    proposal: Proposal,
    who: Participant,
    numbers: Numbers,
    at: datetime,
    *,
    changes: Sequence[Change],
) -> None:
    """Show a draft to everyone: it looks for sponsors, or is discussed at once.

    Where the admins decide, members suggest and an admin opens.
    """
    _check_in(proposal, ProposalState.DRAFT)
    if numbers.preset == Preset.STEWARD:
        if not who.is_admin:
            raise NotAllowed(ONLY_ADMINS)
        if proposal.proposer_id != who.actor_id and not proposal.is_suggested:
            raise NotAllowed(NOT_YOURS)
    else:
        _check_own(proposal, who)
        _check_eligible(who)
    check_texts(proposal, changes)
    check_reserved(changes, numbers)
    proposal.numbers, proposal.opened_at = asdict(numbers), at
    if numbers.sponsors:
        proposal.state = ProposalState.SEEKING_SPONSORS
        proposal.due_at = at + timedelta(days=numbers.sponsor_days)
    else:
        _discuss(proposal, at)


def suggest(proposal: Proposal, who: Participant, *, changes: Sequence[Change]) -> None:
    """Hand a draft to the admins, where they open proposals."""
    _check_in(proposal, ProposalState.DRAFT)
    _check_own(proposal, who)
    _check_eligible(who)
    check_texts(proposal, changes)
    proposal.is_suggested = True


def check_sponsor(proposal: Proposal, who: Participant) -> None:
    """Raise NotAllowed unless this person may sponsor a proposal."""
    _check_in(proposal, ProposalState.SEEKING_SPONSORS)
    _check_eligible(who)
    if proposal.proposer_id == who.actor_id:
        raise NotAllowed("It needs others than you as sponsors.")


def begin_discussion(proposal: Proposal, sponsors: int, at: datetime) -> None:
    """Begin to discuss what has found its sponsors."""
    _check_in(proposal, ProposalState.SEEKING_SPONSORS)
    if sponsors < proposal.kept_numbers.sponsors:
        raise NotAllowed("It has not enough sponsors yet.")
    _discuss(proposal, at)


def lapse(proposal: Proposal, at: datetime) -> None:
    """End what found no sponsors in time."""
    _check_in(proposal, ProposalState.SEEKING_SPONSORS)
    _check_due(proposal, at)
    _end(proposal, ProposalState.LAPSED, at)


def amend(
    proposal: Proposal, who: Participant, why: str, at: datetime, *, changes: Sequence[Change]
) -> None:
    """Change the text while it is discussed; whoever reads it has three days at least from here."""
    _check_in(proposal, ProposalState.DISCUSSION)
    _check_own(proposal, who)
    if proposal.due_at is None or at >= proposal.due_at:
        raise NotAllowed("The discussion is over.")
    if not why.strip() or len(why) > MOST_SUMMARY:
        raise NotValid("why", "Say in a few sentences what changes.")
    check_changes(proposal, changes)
    check_reserved(changes, proposal.kept_numbers)
    proposal.text_number += 1
    proposal.due_at = max(proposal.due_at, at + LEAST_LEFT)


def freeze(proposal: Proposal, at: datetime, *, changes: Sequence[Change]) -> None:
    """End the discussion: from here the text stays as it is."""
    _check_in(proposal, ProposalState.DISCUSSION)
    _check_due(proposal, at)
    if needs_simulation(changes) and proposal.simulation is None:
        raise NotAllowed("It is still being tried on what was posted.")
    proposal.state, proposal.frozen_at = ProposalState.FINAL_TEXT, at
    proposal.due_at = at + timedelta(hours=proposal.kept_numbers.final_hours)


def go_to_decision(proposal: Proposal, at: datetime, *, electorate: int, active: int) -> None:
    """Open the vote a day after the text was frozen, or let it wait for an admin.

    `active` are those on the roll who were here within 30 days, of whom the quorum is a part.
    """
    _check_in(proposal, ProposalState.FINAL_TEXT)
    _check_due(proposal, at)
    numbers = proposal.kept_numbers
    if not numbers.has_vote:
        proposal.state, proposal.due_at = ProposalState.AWAITING_ADMIN, None
        return
    proposal.state, proposal.vote_began_at = ProposalState.VOTE, at
    proposal.due_at = at + timedelta(days=numbers.vote_days)
    proposal.electorate = electorate
    part = -(-active * numbers.quorum_percent // 100)  # rounded up
    proposal.quorum = max(numbers.quorum_people, part)


def check_voter(proposal: Proposal, who: Participant, at: datetime, *, is_on_roll: bool) -> None:
    """Raise NotAllowed unless this person may vote now, or change their ballot."""
    if proposal.state != ProposalState.VOTE or proposal.due_at is None or at >= proposal.due_at:
        raise NotAllowed("The vote is not open.")
    if not is_on_roll or not who.is_eligible:
        raise NotAllowed("You are not on the roll of this vote, which was made when it opened.")


def close_vote(proposal: Proposal, tally: Tally, at: datetime) -> None:
    """Count: a vote that binds decides, one that advises goes to an admin."""
    _check_in(proposal, ProposalState.VOTE)
    _check_due(proposal, at)
    proposal.tally, proposal.vote_ended_at = asdict(tally), at
    proposal.due_at = None
    if not proposal.kept_numbers.is_binding:
        proposal.state = ProposalState.AWAITING_ADMIN
    elif tally.turnout < proposal.quorum:
        _end(proposal, ProposalState.NO_QUORUM, at)
    elif has_passed(tally, proposal.kept_numbers):
        _adopt(proposal, at)
    else:
        _end(proposal, ProposalState.REJECTED, at)
    proposal.decided_at = None if proposal.state == ProposalState.AWAITING_ADMIN else at


def has_passed(tally: Tally, numbers: Numbers) -> bool:
    """Tell whether enough of those who said yes or no said yes."""
    return tally.yes > 0 and tally.yes * 100 >= (tally.yes + tally.no) * numbers.threshold_percent


def departs(proposal: Proposal, outcome: str) -> bool:
    """Tell whether an outcome is not what the members advised."""
    if proposal.tally is None:
        return False
    tally = Tally(**proposal.tally)
    if tally.yes == tally.no:
        return False
    return (tally.yes > tally.no) != (outcome == ProposalState.ADOPTED)


def decide(
    proposal: Proposal, who: Participant, outcome: str, answer: str, departing: str, at: datetime
) -> None:
    """Answer a proposal in writing: adopt it, reject it, or give it back."""
    _check_in(proposal, ProposalState.AWAITING_ADMIN)
    _check_admin(who)
    if outcome not in OUTCOMES:
        raise NotValid("outcome", "Choose what comes of the proposal.")
    if not answer.strip() or len(answer) > MOST_WORDS:
        raise NotValid("answer", "Answer the main objections in writing.")
    is_departing = departs(proposal, outcome)
    if is_departing and not departing.strip():
        raise NotValid("departing", "Say why you depart from what the members voted for.")
    proposal.answer, proposal.answered_by_id = answer.strip(), who.actor_id
    proposal.departing = departing.strip()[:MOST_WORDS] if is_departing else ""
    proposal.decided_at = at
    if outcome == ProposalState.ADOPTED:
        _adopt(proposal, at)
    else:
        _end(proposal, ProposalState(outcome), at)


def take_effect(proposal: Proposal, version: int, at: datetime) -> None:
    """Note that what was adopted is in force, as a version of the policy."""
    _check_in(proposal, ProposalState.ADOPTED)
    _check_due(proposal, at)
    proposal.state, proposal.version = ProposalState.IN_FORCE, version
    proposal.in_force_at, proposal.due_at = at, _noon(proposal.review_by)


def wait_for_version(proposal: Proposal, version: int, effective: datetime, at: datetime) -> None:
    """Note which version became of it, published before its day: it is adopted until then."""
    _check_in(proposal, ProposalState.ADOPTED)
    _check_due(proposal, at)
    if effective <= at:
        raise NotAllowed("This version is in force.")
    proposal.version, proposal.due_at = version, effective


def be_renumbered(proposal: Proposal, version: int) -> None:
    """Note that its version, while it waited for its day, was written anew on top of another."""
    _check_in(proposal, ProposalState.ADOPTED)
    if proposal.version is None:
        raise NotAllowed("No version has become of it yet.")
    proposal.version = version


def give_back(proposal: Proposal, because: str, at: datetime) -> None:
    """Return what was adopted and does not fit the rules that came into force meanwhile.

    Before its notice is over nobody knows yet; its version, once published, may be overtaken.
    """
    _check_in(proposal, ProposalState.ADOPTED)
    if proposal.version is None:
        _check_due(proposal, at)
    proposal.ended_because, proposal.version = because, None
    _end(proposal, ProposalState.RETURNED, at)


def suggest_review(proposal: Proposal, at: datetime) -> None:
    """Say that it is time to look again at what has been in force for long."""
    _check_in(proposal, ProposalState.IN_FORCE)
    if proposal.is_emergency or proposal.review_suggested_at is not None:
        raise NotAllowed(MOVED_ON)
    _check_due(proposal, at)
    proposal.review_suggested_at, proposal.due_at = at, None


def withdraw(proposal: Proposal, who: Participant, reason: str, at: datetime) -> None:
    """Take one's own proposal back, before it is adopted."""
    _check_own(proposal, who)
    _check_undecided(proposal)
    _check_reason(reason, is_needed=proposal.is_public)
    proposal.ended_because = reason.strip()[:MOST_WORDS]
    _end(proposal, ProposalState.WITHDRAWN, at)


def veto(
    proposal: Proposal,
    who: Participant,
    ground: str,
    reason: str,
    at: datetime,
    *,
    reserved: Sequence[Reserved],
) -> None:
    """Stop a proposal on a ground that the policy keeps out of votes; the reason is published."""
    _check_admin(who)
    _check_undecided(proposal)
    if not proposal.is_public:
        raise NotAllowed(MOVED_ON)
    if ground not in reserved:
        raise NotValid("ground", "Only what the rules name as reserved is a ground.")
    _check_reason(reason)
    proposal.veto_ground, proposal.answered_by_id = Reserved(ground), who.actor_id
    proposal.ended_because = reason.strip()[:MOST_WORDS]
    _end(proposal, ProposalState.VETOED, at)


def begin_emergency(
    proposal: Proposal,
    who: Participant,
    numbers: Numbers,
    at: datetime,
    *,
    until: datetime,
    version: int,
    changes: Sequence[Change],
) -> None:
    """Put a change in force at once, for so many days as the policy allows."""
    _check_in(proposal, ProposalState.DRAFT)
    _check_admin(who)
    _check_own(proposal, who)
    check_texts(proposal, changes)
    if not at < until <= at + timedelta(days=numbers.emergency_days):
        raise NotValid("until", f"At most {numbers.emergency_days} days.")
    proposal.state, proposal.is_emergency, proposal.version = ProposalState.IN_FORCE, True, version
    proposal.numbers, proposal.opened_at = asdict(numbers), at
    opened_by = at + timedelta(days=numbers.emergency_open_days)
    proposal.in_force_at, proposal.expires_at = at, until
    proposal.due_at = min(until, opened_by)


def keep_emergency(proposal: Proposal, at: datetime) -> None:
    """Let an emergency go on until it expires, because it was opened as a proposal in time."""
    _check_emergency(proposal)
    _check_due(proposal, at)
    if proposal.expires_at is None or at >= proposal.expires_at:
        raise NotAllowed("It has expired.")
    proposal.due_at = proposal.expires_at


def make_lasting(proposal: Proposal) -> None:
    """Let an emergency be what it is: the proposal for it has come into force."""
    _check_emergency(proposal)
    proposal.due_at = None


def lapse_emergency(proposal: Proposal, at: datetime) -> None:
    """End an emergency that nobody opened as a proposal in time, or that has expired."""
    _check_emergency(proposal)
    _check_due(proposal, at)
    _end(proposal, ProposalState.LAPSED, at)


def _discuss(proposal: Proposal, at: datetime) -> None:
    proposal.state, proposal.discussed_at = ProposalState.DISCUSSION, at
    proposal.due_at = at + timedelta(days=proposal.kept_numbers.discussion_days)


def _adopt(proposal: Proposal, at: datetime) -> None:
    days = 0 if proposal.is_wording else proposal.kept_numbers.notice_days
    proposal.state, proposal.due_at = ProposalState.ADOPTED, at + timedelta(days=days)


def _end(proposal: Proposal, state: ProposalState, at: datetime) -> None:
    proposal.state, proposal.ended_at, proposal.due_at = state, at, None


def _noon(day: date | None) -> datetime | None:
    return datetime.fromisoformat(f"{day.isoformat()}T12:00:00+00:00") if day else None


def _check_in(proposal: Proposal, state: ProposalState) -> None:
    if proposal.state != state:
        raise NotAllowed(MOVED_ON)


def _check_due(proposal: Proposal, at: datetime) -> None:
    if proposal.due_at is None or at < proposal.due_at:
        raise NotAllowed(NOT_YET)


def _check_undecided(proposal: Proposal) -> None:
    if not proposal.is_undecided:
        raise NotAllowed(MOVED_ON)


def _check_emergency(proposal: Proposal) -> None:
    if not proposal.is_emergency or proposal.state != ProposalState.IN_FORCE:
        raise NotAllowed(MOVED_ON)


def _check_own(proposal: Proposal, who: Participant) -> None:
    if proposal.proposer_id != who.actor_id:
        raise NotAllowed(NOT_YOURS)


def _check_eligible(who: Participant) -> None:
    if not who.is_eligible:
        raise NotAllowed(NOT_ELIGIBLE)


def _check_admin(who: Participant) -> None:
    if not who.is_admin:
        raise NotAllowed(ONLY_ADMINS)


def _check_reason(reason: str, *, is_needed: bool = True) -> None:
    if is_needed and not reason.strip():
        raise NotValid("because", "Give the reasons.")

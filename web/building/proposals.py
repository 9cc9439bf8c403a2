"""Proposals → what their pages show."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from actors.accounts import Account, Role
from actors.actor import Actor
from inbox.threads import thread_of
from moderation.ballots import ballot_of, is_on_roll
from moderation.policy import Policy, current
from moderation.proposal_texts import needs_simulation
from moderation.proposals import Proposal, ProposalText, Sponsor
from moderation.proposing import base_of, changes_of, participant
from moderation.sections import Sections
from moderation.states import OPENED
from moderation.states import ProposalState as State
from moderation.vocabulary import Preset
from moderation.voting import own_receipt, turnout_of
from notes.note import Note
from notes.visibility import may_see
from web.building.people import person_card
from web.building.policy import rule_views
from web.building.policy_diff import policy_diff
from web.building.policy_keys import keys_in_words
from web.building.policy_values import value_of
from web.building.threads import thread_view
from web.texts import _, lazy
from web.views.notes import ThreadView
from web.views.policy import DiffRow
from web.views.proposals import (
    Amendment,
    BallotView,
    MayDo,
    ProposalLine,
    ProposalView,
    Step,
    TallyView,
)

STATES = {
    State.DRAFT: lazy("draft"),
    State.SEEKING_SPONSORS: lazy("looks for sponsors"),
    State.DISCUSSION: lazy("being discussed"),
    State.FINAL_TEXT: lazy("final text"),
    State.VOTE: lazy("vote is open"),
    State.AWAITING_ADMIN: lazy("waits for the admins"),
    State.ADOPTED: lazy("adopted"),
    State.REJECTED: lazy("rejected"),
    State.NO_QUORUM: lazy("too few voted"),
    State.IN_FORCE: lazy("in force"),
    State.LAPSED: lazy("lapsed"),
    State.WITHDRAWN: lazy("withdrawn"),
    State.VETOED: lazy("stopped"),
    State.RETURNED: lazy("given back"),
}
DUE = {
    State.SEEKING_SPONSORS: lazy("Lapses without sponsors"),
    State.DISCUSSION: lazy("Discussed until"),
    State.FINAL_TEXT: lazy("Text stands until"),
    State.VOTE: lazy("Vote closes"),
    State.ADOPTED: lazy("Comes into force"),
    State.IN_FORCE: lazy("Looked at again"),
}
GROUNDS = {
    "legal_duties": lazy("what the law demands"),
    "secrets": lazy("secrets"),
}
ENDED = (State.LAPSED, State.WITHDRAWN, State.VETOED, State.RETURNED)


def proposal_line(proposal: Proposal) -> ProposalLine:
    """Show a proposal in a list; its `proposer` is loaded."""
    state = proposal.state
    return ProposalLine(
        id=proposal.id,
        url=proposal.page,
        title=proposal.title,
        summary=proposal.summary,
        state=state.value,
        state_words=str(STATES[state]),
        person=person_card(proposal.proposer),
        due=proposal.due_at,
        due_words=_due_words(proposal),
        opened=proposal.opened_at,
        is_emergency=proposal.is_emergency,
        is_to_review=proposal.review_suggested_at is not None and state == State.IN_FORCE,
    )


def _due_words(proposal: Proposal) -> str:
    """Say what happens on the day that is due."""
    if proposal.is_emergency and proposal.state == State.IN_FORCE:
        is_last = proposal.due_at is not None and proposal.due_at == proposal.expires_at
        return _("Ends by itself") if is_last else _("Has to be proposed by")
    return str(DUE.get(proposal.state, ""))


async def proposal_view(proposal: Proposal, account: Account | None) -> ProposalView:
    """Show a proposal whole to somebody; `proposer` and `answered_by` are loaded."""
    viewer = account.actor if account else None
    base = await base_of(proposal)
    sponsors = await Sponsor.filter(proposal_id=proposal.id).order_by("id").select_related("actor")
    numbers = proposal.kept_numbers if proposal.numbers else None
    is_voting = proposal.state == State.VOTE
    return ProposalView(
        line=proposal_line(proposal),
        reason=proposal.reason,
        rows=difference_rows(base, base.sections, proposal.sections),
        steps=_steps(proposal),
        based_on=proposal.based_on,
        preset=value_of("preset", numbers.preset) if numbers else "",
        has_vote=numbers is not None and numbers.has_vote,
        is_wording=proposal.is_wording,
        simulation=proposal.simulation,
        is_simulating=await _is_simulating(proposal),
        samples=(proposal.samples or {}) if account and account.role != Role.MEMBER else {},
        sponsors=tuple(person_card(each.actor) for each in sponsors),
        sponsors_needed=numbers.sponsors if numbers else 0,
        amendments=await _amendments(proposal, base),
        thread=await public_thread(proposal.thread_id, viewer),
        turnout=await turnout_of(proposal) if is_voting else None,
        electorate=proposal.electorate,
        quorum=proposal.quorum,
        tally=_tally(proposal),
        ballot=await _ballot(proposal, viewer) if viewer else None,
        ballot_reasons=tuple(proposal.ballot_reasons),
        answer=proposal.answer,
        departing=proposal.departing,
        answered_by=person_card(proposal.answered_by) if proposal.answered_by else None,
        ended_because=proposal.ended_because if proposal.state != State.RETURNED else "",
        clashes=_clashes(proposal),
        veto_ground=str(GROUNDS[proposal.veto_ground]) if proposal.veto_ground else "",
        version=proposal.version or 0,
        expires=proposal.expires_at,
        emergency_url=f"/policy/proposals/{proposal.emergency_id}" if proposal.emergency_id else "",
        idea_url=f"/ideas/{proposal.idea_id}" if proposal.idea_id else "",
    )


def _clashes(proposal: Proposal) -> tuple[str, ...]:
    """Name in words what kept an adopted proposal from coming into force.

    It is kept as keys of the policy; what is said otherwise stays as it is.
    """
    if proposal.state != State.RETURNED or not proposal.ended_because:
        return ()
    rules = {each.id: f"{each.number}. {each.title}" for each in rule_views(current().sections)}
    return keys_in_words(proposal.ended_because, rules)


async def _is_simulating(proposal: Proposal) -> bool:
    is_written = proposal.state in (State.DRAFT, *OPENED)
    return is_written and not proposal.simulation and needs_simulation(await changes_of(proposal))


def difference_rows(base: Policy, before: Sections, after: Sections) -> tuple[DiffRow, ...]:
    """Compare two texts of a policy."""
    one, other = (msgspec.structs.replace(base, sections=each) for each in (before, after))
    return tuple(row for row in policy_diff(one, other).rows if row.kind != "same")


async def may_do(proposal: Proposal, account: Account | None, sponsors: Sequence[int]) -> MayDo:
    """Tell what somebody may do with a proposal now; the verbs ask again."""
    if account is None:
        return MayDo()
    who, state = participant(account), proposal.state
    is_mine = proposal.proposer_id == who.actor_id
    opens, is_tried = _opens(proposal, account), not await _is_simulating(proposal)
    return MayDo(
        edit=is_mine and state == State.DRAFT,
        publish=is_tried and state == State.DRAFT and opens,
        suggest=is_tried
        and state == State.DRAFT
        and is_mine
        and not opens
        and not proposal.is_suggested,
        sponsor=state == State.SEEKING_SPONSORS
        and who.is_eligible
        and not is_mine
        and who.actor_id not in sponsors,
        unsponsor=state == State.SEEKING_SPONSORS and who.actor_id in sponsors,
        amend=is_mine and state == State.DISCUSSION,
        withdraw=is_mine and proposal.is_undecided,
        veto=who.is_admin and proposal.is_open,
        decide=who.is_admin and state == State.AWAITING_ADMIN,
        declare=is_tried and who.is_admin and is_mine and state == State.DRAFT,
        propose_lasting=who.is_admin and proposal.is_emergency and state == State.IN_FORCE,
    )


def _opens(proposal: Proposal, account: Account) -> bool:
    who = participant(account)
    is_mine = proposal.proposer_id == who.actor_id
    if steward():
        return who.is_admin and (is_mine or proposal.is_suggested)
    return is_mine and who.is_eligible


def steward() -> bool:
    """Tell whether members suggest, and admins open proposals."""
    return current().sections.governance.preset == Preset.STEWARD


async def public_thread(note_id: int | None, viewer: Actor | None) -> ThreadView | None:
    """Show the thread under a note, as its own page does; None where it is not to be seen."""
    if note_id is None:
        return None
    note = await Note.get_or_none(id=note_id).select_related("author")
    if note is None or note.deleted_at or note.hidden_at or not await may_see(viewer, note):
        return None
    return await thread_view(note, await thread_of(note, viewer), viewer)


def _tally(proposal: Proposal) -> TallyView | None:
    if proposal.tally is None:
        return None
    return TallyView(
        **proposal.tally,
        electorate=proposal.electorate,
        quorum=proposal.quorum,
        threshold=proposal.kept_numbers.threshold_percent,
    )


async def _ballot(proposal: Proposal, viewer: Actor) -> BallotView | None:
    """Show somebody their own ballot, and no one else's."""
    on_roll = await is_on_roll(proposal, viewer)
    if proposal.state == State.VOTE:
        own = await ballot_of(proposal, viewer)
        if own is None:
            return BallotView(on_roll)
        return BallotView(on_roll, own.choice.value, own.reason, own_receipt(proposal, viewer))
    if not on_roll or proposal.tally is None:
        return None
    receipt = own_receipt(proposal, viewer)
    return BallotView(False, receipt=receipt if receipt in proposal.receipts else "")


async def _amendments(proposal: Proposal, base: Policy) -> tuple[Amendment, ...]:
    texts = await ProposalText.filter(proposal_id=proposal.id).order_by("number")
    found = []
    for before, after in itertools.pairwise(texts):
        sides = [msgspec.convert(each.document, Sections) for each in (before, after)]
        rows = difference_rows(base, sides[0], sides[1])
        found.append(Amendment(after.number, after.created_at, after.why, rows))
    return tuple(reversed(found))


def _steps(proposal: Proposal) -> tuple[Step, ...]:
    """Tell what has been, what is, and what comes, with days where they are known."""
    if proposal.numbers is None:
        return ()
    numbers, state = proposal.kept_numbers, proposal.state
    if proposal.is_emergency:
        return _emergency_steps(proposal)
    steps: list[tuple[str, datetime | None, bool]] = [(_("Published"), proposal.opened_at, True)]
    if numbers.sponsors:
        steps.append((_("Sponsors"), None, state == State.SEEKING_SPONSORS))
    steps.append((_("Discussion"), proposal.discussed_at, state == State.DISCUSSION))
    steps.append((_("Final text"), proposal.frozen_at, state == State.FINAL_TEXT))
    if numbers.has_vote:
        steps.append((_("Vote"), proposal.vote_began_at, state == State.VOTE))
    if not numbers.is_binding:
        steps.append((_("Answer"), proposal.decided_at, state == State.AWAITING_ADMIN))
    if state in (State.REJECTED, State.NO_QUORUM, *ENDED):
        steps.append((str(STATES[state]), proposal.ended_at, True))
    else:
        steps.append((_("Notice"), proposal.decided_at, state == State.ADOPTED))
        steps.append((_("In force"), proposal.in_force_at, state == State.IN_FORCE))
    now_at = max((i for i, each in enumerate(steps) if each[2]), default=0)
    return tuple(
        Step(words, at, is_done=place < now_at, is_now=place == now_at)
        for place, (words, at, _now) in enumerate(steps)
    )


def _emergency_steps(proposal: Proposal) -> tuple[Step, ...]:
    is_over = proposal.state == State.LAPSED
    opened_by = proposal.opened_at
    if opened_by is not None:
        opened_by += timedelta(days=proposal.kept_numbers.emergency_open_days)
    return (
        Step(_("In force at once"), proposal.in_force_at, is_done=is_over, is_now=not is_over),
        Step(_("Has to be proposed by"), opened_by, is_done=is_over),
        Step(_("Ends by itself"), proposal.ended_at or proposal.expires_at, is_now=is_over),
    )

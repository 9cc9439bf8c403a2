"""What follows from the outcome of an appeal, for the decision, its case and the reporters."""

from core.clock import now
from core.ids import new_id
from moderation import case_machine, decision_machine
from moderation.answering import answer_all_again
from moderation.appealing import APPEALED
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.deciding import house_for, put_in_place, take_effect, undo
from moderation.decision_machine import needs_second
from moderation.decisions import Decision
from moderation.entries import stamp
from moderation.finishing import finish
from moderation.notices import tell_concerned
from moderation.record import EntryKind
from moderation.reports import Outcome
from moderation.rows import keep
from moderation.states import AppealState, DecisionState
from moderation.vocabulary import Measure
from outbox.refusals import NotAllowed


async def follow(
    decision: Decision, appeal: Appeal, who: int, *, instead: Decision | None = None
) -> None:
    """Do what follows from an appeal that has its outcome, in the transaction of it.

    `who` is the actor that heard it, or for whom a panel did.
    """
    await close_case(decision, who)
    match appeal.state:
        case AppealState.OVERTURNED:
            await _overturn(decision, appeal)
        case AppealState.AMENDED:
            await _amend(decision, appeal, instead, who)
        case _:
            await stamp(decision, EntryKind.APPEAL, appeal=appeal)
            await tell_concerned(decision, "upheld")
            await finish(decision)


async def close_case(decision: Decision, moderator_id: int) -> None:
    """Settle the case again where the appeal alone had opened it; in the caller's transaction."""
    case = await Case.get(id=decision.case_id)
    if case.is_live and case.reopened_because == APPEALED:
        case_machine.settle_again(case, moderator_id, now())
        await keep(case)


async def _overturn(decision: Decision, appeal: Appeal) -> None:
    if decision.state == DecisionState.LIFTED:
        # What was lifted meanwhile is put back already; the record says that it was wrong.
        decision.state = DecisionState.OVERTURNED
    else:
        decision_machine.overturn(decision, now())
    await undo(decision)
    await stamp(decision, EntryKind.APPEAL, appeal=appeal)
    await tell_concerned(decision, "overturned")
    words = "An appeal was heard, and the decision was taken back."
    await answer_all_again(decision.case_id, Outcome.NOT_UPHELD, words, now())


async def _amend(
    decision: Decision, appeal: Appeal, instead: Decision | None, moderator_id: int
) -> None:
    if instead is None or decision.state != DecisionState.IN_FORCE:
        raise NotAllowed("Write the decision that stands in its place.")
    case, house = await Case.get(id=decision.case_id), await house_for(instead)
    decision_machine.check_whole(instead, house, now())
    if needs_second(instead, house) and instead.measure != decision.measure:
        # What is graver than what two looked at takes two itself, by a decision of its own.
        raise NotAllowed(decision_machine.NOT_ALONE)
    instead.id, instead.drafted_by_id = new_id(), moderator_id
    instead.supersedes_id = decision.id
    instead.state, instead.issued_at = DecisionState.IN_FORCE, now()
    await instead.save(force_create=True)
    await take_effect(instead, case, now())
    await put_in_place(decision, instead)
    await stamp(decision, EntryKind.APPEAL, appeal=appeal)
    await tell_concerned(decision, "changed")
    words = "An appeal was heard, and the decision was changed."
    outcome = Outcome.NOT_UPHELD if instead.measure == Measure.NONE else Outcome.PARTLY
    await answer_all_again(decision.case_id, outcome, words, now())

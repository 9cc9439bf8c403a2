"""Disagreeing with a decision: the person concerned files an appeal, and its case opens again."""

from collections.abc import Sequence
from datetime import datetime

from tortoise.transactions import in_transaction

from core.clock import now
from core.jobs import put
from moderation import appeal_machine as machine
from moderation import case_machine
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.exhibits import hang
from moderation.policy import current
from moderation.rows import keep
from moderation.states import AppealState, CaseState
from notes.attachments import Attachment
from outbox.refusals import NotAllowed

APPEALED = "An appeal was filed."


async def file(
    decision: Decision, words: str, *, new_facts: str = "", pictures: Sequence[Attachment] = ()
) -> Appeal:
    """Disagree with a decision as the person concerned; raise NotAllowed or NotValid.

    `pictures` are those that moderation/exhibits.py took in. The case it belongs to opens again,
    for someone else to look.
    """
    at = now()
    async with in_transaction():
        appeal = await _written(decision, words, new_facts, at)
        if appeal.number == 1:
            await keep(appeal)
        else:
            await appeal.save(force_create=True)
        await hang(pictures, appeal.id)
        case = await Case.get(id=decision.case_id)
        if case.state == CaseState.DECIDED:
            case_machine.reopen(case, APPEALED, at)
            await keep(case)
        await put("inbox.tell_staff_of_appeal", {"appeal_id": appeal.id})
    return appeal


async def check(decision: Decision, words: str, *, new_facts: str = "") -> None:
    """Raise what `file` would, before anything that comes with an appeal is taken in."""
    await _written(decision, words, new_facts, now())


async def _written(decision: Decision, words: str, new_facts: str, at: datetime) -> Appeal:
    """Write the appeal that would be filed, the first or the second; nothing of it is kept yet."""
    found = await Appeal.filter(decision_id=decision.id).order_by("number")
    if not found:
        raise NotAllowed("There is no appeal against this decision.")
    days = current().sections.appeals.decide_days
    if found[-1].state != AppealState.OPEN_WINDOW:
        return machine.file_second(found[-1], words, new_facts, at, decide_days=days)
    machine.file(found[-1], words, at, decide_days=days)
    return found[-1]

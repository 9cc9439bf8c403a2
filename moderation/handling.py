"""What moderators do with cases, written down: each verb is one transaction with its audit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.ids import first_id_of
from moderation import case_machine as machine
from moderation.answering import answer_all
from moderation.audit import StaffAct, write_down
from moderation.cases import Case, CaseWord, ProvisionalHide, kind_of, name_of, new_case, state_of
from moderation.duty import standing
from moderation.provisional_hides import end_hide
from moderation.reports import Report
from moderation.rows import keep
from moderation.states import MOST_WORDS, Source, Thing, WaitingFor
from notes.note import Note
from outbox.refusals import NotAllowed, NotValid

READ_AGAIN = timedelta(hours=1)


async def open_own(
    moderator: Actor,
    *,
    target: Actor | None,
    host: str = "",
    note: Note | None = None,
    because: str,
    address: str = "",
) -> Case:
    """Open a case on one's own initiative, and take it; `note` is one of theirs, as evidence."""
    if not because.strip():
        raise NotValid("because", "Say what you saw.")
    if (target is None) == (not host):
        raise NotValid("target", "Say whom it is about.")
    if note is not None and (target is None or note.author_id != target.id):
        raise NotValid("note", "This note is not by the person the case is about.")
    at = now()
    case = new_case(at)
    case.source, case.notes = Source.OWN, [note.id] if note else None
    case.target_id, case.host = (target.id if target else None), host
    case.thing = Thing.SERVER if target is None else kind_of(target)
    async with in_transaction():
        machine.claim(case, await standing(moderator, case), at)
        await case.save(force_create=True)
        await CaseWord.create(
            case_id=case.id, author_id=moderator.id, text=because.strip()[:MOST_WORDS]
        )
        await write_down(
            moderator.id, "case.open", name_of(case), reason=because.strip(), address=address
        )
    return case


async def claim(case: Case, moderator: Actor, *, address: str = "") -> None:
    """Take a case; raise NotAllowed for who is part of it, or while someone else has it."""
    before = state_of(case)
    machine.claim(case, await standing(moderator, case), now())
    await _written(case, moderator, "case.claim", before, address=address)


async def release(case: Case, moderator: Actor, *, address: str = "") -> None:
    """Give a case back, so that somebody else can take it."""
    before = state_of(case)
    machine.release(case, await standing(moderator, case))
    await _written(case, moderator, "case.release", before, address=address)


async def wait(
    case: Case,
    moderator: Actor,
    what: WaitingFor,
    reason: str,
    until: datetime,
    *,
    address: str = "",
) -> None:
    """Let a case wait for somebody until a day."""
    before = state_of(case)
    machine.wait(case, await standing(moderator, case), what, reason, until, now())
    await _written(case, moderator, "case.wait", before, reason=reason, address=address)


async def resume(case: Case, moderator: Actor, *, address: str = "") -> None:
    """Go on with a case whose answer came."""
    if case.claimed_by_id != moderator.id:
        raise NotAllowed(machine.NOT_YOURS)
    before = state_of(case)
    machine.resume(case, now(), is_answered=True)
    await _written(case, moderator, "case.resume", before, address=address)


async def note_down(case: Case, moderator: Actor, text: str, *, address: str = "") -> None:
    """Leave a word for the others who work on a case."""
    if not text.strip():
        raise NotValid("text", "Write something.")
    async with in_transaction():
        await CaseWord.create(
            case_id=case.id, author_id=moderator.id, text=text.strip()[:MOST_WORDS]
        )
        await write_down(moderator.id, "case.note", name_of(case), address=address)


async def decide(
    case: Case,
    moderator: Actor,
    *,
    outcome: str,
    to_reporters: str,
    decisions: int = 0,
    no_breach: str = "",
    address: str = "",
) -> None:
    """Settle a case and answer its reports, in one transaction.

    Without decisions it says why no rule was broken. Raises NotAllowed or NotValid.
    """
    at, before = now(), state_of(case)
    who = await standing(moderator, case)
    machine.decide(case, who, decisions=decisions, no_breach=no_breach, at=at)
    async with in_transaction():
        await keep(case)
        await answer_all(case, outcome, to_reporters, at)
        for hidden in await ProvisionalHide.filter(case_id=case.id, ended_at=None):
            await end_hide(hidden, is_decided=True)
        await write_down(
            moderator.id,
            "case.decide",
            name_of(case),
            before=before,
            after=state_of(case) | {"decisions": decisions, "outcome": outcome},
            reason=no_breach,
            address=address,
        )


async def merge(case: Case, other: Case, moderator: Actor, *, address: str = "") -> None:
    """Put a case into another one, with all its reports."""
    at, before = now(), state_of(case)
    machine.merge(case, other, await standing(moderator, case), at)
    async with in_transaction():
        await keep(case)
        await Report.filter(case_id=case.id).update(case_id=other.id)
        await ProvisionalHide.filter(case_id=case.id).update(case_id=other.id)
        await write_down(
            moderator.id,
            "case.merge",
            name_of(case),
            before=before,
            after=state_of(case) | {"into": str(other.id)},
            address=address,
        )


async def reopen(case: Case, moderator: Actor, reason: str, *, address: str = "") -> None:
    """Open a decided case again for new evidence; somebody else is to look."""
    before = state_of(case)
    machine.reopen(case, reason, now())
    await _written(case, moderator, "case.reopen", before, reason=reason, address=address)


async def read_privately(
    case: Case, moderator: Actor, notes: Sequence[int], *, address: str = ""
) -> None:
    """Write down that somebody read what only some may see, once in an hour for each case."""
    name, lately = name_of(case), first_id_of(now() - READ_AGAIN)
    read = StaffAct.filter(actor_id=moderator.id, about=name, act="case.read", id__gte=lately)
    if notes and not await read.exists():
        after = {"notes": [str(each) for each in notes]}
        await write_down(moderator.id, "case.read", name, after=after, address=address)


async def case_with(number: int) -> Case | None:
    """Find a case for a moderator, with the people it names."""
    found = Case.filter(id=number)
    return await found.select_related("target", "claimed_by", "decided_by").first()


async def _written(
    case: Case,
    moderator: Actor,
    act: str,
    before: dict[str, str],
    *,
    reason: str = "",
    address: str = "",
) -> None:
    async with in_transaction():
        await keep(case)
        await write_down(
            moderator.id,
            act,
            name_of(case),
            before=before,
            after=state_of(case),
            reason=reason,
            address=address,
        )

"""What becomes of reports and cases, written down: each verb is one transaction with its audit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.ids import first_id_of
from core.jobs import put
from moderation import case_machine as machine
from moderation import report_machine
from moderation.audit import StaffAct, write_down
from moderation.cases import Case, CaseWord, ProvisionalHide, kind_of, new_case
from moderation.decisions import is_hidden_by_decision
from moderation.duty import standing
from moderation.reports import Report, ReportState
from moderation.rows import keep
from moderation.states import MOST_WORDS, CaseState, Source, Thing, WaitingFor
from notes.hiding import hide, show_again
from notes.note import Note
from outbox.flag import answer_flag
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
            moderator.id, "case.open", _name(case), reason=because.strip(), address=address
        )
    return case


async def claim(case: Case, moderator: Actor, *, address: str = "") -> None:
    """Take a case; raise NotAllowed for who is part of it, or while someone else has it."""
    before = _state(case)
    machine.claim(case, await standing(moderator, case), now())
    await _written(case, moderator, "case.claim", before, address=address)


async def release(case: Case, moderator: Actor, *, address: str = "") -> None:
    """Give a case back, so that somebody else can take it."""
    before = _state(case)
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
    before = _state(case)
    machine.wait(case, await standing(moderator, case), what, reason, until, now())
    await _written(case, moderator, "case.wait", before, reason=reason, address=address)


async def resume(case: Case, moderator: Actor, *, address: str = "") -> None:
    """Go on with a case whose answer came."""
    if case.claimed_by_id != moderator.id:
        raise NotAllowed(machine.NOT_YOURS)
    before = _state(case)
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
        await write_down(moderator.id, "case.note", _name(case), address=address)


async def hide_for_now(
    case: Case, moderator: Actor, note: Note, *, reason: str, hours: int, address: str = ""
) -> ProvisionalHide:
    """Put a note out of sight until the case is decided, for 72 hours at most; tell its author."""
    if note.author_id != case.target_id:
        raise NotValid("note", "This note is not by the person the case is about.")
    at, before = now(), _state(case)
    who = await standing(moderator, case)
    until = at + timedelta(hours=hours)
    hidden = machine.hide(case, who, note.id, reason=reason, until=until, at=at)
    if await ProvisionalHide.exists(note_id=note.id, ended_at=None):
        raise NotAllowed("This note is hidden already.")
    async with in_transaction():
        await hidden.save(force_create=True)
        await hide(note)
        await keep(case)
        await put("moderation.tell_hidden", {"hide_id": hidden.id})
        await write_down(
            moderator.id,
            "case.hide",
            _name(case),
            before=before,
            after={"note": str(note.id), "until": until.isoformat()},
            reason=reason,
            address=address,
        )
    return hidden


async def end_hide(hidden: ProvisionalHide, *, is_decided: bool) -> None:
    """Show a provisionally hidden note again, unless a decision hides it by now."""
    machine.end_hide(hidden, now(), is_decided=is_decided)
    async with in_transaction():
        open_yet = ProvisionalHide.filter(id=hidden.id, ended_at=None)
        if not await open_yet.update(ended_at=hidden.ended_at):
            return
        note = await Note.get_or_none(id=hidden.note_id).select_related("author")
        if note is not None and not await is_hidden_by_decision(note.id):
            await show_again(note)
            await put("moderation.tell_hidden", {"hide_id": hidden.id, "is_over": True})


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
    at, before = now(), _state(case)
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
            _name(case),
            before=before,
            after=_state(case) | {"decisions": decisions, "outcome": outcome},
            reason=no_breach,
            address=address,
        )


async def answer_all(case: Case, outcome: str, words: str, at: datetime) -> None:
    """Answer every report of a case that is still open; in the caller's transaction."""
    for report in await Report.filter(case_id=case.id, state=ReportState.IN_CASE):
        report_machine.answer(report, outcome, words, at)
        await _answered(report)


async def answer_all_again(case_id: int, outcome: str, words: str, at: datetime) -> None:
    """Answer the reports of a case once more, after an appeal; in the caller's transaction."""
    for report in await Report.filter(case_id=case_id, state=ReportState.ANSWERED):
        report_machine.answer_again(report, outcome, words, at)
        await _answered(report)


async def merge(case: Case, other: Case, moderator: Actor, *, address: str = "") -> None:
    """Put a case into another one, with all its reports."""
    at, before = now(), _state(case)
    machine.merge(case, other, await standing(moderator, case), at)
    async with in_transaction():
        await keep(case)
        await Report.filter(case_id=case.id).update(case_id=other.id)
        await ProvisionalHide.filter(case_id=case.id).update(case_id=other.id)
        await write_down(
            moderator.id,
            "case.merge",
            _name(case),
            before=before,
            after=_state(case) | {"into": str(other.id)},
            address=address,
        )


async def reopen(case: Case, moderator: Actor, reason: str, *, address: str = "") -> None:
    """Open a decided case again for new evidence; somebody else is to look."""
    before = _state(case)
    machine.reopen(case, reason, now())
    await _written(case, moderator, "case.reopen", before, reason=reason, address=address)


async def read_privately(
    case: Case, moderator: Actor, notes: Sequence[int], *, address: str = ""
) -> None:
    """Write down that somebody read what only some may see, once in an hour for each case."""
    name, lately = _name(case), first_id_of(now() - READ_AGAIN)
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
            _name(case),
            before=before,
            after=_state(case),
            reason=reason,
            address=address,
        )


async def _answered(report: Report) -> None:
    await Report.filter(id=report.id).update(
        state=report.state,
        outcome=report.outcome,
        answer=report.answer,
        answered_at=report.answered_at,
        revision=report.revision,
    )
    if report.reporter_host:
        await answer_flag(report.uri, report.sender_id, is_right=report.is_right)
    elif report.reporter_id:
        await put("moderation.tell_reporter", {"report_id": report.id})


def _name(case: Case) -> str:
    return f"case:{case.id}"


def _state(case: Case) -> dict[str, str]:
    return {"state": case.state.value, "claimed_by": str(case.claimed_by_id or "")}


async def release_idle() -> None:
    """Free the cases whose claimer left them alone for 48 hours; runs by the clock."""
    at = now()
    idle = Case.filter(state=CaseState.CLAIMED, touched_at__lte=at - machine.IDLE)
    for case in await idle.limit(100):
        before = _state(case)
        machine.release_idle(case, at)
        async with in_transaction():
            await keep(case)
            await write_down(None, "case.idle", _name(case), before=before, after=_state(case))


async def resume_due() -> None:
    """Go on with the cases whose day has passed; runs by the clock."""
    at = now()
    for case in await Case.filter(state=CaseState.WAITING, waiting_until__lte=at).limit(100):
        before = _state(case)
        machine.resume(case, at, is_answered=False)
        async with in_transaction():
            await keep(case)
            await write_down(None, "case.resume", _name(case), before=before, after=_state(case))


async def end_hides_due() -> None:
    """Show again what was hidden for the time being, once that is over; runs by the clock."""
    for hidden in await ProvisionalHide.filter(ended_at=None, until__lte=now()).limit(100):
        await end_hide(hidden, is_decided=False)

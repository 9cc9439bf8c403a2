"""Deciding in a group that lives here: what its moderators take away, close, and whom they ban.

Each is a decision with reason, appeal and entry in the group's own record, by the same machines as
those of the server (product.md 5.3); there is no second person and no case that waits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.groups import See, settings_of
from core.clock import now
from core.ids import new_id
from moderation import decision_machine as machine
from moderation.audit import write_down
from moderation.cases import Case, new_case
from moderation.deciding import end, facts_of, take_effect
from moderation.decisions import Decision
from moderation.entries import look_at
from moderation.record import EntryKind
from moderation.states import CaseState, DecisionState, Scope, Source, Thing
from moderation.vocabulary import Measure
from notes.note import Note
from outbox.refusals import NotAllowed, NotValid

MOST_REASON = 500


async def decide_in(
    group: Actor,
    moderator: Actor,
    measure: Measure,
    *,
    about: Note | Actor,
    reason: str,
    rule: int = 0,
    until: datetime | None = None,
    undo: Mapping[str, Any] | None = None,
    case: Case | None = None,
) -> Decision:
    """Put a measure in force; who may is asked before. Raises NotAllowed where it is already.

    `rule` is the number of a rule of the group; `undo` goes along with the decision, see in_groups;
    `case` is that of the reports it answers, if it does.
    """
    at, reason = now(), reason.strip()[:MOST_REASON]
    _check_words(reason, until, at)
    note, person_id = _whom(about)
    if await in_force(group, measure, note=note, person_id=person_id):
        raise NotAllowed("This was done already.")
    decision = _decision(group, moderator, measure, about, at)
    decision.facts = decision.explanation = reason
    decision.until, decision.undo = until, dict(undo or {})
    settled = case or _settled_case(group, moderator, person_id, at)
    decision.case_id = settled.id
    decision.seen = await look_at(decision) | await _ground(group, rule)
    decision.summary = reason if decision.seen["is_open"] else ""
    async with in_transaction():
        if case is None:
            await settled.save(force_create=True)
        await _keep(decision, moderator)
        await take_effect(decision, settled, at)
    return decision


async def lift_in(
    group: Actor,
    moderator: Actor,
    measure: Measure,
    *,
    about: Note | Actor,
    reason: str = "",
    brought: Mapping[str, Any] | None = None,
) -> Decision:
    """Take a measure back before its day; raises NotAllowed where none is in force."""
    note, person_id = _whom(about)
    decision = await in_force(group, measure, note=note, person_id=person_id)
    if decision is None:
        raise NotAllowed("Nothing of this kind is in force.")
    before = facts_of(decision)
    machine.lift(decision, reason.strip()[:MOST_REASON] or "It is taken back.", now())
    decision.undo = dict(decision.undo) | {"taken_back_by": moderator.id}
    if brought is not None:
        decision.undo |= {"brought_back": dict(brought)}
    async with in_transaction():
        await end(decision, EntryKind.LIFTED)
        await write_down(
            moderator.id,
            "group.lift",
            f"decision:{decision.id}",
            before=before,
            after=facts_of(decision),
            reason=reason,
        )
    return decision


async def in_force(
    group: Actor, measure: Measure, *, note: Note | None = None, person_id: int | None = None
) -> Decision | None:
    """Find what a group's moderators have decided about a note, or about somebody."""
    found = Decision.filter(
        scope=Scope.GROUP,
        group_id=group.id,
        measure=measure,
        state=DecisionState.IN_FORCE,
        note_id=note.id if note else None,
    )
    if note is None:
        found = found.filter(actor_id=person_id)
    return await found.order_by("-id").first()


def _check_words(reason: str, until: datetime | None, at: datetime) -> None:
    if not reason:
        raise NotValid("reason", "Say why; the author and everyone else will read it.")
    if until is not None and until <= at:
        raise NotValid("until", "Choose a day that is still to come.")


def _whom(about: Note | Actor) -> tuple[Note | None, int]:
    """Tell which note it is about, if it is about one, and whom."""
    return (about, about.author_id) if isinstance(about, Note) else (None, about.id)


def _decision(
    group: Actor, moderator: Actor, measure: Measure, about: Note | Actor, at: datetime
) -> Decision:
    note, person_id = _whom(about)
    return Decision(
        scope=Scope.GROUP,
        group_id=group.id,
        state=DecisionState.IN_FORCE,
        issued_at=at,
        thing=Thing.NOTE if note else Thing.ACCOUNT,
        note_id=note.id if note else None,
        actor_id=person_id,
        measure=measure,
        drafted_by_id=moderator.id,
    )


async def _keep(decision: Decision, moderator: Actor) -> None:
    await decision.save(force_create=True)
    await write_down(
        moderator.id,
        "group.decide",
        f"decision:{decision.id}",
        after=facts_of(decision),
        reason=decision.facts,
    )


def _settled_case(group: Actor, moderator: Actor, person_id: int, at: datetime) -> Case:
    case = new_case(at)
    case.id = new_id()
    case.scope, case.group_id, case.thing = Scope.GROUP, group.id, Thing.ACCOUNT
    case.target_id, case.source, case.state = person_id, Source.OWN, CaseState.DECIDED
    case.claimed_by_id = case.decided_by_id = moderator.id
    case.acknowledged_at = case.decided_at = at
    return case


async def _ground(group: Actor, rule: int) -> dict[str, Any]:
    """Say where it was decided, and which rule of the group's own charter it is about."""
    chosen = await settings_of(group)
    ground: dict[str, Any] = {"group": group.uri}
    if chosen.see is not See.EVERYONE:
        # What is said inside stays inside, and so do the words about it.
        ground["is_open"] = False
    if rule:
        language, lines = next(iter(dict(chosen.rules).items()), ("", []))
        if not 1 <= rule <= len(lines):
            raise NotValid("rule", "There is no such rule.")
        ground["charter"] = {"number": rule, "text": lines[rule - 1], "language": language}
    return ground
